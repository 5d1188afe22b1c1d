import { clampNumber } from "@ape/catalog/operations/clamp-number";
import { type Field, isNumeric } from "@ape/catalog/operations/field";
import type { Json } from "@ape/core/lib/json";

/** Says which bound of an input a number of the goal breaks: another number is not what the goal asks for. */
export function boundBroken(field: Field, stated: Json | undefined): string | undefined {
  if (typeof stated !== "number" || !isNumeric(field)) return undefined;
  const nearest = clampNumber(field, stated);
  if (nearest === stated) return undefined;
  const side = nearest < stated ? "at most" : "at least";
  return `the goal says ${stated}, and ${field.leaf} is ${side} ${nearest} here`;
}
