import { parseConstraints } from "@ape/catalog/goal/constraints";
import { MADE_AT, type ToldOrder, toldOrders } from "@ape/catalog/goal/orderings/told-order";
import { minorUnits, namesAvailability, namesMoney } from "@ape/catalog/words/value-words";
import { plain, stem } from "@ape/catalog/words/words";
import { isJsonObject, type Json } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import { byName } from "@ape/core/protocol/fields/by-name";
import { isIdName } from "@ape/core/protocol/id-name";

/** What a goal may be about in a long list. */
export interface GoalFilter {
  below: number | undefined;
  above: number | undefined;
  cheapest: boolean;
  dearest: boolean;
  /** The orders of other things than prices, by which the goal tells one thing from the others: `the deepest segment`. */
  orders: readonly ToldOrder[];
  words: ReadonlySet<string>;
  /** The whole goal in lower case. */
  text: string;
}

const AMOUNT = String.raw`\s*(?:[$€£]|usd|eur|gbp)?\s*(\d[\d,]*(?:\.\d+)?)`;
const BELOW = new RegExp(
  `\\b(?:under|below|less than|lower than|cheaper than|at most|no more than|not more than|up to|within)${AMOUNT}`,
  "i",
);
const ABOVE = new RegExp(
  `\\b(?:over|above|more than|higher than|dearer than|at least|no less than|from)${AMOUNT}`,
  "i",
);
const CHEAPEST = /\b(?:cheapest|lowest|least expensive|best price|smallest)\b/i;
const DEAREST = /\b(?:dearest|highest|most expensive|priciest|largest)\b/i;
/** Names of sums that do not mention money: in an item of a list they are its price. */
const SUM = /\b(?:amount|total)\b/;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}-]{2,}/gu;
/** Words of nearly every goal. */
const COMMON = new Set(
  "the and for out log sign all any new one add buy get set use see its you are was not per then with from that this your then them into find look choose pick product products item items cart order check under over below above less more than login password account".split(
    " ",
  ),
);

/** Cached: goals are few and their words never change. */
const READ = new Map<string, GoalFilter>();
const MAX_READ = 64;
/** Items of a list that are looked at: the work is bounded, whatever a target sends. */
const MAX_LOOKED_AT = 5_000;
const MAX_FIELDS = 24;

/** What the name of a field says about its value. */
interface NameMeaning {
  /** For an amount of money: minor units per unit. */
  units: number | undefined;
  /** Stems of its words. */
  stems: readonly string[];
  /** Whether it says when a thing was made. */
  isTime: boolean;
  available: boolean;
  isId: boolean;
}

const LONGEST_NAME = 80;

const meaningOfName = byName((name): NameMeaning => {
  const isId = isIdName(name);
  if (name.length > LONGEST_NAME)
    return { units: undefined, available: false, isId, stems: [], isTime: false };
  const words = plain(name);
  return {
    stems: words.split(" ").map(stem),
    isTime: MADE_AT.test(words),
    units: namesMoney(words) || SUM.test(words) ? minorUnits(words) : undefined,
    available: namesAvailability(words),
    isId,
  };
});

/** Reads what a goal's words say about what is looked for: bounds of a price, extremes, and its rarer words. */
export function parseGoalFilter(goal: string): GoalFilter {
  const known = READ.get(goal);
  if (known !== undefined) return known;
  const words = new Set<string>();
  for (const [word] of goal.toLowerCase().matchAll(WORD)) if (!COMMON.has(word)) words.add(word);
  const interest: GoalFilter = {
    below: amountIn(BELOW, goal),
    above: amountIn(ABOVE, goal),
    cheapest: CHEAPEST.test(goal),
    dearest: DEAREST.test(goal),
    orders: toldOrders({ text: goal, extreme: parseConstraints(goal).extreme }),
    words,
    text: goal.toLowerCase(),
  };
  if (READ.size >= MAX_READ) READ.clear();
  READ.set(goal, interest);
  return interest;
}

function amountIn(pattern: RegExp, goal: string): number | undefined {
  const found = pattern.exec(goal)?.[1]?.replaceAll(",", "");
  return found === undefined ? undefined : Number(found);
}

/**
 * The items of a long list that are shown, in their order: its first third as it comes, and of the others those that a
 * goal is most likely about. A list of plain values is shown from its beginning.
 */
