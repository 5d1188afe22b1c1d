import { inputChangedBy } from "../checks/change-by-amount.ts";
import { choiceConstraints } from "../goal/choice-constraints.ts";
import type { Clause } from "../goal/clause.ts";
import { saysMove } from "../goal/phrases/move.ts";
import { thingNamed } from "../goal/phrases/thing-name.ts";
import { isHeadOf } from "../goal/stated-names.ts";
import { fieldNamesIn } from "../words/field-names.ts";
import { areKin } from "../words/thesaurus.ts";
import { plain, stem, stemsOf, tokens } from "../words/words.ts";
import { type Field, isDate, isNumeric, isReference, isSecret, isText } from "./field.ts";
import { fieldOfVerb } from "./field-of-verb.ts";
import { hasVerb } from "./operation-agreement.ts";
import type { Operation, OperationCatalog } from "./operation-catalog.ts";
import { hasSynonym, resultNouns, subjectOf } from "./operation-subject.ts";
import { isPlainly } from "./verbs/plain-verb.ts";

/** Whether an operation changes only what a clause says, as its summary names no other verb: `PATCH /tasks/{id}`. */
export function isPlainUpdate(clause: Clause, operation: Operation): boolean {
  const subject = subjectOf(operation);
  if (subject.verbClass !== "update" || !operation.writes) return false;
  if (!operation.inputs.some((field) => field.in === "body" && field.name !== "")) return false;
  return clause.verb === "~update" || !(hasVerb(clause, subject) || hasSynonym(clause, subject));
}

/**
 * The fields that a clause wants changed, although it may give no values: `description` of `change its description`. One that
 * names nothing but the thing, `update the task`, leaves the choice: the first field that can be written freely. None if it
 * names something else.
 */
export function changedFields(clause: Clause, operation: Operation): readonly Field[] {
  const body = operation.inputs.filter((field) => field.in === "body" && field.name !== "");
  const ofVerb = inputChangedBy(clause, operation) ?? fieldOfVerb(clause, operation);
  if (ofVerb !== undefined) return [ofVerb];
  const day = dayMovedTo(clause, operation);
  if (day !== undefined) return [day];
  const own = ownWords(clause, operation);
  // The noun of a verb is a name of a field as well: `location`.
  const spoken = clause.names.reduce((rest, { text }) => rest.replace(text, " "), clause.text);
  const named = body.filter(
    (field) =>
      fieldNamesIn(field, spoken).some((name) => isOwnName(name, operation)) ||
      own.some(
        (word) =>
          ((field.nameTokens.get(word) ?? 0) >= 1 || stemsOf(field.leaf).includes(word)) &&
          // The form of one field may be called by it: `Change arrival`.
          (body.length === 1 || !isOfThing(word, operation)),
      ),
  );
  if (named.length > 0) return named;
  const called = new Set(tokens(thingNamed(clause)?.whole ?? ""));
  const isOnlyThing = own.every((word) => isOfThing(word, operation) || called.has(word) || /^\d/.test(word));
  const place = isOnlyThing ? placeNamed(clause, operation) : undefined;
  if (place !== undefined) return [place];
  // Another verb than `update` says what is to be done: a value of any other field is not that.
  if (!isPlainChange(clause) || own.some((word) => !isOfThing(word, operation))) return [];
  const free = body.filter(
    (field) => !isReference(field) && !isSecret(field) && !/^(?:object|array)|\[\]$/.test(field.type),
  );
  const [first] = [...free].sort((one, two) => rank(one) - rank(two));
  return first === undefined ? body : [first];
}

/**
 * Whether a clause says that something is changed, and not in which way or to what: to repair a thing sets none of its fields, and
 * `change it to the Deep Cellar` leaves no choice.
 */
const isPlainChange = ({ verb, lead = "", names }: Clause): boolean =>
  verb === "~update" && isPlainly(lead, verb) && !names.some(({ preposition }) => INTO.test(preposition));
const INTO = /^(?:in)?to$/i;

/** The only date field of a thing that a clause moves to another day: it is changed, even if another field is named like the thing. */
function dayMovedTo(clause: Clause, { inputs }: Operation): Field | undefined {
  const [day, ...others] = inputs.filter((field) => field.in === "body" && isDate(field));
  return others.length === 0 && saysMove(clause) && clause.dates.length > 0 ? day : undefined;
}

