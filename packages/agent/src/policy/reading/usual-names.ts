import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { flatBody, gatherBody } from "@ape/core/protocol/operations/flat-body";
import { DATA_ARGUMENT, type OperationTool } from "@ape/core/protocol/operations/operation-tools";
import type { Repair } from "@ape/core/protocol/repair";
import { TOOL_METHODS } from "@ape/core/protocol/tools";
import { jsonIn } from "./argument-types.ts";

/** Called for each change. */
type Note = (repair: Repair) => void;

/** Other usual names of the arguments of `http_*` tools. */
const HTTP_NAMES: readonly (readonly [string, readonly string[]])[] = [
  ["path", ["url", "uri", "endpoint", "route"]],
  ["query", ["params", "query_params", "queryParams", "parameters"]],
  ["data", ["body", "json", "payload", "request_body", "requestBody"]],
  ["api_name", ["api", "target"]],
];
/** The same of other generic tools, by the tool's name. */
const OTHER_NAMES: Readonly<Record<string, typeof HTTP_NAMES>> = {
  find_operations: [["words", ["query", "search", "keywords", "text", "q", "description", "operation"]]],
  graphql: [
    ["query", ["document", "operation", "mutation", "gql", "graphql"]],
    ["variables", ["vars", "input_variables", "arguments"]],
    ["operation_name", ["operationName"]],
    ["api_name", ["api", "target"]],
  ],
  call_tool: [
    ["name", ["tool", "tool_name", "toolName"]],
    ["arguments", ["args", "input", "params", "parameters"]],
    ["api_name", ["api", "target", "server"]],
  ],
  show_more: [["from", ["start", "offset", "place", "item", "items", "range", "index", "position"]]],
  state_update: [["set", ["values", "state", "updates"]]],
};
/** A range of places in a list: the first one is meant. */
const RANGE = /^\s*(\d{1,9})\s*(?:-|\.\.\.?|to)\s*\d*\s*$/i;
const NULLABLE_HTTP_ARGUMENTS = ["query", "headers", "data", "api_name"] as const;
const HTTP_ARGUMENTS: ReadonlySet<string> = new Set(["api_name", "path", "query", "headers", "data"]);
/** Names that models give to an object that wraps all arguments. */
const WHOLE = /^(?:arguments|args|parameters|params|input|kwargs)$/;
/** Names that models give to a request's body, and to the parameters of its path. */
const WHOLE_BODY = /^(?:body|json|payload|request_?body)$/i;
const IN_PATH = /^(?:path|path_params|pathParams)$/;
/** Names of other parts of a request, or of the call itself, which are not taken for fields of a body. */
const OTHER_PLACE =
  /^(?:headers|cookies|query|arguments|args|parameters|params|input|kwargs|(?:function|tool)(?:_?call|_?name)?)$/i;
/** Headers that the session or the connection sets, not the model. The model's cookies are added to the session's. */
const RESERVED_HEADER =
  /^(?:authorization|host|content-length|connection|transfer-encoding|upgrade|te|trailer|keep-alive|expect|traceparent|tracestate|proxy-.*)$/i;
const PAIRS = /^\??[^=&\s{}[\]]+=[^&\s]*(?:&[^=&\s]+=[^&\s]*)*$/;

/**
 * The arguments of a generic `http_*` tool, or of `http_request`, under their own names and in their own forms; nothing
 * else changes.
 */
export function repairHttpArguments(
  tool: string,
  args: JsonObject,
  written: string | undefined,
  note: Note,
): JsonObject {
  const result = renamed(unwrapped(args, HTTP_ARGUMENTS, note), HTTP_NAMES, note);
  if (written !== undefined && result.path === undefined) result.path = written;
  for (const name of NULLABLE_HTTP_ARGUMENTS)
    if (result[name] === null) {
      delete result[name];
      note("argument_type");
    }
  if (tool in TOOL_METHODS) return repairRequest(result, TOOL_METHODS[tool] ?? "", note);
  if (typeof result.method !== "string") return repairRequest(result, "", note);
  const method = result.method.trim().toUpperCase();
  if (method !== result.method) note("argument_type");
  return repairRequest({ ...result, method }, method, note);
}

