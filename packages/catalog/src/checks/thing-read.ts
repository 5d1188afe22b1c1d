import { isIdName, isPlainIdName } from "@ape/core/protocol/id-name";
import { isMethod } from "@ape/core/protocol/operations/operation";
import { pathWords } from "@ape/core/protocol/operations/path-words";
import { type Field, isCursor, isOffset, isPage, isSize, isText } from "../operations/field.ts";
import { collectionPath, namesItemOf, ownCollection, withoutItem } from "../operations/made-resource.ts";
import type { Operation, OperationCatalog } from "../operations/operation-catalog.ts";
import { ownNouns, subjectOf } from "../operations/operation-subject.ts";
import { plain, stemsOf } from "../words/words.ts";

/** How a thing that an operation made or changed can be read by the id that the operation answers, or that its path has. */
export interface ThingRead {
  operation: Operation;
  /** The thing is one entry of the list that this reads. */
  isList: boolean;
  /** Where the making answer, or the path of the change, has the id; undefined where the read needs none. */
  idField: Field | undefined;
  /** Parameters of the path, and the fields of the making answer that fill them; the last one is the thing's own id. */
  parameters: readonly (readonly [parameter: string, field: Field])[];
  /** The fields of the thing. */
  fields: readonly Field[];
  /** The field of the list's entries that has the id, where it is called otherwise than the field that holds it: `id` for `observerId`. */
  entryKey?: string;
  /** It is at another path than what is read: only the name of the id leads there. */
  isElsewhere?: true;
}

const PATH_PARAMETER = /\{([^/}]+)\}/g;

/** The read of one thing, else the list that must have it; undefined if the API has neither, or names no id. */
export function readOfThing(making: Operation, catalog: OperationCatalog): ThingRead | undefined {
  const reads = catalog.operations.filter(
    (operation) => operation.target === making.target && !operation.writes && operation !== making,
  );
  const found = isMethod(making.call)
    ? reads.flatMap((read) => pathRead(making, read) ?? [])
    : making.call === "mutation"
      ? reads.flatMap((read) => queryRead(making, read) ?? [])
      : reads.flatMap((read) => toolRead(making, read) ?? []);
  return found.find(({ isList }) => !isList) ?? found[0] ?? issuedRead(making, reads);
}

/** The read of what an operation answers the id of, though it is at another path: `GET /parcels/{id}` by `parcelId` of `POST /dispatch`. */
function issuedRead(making: Operation, reads: readonly Operation[]): ThingRead | undefined {
  if (!isMethod(making.call) || making.method !== "POST") return undefined;
  const given = new Set(making.inputs.map(({ leaf }) => leaf));
  const issued = topFields(making.answers).filter(({ leaf }) => isIdName(leaf) && !given.has(leaf));
  // Beside an id of its own, another one is that of something that was there before.
  if (issued.length !== 1) return undefined;
  for (const operation of reads) {
    const path = collectionPath(operation.path);
    const names = Array.from(path.matchAll(PATH_PARAMETER), ([, name = ""]) => name);
    const [own] = names;
    if (own === undefined || names.length > 1 || !path.endsWith("}") || !isMethod(operation.call)) continue;
    const idField = issued.find((field) => namesItemOf(field, path, own));
    if (idField === undefined) continue;
    const parameters = [[own, idField]] as const;
    const fields = topFields(operation.answers);
    return { operation, isList: false, idField, parameters, fields, isElsewhere: true };
  }
  return undefined;
}

/** Paths at which a thing that an operation makes or acts on is an item: those of its collection. */
function collectionsOf({ path, method }: Operation): string[] {
  const { action } = pathWords(path);
  const whole = collectionPath(path);
  if (method === "POST" && action === undefined) return [...new Set([whole, ownCollection(whole)])];
  const item = action === undefined ? whole : whole.slice(0, whole.lastIndexOf("/"));
  const collection = withoutItem(item);
  return collection === item ? [] : [...new Set([collection, ownCollection(collection)])];
}

/** A path without the names of its parameters. */
export const unnamed = (path: string): string => path.replaceAll(PATH_PARAMETER, "{}");