export function selectItems(
  list: readonly Json[],
  keep: number,
  interest: GoalFilter | undefined,
): readonly Json[] {
  if (list.length <= keep) return list;
  if (interest === undefined || !isJsonObject(list[0] ?? null)) return list.slice(0, keep);
  const first = Math.ceil(keep / 3);
  const end = Math.min(list.length, MAX_LOOKED_AT);
  const prices: { index: number; price: number }[] = [];
  const scored: { index: number; score: number }[] = [];
  for (let index = first; index < end; index += 1) {
    const { score, price } = look(list[index] ?? null, interest);
    if (price !== undefined) prices.push({ index, price });
    scored.push({ index, score });
  }
  const raise = (ranked: { index: number; price: number }[], sign: number): void => {
    ranked.sort((a, b) => sign * (a.price - b.price));
    for (const [rank, { index }] of ranked.slice(0, keep - first).entries())
      (scored[index - first] as { score: number }).score += keep - rank;
  };
  const order = interest.orders.find((one) => orderValue(list[0] ?? null, one) !== undefined);
  if (order !== undefined) {
    const values = scored.flatMap(({ index }) => {
      const price = orderValue(list[index] ?? null, order);
      return price === undefined ? [] : { index, price };
    });
    raise(values, order.least ? 1 : -1);
  } else if (interest.cheapest !== interest.dearest) raise(prices, interest.cheapest ? 1 : -1);
  const chosen = scored.sort((a, b) => b.score - a.score || a.index - b.index).slice(0, keep - first);
  const indexes = chosen.map(({ index }) => index).sort((a, b) => a - b);
  return [...list.slice(0, first), ...indexes.map((index) => list[index] as Json)];
}

/** What an item has in an order, in a field that is called after what is measured; undefined where it has no such field. */
function orderValue(item: Json, { about, byTime }: ToldOrder): number | undefined {
  if (!isJsonObject(item)) return undefined;
  let fields = 0;
  for (const key in item) {
    fields += 1;
    if (fields > MAX_FIELDS) return undefined;
    const value = item[key];
    const { stems, isTime, isId } = meaningOfName(key);
    if (byTime === true) {
      const time = isTime && typeof value === "string" ? Date.parse(value) : Number.NaN;
      if (!Number.isNaN(time)) return time;
    } else if (isNumber(value) && !isId && stems.some((word) => about.has(word))) return Number(value);
  }
  return undefined;
}

/** Outweighs any single words: the goal names this item. */
const NAMED = 20;
const LONGEST_NAMED = 80;

/** Whether a goal names a value of several words, or with a figure, as a whole: "Maple 47", "Board meeting". */
function isNamed(value: string, goal: string): boolean {
  if (value.length < 3 || value.length > LONGEST_NAMED || !/[\s\d]/.test(value)) return false;
  const at = goal.indexOf(value);
  const letter = /[\p{L}\p{N}]/u;
  return at >= 0 && !letter.test(goal[at - 1] ?? "") && !letter.test(goal[at + value.length] ?? "");
}

/** Scores how likely a goal is about an item: it fits the bounds, is available, and has the goal's words. */
function look(
  item: Json,
  { below, above, words, text }: GoalFilter,
): { score: number; price: number | undefined } {
  if (!isJsonObject(item)) return { score: 0, price: undefined };
  let score = 0;
  let price: number | undefined;
  /** The last number that is no id, and how many there are: what a bound is about where no name says money, if one. */
  let number: number | undefined;
  let numbers = 0;
  let fields = 0;
  for (const key in item) {
    fields += 1;
    if (fields > MAX_FIELDS) break;
    const value = item[key];
    if (isNumber(value)) {
      const { units, isId } = meaningOfName(key);
      if (units !== undefined && price === undefined) price = Number(value) / units;
      if (!isId) {
        number = Number(value);
        numbers += 1;
      }
    } else if (value === false) {
      if (meaningOfName(key).available) score -= 3;
    } else if (typeof value === "string" && words.size > 0 && value.length <= 400) {
      const lower = value.toLowerCase();
      for (const [word] of lower.matchAll(WORD)) if (words.has(word)) score += 2;
      if (isNamed(lower, text)) score += NAMED;
    }
  }
  if (numbers === 1) price ??= number;
  if (price !== undefined) {
    if (below !== undefined) score += price < below ? 4 : -1;
    if (above !== undefined) score += price > above ? 4 : -1;
  }
  return { score, price };
}
