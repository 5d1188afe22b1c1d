import type { Json } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import type { Clause } from "../goal/clause.ts";
import { numberIn } from "../goal/constraints.ts";
import { withoutSizes } from "../goal/phrases/sizes.ts";
import { type Field, isDate, isNumeric, isReference } from "../operations/field.ts";
import type { Operation } from "../operations/operation-catalog.ts";
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
const BY = new RegExp(
  `\\bby (?:another |(?:a|an) (?:further|extra|additional) )?(${AMOUNT})\\b(?: more)?(?: (\\w+))?`,
  "i",
);
/** `2 more seats`, `an additional hour`, `another 10 minutes`. */
const MORE = new RegExp(
  `\\b(${AMOUNT}) (?:more|further|extra|additional)\\b(?: (\\w+))?|\\b(?:another|further|extra|additional) (\\d[\\d.]*)\\b(?: (\\w+))?`,
  "i",
);
const FEWER = new RegExp(`\\b(${AMOUNT}) (?:fewer|less)\\b(?: (\\w+))?`, "i");
/** `add 2 seats to my ticket`, `remove 2 seats from the booking`: what there is already gets more, or fewer. */
const ADDED = new RegExp(`^\\W*add (${AMOUNT}) (\\w+) to (?:it|them|my|our|his|her|its|their|the)\\b`, "i");
const TAKEN = new RegExp(
  `^\\W*(?:remove|take|drop) (${AMOUNT}) (\\w+) (?:from|off) (?:it|them|my|our|his|her|its|their|the)\\b`,
  "i",
);
/** `by 10 %`. */
const PERCENT = /\bby (?:another |a further )?(\d[\d.]*)\s?(?:%|percent\b|per cent\b)/i;
const HALF = /\b(?:by|in) half\b/i;
const UP: readonly string[] = ["increase", "extend", "lengthen", "raise", "add", "prolong", "renew"];
const DOWN: readonly string[] = ["decrease", "reduce", "shorten", "lower"];

/**
 * How a clause changes a value by an amount; undefined if it gives the new value, or changes none that way.
 * @param operation what serves it: `add 2 seats to my ticket` changes a number only where it is an update
 */
export function changeByAmount(
  clause: Clause,
  operation?: Pick<Operation, "method">,
): ChangeByAmount | undefined {
  const { object } = clause;
  const text = withoutSizes(clause.text);
  const own = [...object.nouns.keys()];
  const about = (unit: string | undefined): Pick<ChangeByAmount, "about" | "hasUnit"> => ({
    about: new Set(unit === undefined ? own : [...own, ...tokens(plain(unit))]),
    hasUnit: unit !== undefined,
  });
  const percent = PERCENT.exec(text)?.[1];
  if (percent !== undefined) {
    const direction = directionOf(clause);
    return {
      of: (before) =>
        direction === undefined ? undefined : before * (1 + (direction * Number(percent)) / 100),
      ...about(undefined),
    };
  }
  const by = BY.exec(text);
  if (by !== null) return changeBy(amountIn(by[1]), directionOf(clause), about(by[2]));
  const more = MORE.exec(text);
  if (more !== null) {
    const [, amount, unit, other, otherUnit] = more;
    return changeBy(amountIn(amount ?? other), 1, about(unit ?? otherUnit));
  }
  const fewer = FEWER.exec(text);
  if (fewer !== null) return changeBy(amountIn(fewer[1]), -1, about(fewer[2]));
  const isUpdate = operation?.method === "PATCH" || operation?.method === "PUT";
  const added = isUpdate ? ADDED.exec(text) : null;
  if (added !== null) return changeBy(amountIn(added[1]), 1, about(added[2]));
  const taken = isUpdate ? TAKEN.exec(text) : null;
  if (taken !== null) return changeBy(amountIn(taken[1]), -1, about(taken[2]));
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

/** Names of dates until which something is or runs. */
const UNTIL = /\b(?:ends?|until|expires?|expiry|expiration|due|return|valid|finish|closing)\b/;

/**
 * The input of an update that a clause changes by an amount: a number of its unit, else the date until which the thing runs:
 * `extend it by 3 months`. Undefined for operations that take the amount itself.
 */
export function inputChangedBy(clause: Clause, { method, inputs }: Operation): Field | undefined {
  if (method !== "PATCH" && method !== "PUT") return undefined;
  const relative = changeByAmount(clause, { method });
  if (relative === undefined) return undefined;
  const body = inputs.filter((field) => field.in === "body");
  const number = changedNumber(body, relative);
  if (number !== undefined) return number;
  if (daysOf(relative) === undefined && monthsOf(relative) === undefined) return undefined;
  const dates = body.filter(isDate);
  return dates.find(({ leaf }) => UNTIL.test(plain(leaf))) ?? (dates.length === 1 ? dates[0] : undefined);
}

const amountOf = ({ of }: ChangeByAmount): number | undefined => {
  const amount = of(0);
  return amount === 0 ? undefined : amount;
};
const unitIn = ({ about }: ChangeByAmount, units: Readonly<Record<string, number>>): number | undefined =>
  Object.entries(units).find(([unit]) => about.has(stem(unit)))?.[1];

function daysOf(relative: ChangeByAmount): number | undefined {
  const [unit, amount] = [unitIn(relative, { day: 1, night: 1, week: 7 }), amountOf(relative)];
  return unit === undefined || amount === undefined ? undefined : unit * amount;
}

function monthsOf(relative: ChangeByAmount): number | undefined {
  const [unit, amount] = [unitIn(relative, { month: 1, quarter: 3, year: 12 }), amountOf(relative)];
  return unit === undefined || amount === undefined ? undefined : unit * amount;
}

/** The value of a field after a change by an amount, of the one before; undefined where that is not known. */
export function valueAfterChange(clause: Clause, field: Field, before: Json): Json | undefined {
  const relative = changeByAmount(clause, { method: "PATCH" });
  if (relative === undefined) return undefined;
  if (isNumeric(field)) return isNumber(before) ? roundedTo(field, relative.of(Number(before))) : undefined;
  const time = typeof before === "string" ? Date.parse(before) : Number.NaN;
  if (Number.isNaN(time)) return undefined;
  const day = new Date(time);
  const [days, months] = [daysOf(relative), monthsOf(relative)];
  if (days !== undefined) day.setUTCDate(day.getUTCDate() + days);
  else if (months !== undefined) addMonths(day, months);
  else return undefined;
  const text = day.toISOString();
  return field.format === "date" ? text.slice(0, 10) : text.replace(".000", "");
}

/** A share of a number as its field can have it: whole, or with two digits behind the point. */
function roundedTo({ type }: Field, value: number | undefined): number | undefined {
  if (value === undefined) return undefined;
  return type.startsWith("integer") ? Math.round(value) : Number(value.toFixed(2));
}

/** Moves a day by whole months; the last one of a month stays within the next: 31 January is followed by 28 February. */
function addMonths(day: Date, months: number): void {
  const date = day.getUTCDate();
  day.setUTCDate(1);
  day.setUTCMonth(day.getUTCMonth() + months);
  const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
  day.setUTCDate(Math.min(date, last));
}
