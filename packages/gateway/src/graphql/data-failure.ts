import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { TransportError } from "@ape/core/protocol/tool-call";
import { statusFromText } from "../status-from-text.ts";
import { statusOfCode } from "./failure.ts";
import {
  asksForJudgement,
  ERROR_TEXT,
  emptyPayload,
  emptyRoot,
  isNamedIn,
  namesThingsId,
} from "./mutation-payload.ts";
import { isAskedFor, type SelectedField } from "./selection.ts";

const MAX_MESSAGE = 400;
/** Fields that hold the payload itself. */
const WRAPPER =
  /^(?:data|payload|results?|response|output|body|content|edges|nodes?)\d*$|(?:Payload|Result|Response)\d*$/;
const ERROR_FIELD = /^(?:\w*[eE]rrors?|errs?|violations|problems?|failures?|faults?|exceptions?)$/;
/** Words of a field whose subject is errors. */
const SUBJECT = /error|problem|failure|fault|conflict|exception|violation/i;
const NO_ERROR = /^(?:|ok|none|no_?error|success(?:ful)?|0)$/i;
const SUCCESS = /^(?:ok|success|succeeded|successful|isSuccess(?:ful)?|is_success)$/;
/** Mutations of a quantity: 0 can be the value that was set. */
const QUANTITY =
  /(?:count|quantity|amount|number|level|volume|score|rating|position|order|price|total|size)$/i;
/** Error words that domains use for their own objects: a quiz has problems, a pump failures. */
const DOMAIN_WORD = /^(?:violations?|problems?|failures?|faults?|exceptions?)$/i;
/** Fields of an object that describes an error. */
const DESCRIBES =
  /^(?:message|msg|code|error\w*|reason|detail|description|field|path|kind|type|key|__typename)$/i;
/** Fields that say how a call ended, rather than the state of an object. */
const RESULT = /^(?:result|outcome|result_?code|response_?code)$/i;
/** Mutations that set a value and answer with it: `false` can be that value. */
const SETS =
  /(?:visibility|status|state|enabled|active|flag|preferences?|notifications?|settings?|mode|availability|subscription|privacy|consent)$/i;
const STATE = /^(?:status|state|result|outcome|code|status_?code|response_?code|result_?code)$/i;
/** Words of a `status` that mean that nothing was done. */
const FAILED =
  /^(?:errors?|err|fail(?:ed|ure)?|unsuccessful|ko|nok|rejected|refused|denied|declined|invalid\w*|bad_\w+|not_\w+|no_\w+|un(?:authori[sz]ed|authenticated|known|available|supported)|forbidden|conflict|expired|exceeded|insufficient\w*|out_of_\w+|duplicate\w*|already_\w+|missing\w*|too_\w+|\w+_(?:error|failed|failure|not_found|exists|denied|exceeded|expired))$/i;
/**
 * Mutations whose `false` means that they did nothing. Others answer with a state: `toggleFavourite`, `isFollowing`.
 */
const DOES =
  /^(?:add|apply|approve|archive|assign|book|buy|cancel|change|checkout|complete|confirm|create|delete|destroy|edit|insert|invite|join|leave|log_?in|log_?out|move|order|pay|place|post|publish|purchase|put|redeem|refund|register|reject|remove|rename|reset|restore|save|schedule|send|sign_?(?:in|up|out)|submit|subscribe|transfer|unsubscribe|update|upload|withdraw)(?:$|[A-Z_])/;
const FAILED_FLAG = /^(?:is_?|has_?)?(?:failed|failure|error(?:ed)?)$/i;
const AFFECTED = /^affected_?rows$/i;
const MESSAGE = /^(?:message|error_?message|description|detail|reason)$/i;

/** The data of an answer, with what identifies failures in it. */
export interface DataRequest {
  kind: "query" | "mutation";
  fields: ReadonlyMap<string, SelectedField>;
  /** Whether a type represents an error, or of a mutation's union for a refusal. */
  isErrorType(name: string, ofMutation: boolean): boolean;
}

/** With the name of the root field that is examined. */
interface RootRequest extends DataRequest {
  mutation: string;
}

/** An object of the data that reports a failure of the operation. */
interface Found {
  /** Type or field that reports it. */
  mark: string;
  /** The object with message and code. */
  about: Json;
}

