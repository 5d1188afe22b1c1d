import type { Matcher } from "@ape/core/config/goal";
import type { Json } from "@ape/core/lib/json";
import { isNumber, withDigits } from "@ape/core/lib/lossless-number";
import { bracedNames, fillBraces } from "@ape/core/protocol/operations/operation-call";
import {
  bodyExpectation,
  compileExpectation,
  type Expectation,
  type ExpectationConfig,
  jsonPath,
} from "./matcher.ts";

type Read = (name: string) => string | undefined;

/** A string literal of JSONPath (RFC 9535 section 2.3.1.1) that is nothing but a name in braces. */
const WHOLE_LITERAL = /(['"])\{(\w+)\}\1/g;
const LITERAL = /(['"])(?:\\.|(?!\1)[^\\])*\1/g;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** A matcher as an object, with the braces in what it compares with filled. Regular expressions stay as they are. */
function filledMatcher(matcher: Matcher, read: Read): Matcher {
  if (typeof matcher === "string") return fillBraces(matcher, read) as string;
  if (typeof matcher !== "object" || matcher === null) return matcher;
  const { eq, ne, contains } = matcher;
  return {
    ...matcher,
    ...(eq === undefined ? {} : { eq: fillBraces(eq, read) as typeof eq }),
    ...(ne === undefined ? {} : { ne: fillBraces(ne, read) as typeof ne }),
    ...(contains === undefined ? {} : { contains: fillBraces(contains, read) as string }),
  };
}

function namesOfMatcher(matcher: Matcher | undefined): string[] {
  if (typeof matcher === "string") return bracedNames(matcher);
  if (typeof matcher !== "object" || matcher === null) return [];
  return [matcher.eq, matcher.ne, matcher.contains].flatMap((text) => bracedNames(text ?? null));
}

const hasBound = (matcher: Matcher): boolean =>
  typeof matcher === "object" &&
  matcher !== null &&
  [matcher.lt, matcher.lte, matcher.gt, matcher.gte].some((bound) => bound !== undefined);

/** The names in braces of an expectation: of its paths, and of what its matchers compare with. */
export function namesOfExpectation({ body = {}, headers = {}, text }: Partial<ExpectationConfig>): string[] {
  return [
    ...bracedNames(Object.keys(body)),
    ...[...Object.values(body), ...Object.values(headers), text].flatMap(namesOfMatcher),
  ];
}

/** A text as it is written within a JSONPath literal. */
function literalOf(text: string, quote: string): string {
  const doubled = JSON.stringify(text).slice(1, -1);
  if (quote === '"') return doubled;
  return doubled.replaceAll(/\\.|'/g, (part) => (part === "'" ? "\\'" : part === '\\"' ? '"' : part));
}

/** Whether no other number of an answer becomes the same double. */
const isExact = (digits: string): boolean =>
  Math.abs(Number(digits)) <= Number.MAX_SAFE_INTEGER && String(Number(digits)) === digits;

/** A path whose literals are filled. A literal that is a number's digits finds the number too. */
function filledPath(path: string, read: Read): (json: Json) => Json | undefined {
  const asText = jsonPath(
    path.replaceAll(LITERAL, (literal, quote: string) => {
      const inLiteral: Read = (name) => {
        const value = read(name);
        return value === undefined ? undefined : literalOf(value, quote);
      };
      return fillBraces(literal, inLiteral) as string;
    }),
    withDigits,
  );
  const numeric = path.replaceAll(WHOLE_LITERAL, (whole, _, name: string) => {
    const value = read(name);
    return value !== undefined && JSON_NUMBER.test(value) && isExact(value) ? value : whole;
  });
  if (numeric === path) return asText;
  const asNumber = jsonPath(numeric);
  return (json) => asText(json) ?? asNumber(json);
}

/**
 * An expectation whose names in braces are filled with captured values: in the values that answers are compared with,
 * and in string literals of paths. A captured value is text; a number of the answer is compared by its digits.
 */
export function fillExpectation(config: ExpectationConfig, read: Read): Expectation {
  const compiled = compileExpectation({ ...config, body: undefined });
  const filled = (matcher: Matcher): Matcher => filledMatcher(matcher, read);
  return {
    ...compiled,
    headers: compiled.headers.map(({ name, matcher }) => ({ name, matcher: filled(matcher) })),
    text: compiled.text === undefined ? undefined : filled(compiled.text),
    body: Object.entries(config.body ?? {}).map(([path, matcher]) => {
      const value = bracedNames(path).length > 0 ? filledPath(path, read) : jsonPath(path);
      const compared = namesOfMatcher(matcher).length > 0 && !hasBound(matcher);
      const asText = (json: Json): Json | undefined => {
        const found = value(json);
        return isNumber(found) ? String(found) : found;
      };
      const reader = compared ? asText : value;
      // The values that a filled path finds are not compared one by one.
      return bracedNames(path).length > 0
        ? { path, read: reader, matcher: filled(matcher) }
        : bodyExpectation(path, filled(matcher), reader);
    }),
  };
}
