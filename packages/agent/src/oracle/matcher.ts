import type { Matcher } from "@ape/core/config/goal";
import { type StatusPattern, statusMatches } from "@ape/core/config/scalar";
import type { Json } from "@ape/core/json";
import type { ToolResult } from "@ape/core/tool-call";
import { compile } from "json-p3";

/** What an answer must be, compiled once a goal. */
export interface Expectation {
  status: StatusPattern | readonly StatusPattern[];
  body: readonly { path: string; read: (json: Json) => Json | undefined; matcher: Matcher }[];
}

/** A compiled JSONPath (RFC 9535) that reads the first value it finds. */
export function jsonPath(path: string): (json: Json) => Json | undefined {
  const query = compile(path);
  return (json) => query.query(json).values()[0] as Json | undefined;
}

export function compileExpectation(
  status: Expectation["status"],
  body: Readonly<Record<string, Matcher>> | undefined,
): Expectation {
  return {
    status,
    body: Object.entries(body ?? {}).map(([path, matcher]) => ({ path, read: jsonPath(path), matcher })),
  };
}

/** Why an answer is not what was expected, or undefined where it is. */
export function mismatch(expectation: Expectation, result: ToolResult): string | undefined {
  if (result.error !== undefined) return `${result.error.code}: ${result.error.message}`;
  if (!statusMatches(expectation.status, result.status))
    return `answered ${result.status}, wanted ${[expectation.status].flat().join(" or ")}`;
  if (expectation.body.length === 0) return undefined;
  if (result.body.kind !== "json") return `answered ${result.body.kind}, wanted JSON`;
  for (const { path, read, matcher } of expectation.body) {
    const value = read(result.body.json);
    const wrong = unlike(value, matcher);
    if (wrong !== undefined)
      return `${path} is ${value === undefined ? "missing" : JSON.stringify(value).slice(0, 80)}, wanted ${wrong}`;
  }
  return undefined;
}

/** What a value should have been, or undefined where it matches. */
function unlike(value: Json | undefined, matcher: Matcher): string | undefined {
  if (typeof matcher !== "object" || matcher === null)
    return value === matcher ? undefined : JSON.stringify(matcher);
  const { eq, ne, lt, lte, gt, gte, contains, exists } = matcher;
  const number = typeof value === "number" ? value : Number.NaN;
  if (exists !== undefined && (value !== undefined) !== exists) return exists ? "a value" : "no value";
  if (eq !== undefined && value !== eq) return JSON.stringify(eq);
  if (ne !== undefined && value === ne) return `anything but ${JSON.stringify(ne)}`;
  if (lt !== undefined && !(number < lt)) return `a number below ${lt}`;
  if (lte !== undefined && !(number <= lte)) return `a number of at most ${lte}`;
  if (gt !== undefined && !(number > gt)) return `a number above ${gt}`;
  if (gte !== undefined && !(number >= gte)) return `a number of at least ${gte}`;
  if (contains !== undefined && !(typeof value === "string" && value.includes(contains)))
    return `a text with ${JSON.stringify(contains)}`;
  return undefined;
}
