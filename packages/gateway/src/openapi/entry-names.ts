import type { JsonObject } from "@ape/core/lib/json";

const WORDS = ["name", "value", "other", "kind", "a", "b", "c", "d"];
const LETTERS = ["a", "b", "c", "d", "e", "f", "g", "h"];
const LONGEST = 40;

/** Texts of many forms: words, letters and digits of each length, in both cases, and joined ones. */
function* candidates(start: string): Generator<string> {
  if (start !== "") yield start;
  for (const word of WORDS) yield `${start}${word}`;
  for (const word of WORDS) yield `${start}${word.toUpperCase()}`;
  for (const word of WORDS) yield `${start}${(word[0] as string).toUpperCase()}${word.slice(1)}`;
  for (let length = 1; length <= LONGEST; length += 1)
    for (const [index, letter] of LETTERS.entries()) {
      const digit = String(index + 1);
      yield start + letter.repeat(length);
      yield start + letter.toUpperCase().repeat(length);
      yield start + digit.repeat(length);
      yield start + letter.toUpperCase() + letter.repeat(length);
      yield start + letter.repeat(length) + digit;
      yield start + letter.toUpperCase().repeat(length) + digit;
      for (const mark of ["-", "_", ".", ":", "/"]) {
        yield start + letter.repeat(length) + mark + letter.repeat(length);
        yield start + letter.toUpperCase().repeat(length) + mark + digit;
        yield start + letter.repeat(length) + mark + digit;
      }
    }
  yield* [`2031-06-1`, `2031-06-2`, `2031-06-3`].map((day) => `${start}${day}2`);
}

/**
 * Names for the entries of a map that its `propertyNames` and a key of its `patternProperties` allow; the usual ones where none is
 * known to fit.
 */
export function entryNames(allowed: JsonObject, pattern: string | undefined): string[] {
  if (Array.isArray(allowed.enum)) return allowed.enum.filter((name) => typeof name === "string");
  if (typeof allowed.const === "string") return [allowed.const];
  const least = typeof allowed.minLength === "number" ? allowed.minLength : 0;
  const most = typeof allowed.maxLength === "number" ? allowed.maxLength : Number.POSITIVE_INFINITY;
  const own = typeof allowed.pattern === "string" ? allowed.pattern : undefined;
  const rules = [pattern, own].flatMap((text) => (text === undefined ? [] : (compiled(text) ?? [])));
  const start = (text: string | undefined): string => /^\^?([\w-]*)(?![*+?{|])/.exec(text ?? "")?.[1] ?? "";
  const fitting: string[] = [];
  for (const beginning of new Set([start(own) || start(pattern), ""]))
    for (const name of candidates(beginning)) {
      if (name.length < least || name.length > most || !rules.every((rule) => rule.test(name))) continue;
      if (!fitting.includes(name)) fitting.push(name);
      if (fitting.length === WORDS.length) return fitting;
    }
  if (fitting.length > 0) return fitting;
  return WORDS.map((word) => `${start(pattern)}${word}`.slice(0, most));
}

function compiled(pattern: string): RegExp | undefined {
  for (const flags of ["u", ""])
    try {
      return new RegExp(pattern, flags);
    } catch {
      // Another form may be valid.
    }
  return undefined;
}