/**
 * The failure that the data of an answer reports, or undefined: a member of a union or interface that represents an
 * error, a list of errors that is not empty, a result that is not ok, a mutation that answers with nothing. Examines the
 * objects of the root's fields and those right below them. A query may ask for a list of errors: of queries only types
 * count, and lists of errors that come in place of everything else.
 */
export function dataFailure(data: Json | undefined, request: DataRequest): TransportError | undefined {
  if (!isJsonObject(data)) return undefined;
  for (const key in data) {
    const field = request.fields.get(key);
    if (field === undefined) continue;
    const value = data[key] ?? null;
    const nothing = request.kind === "mutation" ? didNothing(value, field) : undefined;
    if (nothing !== undefined) return nothing;
    const root = { ...request, mutation: field.name };
    const found = Array.isArray(value)
      ? allFail(value, field, root, 0)
      : failureIn(value, field, root, request.kind === "mutation" ? 2 : 0);
    if (found !== undefined) return errorOf(found);
  }
  return undefined;
}

/**
 * The failure of a mutation without a result: `null` instead of an object, or `false` of one that does something. A
 * scalar may be null: some schemas use one for "void".
 */
function didNothing(value: Json, field: SelectedField): TransportError | undefined {
  const { name, fields } = field;
  if (value === null && fields.size > 0)
    return { code: "failure", message: `${name} answered null`, like: 422 };
  const isWord = typeof value === "string" && FAILED.test(value) && !isNamedIn(value, name);
  const said = isWord && !asksForJudgement(name) ? value : emptyRoot(value, field);
  if (said !== undefined)
    return { code: "failure", message: said.slice(0, MAX_MESSAGE), like: statusFromText(said) };
  if (!DOES.test(name) || SETS.test(name)) return undefined;
  return value === false || (value === 0 && !QUANTITY.test(name))
    ? { code: "failure", message: `${name} answered ${value}`, like: 422 }
    : undefined;
}

/** A mutation of several things fails if each of them does. */
function allFail(
  items: readonly Json[],
  field: SelectedField,
  request: RootRequest,
  below: number,
  isPayload = true,
): Found | undefined {
  if (request.kind === "query" || items.length === 0) return undefined;
  let first: Found | undefined;
  for (const item of items) {
    const found = failureIn(item, field, request, below, isPayload);
    if (found === undefined) return undefined;
    first ??= found;
  }
  return first;
}

function failureIn(
  value: Json,
  parent: SelectedField,
  request: RootRequest,
  below: number,
  isPayload = true,
): Found | undefined {
  if (!isJsonObject(value)) return undefined;
  const isSubject = SUBJECT.test(parent.name);
  for (const key in value) {
    const field = parent.fields.get(key);
    const inner = value[key] ?? null;
    if (field === undefined || inner === null) continue;
    const { name } = field;
    if (name === "__typename") {
      if (
        !isSubject &&
        typeof inner === "string" &&
        !isAskedFor(inner, parent.name) &&
        request.isErrorType(inner, request.kind === "mutation")
      )
        return { mark: inner, about: value };
    } else if (field.ofError && !isSubject) return { mark: name, about: value };
    else if (request.kind === "mutation" || isAlone(value, parent, key)) {
      if (isErrorField(name, inner, isSubject))
        return { mark: name, about: Array.isArray(inner) ? (inner[0] ?? null) : inner };
      if (ERROR_TEXT.test(name) && typeof inner === "string" && !NO_ERROR.test(inner))
        return { mark: name, about: value };
      if (request.kind === "mutation" && SUCCESS.test(name) && inner === false)
        return { mark: name, about: value };
      if (
        request.kind === "mutation" &&
        ((FAILED_FLAG.test(name) && inner === true) || (AFFECTED.test(name) && inner === 0))
      )
        return { mark: name, about: value };
      if (
        request.kind === "mutation" &&
        STATE.test(name) &&
        isFailed(inner) &&
        !asksForJudgement(request.mutation) &&
        !isNamedIn(String(inner), request.mutation) &&
        (RESULT.test(name) || isStatusOnly(value, parent, name) || hasNoResult(value, parent))
      )
        return { mark: typeof inner === "string" ? inner : name, about: value };
    }
  }
  if (request.kind === "mutation" && isPayload && !isSubject) {
    const nothing = emptyPayload(value, parent, request.mutation);
    if (nothing !== undefined) return { mark: "no result", about: nothing };
  }
  if (below > 0)
    for (const key in value) {
      const field = parent.fields.get(key);
      if (field === undefined || ERROR_FIELD.test(field.name)) continue;
      const inner = value[key] ?? null;
      // Within a payload's wrapper, null is the payload; elsewhere it is a part of a thing.
      const isOnly =
        isPayload &&
        WRAPPER.test(field.name) &&
        Object.keys(value).every((other) => other === key || value[other] === null);
      const found = Array.isArray(inner)
        ? allFail(inner, field, request, below - 1, isOnly)
        : failureIn(inner, field, request, below - 1, isOnly);
      if (found !== undefined) return found;
    }
  return undefined;
}

