import { TAKES_PART } from "@ape/catalog/goal/goal-text";
import type { Field } from "@ape/catalog/operations/field";
import { plain } from "@ape/catalog/words/words";
import type { Json } from "@ape/core/lib/json";
import type { Step } from "./plan.ts";

/** Persons and things that a step names beside what it chooses, which no choice and no input is called. */
export function namesWithoutThing(
  { operation, clause, bindings }: Step,
  values: ReadonlyMap<Field, Json>,
): string[] {
  const called = [...bindings.values()].flatMap((one) =>
    one.kind === "choice" ? (one.choice.called ?? []) : [],
  );
  if (!operation.writes || clause === undefined || called.length === 0) return [];
  const isSent = (text: string): boolean =>
    [...values.values()].flat().some((value) => plain(String(value)).includes(plain(text)));
  const names = clause.names.filter(({ text, preposition }) => TAKES_PART.test(preposition) && !isSent(text));
  const others = names.filter(
    ({ text }) => !called.some(({ text: own, whole }) => whole.includes(text) || text.includes(own)),
  );
  return others.map(({ text, preposition }) => `${preposition} ${text}`);
}
