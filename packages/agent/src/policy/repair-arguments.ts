import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { parseJson, writeJson } from "@ape/core/lib/lossless-number";
import { DATA_ARGUMENT, HEADERS_ARGUMENT } from "@ape/core/protocol/operation-tools";
import { type CoercionKind, coerceToSchema, compositeOf } from "./schema-coercion.ts";

/** The kinds of repairs that lose nothing, as `decisions_repaired` counts them. */
export type RepairKind =
  | CoercionKind
  | "text_call"
  | "tool_name"
  | "operation_name"
  | "encoded_twice"
  | "fenced"
  | "nested_arguments"
  | "argument_name"
  | "null_argument"
  | "query_text"
  | "path"
  | "full_url"
  | "authorization_header";

type Note = (kind: RepairKind) => void;

const FENCE = /^```[\w-]*\s([\s\S]*?)```$/;
/** A JSON text within a JSON text within a JSON text: no model is known to go further. */
const MAX_ENCODINGS = 3;

/**
 * Reads the arguments of a call: JSON, fenced or encoded several times.
 * @returns undefined where it is no JSON
 */
export function readArguments(text: string, note: Note): Json | undefined {
  let rest = text.trim();
  const fenced = FENCE.exec(rest)?.[1];
  if (fenced !== undefined) {
    note("fenced");
    rest = fenced.trim();
  }
  if (rest === "" || rest === "null") return {};
  try {
    let value = parseJson(rest) as Json;
    for (let i = 1; typeof value === "string" && i < MAX_ENCODINGS; i += 1) {
      value = value.trim() === "" ? {} : (parseJson(value) as Json);
      note("encoded_twice");
    }
    return value;
  } catch {
    return undefined;
  }
}

/** Other names of arguments of generic tools, where a tool has no argument of that name itself. */
const ALIASES: Readonly<Record<string, string>> = {
  body: "data",
  json: "data",
  payload: "data",
  request_body: "data",
  requestBody: "data",
  params: "query",
  query_params: "query",
  queryParams: "query",
  parameters: "query",
  url: "path",
  uri: "path",
  endpoint: "path",
  api: "api_name",
};
/** Names that models give to the whole of the arguments. */
const WHOLE: ReadonlySet<string> = new Set(["arguments", "args", "parameters", "params", "input", "kwargs"]);
/** Objects that models put the parameters of an operation into. */
const PARAMETER_HOLDERS: ReadonlySet<string> = new Set([
  "query",
  "params",
  "path",
  "path_params",
  "pathParams",
  "query_params",
  "queryParams",
  "parameters",
  "arguments",
]);

/** Repairs the arguments of a generic tool to its schema. */
export function repairGenericArguments(given: JsonObject, schema: JsonObject, note: Note): JsonObject {
  const known = propertiesOf(schema);
  let args = unwrapped(given, known, note);
  args = renamed(args, known, (name) => ALIASES[name], note);
  const fixed: JsonObject = {};
  for (const [name, value] of Object.entries(args)) {
    if (value === null && name in known && name !== DATA_ARGUMENT) {
      note("null_argument");
      continue;
    }
    if (name === DATA_ARGUMENT && !(DATA_ARGUMENT in known) && isNothing(value)) {
      note("null_argument");
      continue;
    }
    fixed[name] = schemaType(known[name]) === "string" ? value : coerceToSchema(value, known[name], note);
  }
  if (typeof fixed.query === "string" && schemaType(known.query) === "object")
    fixed.query = queryOf(fixed.query, note) ?? fixed.query;
  if (isJsonObject(fixed.query) && schemaType(known.query) === "object")
    fixed.query = withoutNulls(fixed.query, note);
  if (typeof fixed.data === "string" && DATA_ARGUMENT in known) {
    const data = compositeOf(fixed.data);
    if (data !== undefined) {
      note("json_text");
      fixed.data = data;
    }
  }
  return withoutAuthorization(fixed, note);
}

/**
 * Repairs the arguments of an operation's own tool to its schema: also parameters within another object, and fields of the
 * body beside `data`.
 */
export function repairOperationArguments(
  given: JsonObject,
  schema: JsonObject,
  target: string,
  note: Note,
): JsonObject {
  const known = propertiesOf(schema);
  let args = unwrapped(given, known, note);
  const alike = new Map(Object.keys(known).map((name) => [essence(name), name]));
  args = renamed(
    args,
    known,
    (name) => (ALIASES[name] === DATA_ARGUMENT ? DATA_ARGUMENT : alike.get(essence(name))),
    note,
  );
  const body = isJsonObject(known.data) ? propertiesOf(known.data) : {};
  const fixed: JsonObject = {};
  const loose: JsonObject = {};
  for (const [name, value] of Object.entries(args)) {
    if (name in known) {
      fixed[name] = value;
      continue;
    }
    const held = PARAMETER_HOLDERS.has(name) ? heldParameters(value, known, args, note) : undefined;
    if (held !== undefined) Object.assign(fixed, held);
    else if (name === "api_name" && value === target) note("argument_name");
    else if (name in body && !(isJsonObject(args.data) && name in args.data)) loose[name] = value;
    else if (!isNothing(value)) fixed[name] = value;
    else note("null_argument");
  }
  const data = typeof fixed.data === "string" ? compositeOf(fixed.data) : undefined;
  if (data !== undefined && schemaType(known.data) !== "string") {
    note("json_text");
    fixed.data = data;
  }
  if (Object.keys(loose).length > 0) {
    if (fixed.data === undefined || fixed.data === null || isJsonObject(fixed.data)) {
      note("nested_arguments");
      fixed.data = { ...(isJsonObject(fixed.data) ? fixed.data : {}), ...loose };
    } else Object.assign(fixed, loose);
  }
  for (const [name, value] of Object.entries(fixed))
    if (name in known) fixed[name] = coerceToSchema(value, known[name], note);
  return withoutAuthorization(fixed, note);
}

