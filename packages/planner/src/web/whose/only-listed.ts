import type { Clause } from "@ape/catalog/goal/clause";
import { stem } from "@ape/catalog/words/words";
import { thingAsserted } from "../assertions/asserted-thing.ts";
import { lists, nameWanted, saysName } from "../named-thing.ts";
import type { WebCall } from "../web-call.ts";

/** Whether a clause is done on the page of its thing alone: `open crate K-4`, `check that crate K-4 is full`. */
export const needsOwnPage = (clause: Clause): boolean =>
  clause.lead === OPEN || thingAsserted(clause) !== undefined;
const OPEN = stem("open");

/** Whether a call has only shown a list with a link to the thing that a clause wants to see on its own page. */
export function onlyListed(clauses: readonly Clause[], clause: Clause, { page, label }: WebCall): boolean {
  if (page === undefined || !needsOwnPage(clause)) return false;
  const name = nameWanted(clauses, clause);
  // A part of what has the name has no such link of its own: `the parlour stack of Gull Street 4`.
  return name !== undefined && !name.of && !saysName(label, name) && lists(page, name);
}
