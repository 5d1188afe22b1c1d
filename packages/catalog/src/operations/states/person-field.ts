import type { Clause } from "../../goal/clause.ts";
import { isAgentNoun } from "../../words/agent-noun.ts";
import { nounKinship } from "../../words/thesaurus.ts";
import { meaningOf, plain, stem } from "../../words/words.ts";
import { type Field, isText } from "../field.ts";

/** Verbs by which a thing is given to a person. */
const GIVING: ReadonlySet<string> = new Set(
  "assign delegate entrust allocate allot give hand pass transfer".split(" ").map(stem),
);
/** What the noun of an agent names otherwise: a `color`, a `number`, a `floor`. */
const THINGS: readonly string[] = [
  "property",
  "quantity",
  "quality",
  "structure",
  "device",
  "section",
  "cause",
  "material",
].map((noun) => stem(noun));
const IS_THING = 0.38;

/** Whether a field holds a person, by its name: `conservator`, `driverId`. */
export function isOfPerson(field: Field): boolean {
  const word = plain(field.leaf)
    .replace(/ (?:id|uuid|code|key|ref|name)$/, "")
    .split(" ")
    .at(-1) as string;
  if (!isText(field) && !/ id$/.test(plain(field.leaf))) return false;
  if (field.enum !== undefined || field.format !== undefined) return false;
  if (meaningOf(word) === "~person") return true;
  return isAgentNoun(word) && THINGS.every((thing) => nounKinship(stem(word), thing) < IS_THING);
}

/** The only input that holds the person to whom a clause gives a thing: `conservator` of `assign it to Mara Lind`. */
export function personAssigned({ lead, names }: Clause, body: readonly Field[]): Field | undefined {
  if (lead === undefined || !GIVING.has(lead)) return undefined;
  if (!names.some(({ preposition, text }) => preposition === "to" && !/\p{N}/u.test(text))) return undefined;
  const [only, ...others] = body.filter(isOfPerson);
  return others.length > 0 ? undefined : only;
}
