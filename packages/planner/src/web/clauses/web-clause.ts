import { type Clause, clausesOf } from "@ape/catalog/goal/clause";
import { thingNamed } from "@ape/catalog/goal/phrases/thing-name";
import { mainNouns } from "@ape/catalog/words/object-phrase";
import { verbEntry } from "@ape/catalog/words/thesaurus";
import { meaningOf, stem } from "@ape/catalog/words/words";
import { endsThing } from "./removal.ts";

/**
 * A clause as pages are read for it. A verb that makes things elsewhere acts on the thing that there is: `release wheel W-103`,
 * `publish episode E-7`, `release my booking`. `Dispatch the parcel` removes no parcel, and `register a dog` makes a dog, and no account.
 */
export function webClause(clause: Clause): Clause {
  const { verb, lead = "", text } = clause;
  if (!clause.active) return clause;
  // `Finish it` finishes a thing, and no session.
  if (verb === undefined && !clause.acts && FINISHES_IT.test(text)) return { ...clause, acts: true };
  if (verb === undefined && TAKES_OFF.test(text)) return { ...clause, verb: "~remove", acts: false };
  const moved = verb === "~add" ? text.replace(PUTS_ON, "move $1 to $2") : text;
  if (moved !== text) return { ...(clausesOf(moved, new Set())[0] ?? clause), said: clause.said };
  if (verb === "~add" && PUTS_IN_STATE.test(text)) return { ...clause, verb: undefined, acts: true };
  if (verb === "~remove" && !endsThing(clause)) return { ...clause, verb: undefined, acts: true };
  if (verb === "~create" && actsOnExisting(clause)) return { ...clause, verb: undefined, acts: true };
  // To register for something makes a registration.
  if (verb !== "~register" || lead === "" || FOR.test(text)) return clause;
  const nouns = mainNouns(clause);
  const isAccount = nouns.length === 0 || nouns.some((noun) => ACCOUNTS.has(meaningOf(noun) ?? noun));
  return isAccount ? clause : { ...clause, verb: "~create" };
}

const FINISHES_IT = /^\W*(?:finish|end)\s+(?:it|them)\b/i;
/** `Take Ada Birk off the crew`. */
const TAKES_OFF = /^\W*[Tt]ake\s+(?:\p{L}+\s+){1,4}(?:off|out of)\s+(?:the|my|our|\p{Lu})/u;
/** `Put Ada Birk on leave`, and no `put the boat on the list`. */
const PUTS_IN_STATE =
  /^\W*[Pp]ut\s+\S.*\s(?:on|in|into|out of)\s+(?!(?:the|my|our|its|their|an?|it|them)\b)\p{Ll}[\p{L}-]*\W*$/u;

/** `Put it on shelf B3` moves it there. */
const PUTS_ON =
  /^\W*[Pp]ut\s+(\S.*?)\s+(?:on|in|at|onto|into)\s+((?:the\s+)?\p{Ll}[\p{L}-]*\s+(?=\p{Lu}*\d)\p{Lu}[\p{Lu}\d-]*)\W*$/u;

/** Whether a verb that may make something acts on what there is: its own, what `it` is, or a thing with a name or a code. */
function actsOnExisting(clause: Clause): boolean {
  const { lead = "", text, object, indefinite, quoted } = clause;
  if (indefinite) return false;
  const mayAct = meaningOf(lead) !== "~create";
  if (mayAct && (OF_OWN.test(text) || object.refers)) return verbEntry(lead) !== undefined;
  const name = thingNamed(clause);
  if (name === undefined || quoted.includes(name.text)) return false;
  return mayAct || (SENDS.has(lead) && CODE.test(name.text));
}
/** A thing that there is already: `release my booking`. */
const OF_OWN = /^\W*\S+\s+(?:my|our|its|their|his|her)\b/i;
/** Verbs of the lexicon for making that are said of what was made before, too. */
const SENDS: ReadonlySet<string> = new Set("publish submit send post".split(" ").map(stem));
const CODE = /\d/;
const FOR = /^\W*(?:register|sign(?:s|ing)? up|enrol{1,2})\s+(?:for|in|as|with|at|to|on)\b/i;
const ACCOUNTS = new Set([
  "~person",
  ...["account", "profile", "membership", "newcomer", "author"].map(stem),
]);
