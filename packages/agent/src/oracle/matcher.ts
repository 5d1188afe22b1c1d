import type { Matcher } from "@ape/core/config/goal";
import { type StatusPattern, statusMatches } from "@ape/core/config/scalar";
import { BoundedRegExp, SlowRegExpError } from "@ape/core/lib/bounded-regexp";
import type { Json, JsonObject } from "@ape/core/lib/json";
import { isNumber, LosslessNumber, withDoubles, writeJson } from "@ape/core/lib/lossless-number";
import type { ToolResult } from "@ape/core/protocol/tool-call";
import { Ajv, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { JSONPathEnvironment, type JSONValue } from "json-p3";
import { declaredFailure } from "./declared-failure.ts";

/** What a path of a JSON answer must find. */
export interface BodyExpectation {
  path: string;
  read: (json: Json) => Json | undefined;
  matcher: Matcher;
  /** All that the path finds, where `ne` is asked of a path that can find several values. */
  readAll?: (json: Json) => readonly Json[];
}

/** What an answer must be, compiled once per goal. */
export interface Expectation {
  status: StatusPattern | readonly StatusPattern[];
  body: readonly BodyExpectation[];
  headers: readonly { name: string; matcher: Matcher }[];
  text: Matcher | undefined;
  follows: ValidateFunction | undefined;
}

const expressions = new Map<string, BoundedRegExp>();

/** A regular expression of the configuration, compiled once. */
function regex(text: string): BoundedRegExp {
  let expression = expressions.get(text);
  if (expression === undefined) {
    expression = new BoundedRegExp(text);
    expressions.set(text, expression);
  }
  return expression;
}

/** Deeper answers are not searched by `$..name`: the reader is recursive. */
const MAX_DEPTH = 2_000;
const paths = new JSONPathEnvironment({ maxRecursionDepth: MAX_DEPTH });

/**
 * A compiled JSONPath (RFC 9535) that reads the first value it finds.
 * @param forFilters the answer for filters, which compare doubles only
 * @throws UnreadableAnswer beyond {@link MAX_DEPTH} levels
 */
export function jsonPath(path: string, forFilters = withDoubles<Json>): (json: Json) => Json | undefined {
  const query = paths.compile(path);
  // A filter compares doubles; the value that is found keeps its digits.
  const filters = path.includes("?");
  return (json) => {
    try {
      if (!filters) return query.query(json as JSONValue).values()[0] as Json | undefined;
      const [found] = query.query(forFilters(json) as JSONValue).nodes;
      return found === undefined ? undefined : valueIn(json, found.location);
    } catch {
      throw new UnreadableAnswer();
    }
  };
}

function valueIn(json: Json, location: readonly (string | number)[]): Json {
  let value: Json = json;
  for (const part of location) value = (value as JsonObject)[part as string] as Json;
  return value;
}

/**
 * The expectation of a path. What must not be (`ne`) must not be anywhere the path leads; all else is asked of the first
 * value found.
 */
function bodyExpectation(path: string, matcher: Matcher): BodyExpectation {
  const read = jsonPath(path);
  if (typeof matcher !== "object" || matcher === null || matcher.ne === undefined)
    return { path, read, matcher };
  const query = paths.compile(path);
  if (query.singularQuery()) return { path, read, matcher };
  const readAll = (json: Json): readonly Json[] =>
    query.query(withDoubles(json) as JSONValue).nodes.map(({ location }) => valueIn(json, location));
  return { path, read, matcher, readAll };
}

/** A path cannot be evaluated because the answer is nested too deep. */
class UnreadableAnswer extends Error {
  override readonly message = "the answer is nested too deep to be looked through";
}

/** The value that a path finds; undefined also if the answer cannot be searched. */
export function queryValue(read: (json: Json) => Json | undefined, json: Json): Json | undefined {
  try {
    return read(json);
  } catch (thrown) {
    if (thrown instanceof UnreadableAnswer) return undefined;
    throw thrown;
  }
}

/** The parts of an answer that a check compares, as configured. */
interface ExpectationConfig {
  status: Expectation["status"];
  body?: Readonly<Record<string, Matcher>> | undefined;
  headers?: Readonly<Record<string, Matcher>> | undefined;
  text?: Matcher | undefined;
  schema?: JsonObject | undefined;
}

const regExp = Object.assign((source: string, flags: string) => new BoundedRegExp(source, flags), {
  code: "new BoundedRegExp",
});
const options = { strict: false, validateFormats: false, code: { regExp } };
const ajv = new Ajv(options);
const ajv2020 = new Ajv2020(options);

/** @throws Error where the JSON Schema is none */
export function compileExpectation({ status, body, headers, text, schema }: ExpectationConfig): Expectation {
  return {
    status,
    body: Object.entries(body ?? {}).map(([path, matcher]) => bodyExpectation(path, matcher)),
    headers: Object.entries(headers ?? {}).map(([name, matcher]) => ({ name: name.toLowerCase(), matcher })),
    text,
    follows: schema === undefined ? undefined : validatorOf(schema),
  };
}

function validatorOf(schema: JsonObject): ValidateFunction {
  const { $schema: dialect, ...rest } = schema;
  const old = typeof dialect === "string" && /draft-0[4-7]/.test(dialect);
  return (old ? ajv : ajv2020).compile(rest);
}

/** Returns why an answer differs from what was expected, or undefined if it does not. */
export function mismatch(expectation: Expectation, result: ToolResult): string | undefined {
  if (result.error !== undefined) return `${result.error.code}: ${result.error.message}`;
  if (!statusMatches(expectation.status, result.status)) {
    const wanted = `answered ${result.status}, wanted ${[expectation.status].flat().join(" or ")}`;
    return result.unfollowed === true ? `${wanted}: ${result.warning ?? ""}` : wanted;
  }
  for (const { name, matcher } of expectation.headers) {
    const value = result.headers[name];
    const wrong = mismatchOf(Array.isArray(value) ? value.join(", ") : value, matcher);
    if (wrong !== undefined) return `header ${name} is ${shown(value)}, wanted ${wrong}`;
  }
  if (expectation.text !== undefined) {
    const wrong = mismatchOf(textOf(result), expectation.text);
    if (wrong !== undefined) return `the answer is not ${wrong}`;
  }
  return mismatchedJson(expectation, result);
}

function mismatchedJson({ body, follows, text }: Expectation, result: ToolResult): string | undefined {
  if (body.length === 0 && follows === undefined) {
    if (result.unproven !== undefined && text === undefined)
      return `answered ${result.status}, which shows nothing: ${result.unproven}`;
    const failure =
      result.body.kind === "json" ? declaredFailure(result.body.json, result.status) : undefined;
    return failure === undefined || result.status >= 300
      ? undefined
      : `answered ${result.status} and says itself that it failed: ${failure}`;
  }
  if (result.body.kind !== "json") return `answered ${result.body.kind}, wanted JSON`;
  for (const { path, read, readAll, matcher } of body) {
    let value: Json | undefined;
    try {
      value = read(result.body.json);
      const wanted = typeof matcher === "object" && matcher !== null ? matcher.ne : undefined;
      if (wanted !== undefined)
        value = readAll?.(result.body.json).find((one) => isSame(one, wanted)) ?? value;
    } catch (thrown) {
      if (thrown instanceof UnreadableAnswer) return `${path} cannot be read: ${thrown.message}`;
      throw thrown;
    }
    const wrong = mismatchOf(value, matcher);
    if (wrong !== undefined) return `${path} is ${shown(value)}, wanted ${wrong}`;
  }
  if (follows === undefined) return undefined;
  try {
    if (follows(withDoubles(result.body.json))) return undefined;
  } catch (thrown) {
    return whyGivenUp(thrown);
  }
  const [error] = follows.errors ?? [];
  return `the answer breaks its schema: ${error?.instancePath || "it"} ${error?.message ?? "does not fit"}`;
}

/** A value in a message: at most 80 characters. */
export const shown = (value: unknown): string =>
  value === undefined ? "missing" : writeJson(value).slice(0, 80);

/** An answer's body as text; the JSON of a JSON answer, title and text of a page. */
function textOf({ body }: ToolResult): string | undefined {
  if (body.kind === "text") return body.text;
  if (body.kind === "page") return `${body.page.title}\n${body.page.text}`;
  return body.kind === "json" ? writeJson(body.json) : undefined;
}

/** Whether a value equals the expected one; a number whose digits a double would change may be expected as text. */
function isSame(value: Json | undefined, wanted: Json): boolean {
  if (!(value instanceof LosslessNumber)) return value === wanted;
  return typeof wanted === "string" ? String(value) === wanted : Number(value) === wanted;
}

/** Describes the expected value, or returns undefined if it matches. */
export function mismatchOf(value: Json | undefined, matcher: Matcher): string | undefined {
  if (typeof matcher !== "object" || matcher === null)
    return isSame(value, matcher) ? undefined : JSON.stringify(matcher);
  const { eq, ne, lt, lte, gt, gte, contains, matches, exists } = matcher;
  const number = isNumber(value) ? Number(value) : Number.NaN;
  if (exists !== undefined && (value !== undefined) !== exists) return exists ? "a value" : "no value";
  if (eq !== undefined && !isSame(value, eq)) return JSON.stringify(eq);
  if (ne !== undefined && isSame(value, ne)) return `anything but ${JSON.stringify(ne)}`;
  if (lt !== undefined && !(number < lt)) return `a number below ${lt}`;
  if (lte !== undefined && !(number <= lte)) return `a number of at most ${lte}`;
  if (gt !== undefined && !(number > gt)) return `a number above ${gt}`;
  if (gte !== undefined && !(number >= gte)) return `a number of at least ${gte}`;
  if (contains !== undefined && !(typeof value === "string" && value.includes(contains)))
    return `a text with ${JSON.stringify(contains)}`;
  return matches === undefined ? undefined : unmatched(value, matches);
}

function unmatched(value: Json | undefined, matches: string): string | undefined {
  try {
    if (typeof value === "string" && regex(matches).test(value)) return undefined;
  } catch (thrown) {
    return `a text that can be looked at: ${whyGivenUp(thrown)}`;
  }
  return `a text that matches /${matches}/`;
}

/** @throws any error except that of an expression that takes too long */
function whyGivenUp(thrown: unknown): string {
  if (thrown instanceof SlowRegExpError) return thrown.message;
  throw thrown;
}
