import { type Clause, clauseText } from "@ape/catalog/goal/clause";
import type { ThingName } from "@ape/catalog/goal/phrases/thing-name";
import { isTitled, lists, ownNameIn, saysName } from "../named-thing.ts";
import { isSignInCall, type WebCall } from "../web-call.ts";
import { assertionOf } from "./asserted-thing.ts";
import { type Verdict, verdictOn } from "./verdict.ts";

/** The name of the thing of which a clause asserts something: its own, or that of the clauses before. */
export function nameAsserted(clauses: readonly Clause[], clause: Clause): ThingName | undefined {
  const asserted = assertionOf(clause);
  if (asserted === undefined) return undefined;
  if (asserted.name !== undefined) return asserted.name;
  for (const before of clauses.slice(0, Math.max(0, clauses.indexOf(clause))).toReversed()) {
    const name = assertionOf(before)?.name ?? ownNameIn(before);
    if (name !== undefined) return name;
    if (before.indefinite || before.verb === "~create") return undefined;
  }
  return undefined;
}

/** Whether a call has shown whether what a clause asserts is so: on the page of its thing, or behind the form that changed it. */
export function verdictOf(
  clauses: readonly Clause[],
  clause: Clause,
  calls: readonly WebCall[],
  number: number,
): Verdict {
  const call = calls[number];
  const page = call?.page ?? call?.since;
  if (call === undefined || page === undefined || !call.ok || isSignInCall(call)) return undefined;
  const name = nameAsserted(clauses, clause);
  const isChange = call.kind === "form" && call.writes;
  const isOfThing =
    name === undefined
      ? isChange
      : isTitled(page, name) || ((isChange || saysName(call.label, name)) && !lists(page, name));
  if (!isOfThing) return undefined;
  const sent = calls
    .slice(0, number + 1)
    .findLast((one) => one.kind === "form" && one.writes && one.ok && !isSignInCall(one));
  const values = Object.values(sent?.fields ?? {})
    .flat()
    .map(String)
    .filter((value) => value !== "");
  return verdictOn(page, clause, clauses[clauses.indexOf(clause) - 1], values);
}

/** Whether an assertion was decided by a call; where its page is no longer visible, by a link to the thing. */
export function isDecided(
  clauses: readonly Clause[],
  clause: Clause,
  calls: readonly WebCall[],
  number: number,
): boolean {
  const call = calls[number];
  if (call === undefined || assertionOf(clause) === undefined) return false;
  if (verdictOf(clauses, clause, calls, number) !== undefined) return true;
  const name = nameAsserted(clauses, clause);
  const isGone = call.page === undefined && call.since === undefined && number < calls.length - 1;
  return isGone && call.kind === "link" && call.ok && name !== undefined && saysName(call.label, name);
}

/** What the goal asserts and pages have shown to be otherwise. */
export const assertionsUnmet = (clauses: readonly Clause[], calls: readonly WebCall[]): string[] =>
  clauses.flatMap((clause) => {
    const verdict = calls
      .map((_, number) => verdictOf(clauses, clause, calls, number))
      .findLast((one) => one !== undefined);
    return verdict === "not so" ? [clauseText(clause)] : [];
  });
