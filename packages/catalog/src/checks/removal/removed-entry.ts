import { isPlainIdName } from "@ape/core/protocol/id-name";
import { isMethod } from "@ape/core/protocol/operations/operation";
import { lastPart } from "@ape/core/protocol/operations/path-words";
import { collectionPath, withoutItem } from "../../operations/made-resource.ts";
import type { Operation } from "../../operations/operation-catalog.ts";
import { plain } from "../../words/words.ts";
import type { ChangePart } from "../goal-parts.ts";
import type { ListEntry } from "../list-entry.ts";
import { unnamed } from "../thing-read.ts";

/** Whether an operation removes an item that is within another one, and not that itself: `DELETE /trips/{id}/members/{memberId}`. */
export const removesFromThing = ({ call, method, path }: Operation): boolean =>
  isMethod(call) && method === "DELETE" && WITHIN_ITEM.test(collectionPath(path));
const WITHIN_ITEM = /\}\/[^{}]+\/\{[^/}]+\}$/;

/** The list within a thing that must no longer have what a part takes out of it: `members` of `GET /trips/{id}`. */
export function entryRemoved(read: Operation, part: ChangePart): ListEntry | undefined {
  const { operation } = part;
  const path = collectionPath(operation.path);
  const list = withoutItem(path);
  if (!removesFromThing(operation) || unnamed(collectionPath(read.path)) !== unnamed(ownerOf(list)))
    return undefined;
  const parameter = path.slice(list.length + 2, -1);
  const by = operation.inputs.find(({ in: place, name }) => place === "path" && name === parameter);
  if (by === undefined) return undefined;
  const name = plain(lastPart(list));
  // What entries have is said of each apart.
  const fields = read.answers.toSorted((one, other) => other.name.length - one.name.length);
  for (const field of fields) {
    const [prefix = "", own] = field.name.split("[].");
    if (plain(prefix) !== name) continue;
    // A list of numbers has no type of its entries, nor fields of these.
    const isPlainList = own === undefined && /^(?:array|(?:string|integer|number)\[\])$/.test(field.type);
    if (isPlainList) return { part, prefix, leaf: undefined, by, exists: false };
    if (own === field.leaf && (own === parameter || isPlainIdName(own)))
      return { part, prefix, leaf: own, by, exists: false };
  }
  return undefined;
}

const ownerOf = (collection: string): string => collection.slice(0, collection.lastIndexOf("/"));
