import { isPlainIdName } from "@ape/core/protocol/id-name";
import { isMethod } from "@ape/core/protocol/operations/operation";
import type { Field } from "../operations/field.ts";
import { collectionPath, namesItemOf } from "../operations/made-resource.ts";
import type { Operation, OperationCatalog } from "../operations/operation-catalog.ts";
import { subjectOf } from "../operations/operation-subject.ts";
import type { ChangePart } from "./goal-parts.ts";
import { entryInList } from "./list-entry.ts";
import { entryRemoved } from "./removal/removed-entry.ts";
import { shownIn } from "./shown-change.ts";
import { type Expected, newThing, type Thing } from "./thing.ts";
import { answersSame, isPaged, sameParameter, type ThingRead, topFields, unnamed } from "./thing-read.ts";

/**
 * A read that shows what a part did, although it is not one of what the part made by its id: of what its path is within
 * (`GET /crate` for `POST /crate/bottles`), of the thing itself (`GET /settings`), or a list of the same name at another place
 * (`GET /me/rentals`). Undefined if no read would show it.
 */
export function relatedThing(part: ChangePart, catalog: OperationCatalog): Thing | undefined {
  let weaker: Thing | undefined;
  for (const read of catalog.operations) {
    if (read.target !== part.operation.target || read.writes || read === part.operation) continue;
    if (read.inputs.some(({ in: place, required }) => required && place !== "path")) continue;
    const isAround = isWithin(part.operation, read) || isSameType(part.operation, read);
    if (!isAround && !isSameList(part.operation, read)) continue;
    const parameters = parametersOf(part.operation, read);
    if (parameters === undefined) continue;
    const found = thingBy(part, {
      operation: read,
      isList: false,
      idField: undefined,
      parameters,
      fields: isMethod(read.call) ? topFields(read.answers) : read.answers,
    });
    if (found === undefined) continue;
    if (isAround) return found;
    weaker ??= found;
  }
  return weaker;
}

function thingBy(part: ChangePart, read: ThingRead): Thing | undefined {
  const { isAction } = subjectOf(part.operation);
  const { method, path } = part.operation;
  const isSamePath = unnamed(read.operation.path) === unnamed(path);
  // What an action is about was in the list before.
  const isAdded =
    !isAction &&
    (method === "POST" || method === "PUT") &&
    !isPaged(read.operation) &&
    !isInItem(part.operation, read.operation);
  const entry = isAdded ? entryInList(read, part) : entryRemoved(read.operation, part);
  const expected = new Map<Field, Expected>();
  if (isSamePath || isAction || part.operation.call === "mutation")
    for (const [field, value] of shownIn(topFields(read.fields), part)) expected.set(field, { value, part });
  if (entry === undefined && expected.size === 0) return undefined;
  return newThing(part, read, {
    expected,
    entries: entry === undefined ? [] : [entry],
    isRelated: true,
  });
}

/** Whether an operation acts within an item of the list at a path: `POST /wishes/{id}/votes` adds nothing to `GET /wishes`. */
const isInItem = ({ path }: Operation, read: Operation): boolean =>
  read.list?.prefix === "" && unnamed(path).startsWith(`${collectionPath(unnamed(read.path))}/{}/`);

/** Whether an operation acts on something within what a read shows, or on that itself. */
function isWithin({ call, path }: Operation, read: Operation): boolean {
  if (!isMethod(call) || !isMethod(read.call)) return false;
  const around = collectionPath(unnamed(read.path));
  return around !== "" && `${collectionPath(unnamed(path))}/`.startsWith(`${around}/`);
}

/** Whether a query without arguments shows what a mutation answers: `crate: Crate!` for `addToCrate(...): Crate!`. */
function isSameType(operation: Operation, read: Operation): boolean {
  if (operation.call !== "mutation" || read.call !== "query" || read.list?.prefix === "") return false;
  return answersSame(operation, read);
}

/**
 * Whether a read lists things of the kind that an operation makes, by the last part of its path, among those of the caller or
 * of what the operation's own path names: others may be for other callers.
 */
function isSameList({ call, path, method }: Operation, read: Operation): boolean {
  if (!isMethod(call) || !isMethod(read.call) || method !== "POST" || read.list === undefined) return false;
  const own = collectionPath(path).split("/");
  const other = collectionPath(read.path).split("/");
  const name = own.at(-1) ?? "";
  if (name === "" || name.includes("{") || name !== other.at(-1)) return false;
  return other.every((part) => part.includes("{") || own.includes(part) || CALLER.test(part));
}
const CALLER = /^(?:me|my|mine|own|self|current(?:-?user)?|user|account|profile)$/i;

/** The fields of an operation's answer or path that fill the path of a read; undefined if one is missing. */
function parametersOf(operation: Operation, read: Operation): [string, Field][] | undefined {
  const answers = topFields(operation.answers);
  const parameters: [string, Field][] = [];
  for (const [, name = ""] of read.path.matchAll(/\{([^/}]+)\}/g)) {
    const field =
      // A plain `id` in an answer is that of what was made, and not of what it was made in.
      (isPlainIdName(name) ? undefined : answers.find(({ leaf }) => leaf === name)) ??
      sameParameter(operation, read, name) ??
      answers.find((one) => namesItemOf(one, read.path, name));
    if (field === undefined) return undefined;
    parameters.push([name, field]);
  }
  return parameters;
}