/** A text that holds JSON, or that a schema of several types may read as something else. */
const MAY_HOLD_JSON = /^\s*[[{]/;

/**
 * Whether {@link repairHttpArguments} and the schema's types leave arguments as they are that the schema of their tool
 * accepts. Most calls of most models are such; others are looked at part by part.
 */
export function needNoRepair({ path, query, headers, data }: JsonObject): boolean {
  if (headers !== undefined || data !== undefined) return false;
  if (typeof path !== "string" || path !== path.trim()) return false;
  for (const name in query as JsonObject | undefined) {
    const value = (query as JsonObject)[name];
    if (typeof value === "string" && MAY_HOLD_JSON.test(value)) return false;
  }
  return true;
}

/** The arguments of a generic tool that makes no HTTP request of its own, with their own names; nulls are left out. */
export function repairOtherArguments(tool: string, args: JsonObject, note: Note): JsonObject {
  if (tool === "finish") return finishArguments(args, note);
  const names = OTHER_NAMES[tool];
  if (names === undefined) return args;
  const result = withoutNulls(renamed(args, names, note), note);
  const first = typeof result.from === "string" ? RANGE.exec(result.from)?.[1] : undefined;
  if (tool !== "show_more" || first === undefined) return result;
  note("argument_type");
  return { ...result, from: Number(first) };
}

/** The reason alone: what a model writes beside it, such as a summary, has no use. */
function finishArguments(args: JsonObject, note: Note): JsonObject {
  const names = Object.keys(args);
  if (names.every((name) => name === "reason")) return args;
  note("argument_name");
  const reason = args.reason ?? Object.values(args).find((value) => typeof value === "string");
  return reason === undefined || reason === null ? {} : { reason };
}

function repairRequest(result: JsonObject, method: string, note: Note): JsonObject {
  if (typeof result.path === "string") result.path = repairPath(result.path, method, note);
  if (result.query !== undefined) result.query = repairQuery(result.query, note);
  if (typeof result.data === "string") {
    const data = jsonIn(result.data);
    if (data !== undefined) {
      result.data = data;
      note("argument_type");
    }
  }
  if (method === "GET" && isEmpty(result.data)) delete result.data;
  return withoutReserved(result, note);
}

/**
 * The arguments of an operation's tool under their own names and in their own places: fields of the body beside `data`
 * move into it, which is no repair where the prompt shows them so; parameters within `query`, `path` or `params` move out.
 */
export function repairOperationArguments(tool: OperationTool, args: JsonObject, note: Note): JsonObject {
  const properties = tool.definition.function.parameters.properties as JsonObject;
  const body = properties[DATA_ARGUMENT];
  const inBody = isJsonObject(body as Json) ? ((body as JsonObject).properties ?? {}) : {};
  const flat = flatBody(tool);
  const shown = flat === undefined ? properties : { ...properties, ...flat };
  args = renamedAlike(unwrapped(args, new Set(Object.keys(shown)), note), shown, note);
  if (flat !== undefined && args[DATA_ARGUMENT] === undefined)
    return withoutReserved(flatArguments(tool, flat, args, note), note);
  const text = args[DATA_ARGUMENT];
  if (typeof text === "string" && isJsonObject(body as Json) && (body as JsonObject).type === undefined) {
    // A server that needs types for all values is told that the body is text.
    const data = jsonIn(text);
    if (data !== undefined) {
      args = { ...args, [DATA_ARGUMENT]: data };
      note("argument_type");
    }
  }
  let result = args;
  const change = (): JsonObject => {
    if (result === args) result = { ...args };
    return result;
  };
  for (const [name, value] of Object.entries(args)) {
    if (Object.hasOwn(properties, name)) continue;
    if (/^(?:query|path|params|path_params|query_params|parameters|pathParams|queryParams)$/.test(name)) {
      const inner = typeof value === "string" && PAIRS.test(value) ? queryOf(value) : value;
      if (
        inner !== null &&
        !(isJsonObject(inner) && Object.keys(inner).every((one) => Object.hasOwn(properties, one)))
      )
        continue;
      delete change()[name];
      if (isJsonObject(inner)) Object.assign(result, inner);
      note(typeof value === "string" ? "query_text" : "argument_name");
    } else if (body !== undefined && args[DATA_ARGUMENT] === undefined && WHOLE_BODY.test(name)) {
      delete change()[name];
      result[DATA_ARGUMENT] = value;
      note("argument_name");
    } else if (Object.hasOwn(inBody as JsonObject, name)) {
      const data = result[DATA_ARGUMENT] ?? {};
      if (!isJsonObject(data) || Object.hasOwn(data, name)) continue;
      delete change()[name];
      result[DATA_ARGUMENT] = { ...data, [name]: value };
      note("argument_name");
    }
  }
  return withoutReserved(result, note);
}

/**
 * The arguments of a tool whose body a prompt shows flat, with the body under `data`. What the tool does not know is taken
 * for a field of the body, and the target decides about it; parts of a call and of other places are left where they are.
 */
function flatArguments(tool: OperationTool, fields: JsonObject, args: JsonObject, note: Note): JsonObject {
  const { properties } = tool.definition.function.parameters;
  const own: JsonObject = {};
  const others: JsonObject = {};
  for (const [name, value] of Object.entries(args)) {
    if (Object.hasOwn(fields, name) || Object.hasOwn(properties as JsonObject, name)) own[name] = value;
    else if (WHOLE_BODY.test(name)) {
      const body = typeof value === "string" ? (jsonIn(value) ?? value) : value;
      if (isJsonObject(body)) Object.assign(own, body);
      else own[name] = value;
      note("argument_name");
    } else if (IN_PATH.test(name) && isJsonObject(value)) {
      Object.assign(own, value);
      note("argument_name");
    } else if (OTHER_PLACE.test(name)) others[name] = value;
    else own[name] = value;
  }
  return { ...gatherBody(tool, own), ...others };
}

/** Unwraps arguments that one object holds. */
function unwrapped(args: JsonObject, known: ReadonlySet<string>, note: Note): JsonObject {
  let only: string | undefined;
  for (const name in args) {
    if (only !== undefined) return args;
    only = name;
  }
  if (only === undefined || known.has(only) || !WHOLE.test(only)) return args;
  const value = args[only] as Json;
  const inner = typeof value === "string" ? (jsonIn(value) ?? value) : value;
  if (!isJsonObject(inner) || !Object.keys(inner).every((name) => known.has(name))) return args;
  note("argument_name");
  return inner;
}

const likeOf = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]+/g, "");

