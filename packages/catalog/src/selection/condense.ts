import type { ApiField, ApiOperation } from "@ape/core/protocol/api";
import { isIdName, isPlainIdName } from "@ape/core/protocol/id-name";
import { spokenName } from "../operations/field.ts";
import { namesAvailability, namesMoney } from "../words/value-words.ts";
import { plain, tokens, type WeightedTokens } from "../words/words.ts";

/** Number of optional inputs and answer fields that are kept, from the mildest cut to the hardest. */
const STEPS: readonly (readonly [inputs: number, answers: number])[] = [
  [24, 16],
  [16, 12],
  [10, 8],
  [6, 6],
  [3, 4],
  [0, 3],
];
/** More than any words of a goal count for another field. */
const OWN_ID = 100;
const MAX_OF_GROUP = 4;
/** What the words of a field's parents count. */
const WITHIN = 0.4;
/** For an operation with more required inputs the first are kept, and no deeper ones. */
const MAX_REQUIRED = 12;
const MAX_REQUIRED_DEPTH = 3;
const STATE = /\b(?:state|status|phase|stage)$/;
const NAME = /\b(?:name|title|label|email|date|description|count|total|quantity)$/;
/** What says whether an amount is in hundredths. */
const CURRENCY = /^currency(?: code)?$/;
const ERROR = /^(?:message|error(?: code| message)?|reason)$/;
const LINK = /\b(?:url|uri|href|link|links)$/;

/**
 * An operation with fewer fields, so that it costs at most `most`: keeps required inputs; of the others those that a
 * goal's words mention; of the answer ids, states, amounts and names. Returns an operation that costs no more
 * unchanged.
 */
export function condense(
  operation: ApiOperation,
  words: WeightedTokens,
  most: number,
  costOf: (operation: ApiOperation) => number,
): ApiOperation {
  if (costOf(operation) <= most) return operation;
  const inputs = rankedInputs(operation.fields, words);
  const answers = rankedAnswers(operation.fields, words);
  const cut = ([optional, answered]: (typeof STEPS)[number]): ApiOperation => {
    const kept = new Set<ApiField>(answers.slice(0, answered));
    let room = optional;
    for (const { required, fields } of inputs) {
      if (!required && room <= 0) continue;
      if (!required) room -= fields.length;
      for (const field of fields) kept.add(field);
    }
    return { ...operation, fields: operation.fields.filter((field) => kept.has(field)) };
  };
  // The mildest cut that suffices, found by bisection: serializing a long operation is slow.
  let result = cut(STEPS.at(-1) as (typeof STEPS)[number]);
  if (costOf(result) <= most) {
    let low = 0;
    let high = STEPS.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const tried = cut(STEPS[middle] as (typeof STEPS)[number]);
      if (costOf(tried) <= most) [high, result] = [middle, tried];
      else low = middle + 1;
    }
    return result;
  }
  let required = 0;
  return {
    ...result,
    fields: result.fields.filter((field) => {
      if (field.in === "answer" || field.in === "path") return true;
      required += 1;
      return required <= MAX_REQUIRED && field.name.split(".").length <= MAX_REQUIRED_DEPTH;
    }),
  };
}

interface InputGroup {
  required: boolean;
  score: number;
  fields: readonly ApiField[];
}

const rootOf = (name: string): string => name.split(/\.|\[\]/, 1)[0] ?? name;

/** Inputs by their top-level field: required ones first, then by how much the words mention them. */
function rankedInputs(fields: readonly ApiField[], words: WeightedTokens): InputGroup[] {
  const groups = new Map<string, ApiField[]>();
  for (const field of fields) {
    if (field.in === "answer") continue;
    const key = `${field.in} ${rootOf(field.name)}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [field]);
    else known.push(field);
  }
  return [...groups.values()]
    .map((members): InputGroup => {
      const root = members.find(({ name }) => name === rootOf(name)) ?? members[0];
      const wanted = members.map((field) => ({ field, score: wantedness(field, words) }));
      const kept = new Set(
        wanted
          .toSorted((one, two) => two.score - one.score)
          .slice(0, MAX_OF_GROUP)
          .map(({ field }) => field),
      );
      const required = root?.in === "path" || root?.required === true;
      return {
        required,
        score: Math.max(...wanted.map(({ score }) => score)),
        fields: members.filter((field) => field === root || field.required || kept.has(field)),
      };
    })
    .sort((one, two) => Number(two.required) - Number(one.required) || two.score - one.score);
}

function wantedness(field: ApiField, words: WeightedTokens): number {
  const depth = field.name.split(".").length - 1;
  return spokenOf(field, words) + (isIdName(field.name) ? 0.2 : 0) - 0.2 * depth;
}

function spokenOf({ name, description }: ApiField, words: WeightedTokens): number {
  let score = 0;
  for (const token of tokens(name)) score += words.get(token) ?? 0;
  let said = 0;
  for (const token of tokens(description.slice(0, 200))) said = Math.max(said, words.get(token) ?? 0);
  return score + 0.3 * said;
}

function rankedAnswers(fields: readonly ApiField[], words: WeightedTokens): ApiField[] {
  const scored = fields
    .filter((field) => field.in === "answer")
    .map((field) => {
      const leaf = field.name.split(/\.|\[\]/).findLast((part) => part !== "") ?? field.name;
      const text = spokenName(field.name);
      // An amount within a price is as deep as the price itself.
      const isAmount = text !== plain(leaf);
      const depth = field.name.split(".").length - (isAmount ? 2 : 1);
      // The words of a part that a field is in are those of many fields.
      const own = spokenOf({ ...field, name: leaf }, words);
      let score = own + WITHIN * (spokenOf(field, words) - own) - 0.35 * depth;
      // Without the own id of what an operation makes or lists, no later call can name it.
      if (isPlainIdName(leaf) && depth <= 1) score += OWN_ID;
      else if (CURRENCY.test(text)) score += 1.4;
      // The id of a part, such as a picture, is rarely needed.
      else if (isIdName(leaf)) score += isPlainIdName(leaf) ? 0.4 : 1;
      else if (STATE.test(text)) score += 1.2;
      else if (field.onTypes !== undefined && ERROR.test(text)) score += 1;
      else if (namesMoney(text) || namesAvailability(text)) score += 1.2;
      else if (NAME.test(text)) score += 0.5;
      if (LINK.test(text) || leaf === "__typename") score -= 1;
      if (/^(?:object|array)$/.test(field.type)) score -= 0.5;
      return { field, score };
    });
  return scored.sort((one, two) => two.score - one.score).map(({ field }) => field);
}
