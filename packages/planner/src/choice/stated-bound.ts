import { clampNumber } from "@ape/catalog/operations/clamp-number";
import { type Field, isNumeric } from "@ape/catalog/operations/field";
import type { Json } from "@ape/core/lib/json";

/** The bound of an input that a number breaks: `at most 6`; undefined if it breaks none. */
export function brokenBound(field: Field, stated: number): string | undefined {
  const nearest = clampNumber(field, stated);
  if (nearest === stated) return undefined;
  return `${nearest < stated ? "at most" : "at least"} ${nearest}`;
}

/** Says which bound of an input a number of the goal breaks: another number is not what the goal asks for. */
export function boundBroken(field: Field, stated: Json | undefined): string | undefined {
  if (typeof stated !== "number" || !isNumeric(field)) return undefined;
  const bound = brokenBound(field, stated);
  return bound && `the goal says ${stated}, and ${field.leaf} is ${bound} here`;
}
