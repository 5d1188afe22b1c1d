import type { Json } from "@ape/core/lib/json";
import { isMethod } from "@ape/core/protocol/operations/operation";
import { pathWords } from "@ape/core/protocol/operations/path-words";
import type { Clause } from "../goal/clause.ts";
import { type Field, isNameText, isNumeric } from "../operations/field.ts";
import type { Operation } from "../operations/operation-catalog.ts";
import { subjectOf } from "../operations/operation-subject.ts";
import { stateAfter } from "../operations/state-change.ts";
import { isMostlyVerb } from "../words/verb-words.ts";
import { plain, stem, stemsOf } from "../words/words.ts";
import { changeByAmount } from "./change-by-amount.ts";
import type { GoalPart } from "./goal-parts.ts";
import { makesThing } from "./made-thing.ts";
import { removesFromThing } from "./removal/removed-entry.ts";

/** The fields of an answer that show what a part asks for: values that the goal names, and the state that its verb means. */
export function shownIn(fields: readonly Field[], part: GoalPart): Map<Field, Json> {
  const shown = new Map<Field, Json>();
  const isRelative = changeByAmount(part.clause, part.operation) !== undefined;
  for (const [input, value] of part.values) {
    // The amount of a change is no value that anything has afterwards.
    if (isRelative && typeof value === "number") continue;
    const field = shownField(fields, input, part);
    if (field !== undefined) shown.set(field, value);
  }
  for (const [field, value] of statesIn(fields, part)) if (!shown.has(field)) shown.set(field, value);
  return shown;
}

/** The field of an answer that shows what an input was given. */
function shownField(fields: readonly Field[], input: Field, { operation }: GoalPart): Field | undefined {
  const same = fields.find(({ leaf }) => leaf === input.leaf);
  const property = operation === undefined ? undefined : propertyOf(operation);
  if (operation?.call === "mutation" && same === undefined) {
    // The `name` of `setCurator` is shown as the `curator`.
    const set = plain(operation.path).split(" ").slice(1).join(" ");
    return fields.find(({ leaf, type }) => plain(leaf) === set && type === input.type);
  }
  // The `name` in `PUT /choirs/{id}/conductor` is none of the choir's.
  if (property !== undefined) {
    const own = fields.find(({ leaf }) => plain(leaf) === property);
    if (own !== undefined && own.type === input.type) return own;
    if (!isOwnAnswer(fields, operation) && (isNameText(input) || isNumeric(input)))
      return plain(input.leaf) === property ? same : undefined;
  }
  return same ?? fields.find(({ leaf }) => plain(input.leaf) === `new ${plain(leaf)}`);
}

/** Whether fields are those of an operation's own answer. */
const isOwnAnswer = (fields: readonly Field[], operation: Operation | undefined): boolean =>
  fields.every((field) => operation?.answers.includes(field) === true);

/** What an operation on a part of a thing is about: `conductor` of `PUT /choirs/{id}/conductor`; undefined for what is done. */
function propertyOf({ path, call, method }: Operation): string | undefined {
  const { action } = pathWords(path);
  if (!isMethod(call) || method === "DELETE" || action === undefined) return undefined;
  const name = plain(action);
  return isMostlyVerb(name.split(" ")[0] ?? "") ? undefined : name;
}

/** The state that a part's verb leads to, in an enumeration; else in a field of true and false that is called by the verb. */
function statesIn(fields: readonly Field[], { clause, operation }: GoalPart): Map<Field, Json> {
  // Taking something out of a thing does not change the state of the thing: `remove Ivo from the trip`.
  if (operation !== undefined && removesFromThing(operation)) return new Map();
  for (const field of fields) {
    const value = stateAfter(clause, field) ?? (operation && stateAfterAction(operation, field));
    if (value !== undefined && (operation === undefined || canBegin(operation, field, value)))
      return new Map([[field, value]]);
  }
  for (const field of fields) {
    const value = flagAfterAction(clause, operation, field);
    if (value !== undefined) return new Map([[field, value]]);
  }
  return new Map();
}

/** Whether a thing that an operation makes can be in a state at once: only the first one that the document lists. */
const canBegin = (operation: Operation, { enum: options }: Field, value: Json): boolean =>
  options === undefined || !makesThing(operation) || options[0] === value;

/** Stems of what is done to an item by its path: `check in` of `/stays/{id}/check-in`. */
function actionOf({ path }: Operation): string {
  return stemsOf(pathWords(path).action ?? "").join(" ");
}

/** The value of an enumeration that is called by the action of a path: `checked_in`. */
function stateAfterAction(operation: Operation, { enum: options }: Field): string | undefined {
  const action = actionOf(operation);
  if (action === "" || !subjectOf(operation).isAction) return undefined;
  return options?.find(
    (option): option is string => typeof option === "string" && stemsOf(option).join(" ") === action,
  );
}

/** What a field such as `liked` or `isPublished` is after an action that has its name: false where the action takes it back. */
function flagAfterAction(
  { lead }: Clause,
  operation: Operation | undefined,
  { leaf, type }: Field,
): boolean | undefined {
  if (!type.startsWith("boolean") || operation === undefined) return undefined;
  const name = plain(leaf)
    .replace(/^(?:is|has|was|by|viewer|me) /, "")
    .split(" ")
    .map(stem)
    .join(" ");
  const action = actionOf(operation);
  const { verbs } = subjectOf(operation);
  if (action !== "" && action === name) return operation.method !== "DELETE";
  if (action.startsWith("un") && action.slice(2) === name) return false;
  if (operation.method === "DELETE" || operation.method === "GET") return undefined;
  if (lead === `un${name}` || verbs.has(`un${name}`)) return false;
  return verbs.has(name) ? true : undefined;
}
