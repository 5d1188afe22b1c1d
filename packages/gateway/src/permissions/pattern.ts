import { escapeRegExp } from "@ape/core/lib/escape-regexp";
import { decodeEscapes } from "@ape/core/lib/percent";
import { cleanSegment, foldText, INVISIBLE } from "./path-spelling.ts";

/**
 * Compiles a pattern of `allow`, such as `GET /orders/*` or `* /admin/**`: `*` and `{name}` are one segment or a part of
 * one (or any method), `**` any number of segments. In `query *`, `tool search_*` a `*` is any part of the name; `* /**`
 * matches those, too.
 */
export function compileAllow(pattern: string): RegExp {
  const { method, path } = split(pattern);
  if (method === "*" && path === "/**") return /^/;
  if (!path.startsWith("/")) return named(method, path, "");
  const body = path
    .split("/")
    .slice(1)
    .map((segment) => {
      if (segment === "**") return "(?:/.*)?";
      return `/${segment
        .split(/(\*|\{[^}]+\})/)
        .map((part, index) => (index % 2 === 0 ? escapeRegExp(decodeSegments(part)) : allowWildcard(part)))
        .join("")}`;
    })
    .join("");
  return new RegExp(`^${method === "*" ? "[A-Z]+" : method} ${body === "" ? "/?" : body}$`);
}

/**
 * A `*` is a segment for every server: for some an encoded slash is one. A `{name}` is a value, which may contain one.
 */
const allowWildcard = (part: string): string => (part === "*" ? "(?:(?!%2F)[^/])+" : "[^/]+");

/**
 * Suffixes after a literal last segment: formats that Rails (`(.:format)`), Spring MVC and Apache (MultiViews) remove.
 */
const FORMAT_SUFFIX = "\\s*\\.[^/]*";

/**
 * Compiles a pattern of `deny` for the spellings that `pathSpellings` makes. It is read in the wide sense: a `*` or a `{name}` beside
 * other text may be empty, `**` beside other text spans segments, braces that do not pair are any text, a query is
 * passed over, dot segments are resolved, and the last segment may have any suffix (`.csv`).
 */
export function compileDeny(pattern: string): RegExp {
  const { method, path } = split(pattern);
  if (method === "*" && path === "/**") return /^/;
  if (!path.startsWith("/")) return named(method, path, "i");
  const segments: string[] = [];
  const parameters = path.replaceAll(/\{[^{}]*\}/g, "{x}");
  for (const segment of foldText(parameters.split(/[?#]/)[0] as string)
    .replaceAll(INVISIBLE, "")
    .split(/[/\\]/)
    .map(cleanSegment))
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  let open = segments.length;
  while (open > 0 && segments[open - 1] === "**") open -= 1;
  const fixed = segments.slice(0, open).map(denySegment).join("");
  const suffix = fixed === "" || (segments[open - 1] as string).endsWith("*") ? "" : FORMAT_SUFFIX;
  const more = [suffix, open < segments.length ? "/.*" : ""].filter((part) => part !== "");
  const body = more.length === 0 ? fixed : `${fixed}(?:${more.join("|")})?`;
  return new RegExp(`^${method === "*" ? "\\S+" : method} ${body === "" ? "/" : body}$`, "s");
}

function denySegment(segment: string): string {
  if (segment === "**") return "(?:/.*)?";
  if (segment === "*" || /^\{[^{}]*\}$/.test(segment)) return "/[^/]+";
  return `/${segment
    .split(/(\*+|\{[^}]*\}?|[^{}*]*\})/)
    .map((part, index) => (index % 2 === 0 ? denyText(part) : wildcard(part)))
    .join("")}`;
}

/** Some servers read a `+` within a segment as a blank. */
const denyText = (text: string): string => escapeRegExp(text).replaceAll("\\+", "[+ ]");

const wildcard = (part: string): string => (part === "*" || /[{}]/.test(part) ? "[^/]*" : ".*");

function split(pattern: string): { method: string; path: string } {
  const [method = "*", path = "/**"] = pattern.split(" ");
  return { method, path };
}

/** A pattern of names: of GraphQL's root fields, of MCP's tools. */
function named(kind: string, name: string, flags: string): RegExp {
  return new RegExp(`^${kind} ${name.split("*").map(escapeRegExp).join(".*")}$`, flags);
}

/** A path with its percent-encoding decoded, except slashes: they would add segments. */
export function decodeSegments(path: string): string {
  if (!path.includes("%")) return path;
  return path
    .split("/")
    .map((segment) => decodeEscapes(segment).replaceAll("/", "%2F"))
    .join("/");
}