function pathRead(making: Operation, read: Operation): ThingRead | undefined {
  if (!isMethod(read.call)) return undefined;
  const collections = collectionsOf(making).map(unnamed);
  const path = collectionPath(read.path);
  const isItem = collections.includes(unnamed(withoutItem(path))) && path.endsWith("}");
  const isList = !isItem && collections.includes(unnamed(path)) && read.list !== undefined && !isPaged(read);
  if (!isItem && !isList) return undefined;
  const names = Array.from(path.matchAll(PATH_PARAMETER), ([, name = ""]) => name);
  const own = isItem ? names.pop() : undefined;
  const answered = ownId(making, own);
  const isOwn = answered !== undefined && (!isItem || isOwnAnswer(making, read, answered, own));
  const idField = isOwn ? answered : own && isItem ? sameParameter(making, read, own) : undefined;
  if (idField === undefined) return undefined;
  const parameters: [string, Field][] = [];
  for (const name of names) {
    // A plain `id` in an answer is that of the thing itself.
    const answered = isPlainIdName(name)
      ? undefined
      : topFields(making.answers).find(({ leaf }) => leaf === name);
    const field = answered ?? sameParameter(making, read, name);
    if (field === undefined) return undefined;
    parameters.push([name, field]);
  }
  if (own !== undefined) parameters.push([own, idField]);
  if (isItem) return { operation: read, isList, idField, parameters, fields: topFields(read.answers) };
  const fields = fieldsOfEntries(read);
  if (!fields.some(({ leaf }) => leaf === idField.leaf)) return undefined;
  return { operation: read, isList, idField, parameters, fields };
}

/** The parameter of an operation's path that is at the same place of the same path as one of a read. */
export function sameParameter(operation: Operation, read: Operation, parameter: string): Field | undefined {
  const end = read.path.indexOf(`{${parameter}}`);
  const before = unnamed(read.path.slice(0, end));
  const place = before.split("/").length - 1;
  const parts = operation.path.split("/");
  const name = /^\{([^{}/]+)\}$/.exec(parts[place] ?? "")?.[1];
  if (name === undefined || unnamed(`${parts.slice(0, place).join("/")}/`) !== before) return undefined;
  return operation.inputs.find((field) => field.in === "path" && field.name === name);
}

/**
 * Whether the answer of an action shows the thing that it acts on: by the name of its id, or by fields that they share. Else
 * a plain `id` may be that of a record of the action, as of a like.
 */
function isOwnAnswer(making: Operation, read: Operation, id: Field, parameter: string | undefined): boolean {
  if (pathWords(making.path).action === undefined || id.leaf === parameter || !/^_?id$/.test(id.leaf))
    return true;
  const shown = new Set(topFields(read.answers).map(({ leaf }) => leaf));
  return topFields(making.answers).some(
    ({ leaf }) => leaf !== id.leaf && !STAMP.test(leaf) && shown.has(leaf),
  );
}
const STAMP = /(?:_at|At|date|Date|time|Time)$/;

function queryRead(making: Operation, read: Operation): ThingRead | undefined {
  if (!answersSame(making, read)) return undefined;
  const idField = ownId(making, undefined);
  if (idField === undefined) return undefined;
  const needed = read.inputs.filter(({ required }) => required);
  const isList = read.list?.prefix === "";
  if (isList) {
    const fields = fieldsOfEntries(read);
    if (needed.length > 0 || isPaged(read) || !fields.some(({ leaf }) => leaf === idField.leaf))
      return undefined;
    return { operation: read, isList, idField, parameters: [], fields };
  }
  const [id, ...others] = needed;
  if (id === undefined || others.length > 0 || !isText(id) || id.enum !== undefined) return undefined;
  if (!isIdName(id.leaf)) return undefined;
  return {
    operation: read,
    isList,
    idField,
    parameters: [[id.name, idField]],
    fields: read.answers.filter(({ name }) => /^\w+$/.test(name)),
  };
}

/** A tool that shows the thing by the id that another tool answers, as far as their schemas say what they answer. */
function toolRead(making: Operation, read: Operation): ThingRead | undefined {
  const idField = ownId(making, undefined);
  const [id, ...others] = read.inputs.filter(({ required }) => required);
  if (idField === undefined || id === undefined || others.length > 0 || read.answers.length === 0)
    return undefined;
  if (!isIdName(id.leaf) || id.type !== idField.type || !sharesNoun(making, read)) return undefined;
  const parameters = [[id.name, idField]] as const;
  return { operation: read, isList: false, idField, parameters, fields: topFields(read.answers) };
}

