import type { Json } from "@ape/core/lib/json";
import { isPlainIdName } from "@ape/core/protocol/id-name";
import { isMethod } from "@ape/core/protocol/operations/operation";
import { choiceConstraints } from "../goal/choice-constraints.ts";
import { asksForAction, type Clause, clausesOf } from "../goal/clause.ts";
import { notUnderstood } from "../goal/not-understood.ts";
import { lacksChange } from "../operations/changed-fields.ts";
import { type Field, isReference, isSecret } from "../operations/field.ts";
import { fieldOfVerb } from "../operations/field-of-verb.ts";
import { namesMade } from "../operations/made-resource.ts";
import type { Operation, OperationCatalog } from "../operations/operation-catalog.ts";
import { continuesStep, operationFor } from "../operations/operation-match.ts";
import { subjectOf } from "../operations/operation-subject.ts";
import { takingOperation } from "../operations/taking-operation.ts";
import { SPECIFIC_MEANINGS, VERB_CLASSES } from "../words/lexicon.ts";
import { plain, stem } from "../words/words.ts";
import { answeredType } from "./thing-read.ts";

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
  /** Absent if no operation of the APIs serves it. */
  operation: Operation | undefined;
  kind: PartKind;
  /** The part that made the thing that this one acts on. */
  madeBy: GoalPart | undefined;
  /** The values that the goal names for inputs; secrets are left out. */
  values: ReadonlyMap<Field, Json>;
}

/** The parts of a goal, in the order of execution. A clause that only narrows the choice before it is none. */
export function goalParts(goal: string, catalog: OperationCatalog): GoalPart[] {
  const clauses = clausesOf(goal, catalog.verbs);
  const parts: GoalPart[] = [];
  for (const [index, clause] of clauses.entries()) {
    if (!clause.active) continue;
    const before = parts.flatMap(({ operation }) =>
      operation === undefined || operation.login ? [] : operation,
    );
    const serving = servingOperation(clause, catalog, before, clauses.slice(0, index));
    const operation = serving !== undefined && lacksChange(clause, serving) ? undefined : serving;
    if (continuesStep(clause, operation, parts.at(-1)?.operation)) continue;
    if (operation === undefined && !asksForAction(clause)) continue;
    const part: GoalPart = {
      text: clause.said.replaceAll(/\s+/g, " ").trim(),
      clause,
      operation,
      kind: kindOf(clause, operation),
      madeBy: operation === undefined ? undefined : makerOf(operation, parts, catalog),
      values: operation === undefined ? new Map() : valuesOf(operation, clause),
    };
    parts.push(part, ...partsNotUnderstood(part, catalog));
  }
  return parts;
}

/** What a part says besides, as parts that nothing serves. */
function partsNotUnderstood(
  { clause, operation, kind, madeBy }: GoalPart,
  catalog: OperationCatalog,
): GoalPart[] {
  if (operation === undefined || kind !== "change") return [];
  const bindings = new Map<Field, { kind: string }>();
  const values = choiceConstraints({ operation, clause, bindings }, []);
  const ofVerb = fieldOfVerb(clause, operation);
  const chooses =
    (ofVerb !== undefined && isReference(ofVerb)) ||
    (madeBy === undefined && operation.inputs.some(({ in: place }) => place === "path")) ||
    operation.inputs.some((field) => field.in === "body" && field.required && isReference(field));
  return notUnderstood({ clause, operation, values, chooses }, catalog).map((text) => ({
    text: `${text} (not understood)`,
    clause: { ...clause, verb: undefined, weights: new Map() },
    operation: undefined,
    kind: "change",
    madeBy: undefined,
    values: new Map(),
  }));
}

/** The operation of a clause; a read does not serve one whose verb changes something. */
function servingOperation(
  clause: Clause,
  catalog: OperationCatalog,
  before: readonly Operation[],
  earlier: readonly Clause[],
): Operation | undefined {
  const best = operationFor(clause, catalog, before, earlier);
  const found = best === undefined ? undefined : (makerBefore(clause, best, catalog, before) ?? best);
  if (found === undefined || found.writes || !CHANGING.has(clause.verb ?? "")) return found;
  const listed = before.findLast(({ list, writes }) => list !== undefined && !writes);
  // The verb may be near to the name of what it makes: `reserve a cabin` takes no reservation.
  return takingOperation({ ...clause, weights: clause.object.nouns }, catalog, listed);
}

/**
 * The operation that makes the thing on which `found` acts, where nothing has made or listed one: `book a flat` is no
 * `POST /bookings/{id}/confirm`.
 */
function makerBefore(
  { verb }: Clause,
  found: Operation,
  { operations }: OperationCatalog,
  before: readonly Operation[],
): Operation | undefined {
  if (verb === undefined || !TAKING.has(verb) || found.method !== "POST") return undefined;
  const ids = found.inputs.filter((field) => field.in === "path");
  const isMaker = (making: Operation): boolean => ids.some((field) => namesMade(field, found, making));
  const maker = operations.find((making) => making !== found && makesThing(making) && isMaker(making));
  if (maker === undefined) return undefined;
  const { collection } = subjectOf(maker);
  return before.some((other) => subjectOf(other).collection === collection) ? undefined : maker;
}

/** Verbs by which something is made of a thing that was there before. */
const TAKING = new Set(["~buy", "~reserve", "~register"]);

/** Verbs that no read serves. `~add` and `~confirm` are left out: forms and pages are opened by them too. */
const CHANGING = new Set(["~buy", "~reserve", "~create", "~remove", "~update"]);

function kindOf(clause: Clause, operation: Operation | undefined): PartKind {
  const { verb, acts } = clause;
  if (operation?.login === true || verb === "~login" || verb === "~logout") return "session";
  if (operation !== undefined && (operation.head.has("~logout") || operation.refreshes)) return "session";
  if (verb === "~find" || verb === "~show" || operation?.writes === false) return "look";
  if (operation !== undefined) return "change";
  // `Open a topic called "Hello"` makes one, as it has a name of its own.
  if (clause.indefinite && clause.quoted.length > 0) return "change";
  const lasting = verb !== undefined && (SPECIFIC_MEANINGS.has(verb) || VERB_CLASSES.has(verb));
  return lasting || acts ? "change" : "look";
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
function valuesOf(operation: Operation, clause: Clause): Map<Field, Json> {
  const elsewhere = operation.inputs.filter((field) => field.in === "path" || isReference(field));
  const bindings = new Map(elsewhere.map((field) => [field, { kind: "id" }]));
  const values = choiceConstraints({ operation, clause, bindings }, []);
  for (const field of values.keys()) if (isSecret(field) || field.in !== "body") values.delete(field);
  return values;
}

/** Whether an operation leaves something new behind. */
export function makesThing(operation: Operation): boolean {
  const { verbClass, isAction, actsOn } = subjectOf(operation);
  if (isAction || operation.method !== "POST") return false;
  if (isMethod(operation.call)) return !operation.path.endsWith("}");
  if (verbClass === "update" || verbClass === "delete") return false;
  if (operation.inputs.some(({ leaf }) => isPlainIdName(leaf))) return false;
  // `confirmBooking(bookingId: ID!): Booking!` answers what was there before.
  return !plain(answeredType(operation) ?? "")
    .split(" ")
    .some((word) => actsOn.has(stem(word)));
}
