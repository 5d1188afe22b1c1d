import type { Operation, OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { parseJson, writeJson } from "@ape/core/lib/lossless-number";
import { METHODS, type Verb } from "@ape/core/protocol/operations/operation";
import { templateValues } from "@ape/core/protocol/operations/route-table";
import type { ViewCall } from "@ape/core/protocol/view";
import type { ViewResult } from "../prompt/view-reader.ts";

/** A parsed call of the history. */
export interface ParsedCall {
  /** Undefined if it is no call to a target. */
  method: Verb | undefined;
  path: string;
  query: Record<string, string>;
  data: Json | undefined;
  /** Whether its text was too long to be shown whole. */
  cut: boolean;
  operation: Operation | undefined;
  /** Values of the template's parameters. */
  params: Record<string, string>;
}

/** A call with its result. */
export interface PastCall extends ParsedCall {
  step: number;
  target: string;
  text: string;
  status: number;
  note: string;
  /** Digest of the answer, where it is one of the last three. */
  answer: ViewResult | undefined;
  ok: boolean;
}

/** The values of a query are shown as they were decided, with their spaces; a label or a body may follow: `?q=red rug {"a":1}`. */
const METHOD = new RegExp(
  `^(?:http_)?(${METHODS.join("|")})\\s+([^\\s?]+)(?:\\?(.*?)(?=\\s["{[]|$))?\\s*(.*)$`,
  "i",
);
const OTHER = /^(query|mutation|tool)\s+(\S+)\s*(.*)$/;
/** The session's note about an answer that breaks the document. */
const BROKEN = /\b(?:contract|json|html)\b/i;

/** Reads the text of a call, `POST /a/b?c=d {"e":1}`. */
export function parseCall(text: string, target: string, catalog: OperationCatalog): ParsedCall {
  const other = OTHER.exec(text);
  if (other !== null) return readOther(other, target, catalog);
  const match = METHOD.exec(text);
  if (match === null)
    return {
      method: undefined,
      path: "",
      query: {},
      data: undefined,
      cut: false,
      operation: undefined,
      params: {},
    };
  const method = (match[1] as string).toUpperCase() as Verb;
  const path = match[2] as string;
  const query = readQuery(match[3] ?? "");
  const { value, cut } = readBody((match[4] as string).trim());
  const operation = catalog.at(target, method, path);
  const sent: ParsedCall = {
    method,
    path,
    query,
    data: value,
    cut: cut || path.endsWith("…"),
    operation,
    params: operation === undefined ? {} : templateValues(operation.path, path),
  };
  if (method === "GET" && isJsonObject(value)) {
    const asked = isJsonObject(value.query) ? value.query : value;
    for (const [name, given] of Object.entries(asked)) sent.query[name] = String(given);
    sent.data = undefined;
  }
  return sent;
}

/** Reads a query that is part of a path, which is encoded, or that was decided beside it: spaces show that. */
function readQuery(text: string): Record<string, string> {
  if (!text.includes(" ")) return Object.fromEntries(new URLSearchParams(text));
  const pairs = text.split(/&(?=[^&=\s]+=)/).map((pair) => pair.split(/=(.*)/s, 2) as [string, string?]);
  return Object.fromEntries(pairs.map(([name, value = ""]) => [name, value]));
}

/** Reads the text of a GraphQL operation or of a tool: `query name {"a":1}`. What reads has its arguments as a query. */
function readOther(match: RegExpExecArray, target: string, catalog: OperationCatalog): ParsedCall {
  const method = match[1] as Verb;
  const path = match[2] as string;
  const { value, cut } = readBody((match[3] ?? "").trim());
  const operation = catalog.at(target, method, path);
  const reads = operation?.writes === false;
  return {
    method,
    path,
    query: reads ? flat(value) : {},
    data: reads ? undefined : value,
    cut,
    operation,
    params: {},
  };
}

/** The plain values of an object by their dotted names. */
function flat(value: Json | undefined, prefix = ""): Record<string, string> {
  const found: Record<string, string> = {};
  if (!isJsonObject(value)) return found;
  for (const [name, inner] of Object.entries(value))
    if (isJsonObject(inner)) Object.assign(found, flat(inner, `${prefix}${name}.`));
    else found[`${prefix}${name}`] = typeof inner === "string" ? inner : writeJson(inner);
  return found;
}

/** Parses JSON as far as it is complete: a text that was cut gives its complete leading fields. */
function readBody(text: string): { value: Json | undefined; cut: boolean } {
  if (text === "") return { value: undefined, cut: false };
  try {
    return { value: parseJson(text) as Json, cut: false };
  } catch {
    const value: JsonObject = {};
    for (const match of text.matchAll(
      /"([^"\\]+)":("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?=[,}])|true|false|null)/g,
    ))
      value[match[1] as string] = parseJson(match[2] as string) as Json;
    return { value, cut: true };
  }
}

/** Whether an answer can be used: a 2xx or 3xx, unless it is an HTML page although data was documented. */
export function isUsableAnswer(
  call: ViewCall,
  answer: ViewResult | undefined,
  operation: Operation | undefined,
): boolean {
  if (call.status < 200 || call.status >= 400) return false;
  if (call.note !== undefined && BROKEN.test(call.note)) return false;
  const promised = operation?.promises === true;
  if (call.status >= 300 && isLost(call, answer, promised)) return false;
  return !(promised && typeof answer?.body === "string" && /^\s*</.test(answer.body));
}

/** A redirect without effect: a read without the documented data, or a call that is redirected to itself. */
function isLost(call: ViewCall, answer: ViewResult | undefined, promised: boolean): boolean {
  const [method, path] = call.call.replace(/^http_/i, "").split(" ");
  // RFC 9110, sections 15.4.8 and 15.4.9: nothing was done, the same request must be sent to another URL.
  if (call.status === 307 || call.status === 308) return true;
  return (
    (promised && method?.toUpperCase() === "GET") ||
    (path !== undefined && answer?.headers?.location === path)
  );
}

/**
 * The path of a redirected call within its own API: the same path with or without a trailing slash, or a path that the
 * answer names.
 */
export function redirectPath({ status, path, answer }: PastCall): string | undefined {
  const location = answer?.headers?.location;
  if (location === undefined || status < 300 || status >= 400) return undefined;
  const [target = ""] = location.replace(/^https?:\/\/[^/]+/, "").split("?");
  if (target === "" || target === path) return undefined;
  const other = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
  return target.endsWith(other) ? other : target;
}
