import type { Json } from "@ape/core/lib/json";
import { isPlainIdName } from "@ape/core/protocol/id-name";
import { isMethod } from "@ape/core/protocol/operations/operation";
import { choiceConstraints } from "../goal/choice-constraints.ts";
import { asksForAction, type Clause, clauseText } from "../goal/clause.ts";
import { goalClauses, inOrderOfMention } from "../goal/goal-clauses.ts";
import { notUnderstood } from "../goal/not-understood.ts";
import { numberedFor } from "../goal/phrases/numbered-thing.ts";
import { thingNamed } from "../goal/phrases/thing-name.ts";
import { isAboutEach, timesOf } from "../goal/repetition.ts";
import { bodyValues } from "../goal/stated-body.ts";
import { numberBeside } from "../goal/stated-values.ts";
import { actsOnDefinite } from "../goal/things/definite-things.ts";
import { lacksChange, setsOwnNumber } from "../operations/changed-fields.ts";
import { type Field, isNumeric, isReference, isSecret, isText } from "../operations/field.ts";
import { fieldOfVerb } from "../operations/field-of-verb.ts";
import { namesMade } from "../operations/made-resource.ts";
import type { Operation, OperationCatalog } from "../operations/operation-catalog.ts";
import { continuesStep } from "../operations/operation-match.ts";
import { resultNouns, subjectOf } from "../operations/operation-subject.ts";
import { SPECIFIC_MEANINGS, VERB_CLASSES } from "../words/lexicon.ts";
import { mainNouns } from "../words/object-phrase.ts";
import { areKin } from "../words/thesaurus.ts";
import { plain } from "../words/words.ts";
import { assertionOf, makesAssertion } from "./assertions/asserted-value.ts";
import { clausesAbout } from "./identity/clauses-about.ts";
import { makesThing } from "./made-thing.ts";
import { isReversal, servingOperation } from "./serving-operation.ts";

/**
 * What a part of a goal is for: `change` leaves something behind that a check can prove, `look` only reads, `session`
 * logs in or out.
 */
export type PartKind = "change" | "look" | "session";

/** One thing that a goal asks for, and the operation that serves it. */
export interface GoalPart {
  /** As the goal says it. */
  text: string;
  clause: Clause;
  /** The clauses that describe what it is about: its own one first. */
  about: readonly Clause[];
  /** The clauses behind it that say how its thing has to be then: `check that it is underway`. */
  asserted: Clause[];
  /** Absent if no operation of the APIs serves it. */
  operation: Operation | undefined;
  kind: PartKind;
  /** The part that made the thing that this one acts on. */
  madeBy: GoalPart | undefined;
  /** The values that the goal names for inputs; secrets are left out. */
  values: ReadonlyMap<Field, Json>;
  /** How often the operation is called for it: twice for `create two recipes`. */
  times: number;
}

/** A part of a goal that changes something by a known operation. */
export type ChangePart = GoalPart & { operation: Operation };

/** The parts of a goal, in the order of execution. A clause that only narrows the choice before it is none. */
export function goalParts(goal: string, catalog: OperationCatalog): GoalPart[] {
  const clauses = goalClauses(goal, catalog);
  const parts: GoalPart[] = [];
  for (const [index, clause] of clauses.entries()) {
    if (!clause.active) continue;
    const before = inOrderOfMention(parts.filter(({ operation }) => operation?.login !== true));
    const serving = servingOperation(clause, catalog, before, clauses.slice(0, index));
    // Each of several things that one clause has made, where it is known by its id.
    const made = parts.findLast((part) => part.kind === "change" && part.clause.along !== true);
    const isOfSeveral = (made?.times ?? 1) > 1 && isAboutEach(clause) && serving?.writes === true;
    const isOfEach = isOfSeveral && makerOf(serving, parts, catalog) === made;
    const operation =
      serving === undefined ||
      (isOfSeveral && !isOfEach) ||
      lacksChange(clause, serving) ||
      isOnlyRead(clause, serving) ||
      makesRemoved(clause, serving)
        ? undefined
        : serving;
    if (!makesAssertion(clause) && continuesStep(clause, operation, parts.at(-1)?.operation)) continue;
    if (operation === undefined && !asksForAction(clause)) continue;
    const maker = operation === undefined ? undefined : makerOf(operation, parts, catalog);
    const madeBy =
      operation !== undefined && maker !== undefined && isOfOther(clause, operation, parts)
        ? undefined
        : maker;
    const values =
      operation === undefined ? new Map<Field, Json>() : valuesOf(operation, clause, madeBy, catalog);
    if (makesAssertion(clause)) changeAsserted(clause, parts)?.asserted.push(clause);
    const part: GoalPart = {
      text: clauseText(clause),
      clause,
      about: clausesAbout(clause, parts),
      asserted: [],
      operation,
      kind: kindOf(clause, operation),
      madeBy,
      values,
      times: operation === undefined ? 1 : isOfEach ? (made?.times ?? 1) : timesOf(clause, operation, values),
    };
    parts.push(part, ...partsNotUnderstood(part, catalog));
  }
  return parts;
}

