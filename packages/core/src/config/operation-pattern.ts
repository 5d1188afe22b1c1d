import { decodeEscapes } from "../lib/percent.ts";

/** `GET /**`, `* /admin/**`, `query *`, `tool search_*`. */
export const OPERATION_PATTERN =
  /^(?:(?:\*|GET|POST|PUT|PATCH|DELETE) \/\S*|(?:query|mutation) [\w*]+|tool \S+)$/;
const INVISIBLE = /[\p{Cc}\p{Cf}]/u;

/**
 * What keeps a pattern of `allow` or `deny` from matching what it seems to name, and what to write instead; undefined
 * where nothing does, or where it is no {@link OPERATION_PATTERN}. Requests have no query, no dot segment and no empty segment when a pattern is held against them.
 */
export function operationPatternFault(pattern: string): string | undefined {
  if (!OPERATION_PATTERN.test(pattern)) return undefined;
  const at = pattern.indexOf(" ");
  const path = pattern.slice(at + 1);
  if (!path.startsWith("/")) return undefined;
  const fault = pathFault(path);
  if (fault === undefined) return undefined;
  const instead = normalPath(path);
  return pathFault(instead) === undefined ? `${fault}: write \`${pattern.slice(0, at)} ${instead}\`` : fault;
}

/** Undoes encodings of encodings, which a proxy and a server in a row do. */
function decodeFully(text: string): string {
  let decoded = text;
  for (let round = 0; round < 8; round += 1) {
    const next = decodeEscapes(decoded);
    if (next === decoded) break;
    decoded = next;
  }
  return decoded;
}

function pathFault(path: string): string | undefined {
  if (/[?#]/.test(path)) return "permissions are given for a path without its query and fragment";
  if (path.includes("\\")) return "a pattern has no backslash";
  const segments = path.split("/").slice(1);
  const decoded = segments.map(decodeFully);
  if (decoded.some((text) => INVISIBLE.test(text))) return "a pattern has no invisible character";
  if (/%(?![0-9a-f]{2})/i.test(path))
    return "a percent sign in a pattern is followed by two hexadecimal digits";
  if (decoded.some((text) => text.split(/[/\\]/).some((part) => /^\.\.?(?:;.*)?$/.test(part))))
    return "a pattern has no . and no .. segment";
  // A slash at the end is legal: it is the same path.
  if (segments.slice(0, -1).includes("")) return "a pattern has no empty segment";
  for (const segment of segments) {
    const bare = segment.replaceAll(/\{[^{}]+\}/g, "x");
    if (bare.includes("{}")) return "a parameter has a name between its braces, as in {id}";
    if (/[{}]/.test(bare)) return "a brace in a pattern opens or closes a parameter such as {id}";
  }
  return undefined;
}

/** The path that a pattern seems to mean. */
function normalPath(path: string): string {
  const resolved: string[] = [];
  const segments = (path.split(/[?#]/)[0] as string)
    .replaceAll(/%(?![0-9a-f]{2})/gi, "%25")
    .split(/[/\\]/)
    .map((segment) =>
      /^\.\.?(?:;.*)?$/.test(decodeFully(segment)) ? decodeFully(segment).split(";")[0] : segment,
    );
  for (const segment of segments as string[])
    if (segment === "..") resolved.pop();
    else if (segment !== "" && segment !== ".") resolved.push(withParameters(segment));
  return `/${resolved.join("/")}`;
}

/** A segment whose braces pair, and have a name between them. */
function withParameters(segment: string): string {
  return segment
    .replaceAll(/\{{2,}/g, "{")
    .replaceAll(/\}{2,}/g, "}")
    .replaceAll("{}", "{id}")
    .replace(/^([\w-]+)\}$/, "{$1}")
    .replace(/\{([\w-]+)$/, "{$1}");
}
