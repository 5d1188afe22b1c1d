import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import type { TransportError } from "@ape/core/protocol/tool-call";
import { statusFromText } from "../status-from-text.ts";
import { type ErrorInData, errorOf, MAX_MESSAGE, MESSAGE } from "./data-error.ts";
import {
  countsFailed,
  ERROR_FIELD,
  hasNothingBut,
  isErrorField,
  isErrorText,
  isNamedIn,
  listsOnlyErrors,
  namesErrors,
} from "./error-fields.ts";
import { asksForJudgement, emptyPayload, emptyRoot, isJudgement, namesThingsId } from "./mutation-payload.ts";
import { deniedDeed, isFailedOutcome } from "./mutation-verb.ts";
import { isAskedFor, type SelectedField } from "./selection.ts";

const MAX_JSON_DEPTH = 3;
/** Fields that hold the payload itself. */
const WRAPPER =
  /^(?:data|payload|results?|response|output|body|content|edges|nodes?)\d*$|(?:Payload|Result|Response)\d*$/;
const SUCCESS = /^(?:ok|success|succeeded|successful|isSuccess(?:ful)?|is_success)$/;
/** Mutations of a quantity: 0 can be the value that was set. */
const QUANTITY =
  /(?:count|quantity|amount|number|level|volume|score|rating|position|order|price|total|size)$/i;
/** Fields that say how a call ended, rather than the state of an object. */
const RESULT = /^(?:result|outcome|result_?code|response_?code)$/i;
/** Mutations that set a value and answer with it: `false` can be that value. */
const SETS =
  /(?:visibility|status|state|enabled|active|flag|preferences?|notifications?|settings?|mode|availability|subscription|privacy|consent)$/i;
const STATE =
  /^(?:status|state|result|outcome|code|(?:http_?)?status_?code|http_?(?:status|code)|response_?code|result_?code)$/i;
/** Words of a `status` that mean that nothing was done. */
const FAILED =
  /^(?:errors?|err|fail(?:ed|ure)?|unsuccessful|ko|nok|rejected|refused|denied|(?:\w+_)?declined?|invalid\w*|bad_\w+|not_\w+|no_\w+|un(?:authori[sz]ed|authenticated|known|available|supported)|forbidden|conflict|expired|exceeded|insufficient\w*|out_of_\w+|duplicate\w*|already_\w+|missing\w*|too_\w+|\w+_(?:error|failed|failure|not_found|exists|denied|exceeded|expired))$/i;
/**
 * Mutations whose `false` means that they did nothing. Others answer with a state: `toggleFavourite`, `isFollowing`.
 */
const DOES =
  /^(?:accept|activate|add|apply|approve|archive|assign|attach|authori[sz]e|book|buy|cancel|capture|change|charge|checkout|claim|close|complete|confirm|create|delete|deploy|destroy|edit|execute|finish|fulfill?|import|insert|invite|issue|join|leave|link|log_?[iI]n|log_?[oO]ut|merge|move|order|pay|place|post|process|publish|purchase|put|redeem|refund|register|reject|remove|rename|re?open|request|reset|restore|re_?try|revoke|run|save|schedule|(?:re_?)?send|ship|sign_?(?:[iI]n|[uU]p|[oO]ut)|start|stop|submit|subscribe|sync|transfer|trigger|unsubscribe|update|upload|void|withdraw)(?:$|[A-Z_])/;
const FAILED_FLAG = /^(?:is_?|has_?)?(?:failed|failure|error(?:ed)?)$/i;
const AFFECTED = /^affected_?rows$/i;

/** The data of an answer, with what identifies failures in it. */
export interface DataRequest {
  kind: "query" | "mutation";
  fields: ReadonlyMap<string, SelectedField>;
  /** Whether a type represents an error, or of a mutation's union for a refusal. */
  isErrorType(name: string, ofMutation: boolean): boolean;
  /** Whether the request sends a value as an argument or variable: an answer with it is what was asked for. */
  sends(value: Json): boolean;
}

