import type { Matcher } from "@ape/core/config/goal";
import type { Json } from "@ape/core/lib/json";
import { isNumber, withDigits } from "@ape/core/lib/lossless-number";
import { bracedNames, fillBraces } from "@ape/core/protocol/operations/operation-call";
import { type BodyExpectation, type Expectation, jsonPath } from "./matcher.ts";

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
export function namesOfExpectation({ body, headers, text }: Expectation): string[] {
  return [
    ...bracedNames(body.map(({ path }) => path)),
    ...[...body, ...headers].flatMap(({ matcher }) => namesOfMatcher(matcher)),
    ...namesOfMatcher(text),
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

/** The expectation of a path with captured values in the path, in the matcher, or in both. */
function filledBody(given: BodyExpectation, read: Read): BodyExpectation {
  const matcher = filledMatcher(given.matcher, read);
  const isPathFilled = bracedNames(given.path).length > 0;
  const value = isPathFilled ? filledPath(given.path, read) : given.read;
  const asText = (json: Json): Json | undefined => {
    const found = value(json);
    return isNumber(found) ? String(found) : found;
  };
  const isCompared = namesOfMatcher(given.matcher).length > 0 && !hasBound(given.matcher);
  const filled = { path: given.path, read: isCompared ? asText : value, matcher };
  // The values that a filled path finds are not compared one by one.
  return isPathFilled ? filled : { ...given, ...filled };
}

/**
 * A compiled expectation whose names in braces are filled with captured values: in the values that answers are compared
 * with, and in string literals of paths. A captured value is text; a number of the answer is compared by its digits.
 */
export function fillExpectation(expectation: Expectation, read: Read): Expectation {
  const { body, headers, text } = expectation;
  return {
    ...expectation,
    body: body.map((one) => filledBody(one, read)),
    headers: headers.map(({ name, matcher }) => ({ name, matcher: filledMatcher(matcher, read) })),
    text: text === undefined ? undefined : filledMatcher(text, read),
  };
}
