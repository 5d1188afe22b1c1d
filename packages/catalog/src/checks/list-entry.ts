import { isIdName } from "@ape/core/protocol/id-name";
import { lastPart } from "@ape/core/protocol/operations/path-words";
import type { Field } from "../operations/field.ts";
import { collectionPath } from "../operations/made-resource.ts";
import type { Operation } from "../operations/operation-catalog.ts";
import { ownNouns, subjectOf } from "../operations/operation-subject.ts";
import { plain, stem, stemsOf } from "../words/words.ts";
import type { ChangePart } from "./goal-parts.ts";
import { type ThingRead, topFields } from "./thing-read.ts";
import { canBeRead } from "./tool-probe.ts";

/** An entry of a list within an answer that shows what a part added. */
export interface ListEntry {
  part: ChangePart;
  /** Where the list is in the answer. */
  prefix: string;
  /** The name of the entry's field by which it is found; undefined in a list of plain texts. */
  leaf: string | undefined;
  /** The field of the part's own answer that has the same value, or the text that the goal names for it. */
  by: Field | string;
  exists: boolean;
}

/** The list within a read that must have what a part added, by an id that the part's answer has, else by the goal's text. */
export function entryInList(
  { operation: read, isList }: Pick<ThingRead, "operation" | "isList">,
  part: ChangePart,
): ListEntry | undefined {
  if (isList) return undefined;
  const { operation } = part;
  const ids = topFields(operation.answers).filter(({ leaf }) => isIdName(leaf));
  for (const prefix of listsOf(read)) {
    const leaves = new Set(leavesOf(read, prefix).filter((leaf) => isIdName(leaf)));
    // An answer that shows the whole list has what was added at its end.
    const last = operation.answers.find(
      ({ name, leaf }) => leaves.has(leaf) && name === `${prefix}[].${leaf}`,
    );
    const isNamed = isCalled(namesOfList(prefix, read), operation);
    const field = last ?? (isNamed ? ids.find(({ leaf }) => leaves.has(leaf)) : undefined);
    if (field !== undefined) return { part, prefix, leaf: field.leaf, by: field, exists: true };
  }
  return entryByText(read, part);
}

/** The entry of a list that has a text that the goal names for what is added. */
function entryByText(read: Operation, part: ChangePart): ListEntry | undefined {
  const { operation, values } = part;
  const texts = [...values].flatMap(([field, value]): [Field, string][] =>
    typeof value === "string" && canBeRead(value) ? [[field, value]] : [],
  );
  for (const prefix of listsOf(read)) {
    if (!isCalled(namesOfList(prefix, read), operation)) continue;
    const leaves = new Set(leavesOf(read, prefix));
    const found = texts.find(([{ leaf }]) => leaves.has(leaf));
    if (found !== undefined) return { part, prefix, leaf: found[0].leaf, by: found[1], exists: true };
  }
  const [only, ...others] = texts;
  if (only === undefined || others.length > 0) return undefined;
  const list = read.answers.find(
    ({ type, name, leaf }) => type === "string[]" && !name.includes("[]") && isCalled([leaf], operation),
  );
  return list && { part, prefix: list.name, leaf: undefined, by: only[1], exists: true };
}

/** Where an answer has lists of objects: `comments` of `comments[].id`. */
const listsOf = ({ answers }: Operation): string[] => [
  ...new Set(answers.flatMap(({ name }) => /^([^[\]]*)\[\]\./.exec(name)?.[1] ?? [])),
];

/** The fields of a list's entries themselves. */
const leavesOf = ({ answers }: Operation, prefix: string): string[] =>
  answers.flatMap(({ name, leaf }) => (name === `${prefix}[].${leaf}` ? leaf : []));

/** What a list may be called: a general name of its own (`items`) says less than the path. */
const namesOfList = (prefix: string, { path }: Operation): string[] => [
  prefix.split(".").at(-1) ?? "",
  ...(prefix === "" ? [lastPart(collectionPath(path))] : []),
];

/** Whether a list has the name of what an operation adds. */
function isCalled(names: readonly string[], operation: Operation): boolean {
  const own = new Set([
    ...ownNouns(subjectOf(operation)),
    ...stemsOf(lastPart(collectionPath(operation.path))),
  ]);
  return names.some((name) =>
    plain(name)
      .split(" ")
      .some((word) => own.has(stem(word))),
  );
}