const propertiesOf = (schema: JsonObject): JsonObject =>
  isJsonObject(schema.properties) ? schema.properties : {};

const schemaType = (schema: Json | undefined): Json | undefined =>
  isJsonObject(schema) ? schema.type : undefined;

const essence = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");

const isNothing = (value: Json): boolean =>
  value === null || (isJsonObject(value) && Object.keys(value).length === 0);

/** Arguments without an object around all of them. */
function unwrapped(args: JsonObject, known: JsonObject, note: Note): JsonObject {
  const [only, ...others] = Object.keys(args);
  if (only === undefined || others.length > 0 || only in known || !WHOLE.has(only)) return args;
  const inner = args[only];
  const value = typeof inner === "string" ? compositeOf(inner) : inner;
  if (!isJsonObject(value) || !Object.keys(value).every((name) => name in known)) return args;
  note("nested_arguments");
  return value;
}

/** Arguments under the names that the tool has for them, where those are not given themselves. */
function renamed(
  args: JsonObject,
  known: JsonObject,
  nameOf: (name: string) => string | undefined,
  note: Note,
): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(args)) {
    const better = name in known ? undefined : nameOf(name);
    if (better === undefined || !(better in known) || better in args || better in result)
      result[name] = value;
    else {
      note("argument_name");
      result[better] = value;
    }
  }
  return result;
}

/** The parameters in an object such as `query`, where it has nothing else and none is given beside it. */
function heldParameters(
  value: Json,
  known: JsonObject,
  args: JsonObject,
  note: Note,
): JsonObject | undefined {
  const held = typeof value === "string" ? (queryOf(value, note) ?? compositeOf(value)) : value;
  if (!isJsonObject(held)) return undefined;
  const names = Object.keys(held);
  if (names.length === 0 || !names.every((name) => name in known && !(name in args))) return undefined;
  note("nested_arguments");
  return held;
}

/** A query string as an object; names that come several times have a list. */
function queryOf(text: string, note: Note): JsonObject | undefined {
  const plain = text.trim().replace(/^\?/, "");
  if (plain === "") {
    note("query_text");
    return {};
  }
  if (!/^[^=&\s{]+=[^&]*(?:&[^=&\s]+=[^&]*)*$/.test(plain)) return undefined;
  const query: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const [name, value] of new URLSearchParams(plain)) {
    query[name] ??= [];
    query[name].push(value);
  }
  note("query_text");
  return Object.fromEntries(
    Object.entries(query).map(([name, values]) => [
      name,
      values.length === 1 ? (values[0] as string) : values,
    ]),
  );
}

function withoutNulls(query: JsonObject, note: Note): JsonObject {
  const rest = Object.entries(query).filter(([, value]) => value !== null);
  if (rest.length === Object.keys(query).length) return query;
  note("null_argument");
  return Object.fromEntries(rest);
}

/** The session sends its own credentials: what a model writes of them is at best the same. */
function withoutAuthorization(args: JsonObject, note: Note): JsonObject {
  const { headers } = args;
  if (!isJsonObject(headers)) return args;
  const rest = Object.entries(headers).filter(([name]) => !/^(?:proxy-)?authorization$/i.test(name.trim()));
  if (rest.length === Object.keys(headers).length) return args;
  note("authorization_header");
  const { [HEADERS_ARGUMENT]: _, ...others } = args;
  return rest.length === 0 ? others : { ...others, headers: Object.fromEntries(rest) };
}

/** What is wrong with arguments, in one sentence that a model can act on. */
export function explainFault(
  tool: string,
  schema: JsonObject,
  error: { keyword: string; instancePath: string; message?: string; params: Record<string, unknown> },
  args: JsonObject,
): string {
  const known = propertiesOf(schema);
  const { keyword, params } = error;
  const place = error.instancePath.replace(/^\//, "").replaceAll("/", ".");
  if (keyword === "required") {
    const missing = String(params.missingProperty);
    return `${tool} needs ${place === "" ? "" : `${place}.`}${missing}${missing === "path" ? ", such as /products" : ""}`;
  }
  if (keyword === "additionalProperties") {
    const extra = String(params.additionalProperty).slice(0, 60);
    return `${tool} has no argument "${extra}"; it takes ${Object.keys(known).join(", ")}`;
  }
  if (place === "path" && keyword === "pattern") return "write the path from /, such as /products";
  if (place === "") return `the arguments of ${tool} must be an object, such as {"path":"/products"}`;
  const [name = ""] = place.split(".");
  const written = writeJson(args[name] ?? null).slice(0, 60);
  return `${place} of ${tool} ${error.message ?? "does not fit"}, but it is ${written}`;
}
