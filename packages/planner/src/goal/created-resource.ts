import type { Clause } from "@ape/catalog/goal/clause";
import { type Field, isReference } from "@ape/catalog/operations/field";
import { collectionPath, namesMade, OWN_ID_NAMES } from "@ape/catalog/operations/made-resource";
import type { Operation, Source } from "@ape/catalog/operations/operation-catalog";
import { lastWord } from "@ape/catalog/words/words";
import { isJsonObject, type Json } from "@ape/core/lib/json";
import { isNumber, type LosslessNumber } from "@ape/core/lib/lossless-number";
import { decodePercent } from "@ape/core/lib/percent";
import { isPlainIdName } from "@ape/core/protocol/id-name";
import { lastPart } from "@ape/core/protocol/operations/path-words";
import { valueAt } from "../choice/response-values.ts";
import type { PastCall } from "./past-call.ts";
import type { Binding, Step } from "./plan.ts";

/** Words by which a clause accepts any of several items. */
const ANY = /\b(?:one|some|any|each|every|random)\b/i;
const NEW = /\b(?:an?|another|other|others|different)\b/i;

/**
 * What an input names, where the goal has made such a thing before: `/notes/{id}` after `POST /notes` is that note,
 * unless the goal asks for another, looks for one of its own since, or has removed it. Where the POST itself took what
 * names it, as a cart takes a product, that names it still; where the document does not say what the answer holds, the
 * id is looked for in it ({@link createdId}).
 * @param sources where the input's value can come from by what the document says
 */
export function createdResourceFor(
  steps: readonly Step[],
  owner: Operation,
  field: Field,
  clause: Clause | undefined,
  sources: readonly Source[],
): Binding | undefined {
  if (clause !== undefined && (clause.another || constraints(clause))) return undefined;
  const at = steps.findLastIndex(
    ({ operation }) =>
      operation !== owner && operation.method === "POST" && namesMade(field, owner, operation),
  );
  const making = steps[at]?.operation;
  if (making === undefined || making.login || isPast(steps, at, field, clause)) return undefined;
  const told = ownIdOf(making, field, sources);
  if (told !== undefined) return { kind: "answer", step: at, source: told };
  if (making.answers.length > 0) return undefined;
  const taken = making.inputs.find(({ in: place, leaf }) => place === "body" && leaf === field.leaf);
  const given = taken === undefined ? undefined : steps[at]?.bindings.get(taken);
  if (given !== undefined) return given;
  const answer: Field = { ...field, in: "answer", name: field.leaf, required: false };
  const source: Source = { operation: making, field: answer, listed: false, score: 1, made: true };
  return { kind: "answer", step: at, source };
}

/**
 * The field of an answer that gives a created thing's own id, rather than its name or the id of what it holds: named as the
 * input, or as ids are, at the top of the answer; else the likeliest source.
 */
export function ownIdOf(making: Operation, input: Field, sources: readonly Source[]): Source | undefined {
  const top = ownAnswers(making);
  const named = [...OWN_ID_NAMES.slice(0, 4), lastWord(input.leaf)];
  const own =
    top.find(({ leaf }) => leaf === input.leaf) ??
    (isPlainIdName(input.leaf) || isReference(input)
      ? top.find(({ leaf }) => isPlainIdName(leaf) && named.includes(leaf))
      : undefined);
  const told = sources.filter(({ operation, listed }) => operation === making && !listed);
  if (own === undefined) return told[0];
  return (
    told.find(({ field }) => field === own) ?? { operation: making, field: own, listed: false, score: 1 }
  );
}

/** The fields at the top of an answer, or in the one object that it is wrapped in: `booking.code`. */
function ownAnswers({ answers }: Operation): readonly Field[] {
  const at = (depth: number) => answers.filter(({ name }) => name.split(/[.[]/).length === depth + 1);
  const top = at(0).filter(({ type }) => type !== "object");
  const wrappers = new Set(answers.map(({ name }) => name.split(".")[0]));
  return top.length > 0 || wrappers.size !== 1 ? top : at(1);
}

/** Whether a clause says which item it wants: then it has to be chosen. */
const constraints = ({ bounds, extreme }: Clause): boolean => bounds.length > 0 || extreme !== undefined;

/** Whether another thing has replaced it since: one that was searched for, or none because it was removed. */
function isPast(steps: readonly Step[], at: number, field: Field, clause: Clause | undefined): boolean {
  const { target, path } = (steps[at] as Step).operation;
  return steps.slice(at + 1).some(({ operation, clause: listing, bindings }) => {
    if (operation.target !== target) return false;
    for (const [input, binding] of bindings) {
      if (binding.kind === "answer" && binding.step === at && operation.method === "DELETE") return true;
      if (binding.kind === "choice" && input.leaf === field.leaf) return true;
    }
    if (
      operation.list === undefined ||
      operation.writes ||
      collectionPath(operation.path) !== collectionPath(path)
    )
      return false;
    if (clause !== undefined && ANY.test(clause.text)) return true;
    return (
      listing !== undefined &&
      (constraints(listing) ||
        listing.quoted.length > 0 ||
        listing.available ||
        ANY.test(listing.text) ||
        NEW.test(listing.text))
    );
  });
}

/**
 * The id of a created resource: the field named like the input, else a field named like an id, at the top of the answer
 * or one level below; else the last part of its `Location` (RFC 9110, section 10.2.2).
 */
export function createdId(
  { answer, path }: PastCall,
  input: Field,
): string | number | LosslessNumber | undefined {
  const body = answer?.body;
  for (const name of [input.leaf, ...OWN_ID_NAMES]) {
    const found = plainValue(valueAt(body, name));
    if (found !== undefined) return found;
    if (!isJsonObject(body)) continue;
    for (const inner of Object.values(body)) {
      const below = isJsonObject(inner) ? plainValue(inner[name]) : undefined;
      if (below !== undefined) return below;
    }
  }
  const location = answer?.headers?.location?.replace(/\/?(?:[?#].*)?$/, "");
  const at = location?.lastIndexOf("/") ?? -1;
  // What is made inside another thing may be found in a collection of its own.
  const collection = `/${lastPart(collectionPath(path))}`;
  if (location === undefined || !location.slice(0, Math.max(0, at)).endsWith(collection)) return undefined;
  return decodePercent(location.slice(at + 1));
}

function plainValue(value: Json | undefined): string | number | LosslessNumber | undefined {
  return isNumber(value) || (typeof value === "string" && value !== "") ? value : undefined;
}
