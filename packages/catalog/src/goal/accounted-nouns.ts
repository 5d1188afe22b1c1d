import { isReference } from "../operations/field.ts";
import type { Operation, OperationCatalog } from "../operations/operation-catalog.ts";
import { subjectOf } from "../operations/operation-subject.ts";
import { KIN, nounKinship } from "../words/thesaurus.ts";
import { meaningOf, plain, stem, stemsOf } from "../words/words.ts";
import type { Clause } from "./clause.ts";

/** Whether an operation has a noun, or one that means the same, in its path, summary or inputs. */
export function hasNoun(noun: string, operation: Operation): boolean {
  const { nouns } = subjectOf(operation);
  if (operation.weights.has(noun)) return true;
  for (const other of nouns.keys()) if (nounKinship(noun, other) >= KIN) return true;
  const meaning = meaningOf(noun);
  if (meaning !== undefined && operation.weights.has(meaning)) return true;
  return operation.inputs.some(
    ({ leaf, enum: options }) =>
      stemsOf(leaf).some((word) => nounKinship(noun, word) >= KIN) ||
      options?.some((option) => stemsOf(String(option)).includes(noun)) === true,
  );
}

/** Whether a read may show a thing: its document has such a field, or says nothing of what it answers. */
const shows = (noun: string, { writes, answers }: Operation): boolean =>
  !writes && (answers.length === 0 || answers.some(({ nameTokens }) => nameTokens.has(noun)));

/** Whether an id that an operation needs is in an answer as that of such a thing: `author.username` for `follow its author`. */
const takesIdOf = (noun: string, operation: Operation, catalog: OperationCatalog): boolean =>
  operation.inputs.some(
    (field) =>
      (field.in === "path" || (field.required && isReference(field))) &&
      catalog.sources(operation, field).some((source) => source.field.nameTokens.has(noun)),
  );

const POSSESSIVE = /\b(?:its|their|his|her)\b/i;
/** What a clause adds to, or takes from: the favourites in `remove it from the favourites`. */
const PLACE =
  /\b(?:it|them|this|that)\s+(?:back\s+)?(?:off|out of|from|to|into|onto|in|on)\s+(?:(?:the|my|your|our|its|their|this|that|a|an)\s+)(?:\w+\s+){0,2}?(\w+)(?=(?:\s+(?:again|now|too|later|afterwards|please|instead|immediately|once more|\w+ly))?[\s.,;]*$|\s+(?:for|with|of|and|as|at|by)\b)/i;
/** All that an application holds: to remove something from there is to remove it. */
const WHOLE: ReadonlySet<string> = new Set(
  "list system collection database catalog register record application app site archive inventory"
    .split(" ")
    .map(stem),
);
const PLACING: ReadonlySet<string | undefined> = new Set(["~add", "~remove"]);

/** Verbs of what is said to a person, which makes nothing but a message. */
const TELLING: ReadonlySet<string> = new Set(
  "tell inform warn notify phone telephone remind thank congratulate".split(" ").map(stem),
);
const MESSAGES: readonly string[] = "message notification reminder notice email mail call letter alert sms"
  .split(" ")
  .map(stem);

/** Whether an operation that writes can be meant by a verb of telling: it has the verb itself, or is about messages. */
const isTold = (lead: string, operation: Operation): boolean =>
  operation.weights.has(lead) ||
  subjectOf(operation).nouns.has(lead) ||
  MESSAGES.some((noun) =>
    [...subjectOf(operation).nouns.keys()].some((own) => nounKinship(noun, own) >= KIN),
  );

/**
 * Whether an operation accounts for what a clause says is changed or shown: the insurance in `cancel its
 * insurance`, which no cancelling of the order is, and the favourites in `remove it from the favourites`.
 */
export function accountsFor(clause: Clause, operation: Operation, catalog: OperationCatalog): boolean {
  const { object, verb, text, wanted, lead, caused } = clause;
  if (caused && !operation.writes) return false;
  if (operation.writes && lead !== undefined && TELLING.has(lead) && !isTold(lead, operation)) return false;
  // Which fields an update without a document takes is not known.
  if (operation.undocumented === true && verb === "~update") return true;
  if (object.refers && POSSESSIVE.test(text)) {
    const own = [...object.nouns].flatMap(([noun, weight]) =>
      weight === 1 && noun !== wanted?.word ? [noun] : [],
    );
    if (
      own.some(
        (noun) =>
          !hasNoun(noun, operation) && !shows(noun, operation) && !takesIdOf(noun, operation, catalog),
      )
    )
      return false;
  }
  const place = operation.writes && PLACING.has(verb) ? PLACE.exec(text)?.[1] : undefined;
  if (place === undefined) return true;
  const noun = stem(plain(place));
  return WHOLE.has(noun) || hasNoun(noun, operation);
}