/** Whether an operation reads the thing to which a clause does something: `start the approved trip` is no `GET /trips/{id}`. */
const isOnlyRead = (clause: Clause, { writes, login }: Operation): boolean =>
  clause.acts && !writes && !login && actsOnDefinite(clause);

/** Whether an operation makes such a thing as a clause removes: `delete the bulletin about Sarna` is no `POST /bulletins`. */
const makesRemoved = (clause: Clause, operation: Operation): boolean =>
  clause.verb === "~remove" &&
  !clause.indefinite &&
  makesThing(operation) &&
  subjectOf(operation).verbClass === "create" &&
  resultNouns(subjectOf(operation)).some((noun) => mainNouns(clause).some((own) => areKin(own, noun)));

/** The last change before what a clause asserts, where that is said of what it changed: `call it off and check that it is called off`. */
function changeAsserted(clause: Clause, parts: readonly GoalPart[]): GoalPart | undefined {
  const last = parts.findLast(({ kind, operation }) => kind === "change" && operation !== undefined);
  const subject = assertionOf(clause)?.subject ?? "";
  const isOfOther = Array.from(subject.matchAll(/[\p{L}\p{N}-]*[\p{Lu}\p{N}][\p{L}\p{N}-]*/gu)).some(
    ([name]) => last?.about.every(({ said }) => !said.includes(name)) === true,
  );
  return isOfOther ? undefined : last;
}

/** What a part says besides, as parts that nothing serves. */
function partsNotUnderstood(
  { clause, operation, kind, madeBy, times }: GoalPart,
  catalog: OperationCatalog,
): GoalPart[] {
  // Of an operation that only a check names, no inputs are known.
  if (operation === undefined || operation.inputs.length === 0 || kind !== "change") return [];
  const things = operation.inputs.filter((field) => isListedThing(field, operation, clause, catalog));
  const bindings = new Map(things.map((field) => [field, { kind: "id" }]));
  const values = new Map([
    ...choiceConstraints({ operation, clause, bindings }, []),
    ...bodyValues(operation, clause),
  ]);
  const ofVerb = fieldOfVerb(clause, operation);
  const chooses =
    (ofVerb !== undefined && isReference(ofVerb)) ||
    operation.inputs.some((field) => field.in === "path" && !isOfMade(field, operation, madeBy)) ||
    operation.inputs.some((field) => field.in === "body" && field.required && isReference(field));
  const name = thingNamed(clause)?.text;
  const isOfMadeName = (text: string): boolean =>
    name !== undefined && text.includes(name) && madeBy?.clause.said.includes(name) === true;
  const left = notUnderstood({ clause, operation, values, chooses, times }, catalog);
  return left
    .filter((text) => !isOfMadeName(text))
    .map((text) => ({
      text: `${text} (not understood)`,
      clause: { ...clause, verb: undefined, weights: new Map() },
      about: [],
      asserted: [],
      operation: undefined,
      kind: "change",
      madeBy: undefined,
      values: new Map(),
      times: 1,
    }));
}

/** Whether a parameter of a path is the id of what another part has made, or leads to it: nothing is chosen by it. */
function isOfMade(field: Field, operation: Operation, madeBy: GoalPart | undefined): boolean {
  if (madeBy?.operation === undefined) return false;
  return namesMade(field, operation, madeBy.operation) || !operation.path.endsWith(`{${field.name}}`);
}

