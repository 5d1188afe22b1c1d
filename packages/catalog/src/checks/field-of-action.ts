import { type Field, isNumeric, isReference } from "../operations/field.ts";
import { subjectOf } from "../operations/operation-subject.ts";
import { verbOfNoun } from "../words/thesaurus.ts";
import { plain, stem } from "../words/words.ts";
import type { ChangePart } from "./goal-parts.ts";
import type { Expected } from "./thing.ts";
import { topFields } from "./thing-read.ts";

/** Words behind a participle that say what the field holds: when it was done, or how much it is for. */
const HELD: ReadonlySet<string> = new Set("at on date time for until value amount sum".split(" "));

/**
 * The field of a read that is called by what a part does to a thing, and what it must show then: `insuredFor` and
 * `insurance.number` after `insure it`. A number is the one that the goal names, else what the answer says; others are there.
 */
export function fieldOfAction(
  answers: readonly Field[],
  part: ChangePart,
): readonly [Field, Expected["value"]] | undefined {
  const { clause, operation, values } = part;
  const verbs = new Set([...subjectOf(operation).verbs, ...(clause.lead === undefined ? [] : [clause.lead])]);
  const field = answers.find(
    ({ name, type, enum: options }) =>
      options === undefined && !/^(?:object|array|boolean)|\[\]$/.test(type) && isCalledBy(name, verbs),
  );
  if (field === undefined) return undefined;
  if (!isNumeric(field) || isReference(field)) return [field, { exists: true, ne: null }];
  const [given, ...others] = [...values.values()].filter((value) => typeof value === "number");
  if (given !== undefined && others.length === 0) return [field, given];
  const own = topFields(operation.answers).find(({ leaf }) => leaf === field.leaf);
  return own === undefined ? undefined : [field, { of: part, field: own, differs: false }];
}

/** Whether a part of a name is made of a verb: `insuredAt`, `insurance`. */
function isCalledBy(name: string, verbs: ReadonlySet<string>): boolean {
  if (name.includes("[]")) return false;
  const [outer = "", ...inner] = name.split(".").map(plain);
  const [first = "", ...rest] = outer.replace(/^(?:is|was|date|time) /, "").split(" ");
  const isMade = verbs.has(stem(first)) || verbs.has(verbOfNoun(stem(first)));
  // `insure` alone is no state, and `order.total` is the thing's own.
  const isState = /(?:ed|en|ance|ence|ment|tion|sion|al)$/.test(first);
  return isMade && isState && rest.every((word) => HELD.has(word)) && inner.length <= 1;
}
