import type { WantedState } from "../words/state-words.ts";
import { stem } from "../words/words.ts";

/**
 * Words between a verb and the state into which it brings a thing: `mark it as`, `make the list`. Before `as` it may be said at
 * length where the thing is: `mark the crate on shelf 2 of the depot North as`.
 */
const INTO_STATE =
  /^\S+ (?:(?:\S+ ){6,12}?as |(?:\S+ ){1,5}?(?:as|to be|to|into) (?:an? |the )?|(?:(?!them|that|this)[a-z]{3,} \d+|it|them|this|that|him|her|(?:the|my|your|its|their) (?:\S+ ){0,2}?\S+) (?=(?:not )?\S+$)|as )((?:not )?\S+)$/;
const STATING = new Set(
  "mark set flag make turn put move change switch bring declare label keep leave toggle".split(" ").map(stem),
);

const SEND = stem("send");
/** Something definite is sent somewhere: it is no message that is made. */
export const SENDS_AWAY =
  /^\W*send(?:s|ing)? (?:(?:the|my|our) \S|[a-z-]+ (?=\S*\d)).*(?: (?:to|into|for|off to|in for|back to) (?!(?:me|us|him|her|them|it)\b)[a-z]+| (?:out|away|off))\W*$/;

/** What there is already is reported as something: `report the boat as damaged`. */
const TELLS = /^\W*\S+ (?:(?:the|my|our|this|it|them)\b|[a-z-]+ \d).* as (?:not )?\S+(?:ed|en|wn|lt|st)$/;

/** The state that a clause brings a thing into: what it says behind `as` or a verb such as `make`, else its verb. */
export function wantedState(
  said: string,
  lead: string | undefined,
  synsets: ReadonlySet<string>,
): WantedState | undefined {
  if (lead === undefined) return undefined;
  const base = stem(lead);
  const told = INTO_STATE.exec(said.slice(said.indexOf(lead)).trim())?.[1];
  const isTold = told !== undefined && (lead === "report" || lead === "record") && TELLS.test(said);
  if (told !== undefined && (STATING.has(base) || lead === "~update" || isTold)) {
    const negated = told.startsWith("not ");
    return { word: negated ? told.slice(4) : told, synsets: new Set(), negated };
  }
  // `Send rig 3 to repair`, and `send the parcel to Bonn`, which sends it.
  if (told !== undefined && base === SEND && SENDS_AWAY.test(said))
    return { word: told, synsets, negated: false };
  return { word: lead.startsWith("~") ? lead.slice(1) : lead, synsets, negated: false };
}
