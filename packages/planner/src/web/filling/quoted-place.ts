import type { Clause } from "@ape/catalog/goal/clause";
import { isMove } from "@ape/catalog/goal/phrases/move";
import { type Field, isWhereabouts } from "@ape/catalog/operations/field";
import type { Json } from "@ape/core/lib/json";

/** The place in quotation marks that a clause moves a thing to: `Move the Heron to the "Blue room"`. */
function quotedPlace(clause: Clause): string | undefined {
  const { quoted, written } = clause;
  return isMove(clause) && quoted.length === 1 && TO_QUOTED.test(written) ? quoted[0] : undefined;
}
const TO_QUOTED = /\s(?:in|on)?to\s+(?:the\s+)?quoted\d+[\s.,]*$/u;

/** Gives the place in quotation marks to the field for it, and to no other: nothing is renamed by a move. */
export function takePlace(clause: Clause, fields: readonly Field[], stated: Map<Field, Json>): void {
  const place = quotedPlace(clause);
  if (place === undefined) return;
  const where = fields.find((field) => isWhereabouts(field) && field.enum === undefined);
  for (const [field, value] of stated)
    if (value === place && field.enum === undefined && field !== where) stated.delete(field);
  if (where !== undefined) stated.set(where, place);
}