/** Whether a field is the only one of an object with a value; without one, whether only scalars have values. */
function isAlone(value: JsonObject, parent: SelectedField, key?: string): boolean {
  let others = 0;
  for (const other in value) {
    const field = parent.fields.get(other);
    if (other === key || field?.name === "__typename") continue;
    if (key === undefined && field?.fields.size === 0) continue;
    if (value[other] !== null) return false;
    others += 1;
  }
  return others > 0;
}

/** Whether a field holds an error: by its name, and for ambiguous words and objects by its content. */
function isErrorField(name: string, value: Json, isSubject: boolean): boolean {
  if (!ERROR_FIELD.test(name) || (isSubject && /^errors?$/i.test(name)) || !isError(value)) return false;
  return !DOMAIN_WORD.test(name) || (!isSubject && describesError(value));
}

/** Whether a value is a text, or has a field that errors have. */
function describesError(value: Json): boolean {
  if (Array.isArray(value)) return value.some(describesError);
  return isJsonObject(value) ? Object.keys(value).some((key) => DESCRIBES.test(key)) : value !== true;
}

/** Whether an object has only a message: no object of its own, and no id that would make its status that of a thing. */
const hasNoResult = (value: JsonObject, parent: SelectedField): boolean => {
  if (isAlone(value, parent)) return true;
  const fields = Object.keys(value).map((key) => parent.fields.get(key));
  return (
    fields.every((field) => field !== undefined && field.fields.size === 0 && !namesThingsId(field.name)) &&
    fields.some((field) => field !== undefined && MESSAGE.test(field.name))
  );
};

/** Whether an object has only an HTTP status code. */
const isStatusOnly = (value: JsonObject, parent: SelectedField, name: string): boolean =>
  /code$/i.test(name) &&
  Object.keys(value).every((key) => {
    const field = parent.fields.get(key);
    return (
      field !== undefined && field.fields.size === 0 && /^(?:\w*code|__typename|message)$/i.test(field.name)
    );
  });

/** Whether a `status` or `code` represents a failure, in words or as an HTTP status. */
function isFailed(value: Json): boolean {
  const code = Number(value);
  if (Number.isInteger(code) && String(value).trim() !== "") return code >= 400 && code < 600;
  return typeof value === "string" && FAILED.test(value);
}

function isError(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "string") return !NO_ERROR.test(value);
  if (!isJsonObject(value)) return value === true;
  const filled = Object.entries(value).filter(([, one]) => one !== null && one !== "");
  // A status that means that there is no error.
  const says = filled.filter(([key]) => key !== "__typename");
  return (
    says.length > 0 &&
    !says.every(([key, one]) => /code|status|type|kind/i.test(key) && NO_ERROR.test(String(one)))
  );
}

function errorOf({ mark, about }: Found): TransportError {
  const message = typeof about === "string" ? about : textOf(about, MESSAGE);
  const code = textOf(about, /^(?:error_?)?code$/i);
  const http = Number(code);
  const said = [code === "" ? mark : code, message].filter((part) => part !== "").join(": ");
  const words = `${mark.replaceAll(/([a-z])([A-Z])/g, "$1 $2")} ${message}`;
  const asCode = mark
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .replace(/_(?:ERROR|EXCEPTION|FAILURE|PROBLEM)$/, "");
  return {
    code: "failure",
    message: said.slice(0, MAX_MESSAGE),
    like:
      (http >= 400 && http < 600 ? http : undefined) ??
      statusOfCode(code) ??
      statusOfCode(asCode) ??
      statusFromText(words),
  };
}

function textOf(about: Json, name: RegExp): string {
  if (!isJsonObject(about)) return "";
  for (const key in about) {
    const value = about[key];
    if (name.test(key) && (typeof value === "string" || typeof value === "number")) return String(value);
  }
  return "";
}
