import type { Clause } from "@ape/catalog/goal/clause";
import { TAKES_PART } from "@ape/catalog/goal/goal-text";
import { thingNamed } from "@ape/catalog/goal/phrases/thing-name";
import type { Field } from "@ape/catalog/operations/field";
import { plain } from "@ape/catalog/words/words";
import type { Json } from "@ape/core/lib/json";
import type { ListChoice, Step } from "./plan.ts";

/** Persons and things that a step names beside what it chooses, which no choice and no input is called. */
export function namesWithoutThing(
  { operation, clause, bindings }: Step,
  values: ReadonlyMap<Field, Json>,
): string[] {
  const choices = [...bindings.values()].flatMap((one) => (one.kind === "choice" ? one.choice : []));
  const called = choices.flatMap((choice) => choice.called ?? []);
  if (!operation.writes || clause === undefined) return [];
  const isSent = (text: string): boolean =>
    [...values.values()].flat().some((value) => plain(String(value)).includes(plain(text)));
  const texts =
    choices.length === 0 ? [] : textsWithoutThing(clause, choices).filter((text) => !isSent(text));
  if (called.length === 0) return texts.map((text) => JSON.stringify(text));
  const names = clause.names.filter(({ text, preposition }) => TAKES_PART.test(preposition) && !isSent(text));
  const others = names.filter(
    ({ text }) => !called.some(({ text: own, whole }) => whole.includes(text) || text.includes(own)),
  );
  return [
    ...others.map(({ text, preposition }) => `${preposition} ${text}`),
    ...texts.map((text) => JSON.stringify(text)),
  ];
}

/** The quoted texts of a clause by which it tells none of the things that it chooses. */
function textsWithoutThing(clause: Clause, choices: readonly ListChoice[]): string[] {
  const name = thingNamed(clause);
  const told = choices.flatMap(({ called, kind, about = [], told: fields = [], parts = [] }) => [
    ...[called, name, kind?.name, ...about].flatMap((one) => [one?.whole ?? [], one?.or ?? []].flat()),
    ...[...fields, ...parts].map(({ value }) => value),
  ]);
  return clause.quoted.filter(
    (text) => !text.includes("{{") && !told.some((one) => plain(one).includes(plain(text))),
  );
}