/** Renames arguments that differ in case or separators: `cart_id` to `cartId`. */
function renamedAlike(args: JsonObject, properties: JsonObject, note: Note): JsonObject {
  let result = args;
  for (const name of Object.keys(args)) {
    if (Object.hasOwn(properties, name)) continue;
    const alike = Object.keys(properties).filter((own) => likeOf(own) === likeOf(name));
    const [own] = alike;
    if (alike.length !== 1 || own === undefined || Object.hasOwn(result, own)) continue;
    const { [name]: value, ...others } = result;
    result = { ...others, [own]: value as Json };
    note("argument_name");
  }
  return result;
}

function renamed(args: JsonObject, names: typeof HTTP_NAMES, note: Note): JsonObject {
  const result = { ...args };
  for (const [own, others] of names) {
    if (result[own] !== undefined) continue;
    const other = others.find((name) => Object.hasOwn(result, name));
    if (other === undefined) continue;
    result[own] = result[other] as Json;
    delete result[other];
    note("argument_name");
  }
  return result;
}

/**
 * A path without the method before it, and with its leading slash. A whole URL stays: the session knows the target's
 * address.
 */
function repairPath(written: string, method: string, note: Note): string {
  const text = written.trim();
  const behind = /^([a-z]+)\s+(\/\S*|https?:\/\/\S+)$/i.exec(text);
  const path = behind !== null && behind[1]?.toUpperCase() === method ? (behind[2] as string) : text;
  const rooted =
    /^(?:\/|\{\{|https?:\/\/)/i.test(path) || !/^[\w{]/.test(path) || /\s|^[^/]*:/.test(path)
      ? path
      : `/${path}`;
  if (rooted !== written) note("path");
  return rooted;
}

function repairQuery(query: Json, note: Note): Json {
  if (isJsonObject(query)) return withoutNulls(query, note);
  if (typeof query !== "string") return query;
  const text = query.trim();
  const inner = jsonIn(text);
  if (inner !== undefined) {
    note("argument_type");
    return inner;
  }
  if (text !== "" && !PAIRS.test(text)) return query;
  note("query_text");
  return queryOf(text);
}

function queryOf(text: string): JsonObject {
  const query: JsonObject = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const known = query[name];
    query[name] = known === undefined ? value : Array.isArray(known) ? [...known, value] : [known, value];
  }
  return query;
}

function withoutNulls(query: JsonObject, note: Note): JsonObject {
  let hasNull = false;
  for (const name in query) hasNull ||= query[name] === null;
  if (!hasNull) return query;
  note("argument_type");
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== null));
}

const isEmpty = (value: Json | undefined): boolean =>
  isJsonObject(value as Json) && Object.keys(value as JsonObject).length === 0;

function withoutReserved(args: JsonObject, note: Note): JsonObject {
  const { headers } = args;
  if (headers === undefined || !isJsonObject(headers)) return args;
  const kept = Object.entries(headers).filter(([name]) => !RESERVED_HEADER.test(name));
  if (kept.length === Object.keys(headers).length) return args;
  note("header");
  const { headers: _, ...others } = args;
  return kept.length === 0 ? others : { ...others, headers: Object.fromEntries(kept) };
}
