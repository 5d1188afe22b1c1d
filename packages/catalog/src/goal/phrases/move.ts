import { makesThing } from "../../checks/made-thing.ts";
import type { Operation } from "../../operations/operation-catalog.ts";
import { resultNouns, subjectOf } from "../../operations/operation-subject.ts";
import { VERB_CLASSES } from "../../words/lexicon.ts";
import { mainNouns } from "../../words/object-phrase.ts";
import { verbEntry } from "../../words/thesaurus.ts";
import { stem } from "../../words/words.ts";
import type { Clause } from "../clause.ts";

/** What `postpone`, `reschedule` and `shift` mean, by which a thing gets another day or place. */
const MOVING: ReadonlySet<string> = new Set(
  ["postpone", "reschedule", "move", "shift", "relocate"].flatMap(
    (verb) => verbEntry(stem(verb))?.synsets ?? [],
  ),
);
const VERB = /^(\W*(?:(?:then|also|please|finally|now|and)\s+)*)\p{L}+/iu;

/** Whether a clause moves a thing to another day, time or place. */
export const isMove = ({ active, verb, lead, leadSynsets, text }: Clause): boolean =>
  active &&
  verb === undefined &&
  lead !== undefined &&
  / (?:to|into|until) /.test(text) &&
  (lead === MOVE || [...leadSynsets].some((synset) => MOVING.has(synset)));
const MOVE = stem("move");

/** Whether a clause moves a thing by its own words, although it is taken for its change. */
export function saysMove({ said, verb }: Pick<Clause, "said" | "verb">): boolean {
  const first = VERB.exec(said)?.[0].trim().split(/\s+/).at(-1) ?? "";
  const word = stem(first.toLowerCase());
  return (
    verb === "~update" && (word === MOVE || verbEntry(word)?.synsets.some((one) => MOVING.has(one)) === true)
  );
}

/** Whether an operation would make another one of what a clause changes, moves or removes. */
export function remakes(operation: Operation, clause: Clause): boolean {
  if (clause.indefinite || !makesThing(operation)) return false;
  const asked = VERB_CLASSES.get(clause.verb ?? "");
  if (!isMove(clause) && asked !== "update" && asked !== "delete") return false;
  return mainNouns(clause).some((noun) => resultNouns(subjectOf(operation)).includes(noun));
}

/** A clause that moves a thing in the words of one that changes it. */
export const changeOfMove = (written: string): string => written.replace(VERB, "$1change");

/** What a clause moves, and the place that it moves it to: `shelf 2` of `move it to shelf 2`; no day, and nothing with a name. */
export function placeMovedTo({
  written,
  dates,
  times,
}: Pick<Clause, "written" | "dates" | "times">): { thing: string; place: string } | undefined {
  const [, thing = "", place = ""] = TO_PLACE.exec(written) ?? [];
  // A text in quotation marks is taken as such.
  if (place === "" || /\bquoted\d/.test(place)) return undefined;
  return dates.length > 0 || times.length > 0 ? undefined : { thing, place };
}
const TO_PLACE =
  /^\W*(?:(?:then|also|please|finally|now|and)\s+)*\p{L}+\s+(\S.*?)\s+(?:in|on)?to\s+(?:the\s+)?(\p{Ll}[\p{Ll}-]*(?:\s+[\p{L}\p{N}-]+){0,2})[\s.,]*$/u;
