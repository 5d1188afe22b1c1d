import { lastPart } from "@ape/core/protocol/operations/path-words";
import type { Clause } from "../../goal/clause.ts";
import { areKin } from "../../words/thesaurus.ts";
import { lastWord, stem, stemsOf } from "../../words/words.ts";
import { isReference } from "../field.ts";
import type { Operation, OperationCatalog } from "../operation-catalog.ts";

/** `/trips/{id}/members`, `/trips/{id}/members/{memberId}`. */
const PARTS = /^(.*)\/\{[^/{}]+\}\/([^/{}]+)(\/\{[^/{}]+\})?$/;
/** Where somebody or something with a name is put or taken away from: `to trip 206`, `off the early trip`. */
const PLACE = /\s(?:to|into|onto|on|from|off|out of|of)\s+((?:[\p{Ll}-]+\s*){1,5})/gu;

/**
 * The operation that puts who or what has a name into a thing, or takes it out: `remove Ivo Lanz from trip 206` is
 * `DELETE /trips/{id}/members/{memberId}`, and does nothing to the trip itself. Undefined where none does, or several.
 */
export function partOperation(
  { verb, active, names, text, quoted }: Clause,
  { operations }: OperationCatalog,
): Operation | undefined {
  const isRemoval = verb === "~remove";
  if (!active || quoted.length > 0 || !(isRemoval || verb === "~add")) return undefined;
  const name = names.find(({ preposition }) => preposition === "");
  if (name === undefined) return undefined;
  const behind = text.slice(text.indexOf(name.text) + name.text.length);
  const nouns = Array.from(behind.matchAll(PLACE), ([, words = ""]) => words.trim().split(/\s+/)).flat();
  const stems = nouns.map((noun) => stem(lastWord(noun)));
  const fitting = operations.filter((operation) => {
    const [, outer = "", parts, item] = PARTS.exec(operation.path) ?? [];
    if (parts === undefined || (item !== undefined) !== isRemoval) return false;
    if (operation.method !== (isRemoval ? "DELETE" : "POST")) return false;
    const takes = operation.inputs.some(
      (field) => field.in === "body" && field.required && isReference(field),
    );
    const thing = stemsOf(lastPart(outer)).at(-1) ?? "";
    return (isRemoval || takes) && stems.some((noun) => areKin(noun, thing));
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}
