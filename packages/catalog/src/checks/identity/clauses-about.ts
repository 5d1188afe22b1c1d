import type { Clause } from "../../goal/clause.ts";
import { definiteThings } from "../../goal/things/definite-things.ts";
import { type ToldThing, toldThings } from "../../goal/things/told-things.ts";
import { makesAssertion } from "../assertions/asserted-value.ts";

/** An earlier part of a goal, as far as it tells what a later one is about. */
interface EarlierPart {
  kind: "change" | "look" | "session";
  clause: Clause;
  about: readonly Clause[];
}

/** Words that refer to a thing that was mentioned before. */
const PRONOUN = /\b(?:it|its|them|their|him|his|her|there|that one|this one)\b/i;
/** Words before a code that are no noun: `to TM-01`, `that SM-02`. */
const NO_NOUN =
  /^(?:to|for|of|on|at|in|into|with|from|by|about|via|than|as|and|or|the|that|whether|if|is|are|it|called|named)$/;

/**
 * The clauses by which a goal describes the thing that a clause is about: its own one, and the one of what was looked for before
 * where it speaks of `it` or `its`, `find the seismometer on Mount Kerro, set its state to online`.
 */
export function clausesAbout(clause: Clause, before: readonly EarlierPart[]): Clause[] {
  if (!(clause.object.refers || PRONOUN.test(clause.text))) return [clause];
  for (const part of before.toReversed()) {
    if (part.kind === "change") return [clause, ...part.about.slice(1)];
    const isLook = part.kind === "look" && !makesAssertion(part.clause);
    if (isLook && describes(part.clause)) return [clause, ...part.about.slice(1), part.clause];
  }
  return [clause];
}

const describes = (clause: Clause): boolean =>
  clause.quoted.length > 0 || definiteThings(clause).length > 0 || toldThings(clause).length > 0;

/** What a clause calls the things by that it is about: only a noun before a code says what has the code. */
export const thingsTold = (clause: Clause): ToldThing[] =>
  toldThings(clause).map((told) =>
    told.noun !== undefined && (NO_NOUN.test(told.noun) || told.noun === clause.lead)
      ? { ...told, noun: undefined }
      : told,
  );
