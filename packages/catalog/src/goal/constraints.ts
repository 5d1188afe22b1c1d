import { NUMBERS } from "../words/lexicon.ts";
import { plain, type WeightedTokens, weightedTokens } from "../words/words.ts";
import { withoutPhoneNumbers } from "./phrases/phone-number.ts";

/** A bound on a number of what is chosen: `under $50`. */
export interface Bound {
  side: "max" | "min";
  value: number;
  /** Whether the value itself is outside. */
  strict: boolean;
  money: boolean;
  /** The words around it: `daily fee` of `daily fee is below 12 euros`, `stars` of `at least 4 stars`. */
  about: WeightedTokens;
  /** Whether nothing is said about what is counted. */
  bare: boolean;
}

/** A constraint for the first in an order: `cheapest`. */
export interface Ordering {
  least: boolean;
  about: WeightedTokens;
}

/** A number that is no bound: `two of them`, `for 3 days`. */
export interface Amount {
  value: number;
  money: boolean;
  /** The words after it: `days`. */
  about: WeightedTokens;
  /** How many a person or a thing is for: `for 12 actors`, not `for 3 days`. */
  forMany?: true;
  /** What it is the new value of: `its capacity` of `set its capacity to 7`. */
  replaces: WeightedTokens;
}

const WORD_NUMBER = Object.keys(NUMBERS).join("|");
const NUMBER = `(?:(?:[$€£]|usd|eur|gbp|us\\$)\\s*)?(?:\\d+(?:[.,]\\d+)?|\\b(?:${WORD_NUMBER})\\b)(?:\\s*(?:[$€£]|usd|eur|gbp|dollars?|euros?|pounds?|bucks?|cents?)(?![a-z]))?`;
const MAX =
  "at most|no more than|not more than|no higher than|not over|up to|a maximum of|maximum|max|within|or less than|less than|cheaper than|lower than|fewer than|under|below";
const MIN =
  "at least|no less than|not less than|no fewer than|a minimum of|minimum|min|more than|greater than|higher than|over|above|from";
const STRICT =
  /^(?:less than|cheaper than|lower than|fewer than|under|below|more than|greater than|higher than|over|above)$/;
