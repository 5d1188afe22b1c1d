import type { Field } from "@ape/catalog/operations/field";
import { isNumeric, isText } from "@ape/catalog/operations/field";
import { isNumberWord } from "@ape/catalog/operations/item-identifier";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { plain, weightedTokens } from "@ape/catalog/words/words";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import { isIdName, isPlainIdName } from "@ape/core/protocol/id-name";

/** A list of an answer, as far as the digest shows it. */
export interface VisibleList {
  items: Json[];
  /** Number of items that the digest leaves out. */
  hidden: number;
}

const MORE = /^\.\.\. (\d+) more/;

/** The value at a dotted path without lists. */
export function valueAt(from: Json | undefined, path: string): Json | undefined {
  let at = from;
  for (const part of path.split(".")) {
    if (part === "") continue;
    if (!isJsonObject(at)) return undefined;
    at = at[part];
  }
  return at;
}

/** The list at `prefix` of a body; if the answer differs from its document, the first list of objects in it. */
export function listIn(body: Json, prefix: string): VisibleList | undefined {
  const there = valueAt(body, prefix);
  const list = Array.isArray(there) ? there : firstList(body, 3);
  if (list === undefined) return undefined;
  const last = list.at(-1);
  const more = typeof last === "string" ? MORE.exec(last) : null;
  return more === null ? { items: list, hidden: 0 } : { items: list.slice(0, -1), hidden: Number(more[1]) };
}

function firstList(body: Json | undefined, depth: number): Json[] | undefined {
  if (Array.isArray(body)) return body.some(isJsonObject) || body.length === 0 ? body : undefined;
  if (!isJsonObject(body) || depth === 0) return undefined;
  for (const value of Object.values(body)) {
    const found = firstList(value, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The fields of the items that an operation lists. */
export const itemFields = ({ list }: Operation): readonly Field[] => list?.fields ?? [];

/** The list in an answer to an operation, as far as the answer is visible and has one. */
export const visibleList = (body: Json | undefined, { list }: Operation): VisibleList | undefined =>
  listIn(body ?? null, list?.prefix ?? "");

/** The visible items of the list in an answer to an operation. */
export const itemsOf = (body: Json | undefined, operation: Operation): Json[] =>
  visibleList(body, operation)?.items ?? [];

/** The part of a field's name within an item: `items[].price.net` is `price.net`. */
export function inItem(field: Field): string {
  const at = field.name.indexOf("[]");
  return at < 0
    ? field.name
    : field.name
        .slice(at + 2)
        .replace(/^\./, "")
        .replaceAll("[]", "");
}

/**
 * A field's value in an item. If the name is missing, uses the undocumented name that is most similar, else the only
 * one of the right type.
 */
export function readItem(item: Json, field: Field, siblings: readonly Field[]): Json | undefined {
  if (!isJsonObject(item)) return inItem(field) === "" ? item : undefined;
  const path = inItem(field);
  const direct = valueAt(item, path);
  if (direct !== undefined || path.includes(".")) return direct;
  if (field.leaf === "id" && path === "id")
    return ownId(item) ?? strange(item, field, new Set(siblings.map(inItem)));
  return strange(item, field, new Set(siblings.map(inItem)));
}

/** The id of an item whose field for it has another name: as ids are named alone, else with the name of the thing. */
function ownId(item: JsonObject): Json | undefined {
  const isPlainValue = (name: string): boolean => typeof item[name] === "string" || isNumber(item[name]);
  const name =
    Object.keys(item).find((one) => isPlainIdName(one) && isPlainValue(one)) ??
    Object.keys(item).find((one) => isIdName(one) && isPlainValue(one)) ??
    Object.keys(item).find((one) => isNumberWord(plain(one)) && isPlainValue(one));
  return name === undefined ? undefined : item[name];
}

function strange(item: JsonObject, field: Field, known: ReadonlySet<string>): Json | undefined {
  const rest = Object.entries(item).filter(
    ([name, value]) =>
      !known.has(name) &&
      (isNumeric(field) ? isNumber(value) : isText(field) ? typeof value === "string" : true),
  );
  if (rest.length === 1) return rest[0]?.[1];
  let best: Json | undefined;
  let most = 0;
  for (const [name, value] of rest) {
    let shared = 0;
    for (const token of weightedTokens(name).keys()) if (field.nameTokens.has(token)) shared += 1;
    if (shared > most) {
      most = shared;
      best = value;
    }
  }
  return best;
}

/** Every text in an answer, for reading what an error says. */
export function textsIn(body: Json | undefined): string {
  if (typeof body === "string") return body;
  if (Array.isArray(body)) return body.map(textsIn).join(" ");
  if (isJsonObject(body))
    return Object.entries(body)
      .map(([name, value]) => `${name} ${textsIn(value)}`)
      .join(" ");
  return body === undefined || body === null ? "" : String(body);
}
