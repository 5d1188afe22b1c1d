import { isMethod } from "@ape/core/protocol/operations/operation";
import { type Field, isReference } from "../../operations/field.ts";
import { collectionPath, namesItemOf, onlyParameter, withoutItem } from "../../operations/made-resource.ts";
import type { Operation, OperationCatalog } from "../../operations/operation-catalog.ts";
import type { ChangePart } from "../goal-parts.ts";
import { fieldsOfEntries, isPaged, type ThingRead, topFields } from "../thing-read.ts";

/** Reads of the things of which a part's answer, or its path, has the ids: `GET /observers/{id}` by `observerId`, else their list. */
export function referencesOf({ operation }: ChangePart, { operations }: OperationCatalog): ThingRead[] {
  const ids = [...topFields(operation.answers), ...operation.inputs.filter((field) => field.in === "path")];
  const reads = operations.filter(
    (read) => read.target === operation.target && !read.writes && isMethod(read.call),
  );
  const own = withoutItem(collectionPath(operation.path));
  return ids
    .filter((field) => isReference(field) && !/^_?id$/.test(field.leaf))
    .flatMap((idField) => {
      const item = firstOf(reads, (read) => itemRead(read, idField));
      // What is in the path of the thing itself is no list of others.
      const list = item === undefined ? firstOf(reads, (read) => listRead(read, idField, own)) : undefined;
      return item ?? list ?? [];
    });
}

function itemRead(read: Operation, idField: Field): ThingRead | undefined {
  const path = collectionPath(read.path);
  const parameter = onlyParameter(path);
  if (parameter === undefined || !namesItemOf(idField, path, parameter)) return undefined;
  const parameters = [[parameter, idField]] as const;
  return { operation: read, isList: false, idField, parameters, fields: topFields(read.answers) };
}

/** The whole list of such things, whose entries have an `id`. */
function listRead(read: Operation, idField: Field, own: string): ThingRead | undefined {
  const path = collectionPath(read.path);
  if (read.list === undefined || path.includes("{") || path === own || isPaged(read)) return undefined;
  if (read.inputs.some(({ required }) => required)) return undefined;
  const fields = fieldsOfEntries(read);
  if (!fields.some(({ leaf }) => leaf === "id") || !namesItemOf(idField, `${path}/{id}`, "id"))
    return undefined;
  return { operation: read, isList: true, idField, entryKey: "id", parameters: [], fields };
}

function firstOf(
  reads: readonly Operation[],
  find: (read: Operation) => ThingRead | undefined,
): ThingRead | undefined {
  for (const read of reads) {
    const found = find(read);
    if (found !== undefined) return found;
  }
  return undefined;
}