const BOUND = new RegExp(`\\b(${MAX}|${MIN})\\s+(?:the |a price of |about )?(${NUMBER})`, "g");
const TAIL = new RegExp(
  `(${NUMBER})\\s+(or (?:less|cheaper|lower|under|fewer|below)|or (?:more|higher|above|over))\\b`,
  "g",
);
const BETWEEN = new RegExp(`\\bbetween\\s+(${NUMBER})\\s+and\\s+(${NUMBER})`, "g");
const MONEY = /[$€£]|\b(?:usd|eur|gbp|dollars?|euros?|pounds?|bucks?|cents?)\b/;
const IS_MAX = new RegExp(`^(?:${MAX}|or (?:less|cheaper|lower|under|fewer|below))$`);
const NEGATED = /\b(?:no|not|nothing|never|don't|dont|without|avoid)\b[^.;]{0,32}$/;
const EXTREMES: readonly (readonly [RegExp, boolean, string])[] = [
  [/\b(?:cheapest|least expensive|lowest[- ]priced?|best[- ]priced)\b/, true, "price cost fee"],
  [/\b(?:most expensive|dearest|priciest|highest[- ]priced?)\b/, false, "price cost fee"],
  [/\b(?:best|top|highest)[- ]rated\b/, false, "rating stars score"],
  [/\b(?:lowest|smallest|fewest|least)\s+([a-z]+(?:\s[a-z]+)?)/, true, "$1"],
  [/\b(?:highest|largest|biggest|most)\s+([a-z]+(?:\s[a-z]+)?)/, false, "$1"],
];

/** The number in a text such as `$49.99`, `12 euros` or `two`. */
export function numberIn(text: string): number {
  const digits = /\d+(?:[.,]\d+)?/.exec(text);
  if (digits !== null) return Number(digits[0].replace(",", "."));
  for (const word of text.toLowerCase().split(/\s+/)) {
    const value = NUMBERS[word];
    if (value !== undefined) return value;
  }
  return Number.NaN;
}

export interface Constraints {
  bounds: Bound[];
  extreme: Ordering | undefined;
  amounts: Amount[];
}

/** A number that is a word of a name: `Tea at Five`. */
const IN_A_NAME =
  /(?<=\s\p{Lu}[\p{L}'’]*\s(?:(?:at|of|and|the|for|in|on|to)\s){0,2})(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Twelve)(?![\p{L}\p{N}])/gu;

/** Reads every bound, order and amount of a clause. */
export function parseConstraints(clause: string): Constraints {
  let rest = withoutPhoneNumbers(clause.replaceAll(IN_A_NAME, "-").toLowerCase()).replaceAll(
    /(\d),(\d{3})\b/g,
    "$1$2",
  );
  const bounds: Bound[] = [];
  const push = (side: Bound["side"], strict: boolean, text: string, at: number, whole: string) => {
    const before = rest.slice(0, at).split(/\s+/).slice(-6).join(" ");
    const money = MONEY.test(text);
    const unit = money
      ? ""
      : (rest
          .slice(at + whole.length)
          .trim()
          .split(/\s+/)[0] ?? "");
    const bare = weightedTokens(unit).size === 0;
    bounds.push({
      side,
      strict,
      value: numberIn(text),
      money,
      about: weightedTokens(`${before} ${unit}`),
      bare,
    });
  };
  rest = rest.replaceAll(BETWEEN, (whole: string, low: string, high: string, at: number) => {
    push("min", false, MONEY.test(high) && !MONEY.test(low) ? `${low}$` : low, at, whole);
    push("max", false, high, at, whole);
    return " ";
  });
  rest = rest.replaceAll(TAIL, (whole: string, amount: string, word: string, at: number) => {
    push(IS_MAX.test(word) ? "max" : "min", false, amount, at, whole);
    return " ";
  });
  rest = rest.replaceAll(BOUND, (whole: string, word: string, amount: string, at: number) => {
    const least = !IS_MAX.test(word);
    const flip = STRICT.test(word) && NEGATED.test(rest.slice(0, at));
    push(least === flip ? "max" : "min", STRICT.test(word) && !flip, amount, at, whole);
    return " ";
  });
  return { bounds, extreme: extremeIn(rest), amounts: amountsIn(rest) };
}

function extremeIn(text: string): Ordering | undefined {
  for (const [pattern, least, about] of EXTREMES) {
    const match = pattern.exec(text);
    if (match !== null) return { least, about: weightedTokens(about.replace("$1", match[1] ?? "")) };
  }
  return undefined;
}

/** What stands before a new value: `the capacity to`, `a limit of`. */
const VALUE_OF = /\b((?:[a-z]+ ){1,3})(?:to|of|as|is|at|=) ?$/;

const FOR = /\bfor (?:about |around |exactly |all )?$/;
const MEASURE =
  /^(?:seconds?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|weekends?|months?|quarters?|years?|times?|km|kilomet\w+|miles?|met(?:re|er)s?|cm|mm|kilos?|kg|grams?|g|lit(?:re|er)s?|l|percent|degrees?|points?|stars?)\b/;
/** Whether a number has a unit of measure behind it, or nothing that could be counted. */
const isMeasured = (behind: string): boolean => !/^[a-z]{2}/.test(behind) || MEASURE.test(behind);

const OF_A_THING = /^of (?!(?:the|them|these|those|all|my|our|your|its|his|her|their)$)/;

function amountsIn(text: string): Amount[] {
  const amounts: Amount[] = [];
  for (const match of text.matchAll(new RegExp(`(?<![\\w.-])${NUMBER}(?![\\w-])`, "g"))) {
    const value = numberIn(match[0]);
    const written = /\d/.test(match[0]);
    if (Number.isNaN(value) || (!written && value < 2)) continue;
    const behind = plain(text.slice(match.index + match[0].length))
      .split(" ")
      .slice(0, 2)
      .join(" ");
    const forMany = FOR.test(text.slice(0, match.index)) && !MONEY.test(match[0]) && !isMeasured(behind);
    const of = VALUE_OF.exec(text.slice(0, match.index))?.[1] ?? "";
    amounts.push({
      value,
      money: MONEY.test(match[0]),
      // `Segment 4 of core NEEM-2` is no number of cores, as `4 of the cores` is.
      about: weightedTokens(OF_A_THING.test(behind) ? "" : behind),
      ...(forMany ? { forMany: true as const } : {}),
      replaces: weightedTokens(of),
    });
  }
  return amounts;
}
