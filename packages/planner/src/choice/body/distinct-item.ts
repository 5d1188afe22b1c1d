import { clampNumber } from "@ape/catalog/operations/clamp-number";
import { type Field, isNumeric, isText } from "@ape/catalog/operations/field";
import { isJsonObject, type Json } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { seedOf } from "@ape/core/lib/random";
import { clampValue } from "../bounded-value.ts";

/** Texts that are tried with a number behind them, or drawn again, before a list counts as full. */
const TRIES = 40;

/**
 * A further item of a list whose items differ, made from the first one within the item's own bounds.
 * @param fieldOf the field of a property of the item, by its name
 * @param drawn another value for the item, by a seed
 * @returns undefined if no other value is found
 */
export function distinctItem(
  item: Field,
  taken: readonly Json[],
  drawn: (seed: number) => Json = () => null,
  fieldOf: (property: string) => Field | undefined = () => undefined,
): Json | undefined {
  const known = new Set(taken.map(writeJson));
  const isNew = (value: Json): boolean => !known.has(writeJson(value));
  if (item.enum !== undefined) return item.enum.find(isNew);
  if (item.type.startsWith("boolean")) return [true, false].find(isNew);
  const [first] = taken;
  if (typeof first === "number" && isNumeric(item)) return anotherNumber(item, first, taken.length, isNew);
  if (typeof first === "string" && isText(item)) return anotherText(item, first, taken.length, isNew, drawn);
  if (!isJsonObject(first)) return undefined;
  for (const [name, value] of Object.entries(first)) {
    const field = fieldOf(name);
    if (field === undefined || (typeof value !== "string" && typeof value !== "number")) continue;
    const before = taken.flatMap((one) => (isJsonObject(one) ? (one[name] ?? null) : []));
    const other = distinctItem(field, before);
    if (other !== undefined) return { ...first, [name]: other };
  }
  return undefined;
}

/** The next number, upwards as far as the bounds allow, then downwards, then between them. */
function anotherNumber(
  field: Field,
  first: number,
  count: number,
  isNew: (value: Json) => boolean,
): number | undefined {
  const step = field.multipleOf ?? 1;
  for (const direction of [step, -step])
    for (let index = 1; index <= count; index += 1) {
      const next = Number((first + index * direction).toPrecision(15));
      if (isNew(next) && clampNumber(field, next) === next) return next;
    }
  const low = clampNumber(field, -Number.MAX_VALUE);
  const high = clampNumber(field, Number.MAX_VALUE);
  if (field.type.startsWith("integer") || field.multipleOf !== undefined) return undefined;
  for (let part = 1; part <= count + 1; part += 1) {
    const next = low + ((high - low) * part) / (count + 2);
    if (Number.isFinite(next) && isNew(next)) return next;
  }
  return undefined;
}

function anotherText(
  field: Field,
  first: string,
  count: number,
  isNew: (value: Json) => boolean,
  drawn: (seed: number) => Json,
): string | undefined {
  if (/^\{\{.+\}\}$/.test(first)) return undefined;
  const { maxLength = Number.POSITIVE_INFINITY } = field;
  for (let index = count + 1; index < count + TRIES; index += 1) {
    const number = ` ${index}`;
    const numbered = `${[...first].slice(0, Math.max(0, maxLength - number.length)).join("")}${number}`;
    const free = field.pattern === undefined && field.format === undefined && maxLength > number.length;
    const next = free
      ? clampValue(field, numbered, index)
      : field.pattern === undefined && field.format === undefined
        ? String.fromCodePoint(97 + (index % 26)).repeat(Math.max(1, field.minLength ?? 1))
        : drawn(seedOf(index, field.name));
    if (typeof next === "string" && isNew(next)) return next;
  }
  return undefined;
}
