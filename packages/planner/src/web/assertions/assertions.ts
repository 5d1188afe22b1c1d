import { type Clause, clauseText } from "@ape/catalog/goal/clause";
import { isTitled, lists, nameAsserted, saysName } from "../named-thing.ts";
import { isSignInCall, type WebCall } from "../web-call.ts";
import { thingAsserted } from "./asserted-thing.ts";
import { type AssertionVerdict, verdictOn } from "./verdict.ts";

/** Whether a call has shown whether what a clause asserts is so: on the page of its thing, or behind the form that changed it. */
function verdictOf(
  clauses: readonly Clause[],
  clause: Clause,
  calls: readonly WebCall[],
  number: number,
): AssertionVerdict {
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
  if (call === undefined || thingAsserted(clause) === undefined) return false;
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
