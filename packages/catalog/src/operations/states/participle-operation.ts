import { lastPart } from "@ape/core/protocol/operations/path-words";
import type { Clause } from "../../goal/clause.ts";
import { plain } from "../../words/words.ts";
import type { Field } from "../field.ts";
import { isOnThingOf, kinship } from "../operation-agreement.ts";
import type { Operation, OperationCatalog } from "../operation-catalog.ts";
import { ownNouns, subjectOf } from "../operation-subject.ts";
import { takesParticiple } from "../state-change.ts";

/**
 * The operation that brings a thing into the state of which the clause's verb is the participle, where no operation on the
 * thing has the verb itself: `withdraw it` is `PUT /offers/{id}/status` with `withdrawn`, and no removal of it.
 * @param before the operations of earlier calls, latest last: `it` refers to what one of them was about
 */
export function participleOperation(
  clause: Clause,
  { operations }: OperationCatalog,
  before: readonly Operation[],
): Operation | undefined {
  const { object, lead = "", indefinite, active } = clause;
  if (!active || indefinite) return undefined;
  const moving = operations.filter((operation) => stateOf(operation, clause) !== undefined);
  if (moving.length === 0) return undefined;
  const among = (isMeant: (operation: Operation) => boolean): Operation | undefined | "other" => {
    const hasVerb = (operation: Operation): boolean =>
      operation.writes && !moving.includes(operation) && subjectOf(operation).verbs.has(lead);
    if (operations.some((operation) => isMeant(operation) && hasVerb(operation))) return "other";
    return narrowest(moving.filter(isMeant), clause);
  };
  if (object.nouns.size > 0) {
    const found = among((operation) => isOf(operation, clause));
    return found === "other" ? undefined : found;
  }
  if (!object.refers) return undefined;
  for (const about of before.toReversed()) {
    const found = among((operation) => isOnItemOf(about, operation) || isOnThingOf(operation, about));
    if (found !== undefined) return found === "other" ? undefined : found;
  }
  return undefined;
}

/** Whether an operation is on the very items of the collection that another one is about, or on a part of them: `/x/{id}/status`. */
function isOnItemOf(about: Operation, { target, path }: Operation): boolean {
  const item = `${subjectOf(about).collection}/{`;
  return target === about.target && path.startsWith(item) && !path.slice(item.length).includes("{");
}

/** The input of an operation on an existing thing that takes the participle. */
function stateOf({ writes, method, inputs, path, call }: Operation, clause: Clause): Field | undefined {
  if (!writes || method === "DELETE") return undefined;
  const field = inputs.find((one) => one.in === "body" && takesParticiple(clause, one));
  // What makes a thing takes no id of one.
  const isOfThing =
    call === "mutation" || call === "tool"
      ? inputs.some((one) => one !== field && one.required)
      : inputs.some((one) => one.in === "path") && (method !== "POST" || isNamedAfter(path, field));
  return isOfThing ? field : undefined;
}

const isNamedAfter = (path: string, field: Field | undefined): boolean =>
  field !== undefined && plain(lastPart(path)) === plain(field.leaf);

/** Whether an operation is on what a clause names. */
function isOf(operation: Operation, { object }: Clause): boolean {
  const subject = subjectOf(operation);
  const names = [...ownNouns(subject), ...subject.actsOn, ...subject.nouns.keys()];
  return [...object.nouns].some(
    ([noun, weight]) => weight === 1 && names.some((name) => kinship(noun, name) >= SAME),
  );
}
const SAME = 0.7;

/** The one that is about the state, where several take it: with the fewest other inputs. */
function narrowest(operations: readonly Operation[], clause: Clause): Operation | undefined {
  const others = (operation: Operation): number =>
    operation.inputs.filter((field) => field.in === "body" && field !== stateOf(operation, clause)).length;
  return [...operations].sort((one, two) => others(one) - others(two))[0];
}
