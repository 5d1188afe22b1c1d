import type { Bound, Ordering } from "@ape/catalog/goal/constraints";
import { type Field, isMoney, isNumeric, moneyScale } from "@ape/catalog/operations/field";
import { VERB_MEANINGS } from "@ape/catalog/words/lexicon";
import type { Json } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import type { ListChoice } from "../goal/plan.ts";
import { inItem, readItem } from "./response-values.ts";

/** Number of minor units per unit of most currencies. */
const MINOR_UNITS = 100;

/**
 * Whether an item meets a bound.
 * @param scale number of the field's units per unit of money; by default what its words say
 */
export function keeps(item: Json, bound: Bound, fields: readonly Field[], scale?: number): boolean {
  const field = numericField(bound, fields);
  if (field === undefined) return true;
  const value = amountIn(item, field, fields);
  if (Number.isNaN(value)) return false;
  const limit = bound.value * (bound.money ? (scale ?? moneyScale(field)) : 1);
  if (bound.side === "max") return bound.strict ? value < limit : value <= limit;
  return bound.strict ? value > limit : value >= limit;
}

/** The field of a list that a bound or an order refers to. */
export function numericField(
  constraint: Pick<Bound, "about"> & Partial<Bound & Ordering>,
  fields: readonly Field[],
): Field | undefined {
  const numbers = fields.filter(
    (field) =>
      isNumeric(field) || (!field.type.endsWith("[]") && isMoney(field) && /^string/.test(field.type)),
  );
  let best: Field | undefined;
  let most = 0;
  for (const field of numbers) {
    let score = constraint.money === true && isMoney(field) ? 2 : 0;
    for (const token of constraint.about.keys()) {
      if (VERB_MEANINGS.has(token)) continue;
      if (field.nameTokens.has(token)) score += 0.6;
      if (field.textTokens.has(token)) score += 1;
    }
    if (score > 0 && /\b(?:total|sum|shipping|tax|discount|old|former|deposit)\b/.test(field.words))
      score -= 0.5;
    if (score > most) {
      best = field;
      most = score;
    }
  }
  if (best !== undefined || constraint.bare === false) return best;
  const money = numbers.filter(isMoney);
  return money.length === 1 ? money[0] : numbers.length === 1 ? numbers[0] : undefined;
}

/** The number that a field has in an item; of one without it, that of another field of the same amount: `price.min`. */
export function amountIn(item: Json, field: Field, fields: readonly Field[]): number {
  const own = numberOf(readItem(item, field, fields));
  const holder = holderOf(field);
  if (!Number.isNaN(own) || holder === "") return own;
  for (const other of fields) {
    if (other === field || holderOf(other) !== holder || !isMoney(other)) continue;
    const value = numberOf(readItem(item, other, fields));
    if (!Number.isNaN(value)) return value;
  }
  return Number.NaN;
}

function numberOf(raw: Json | undefined): number {
  if (typeof raw === "string" && /\d/.test(raw)) return Number(raw.replace(/[^\d.-]/g, ""));
  return isNumber(raw) ? Number(raw) : Number.NaN;
}

/** The object within an item that holds a field. */
const holderOf = (field: Field): string => inItem(field).replace(/\.?[^.]*$/, "");

/**
 * The scale of each bound on money that the items show to be in minor units, although no words say so: whole numbers
 * beside a currency, none of them within the bound as they are, some of them as hundredths.
 * @param all also if all of them are within the bound as hundredths
 */
export function moneyScales(
  items: readonly Json[],
  choice: ListChoice,
  fields: readonly Field[],
  all: boolean,
): Map<Bound, number> {
  const scales = new Map<Bound, number>();
  if (!fields.some(({ leaf }) => /currency/i.test(leaf))) return scales;
  for (const { bounds } of choice.clauses)
    for (const bound of bounds) {
      const field = numericField(bound, fields);
      if (!bound.money || bound.side !== "max" || field === undefined || moneyScale(field) !== 1) continue;
      const values = items.map((item) => amountIn(item, field, fields)).filter((one) => !Number.isNaN(one));
      const isWhole = values.every((one) => Number.isInteger(one) && (one >= MINOR_UNITS || one === 0));
      const within = items.filter((item) => keeps(item, bound, fields, MINOR_UNITS)).length;
      if (!isWhole || within === 0 || (!all && within === values.length)) continue;
      if (values.every((one) => one > bound.value)) scales.set(bound, MINOR_UNITS);
    }
  return scales;
}
