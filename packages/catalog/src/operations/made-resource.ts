import { isIdName } from "@ape/core/protocol/id-name";
import { lastPart } from "@ape/core/protocol/operations/path-words";
import { plain, stem, stemsOf } from "../words/words.ts";
import { type Field, isReference } from "./field.ts";
import type { Operation } from "./operation-catalog.ts";
import { isMadeBy } from "./operation-subject.ts";

/** Names of an object's own id, likeliest first. */
export const OWN_ID_NAMES: readonly string[] = [
  "id",
  "_id",
  "uuid",
  "guid",
  "key",
  "slug",
  "code",
  "ref",
  "reference",
  "number",
];

/** A path without a slash at its end. */
export const collectionPath = (path: string): string => path.replace(/\/$/, "");

/** The name of the only parameter of a path that ends with it: `id` of `/observers/{id}`. */
export function onlyParameter(path: string): string | undefined {
  const [only, ...others] = Array.from(path.matchAll(/\{([^/}]+)\}/g), ([, name = ""]) => name);
  return others.length === 0 && path.endsWith("}") ? only : undefined;
}

/** The path of the collection that an item's path is in; any other path as it is. */
export const withoutItem = (path: string): string => path.replace(/\/\{[^/]+\}$/, "");

/** The collection of what is made inside another thing: `/bookings` for `/rooms/{id}/bookings`. */
export const ownCollection = (path: string): string => path.replaceAll(/\/[^/]+\/\{[^/]+(?=\/)/g, "");

/** Whether a field is named as the id of the items of a collection: `postId` for `{id}` of `/posts/{id}/comments`. */
export function namesItemOf({ leaf }: Field, path: string, parameter: string): boolean {
  const collection = path.slice(0, path.indexOf(`/{${parameter}}`));
  const noun = stemsOf(lastPart(collection)).join(" ");
  const words = stemsOf(leaf);
  return noun !== "" && words.length > 1 && words.slice(0, -1).join(" ") === noun && isIdName(leaf);
}

/**
 * Whether an input refers to the collection that a POST adds to: by its place in the path, or by the name of the
 * collection.
 */
export function namesMade(field: Field, owner: Operation, making: Operation): boolean {
  if (owner.target !== making.target) return false;
  const collection = collectionPath(making.path);
  if (field.in === "path") {
    // Made inside another thing, and found in a collection of its own: `/rooms/{id}/bookings`, `/bookings/{id}`.
    const own = ownCollection(collection);
    return (
      `${owner.path}/`.startsWith(`${collection}/{${field.name}}/`) ||
      `${owner.path}/`.startsWith(`${own}/{${field.name}}/`)
    );
  }
  if (
    making.call === "mutation" &&
    isReference(field) &&
    making.answers.some(({ name }) => OWN_ID_NAMES.includes(name))
  )
    return [...field.nameTokens.keys()].some((thing) => !thing.startsWith("~") && isMadeBy(thing, making));
  if (making.answers.length > 0 || !isReference(field) || OWN_ID_NAMES.includes(field.leaf)) return false;
  const last = plain(lastPart(collection)).split(" ").at(-1);
  return last !== undefined && last !== "" && field.nameTokens.has(stem(last));
}