/** With the name of the root field that is examined. */
interface RootRequest extends DataRequest {
  mutation: string;
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
    const shape = field.kind === "custom" && request.kind === "mutation" ? shapeOf(field, value) : field;
    const found = Array.isArray(value)
      ? allFail(value, shape, root, 0)
      : failureIn(
          value,
          shape,
          root,
          request.kind === "mutation" && shape === field ? 2 : 0,
          shape === field,
        );
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
  return value === false || (isNumber(value) && Number(value) <= 0 && !QUANTITY.test(name))
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
): ErrorInData | undefined {
  if (request.kind === "query" || items.length === 0) return undefined;
  let first: ErrorInData | undefined;
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
): ErrorInData | undefined {
  if (!isJsonObject(value)) return undefined;
  const isSubject = namesErrors(parent.name);
  const isAnswer = asksForJudgement(request.mutation) && judges(value, parent);
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
      if (isErrorField(name, inner, isSubject) && !isAnswer && !isOfRecord(value, parent))
        return { mark: name, about: Array.isArray(inner) ? (inner[0] ?? null) : inner };
      if (isErrorText(name, inner, request.mutation)) return { mark: name, about: value };
      if (request.kind === "mutation" && saysFailed(name, inner, value, parent, request))
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

/** Whether a field of a mutation's object says that the call failed: a flag, a count, a list of what failed, a state. */
function saysFailed(
  name: string,
  inner: Json,
  value: JsonObject,
  parent: SelectedField,
  { mutation, sends }: RootRequest,
): boolean {
  if (inner === false) return SUCCESS.test(name) || (deniedDeed(name, mutation) && !sends(false));
  if (inner === true) return FAILED_FLAG.test(name);
  if (AFFECTED.test(name)) return inner === 0;
  if (countsFailed(name, inner, mutation) || listsOnlyErrors(name, inner))
    return hasNothingBut(
      value,
      parent,
      (other) => other === name || STATE.test(other) || MESSAGE.test(other),
    );
  if (asksForJudgement(mutation) || isNamedIn(String(inner), mutation)) return false;
  if (isFailedOutcome(name, inner, mutation)) return true;
  return (
    STATE.test(name) &&
    isFailed(inner) &&
    (RESULT.test(name) || isStatusOnly(value, parent, name, inner) || hasNoResult(value, parent))
  );
}

/** Whether an object holds the answer to a question: then its errors belong to that answer. */
const judges = (value: JsonObject, parent: SelectedField): boolean =>
  Object.keys(value).some((key) => isJudgement(parent.fields.get(key)?.name ?? "", value[key] ?? null));

/**
 * Whether errors in an object are those of a record: it has an id and a state that is no failure, so they are from before
 * or do not matter.
 */
function isOfRecord(value: JsonObject, parent: SelectedField): boolean {
  let hasId = false;
  let state: Json = null;
  for (const key in value) {
    const name = parent.fields.get(key)?.name ?? "";
    const inner = value[key] ?? null;
    if (/^_*(?:id|uuid)$/i.test(name) && inner !== null && inner !== "") hasId = true;
    else if (/^(?:status|state|phase)$/i.test(name) && typeof inner === "string") state = inner;
  }
  return hasId && typeof state === "string" && state !== "" && !isFailed(state);
}

/** The fields of a scalar's JSON, as if they had been selected. */
function shapeOf(field: SelectedField, value: Json, depth = 0): SelectedField {
  const fields = new Map<string, SelectedField>();
  if (isJsonObject(value) && depth < MAX_JSON_DEPTH)
    for (const key in value)
      fields.set(
        key,
        shapeOf({ name: key, ofError: false, kind: "custom", fields }, value[key] ?? null, depth + 1),
      );
  return { ...field, fields };
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
const isStatusOnly = (value: JsonObject, parent: SelectedField, name: string, status: Json): boolean =>
  (/code$/i.test(name) || (isNumber(status) && /status/i.test(name))) &&
  Object.keys(value).every((key) => {
    const field = parent.fields.get(key);
    return (
      field !== undefined &&
      field.fields.size === 0 &&
      /^(?:\w*code|(?:http_?)?status|__typename|message)$/i.test(field.name)
    );
  });

/** Whether a `status` or `code` represents a failure, in words or as an HTTP status. */
function isFailed(value: Json): boolean {
  const code = Number(value);
  if (Number.isInteger(code) && String(value).trim() !== "") return code >= 400 && code < 600;
  return typeof value === "string" && FAILED.test(value);
}
