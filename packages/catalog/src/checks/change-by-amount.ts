import type { Clause } from "../goal/clause.ts";
import { numberIn } from "../goal/constraints.ts";
import { withoutSizes } from "../goal/phrases/sizes.ts";
import { type Field, isNumeric, isReference } from "../operations/field.ts";
import { isInSynset } from "../words/thesaurus.ts";
import { plain, stem, tokens } from "../words/words.ts";

/** A change by some amount: the new value follows from the old one, and is no value that the goal names. */
export interface ChangeByAmount {
  /** The new value, where the goal itself gives the old one and says how much and in which direction. */
  of(before: number): number | undefined;
  /** Words of what changes: the unit of the amount, and the nouns of the clause. */
  about: ReadonlySet<string>;
  /** Whether the amount has a unit: `by 15 minutes`. */
  hasUnit: boolean;
}

const AMOUNT =
  "(?:\\d[\\d.]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty)";
/** `by 2 hours`. */
const BY = new RegExp(`\\bby (?:another |a further )?(${AMOUNT})\\b(?: more)?(?: (\\w+))?`, "i");
/** `2 more seats`, `an additional hour`, `another 10 minutes`. */
const MORE = new RegExp(
  `\\b(${AMOUNT}) (?:more|further|extra|additional)\\b(?: (\\w+))?|\\b(?:another|further|extra|additional) (\\d[\\d.]*)\\b(?: (\\w+))?`,
  "i",
);
const FEWER = new RegExp(`\\b(${AMOUNT}) (?:fewer|less)\\b(?: (\\w+))?`, "i");
const HALF = /\b(?:by|in) half\b/i;
const UP: readonly string[] = ["increase", "extend", "lengthen", "raise", "add"];
const DOWN: readonly string[] = ["decrease", "reduce", "shorten", "lower"];

/** How a clause changes a value by an amount; undefined if it gives the new value, or changes none that way. */
export function changeByAmount(clause: Clause): ChangeByAmount | undefined {
  const { object } = clause;
  const text = withoutSizes(clause.text);
  const own = [...object.nouns.keys()];
  const about = (unit: string | undefined): Pick<ChangeByAmount, "about" | "hasUnit"> => ({
    about: new Set(unit === undefined ? own : [...own, ...tokens(plain(unit))]),
    hasUnit: unit !== undefined,
  });
  const more = MORE.exec(text);
  if (more !== null) {
    const [, amount, unit, other, otherUnit] = more;
    return changeBy(amountIn(amount ?? other), 1, about(unit ?? otherUnit));
  }
  const fewer = FEWER.exec(text);
  if (fewer !== null) return changeBy(amountIn(fewer[1]), -1, about(fewer[2]));
  const by = BY.exec(text);
  if (by !== null) return changeBy(amountIn(by[1]), directionOf(clause), about(by[2]));
  const factor =
    HALF.test(text) || means(clause, ["halve"]) ? 0.5 : means(clause, ["double"]) ? 2 : undefined;
  return factor === undefined ? undefined : { of: (before) => before * factor, ...about(undefined) };
}

const changeBy = (
  amount: number,
  direction: 1 | -1 | undefined,
  about: Pick<ChangeByAmount, "about" | "hasUnit">,
): ChangeByAmount => ({
  of: (before) => (direction === undefined || Number.isNaN(amount) ? undefined : before + direction * amount),
  ...about,
});

const amountIn = (text = ""): number => (/^an?$/i.test(text) ? 1 : numberIn(text));

const means = ({ lead, leadSynsets }: Clause, verbs: readonly string[]): boolean =>
  verbs.some((verb) => lead === stem(verb) || isInSynset(stem(verb), leadSynsets));

function directionOf(clause: Clause): 1 | -1 | undefined {
  if (means(clause, DOWN)) return -1;
  return means(clause, UP) ? 1 : undefined;
}

/** The number of a thing that a change by an amount is about. */
export function changedNumber(fields: readonly Field[], { about }: ChangeByAmount): Field | undefined {
  return fields.find(
    (field) =>
      isNumeric(field) &&
      !isReference(field) &&
      [...field.nameTokens.keys()].some((token) => about.has(token)),
  );
}