/** The fields of an update to which a clause gives a new value by their names: `the start number of entry 4 to 12`. */
export function fieldsSetTo(clause: Clause, operation: Operation): readonly Field[] {
  if (!isPlainUpdate(clause, operation) || clause.verb !== "~update") return [];
  const day = dayMovedTo(clause, operation);
  if (day !== undefined) return [day];
  const text = plain(clause.text);
  return operation.inputs.filter(
    (field) =>
      field.in === "body" &&
      fieldNamesIn(field, text).some(
        (name) =>
          isOwnName(name, operation) && new RegExp(`(?:^| )${name}${OF_THING} to \\S`, "u").test(text),
      ),
  );
}

/** Whether a clause gives a thing a new number that is none of another thing here: `the start number of entry 4 to 12`. */
export const setsOwnNumber = (
  clause: Clause,
  operation: Operation,
  field: Field,
  { operations }: OperationCatalog,
): boolean =>
  field.in === "body" &&
  isNumeric(field) &&
  !/id$/i.test(field.leaf) &&
  !operations.some((other) => isListOf(stem(plain(field.leaf).split(" ")[0] ?? ""), other)) &&
  fieldsSetTo(clause, operation).includes(field);

const isListOf = (noun: string, operation: Operation): boolean =>
  operation.list !== undefined &&
  !operation.writes &&
  resultNouns(subjectOf(operation)).some((one) => areKin(one, noun));
const OF_THING = "(?: (?:of|for|at|in|on)(?: (?!to )\\S+){1,8})?";

/** Whether the name of a field is more than the noun of the thing that an update changes. */
const isOwnName = (name: string, operation: Operation): boolean =>
  stemsOf(name).some((word) => !isOfThing(word, operation));

/** The only id that an update takes, where a clause moves the thing to what has a name: `move desk 4 to the Blue Room`. */
export function placeNamed({ verb, names }: Clause, { inputs }: Operation): Field | undefined {
  const body = inputs.filter((field) => field.in === "body");
  // Without a path, the id that is needed is that of the thing itself.
  const isOwn = ({ required }: Field): boolean => required && !inputs.some((field) => field.in === "path");
  const [name, ...more] = names.filter(({ preposition }) => INTO.test(preposition));
  if (verb !== "~update" || name === undefined || more.length > 0) return undefined;
  const isOption = body.some(({ enum: options }) =>
    options?.some((option) => plain(String(option)) === plain(name.text)),
  );
  const [only, ...others] = body.filter(
    (field) => isReference(field) && !field.type.endsWith("[]") && !isOwn(field),
  );
  // `To the Hague Main Office` is a text for the office.
  if (body.some((field) => isText(field) && !isReference(field) && isHeadOf(field, name))) return undefined;
  return isOption || others.length > 0 ? undefined : only;
}

/** Texts can be changed without consequences, other than states and numbers. */
const rank = ({ type, enum: options, required }: Field): number =>
  (type === "string" ? 0 : 2) + (options === undefined ? 0 : 1) + (required ? -1 : 0);

/** Stems of what a clause says, without its verb and the names that it gives. */
function ownWords({ text, lead, names }: Clause, { path }: Operation): string[] {
  const unsaid = new Set(tokens(path));
  const said = names.reduce((rest, name) => rest.replace(name.text, " "), text);
  return tokens(said).filter(
    (word) => word !== lead && !word.startsWith("~") && !unsaid.has(word) && !PLAIN.has(word),
  );
}

const PLAIN = new Set(
  "again new now first last detail inform data field valu record entri".split(" ").map(stem),
);

function isOfThing(word: string, operation: Operation): boolean {
  const { nouns } = subjectOf(operation);
  return nouns.has(word) || operation.head.has(word);
}

/** Whether an operation is an update, and a clause says nothing that it could change. */
export function lacksChange(clause: Clause, operation: Operation): boolean {
  if (!isPlainUpdate(clause, operation) || changedFields(clause, operation).length > 0) return false;
  const elsewhere = operation.inputs.filter((field) => field.in === "path");
  const bindings = new Map(elsewhere.map((field) => [field, { kind: "id" }]));
  return choiceConstraints({ operation, clause, bindings }, []).size === 0;
}
