import type { Json } from "@ape/core/lib/json";
import { isJsonObject } from "@ape/core/lib/json";
import type { QueryValue, ToolCall } from "@ape/core/protocol/tool-call";
import { type ParameterStyles, parameterText, queryPairs } from "./parameter-style.ts";

const MAX_PATH = 4_000;
/** The common form of paths: nothing in them needs a check or an encoding. */
const PLAIN = /^(?:\/[\w-]+)+$/;

/**
 * The path and query of a call as they are sent, or what is wrong with them. Nothing that an agent writes leads
 * to another host or above the target's base path: no scheme, no `//`, no `..` (encoded or not), no backslash unless it is
 * encoded, no control character.
 * @param styles of the query's lists and objects, by name; see {@link queryPairs} for those that are not named
 */
export function encodeRequestPath(
  call: ToolCall,
  styles?: ParameterStyles,
): { path: string; query: string } | string {
  const { path: given } = call;
  const cut = given.search(/[?#]/);
  const path = cut < 0 ? given : given.slice(0, cut);
  if (path.length <= MAX_PATH && cut < 0 && PLAIN.test(path))
    return withQuery(path, queryText(call.query, styles));
  const fault = given.length > MAX_PATH ? `a path is at most ${MAX_PATH} characters long` : pathFault(path);
  if (fault !== undefined) return fault;
  const own = cut >= 0 && given[cut] === "?" ? given.slice(cut + 1).split("#")[0] : "";
  const query = [own, queryText(call.query, styles)].filter((part) => part !== "").join("&");
  return withQuery(encodePath(path), query);
}

/** Returns what is wrong with a path without its query, or undefined. */
function pathFault(path: string): string | undefined {
  if (!path.startsWith("/")) return "a path begins with /";
  if (path.startsWith("//")) return "a path does not begin with //";
  if (hasForbidden(path)) return "a path has no backslash, no space and no control character";
  for (const segment of path.split("/")) if (isDots(segment)) return "a path has no . and no .. segments";
  return undefined;
}

function withQuery(path: string, query: string): { path: string; query: string } | string {
  if (query.length > MAX_PATH) return `a query is at most ${MAX_PATH} characters long`;
  return { path, query: WRITTEN_QUERY.test(query) ? query : encodeQuery(query) };
}

function hasForbidden(path: string): boolean {
  for (let i = 0; i < path.length; i += 1) {
    const code = path.charCodeAt(i);
    if (code < 0x20 || code === 0x7f || code === 0x5c) return true;
  }
  // An encoded backslash is part of a segment (RFC 3986, section 3.3); permissions read it as a slash too.
  return /%(?:0[0-9a-f]|1[0-9a-f]|7f)/i.test(path);
}

/** Whether a segment is `.` or `..` in any encoding, even a double one. */
function isDots(segment: string): boolean {
  let text = segment;
  for (let round = 0; round < 8; round += 1) {
    if (text === "." || /(?:^|[/\\])\.\.(?:$|[/\\;])/.test(text)) return true;
    if (!text.includes("%")) return false;
    text = text
      .replaceAll(/%25/gi, "%")
      .replaceAll(/%2e/gi, ".")
      .replaceAll(/%2f/gi, "/")
      .replaceAll(/%5c/gi, "\\");
  }
  return false;
}

const NOT_IN_PATH = /[^\x21\x24-\x3b\x3d\x40-\x5b\x5d\x5f\x61-\x7a\x7e%]/gu;
const NOT_IN_QUERY = /[^\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e%]/gu;
/** The common form of queries: nothing in them needs an encoding. */
const WRITTEN_QUERY = /^[\w*.=&-]*$/;
const encodePath = (path: string): string =>
  path.replaceAll(NOT_IN_PATH, encode).replaceAll(/%(?![0-9a-fA-F]{2})/g, "%25");
const encodeQuery = (query: string): string =>
  query.replaceAll(NOT_IN_QUERY, encode).replaceAll(/%(?![0-9a-fA-F]{2})/g, "%25");

function encode(character: string): string {
  try {
    return encodeURIComponent(character);
  } catch {
    return "%EF%BF%BD";
  }
}

/** Names and values that need no encoding. */
const PLAIN_QUERY = /^[\w*.-]*$/;

function queryText(
  query: Readonly<Record<string, QueryValue>> | undefined,
  styles: ParameterStyles | undefined,
): string {
  if (query === undefined) return "";
  const plain = styles === undefined || styles.size === 0 ? plainQuery(query) : undefined;
  if (plain !== undefined) return plain;
  const pairs = new URLSearchParams();
  const structured: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    const style = styles?.get(name);
    if (style !== undefined || isJsonObject(value))
      structured.push(...queryPairs(name, value as Json, style));
    else
      for (const item of Array.isArray(value) ? (value as Json[]) : [value as Json])
        pairs.append(name, parameterText(item));
  }
  return [pairs.toString(), ...structured].filter((part) => part !== "").join("&");
}

/** A query of plain words, as URLSearchParams would write it; undefined for any other. */
function plainQuery(query: Readonly<Record<string, QueryValue>>): string | undefined {
  let text = "";
  for (const name in query) {
    const value = query[name];
    if (typeof value === "object" || !PLAIN_QUERY.test(name)) return undefined;
    const written = String(value);
    if (!PLAIN_QUERY.test(written)) return undefined;
    text += `${text === "" ? "" : "&"}${name}=${written}`;
  }
  return text;
}
