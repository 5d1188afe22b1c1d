import type { Json } from "@ape/core/lib/json";
import type { Field } from "../operations/field.ts";
import type { Operation } from "../operations/operation-catalog.ts";
import { subjectOf } from "../operations/operation-subject.ts";
import { areKin } from "../words/thesaurus.ts";
import type { Clause } from "./clause.ts";
import { numberIn } from "./constraints.ts";
import { thingsOf } from "./phrases/numbered-thing.ts";

/** Calls that a clause asks for at most: a larger number is named as not understood. */
const MOST = 20;

const SOME_OF = /\b([\w-]+) of (?:them|these|those)\b/i;

/**
 * How often an operation must be called for a clause: twice for `create two recipes`, once where one call takes the number.
 * @param values what the goal gives to the operation's inputs
 */
export function timesOf(clause: Clause, operation: Operation, values: ReadonlyMap<Field, Json>): number {
  const { verbClass, isAction } = subjectOf(operation);
  if (!operation.writes || operation.login) return 1;
  const some = SOME_OF.exec(clause.text)?.[1];
  const [noun] = [...clause.object.nouns].flatMap(([own, weight]) => (weight === 1 ? [own] : []));
  if ((isAction || verbClass !== "create") && !isDoneToEach(noun, operation)) return 1;
  const stated = clause.amounts.find(
    ({ value, money, about, replaces }) =>
      !money &&
      Number.isInteger(value) &&
      replaces.size === 0 &&
      ((noun !== undefined && about.has(noun)) || (some !== undefined && numberIn(some) === value)),
  );
  if (stated === undefined || stated.value < 2 || stated.value > MOST) return 1;
  const taken = [...values.values()].flat().some((value) => Number(value) === stated.value);
  return taken ? 1 : stated.value;
}

/** Whether an operation does something to one thing of a noun: `POST /crates/{id}/hold` of `hold two crates`. */
function isDoneToEach(noun: string | undefined, operation: Operation): boolean {
  const { isAction, verbClass } = subjectOf(operation);
  if (noun === undefined || !(isAction || verbClass === "delete")) return false;
  const id = operation.inputs.findLast((field) => field.in === "path");
  return id !== undefined && thingsOf(id, operation).some((thing) => areKin(thing, noun));
}

/** Whether a clause is about each of several things: `delete them`, not `delete one of them`. */
export const isAboutEach = ({ text }: Clause): boolean =>
  /\b(?:them|both|each|all of (?:them|these|those))\b/i.test(text) && !ONE_OF.test(text);
const ONE_OF = /\b(?:one|either|any|another) of (?:them|these|those)\b/i;