/** Whether a read is about things of the kind that an operation acts on, or about what it puts them into, by their words. */
export function sharesNoun(making: Operation, read: Operation): boolean {
  const { nouns } = subjectOf(making);
  return [...subjectOf(read).nouns].some(
    ([noun, weight]) => nouns.has(noun) || (weight === 1 && making.head.has(noun)),
  );
}

/** The name of the type that a field of GraphQL answers. */
export const answeredType = ({ signature }: Operation): string | undefined =>
  /:\s*[[\]!]*(\w+)[[\]!]*$/.exec(signature ?? "")?.[1];

/** What a mutation's answer wraps the thing in: `tree` of `PlantTreePayload`, which has `tree.id` beside its errors. */
export function payloadOf({ call, answers }: Operation): string | undefined {
  if (call !== "mutation" || answers.some(({ name }) => isPlainIdName(name))) return undefined;
  const wrappers = new Set(answers.flatMap(({ name }) => /^(\w+)\.(?:_?id|uuid)$/.exec(name)?.[1] ?? []));
  const [only, ...others] = wrappers;
  return others.length > 0 ? undefined : only;
}

/** Whether a mutation and a query of GraphQL answer things of one type, in a payload or as they are. */
export function answersSame(making: Operation, read: Operation): boolean {
  const [type, other] = [answeredType(making), answeredType(read)];
  if (type === undefined || other === undefined) return false;
  if (type === other) return true;
  const payload = payloadOf(making);
  return payload !== undefined && plain(payload) === plain(other);
}

/** Whether a list comes in parts: what was made last may be in another one. */
export const isPaged = ({ inputs }: Operation): boolean =>
  inputs.some((field) => isPage(field) || isOffset(field) || isCursor(field) || isSize(field));

/** The fields of a list's entries themselves. */
export function fieldsOfEntries({ list }: Operation): Field[] {
  const start = `${list?.prefix ?? ""}[].`;
  return (list?.fields ?? []).filter(
    ({ name, leaf }) => name === `${start}${leaf}` && !name.slice(start.length).includes("."),
  );
}

const depthOf = ({ name }: Field): number => name.split(".").length;
const isPlainValue = ({ name, type }: Field): boolean =>
  !name.includes("[]") && !/^(?:object|array)|\[\]$/.test(type);

/** The plain fields of an answer; of several with one name the outermost. */
export function topFields(answers: readonly Field[]): Field[] {
  const byLeaf = new Map<string, Field>();
  for (const field of answers) {
    if (!isPlainValue(field)) continue;
    const known = byLeaf.get(field.leaf);
    if (known === undefined || depthOf(field) < depthOf(known)) byLeaf.set(field.leaf, field);
  }
  return [...byLeaf.values()];
}

/** The field of an answer that holds the id of what was made. */
function ownId(making: Operation, parameter: string | undefined): Field | undefined {
  const nouns = ownNouns(subjectOf(making));
  const rank = (field: Field): number => {
    if (field.leaf === parameter) return 0;
    if (/^_?id$/.test(field.leaf)) return 1;
    if (!isIdName(field.leaf) && field.leaf !== "code") return Number.POSITIVE_INFINITY;
    const words = stemsOf(field.leaf);
    return nouns.some((noun) => words.includes(noun)) ? 2 : 3;
  };
  let best: Field | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const field of topFields(making.answers)) {
    const score = rank(field) + 4 * (depthOf(field) - 1);
    if (score < least) {
      best = field;
      least = score;
    }
  }
  return best;
}

/** A read that also shows a further field. */
export const readWith = (read: ThingRead, field: Field): ThingRead =>
  read.fields.includes(field) ? read : { ...read, fields: [...read.fields, field] };

/** A read of a thing by the parameter of an operation's path that is the id of the same thing; other reads are left as they are. */
export function readBy(read: ThingRead, field: Field, operation: Operation): ThingRead {
  const [own, ...others] = read.parameters.toReversed();
  if (own === undefined || read.isList || sameParameter(operation, read.operation, own[0]) !== field)
    return read;
  return { ...read, idField: field, parameters: [...others.toReversed(), [own[0], field]] };
}
