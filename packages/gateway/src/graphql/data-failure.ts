import { isJsonObject, type Json, type JsonObject } from "@ape/core/json";
import type { TransportError } from "@ape/core/tool-call";
import { wordedStatus } from "../worded-status.ts";
import { statusOfCode } from "./failure.ts";
import type { SelectedField } from "./selection.ts";

const MAX_MESSAGE = 400;
const ERROR_FIELD = /^(?:\w*[eE]rrors?|violations|problems)$/;
/** Words of a field that asks for errors themselves. */
const SUBJECT = /error|problem|failure|fault|conflict|exception|violation/i;
const ERROR_CODE = /^(?:error_?code|error_?type|error_?message|errorReason|failure_?reason)$/i;
const NO_ERROR = /^(?:|ok|none|no_?error|success(?:ful)?|0)$/i;
const SUCCESS = /^(?:ok|success|succeeded|successful|isSuccess(?:ful)?|is_success)$/;
const MESSAGE = /^(?:message|error_?message|description|detail|reason)$/i;

/** What is looked for in an answer's data. */
export interface DataRequest {
  kind: "query" | "mutation";
  fields: ReadonlyMap<string, SelectedField>;
  isErrorType(name: string): boolean;
}

/** Where an object of the data says that the operation failed. */
interface Found {
  /** Type or field that says so. */
  mark: string;
  /** The object with message and code. */
  about: Json;
}

/**
 * What the data of an answer says of a failure of its own, or undefined: a member of a union or interface that stands
 * for an error, a list of errors that is not empty, a result that is not ok. The objects of the root's fields and the
 * objects right below them are looked at. What a query asks about can itself be a list of errors: of queries only types
 * count, and lists of errors that come in place of everything else.
 */
export function dataFailure(data: Json | undefined, request: DataRequest): TransportError | undefined {
  if (!isJsonObject(data)) return undefined;
  for (const key in data) {
    const field = request.fields.get(key);
    if (field === undefined) continue;
    const value = data[key] ?? null;
    const found = Array.isArray(value)
      ? allFail(value, field, request)
      : failureIn(value, field, request, request.kind === "mutation" ? 1 : 0);
    if (found !== undefined) return errorOf(found);
  }
  return undefined;
}

/** A mutation of several things fails where each of them does. */
function allFail(items: readonly Json[], field: SelectedField, request: DataRequest): Found | undefined {
  if (request.kind === "query" || items.length === 0) return undefined;
  let first: Found | undefined;
  for (const item of items) {
    const found = failureIn(item, field, request, 0);
    if (found === undefined) return undefined;
    first ??= found;
  }
  return first;
}

function failureIn(
  value: Json,
  parent: SelectedField,
  request: DataRequest,
  below: number,
): Found | undefined {
  if (!isJsonObject(value)) return undefined;
  const isSubject = SUBJECT.test(parent.name);
  for (const key in value) {
    const field = parent.fields.get(key);
    const inner = value[key] ?? null;
    if (field === undefined || inner === null) continue;
    const { name } = field;
    if (name === "__typename") {
      if (!isSubject && typeof inner === "string" && request.isErrorType(inner))
        return { mark: inner, about: value };
    } else if (field.ofError && !isSubject) return { mark: name, about: value };
    else if (request.kind === "mutation" || isAlone(value, key, parent)) {
      if (ERROR_FIELD.test(name) && !(isSubject && /^errors?$/i.test(name)) && isError(inner))
        return { mark: name, about: Array.isArray(inner) ? (inner[0] ?? null) : inner };
      if (ERROR_CODE.test(name) && typeof inner === "string" && !NO_ERROR.test(inner))
        return { mark: name, about: value };
      if (request.kind === "mutation" && SUCCESS.test(name) && inner === false)
        return { mark: name, about: value };
    }
  }
  if (below > 0)
    for (const key in value) {
      const field = parent.fields.get(key);
      if (field === undefined || ERROR_FIELD.test(field.name)) continue;
      const found = failureIn(value[key] ?? null, field, request, below - 1);
      if (found !== undefined) return found;
    }
  return undefined;
}

/** Whether a field is the only one of an object that has a value. */
function isAlone(value: JsonObject, key: string, parent: SelectedField): boolean {
  let others = 0;
  for (const other in value) {
    if (other === key || parent.fields.get(other)?.name === "__typename") continue;
    if (value[other] !== null) return false;
    others += 1;
  }
  return others > 0;
}

function isError(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "string") return !NO_ERROR.test(value);
  return value === true || (isJsonObject(value) && Object.keys(value).length > 0);
}

function errorOf({ mark, about }: Found): TransportError {
  const message = typeof about === "string" ? about : textOf(about, MESSAGE);
  const code = textOf(about, /^(?:error_?)?code$/i);
  const said = [code === "" ? mark : code, message].filter((part) => part !== "").join(": ");
  const words = `${mark.replaceAll(/([a-z])([A-Z])/g, "$1 $2")} ${message}`;
  const asCode = mark
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .replace(/_(?:ERROR|EXCEPTION|FAILURE|PROBLEM)$/, "");
  return {
    code: "failure",
    message: said.slice(0, MAX_MESSAGE),
    like: statusOfCode(code) ?? statusOfCode(asCode) ?? wordedStatus(words),
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