function kindOf(clause: Clause, operation: Operation | undefined): PartKind {
  const { verb, acts } = clause;
  if (makesAssertion(clause)) return "look";
  const isOfOne = operation?.inputs.some(({ in: place }) => place === "path") === true;
  if (operation?.login === true || ((verb === "~login" || verb === "~logout") && !isOfOne)) return "session";
  if (operation !== undefined && (operation.head.has("~logout") || operation.refreshes)) return "session";
  if (isReversal(clause) || clause.caused) return "change";
  // `Inspect it` does something where an action is called so.
  const looks = verb === "~find" || verb === "~show";
  if (operation?.writes === false || (looks && !(operation !== undefined && isDoing(operation))))
    return "look";
  if (operation !== undefined) return "change";
  // `Open a topic called "Hello"` makes one, as it has a name of its own.
  if (clause.indefinite && clause.quoted.length > 0) return "change";
  const lasting = verb !== undefined && (SPECIFIC_MEANINGS.has(verb) || VERB_CLASSES.has(verb));
  return lasting || acts ? "change" : "look";
}

/** Whether an operation does something to a thing, and is no search that is sent by POST. */
const isDoing = (operation: Operation): boolean =>
  operation.writes &&
  // What is done to a thing may answer all of it, its lists included.
  (operation.list === undefined || operation.inputs.some(({ in: place }) => place === "path")) &&
  (subjectOf(operation).verbClass !== "read" ||
    operation.inputs.some(({ in: place }) => place === "path") ||
    operation.answers.some(({ name }) => isPlainIdName(name)));

/** Whether a call is about another thing than the goal has made, by its name or its number: `delete the notice "Old"`. */
function isOfOther(clause: Clause, operation: Operation, parts: readonly GoalPart[]): boolean {
  // A text may be what the thing made before is called from now on.
  if (operation.inputs.some((field) => field.in === "body" && isText(field))) return false;
  const name = thingNamed(clause);
  const isNamed = name !== undefined && name.nouns.length > 0 && clause.quoted.includes(name.text);
  const id = operation.inputs.findLast(({ in: place }) => place === "path");
  const number = id === undefined ? undefined : numberedFor(id, operation, clause);
  const said = isNamed ? name.text : number?.said;
  return said !== undefined && !parts.some((part) => plain(part.clause.said).includes(plain(said)));
}

/** The last part that made a thing whose id an operation takes. */
function makerOf(
  operation: Operation,
  parts: readonly GoalPart[],
  catalog: OperationCatalog,
): GoalPart | undefined {
  const ids = operation.inputs.filter(
    (field) => field.in === "path" || (field.required && isReference(field)),
  );
  return parts.findLast(({ operation: making, kind }) => {
    if (making === undefined || kind !== "change" || !makesThing(making) || making === operation)
      return false;
    return ids.some(
      (field) =>
        namesMade(field, operation, making) ||
        catalog.sources(operation, field).some((source) => source.operation === making && !source.listed),
    );
  });
}

/** The values that a clause names for the inputs of an operation. */
function valuesOf(
  operation: Operation,
  clause: Clause,
  madeBy: GoalPart | undefined,
  catalog: OperationCatalog,
): Map<Field, Json> {
  const elsewhere = operation.inputs.filter(
    (field) =>
      field.in === "path" ||
      (isReference(field) && !setsOwnNumber(clause, operation, field, catalog)) ||
      isListedThing(field, operation, clause, catalog),
  );
  // The id of what was made before chooses nothing: the texts are values.
  const isMadeId = (field: Field): boolean =>
    madeBy?.operation !== undefined &&
    !isMethod(operation.call) &&
    (isPlainIdName(field.leaf) || namesMade(field, operation, madeBy.operation));
  const kindOf = (field: Field): string => {
    if (field.in === "path") return isOfMade(field, operation, madeBy) ? "id" : "choice";
    return isMadeId(field) ? "answer" : "id";
  };
  const bindings = new Map(elsewhere.map((field) => [field, { kind: kindOf(field) }]));
  const values = choiceConstraints({ operation, clause, bindings }, []);
  for (const field of values.keys()) if (isSecret(field) || field.in !== "body") values.delete(field);
  return values;
}

/** Whether an input takes one of the things that a list here has, and the goal gives no number for it: `table 7`. */
const isListedThing = (
  field: Field,
  operation: Operation,
  clause: Clause,
  catalog: OperationCatalog,
): boolean =>
  catalog.takesListed(operation, field) && !(isNumeric(field) && numberBeside(field, clause) !== undefined);
