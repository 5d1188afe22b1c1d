import { isIdName } from "@ape/core/protocol/id-name";
import { lastPart } from "@ape/core/protocol/operations/path-words";
import type { Field } from "../operations/field.ts";
import { collectionPath } from "../operations/made-resource.ts";
import type { Operation } from "../operations/operation-catalog.ts";
import { ownNouns, subjectOf } from "../operations/operation-subject.ts";
import { plain, stem } from "../words/words.ts";
import type { ChangePart } from "./changed-thing.ts";
import { type ThingRead, topFields } from "./thing-read.ts";

/** An entry of a list within an answer that shows what a part added. */
export interface ListEntry {
  part: ChangePart;
  /** Where the list is in the answer. */
  prefix: string;
  /** The field of the part's own answer that identifies the entry, under the same name. */
  field: Field;
  exists: boolean;
}

/** The list within a read that must have what a part added, by an id that the part's answer has. */
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
    const isNamed = isCalled(lastName(prefix, read), operation);
    const field = last ?? (isNamed ? ids.find(({ leaf }) => leaves.has(leaf)) : undefined);
    if (field !== undefined) return { part, prefix, field, exists: true };
  }
  return undefined;
}

/** Where an answer has lists of objects: `comments` of `comments[].id`. */
const listsOf = ({ answers }: Operation): string[] => [
  ...new Set(answers.flatMap(({ name }) => /^([^[\]]*)\[\]\./.exec(name)?.[1] ?? [])),
];

/** The fields of a list's entries themselves. */
const leavesOf = ({ answers }: Operation, prefix: string): string[] =>
  answers.flatMap(({ name, leaf }) => (name === `${prefix}[].${leaf}` ? leaf : []));

/** What a list is called: a general name of its own (`items`) says less than the path. */
const lastName = (prefix: string, { path }: Operation): string[] => [
  prefix.split(".").at(-1) ?? "",
  ...(prefix === "" ? [lastPart(collectionPath(path))] : []),
];

/** Whether a list has the name of what an operation adds. */
function isCalled(names: readonly string[], operation: Operation): boolean {
  const own = new Set([
    ...ownNouns(subjectOf(operation)),
    ...plain(lastPart(collectionPath(operation.path)))
      .split(" ")
      .map(stem),
  ]);
  return names.some((name) =>
    plain(name)
      .split(" ")
      .some((word) => own.has(stem(word))),
  );
}
