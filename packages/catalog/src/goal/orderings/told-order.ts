import { weightedTokens } from "../../words/words.ts";
import type { Clause } from "../clause.ts";
import type { Ordering } from "../constraints.ts";

/** An order by which a clause tells one thing from the others. */
export interface ToldOrder extends Ordering {
  /** By the day or the time at which it was made. */
  byTime?: true;
}

/** Superlatives of adjectives: whether the least is meant, and what is measured. */
const MEASURED: readonly (readonly [RegExp, boolean, string])[] = [
  [/\bheaviest\b/i, false, "weight mass"],
  [/\blightest\b/i, true, "weight mass"],
  [/\blongest\b/i, false, "length duration"],
  [/\bshortest\b/i, true, "length duration height"],
  [/\b(?:tallest|highest(?= \w+$))\b/i, false, "height elevation altitude"],
  [/\bdeepest\b/i, false, "depth"],
  [/\bcoldest\b/i, true, "temperature"],
  [/\b(?:warmest|hottest)\b/i, false, "temperature"],
  [/\bfastest\b/i, false, "speed velocity"],
  [/\bslowest\b/i, true, "speed velocity"],
  [/\briskiest\b/i, false, "risk"],
  [/\byoungest\b/i, true, "age"],
  [/\b(?:largest|biggest)\b/i, false, "size capacity area volume"],
  [/\bsmallest\b/i, true, "size capacity area volume"],
];
const TIMES: readonly (readonly [RegExp, boolean])[] = [
  [/\b(?:oldest|earliest)\b/i, true],
  [/\b(?:newest|latest|most recent)\b/i, false],
];

/** Names of fields, in plain words, that say when a thing was made. */
export const MADE_AT =
  /\b(?:created|opened|submitted|issued|reported|requested|placed|added|published|received|recorded|started|booked|ordered)\b/;

/**
 * The orders by which a clause may tell one thing from the others, the one that says most first: `lowest temperature`, then
 * `largest`, then `oldest`.
 */
export function toldOrders({ text, extreme }: Pick<Clause, "text" | "extreme">): ToldOrder[] {
  return [
    ...(extreme === undefined ? [] : [extreme]),
    ...MEASURED.flatMap(([pattern, least, about]) =>
      pattern.test(text) ? { least, about: weightedTokens(about) } : [],
    ),
    ...TIMES.flatMap(([pattern, least]) =>
      pattern.test(text) ? { least, about: weightedTokens("date"), byTime: true as const } : [],
    ),
  ];
}
