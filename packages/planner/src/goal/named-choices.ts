import { choiceConstraints } from "@ape/catalog/goal/choice-constraints";
import type { Clause } from "@ape/catalog/goal/clause";
import { thingsOf } from "@ape/catalog/goal/phrases/numbered-thing";
import { isKindFor, plainNameOf } from "@ape/catalog/goal/phrases/plain-name";
import { nameOf, type ThingName } from "@ape/catalog/goal/phrases/thing-name";
import { describedThing } from "@ape/catalog/goal/values/described-thing";
import { type Field, isNameText } from "@ape/catalog/operations/field";
import type { Operation, OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import { resultNouns, subjectOf } from "@ape/catalog/operations/operation-subject";
import { isOfPerson } from "@ape/catalog/operations/states/person-field";
import { areKin } from "@ape/catalog/words/thesaurus";
import { stem } from "@ape/catalog/words/words";
import { showsNames } from "../choice/by-name/called-item.ts";
import { calledBy, leftNames, namesDescribing } from "./called.ts";
import { nameParents } from "./names/parent-names.ts";
import { numbersLeft, putInPlace } from "./numbered-names.ts";
import type { Binding, ListChoice, SoughtKind, Step } from "./plan.ts";
import { besideOf, forWhom, kindDescribed, namesOfSought } from "./sought-things.ts";
import { statedParts } from "./stated-parts.ts";
import { listFieldsOf } from "./told-by-time.ts";
import { nameOfTopic } from "./topic-name.ts";

/** What a plan knows where the choices of a step get their names. */
interface NamingContext {
  steps: readonly Step[];
  /** The clauses before that of the step. */
  earlier: readonly Clause[];
  catalog: OperationCatalog;
  /** Whether an earlier step chooses the same. */
  isShared(choice: ListChoice): boolean;
  /** The name of what an earlier clause looked for: `find the Kilim`. */
  soughtBy(clause: Clause): ThingName | undefined;
  /** The kind of what an earlier clause looked for, which nothing here has a word for: `find a comedy`. */
  kindSoughtBy(clause: Clause): SoughtKind | undefined;
}

/** Notes who or which one is chosen, where a clause says so: `make Ben its chair`, `reserve table 7`. */
export function nameChoices(
  operation: Operation,
  clause: Clause,
  bindings: Map<Field, Binding>,
  { steps, earlier, catalog, isShared, soughtBy, kindSoughtBy }: NamingContext,
): void {
  const chosen = [...bindings].flatMap(([field, binding]) =>
    binding.kind === "choice" ? { field, binding } : [],
  );
  if (chosen.length === 0) return;
  const values = choiceConstraints({ operation, clause, bindings }, []);
  const calledSo = new Map(
    chosen.map(({ field }) => [field, calledBy(operation, clause, field, chosen.length, values)]),
  );
  const named = new Map(
    chosen.flatMap(({ field, binding }) =>
      listFieldsOf(binding.choice, steps).some(isNameText) ? [[field, calledSo.get(field)] as const] : [],
    ),
  );
  const about = numbersLeft(operation, clause, catalog);
  const acted =
    chosen.findLast(({ field }) => field.in === "path") ??
    chosen.find(({ field }) => !isOfPerson(field)) ??
    chosen[0];
  const plainName = plainNameOf(clause, catalog);
  // Who it is for is not what the thing itself is called.
  if (acted !== undefined && plainName?.of === false && named.has(acted.field) && operation.writes)
    named.set(acted.field, calledSo.get(acted.field) ?? plainName);
  if (about.length > 0 && acted !== undefined) acted.binding.choice.numbers = about;
  const parts =
    acted === undefined ? [] : statedParts(clause, operation, listFieldsOf(acted.binding.choice, steps));
  if (acted !== undefined && parts.length > 0) acted.binding.choice.parts = parts;
  for (const one of clause.told ?? []) {
    const isOf = ({ binding }: (typeof chosen)[number]): boolean => {
      const listing = steps[binding.choice.step]?.operation;
      return listing !== undefined && resultNouns(subjectOf(listing)).some((noun) => areKin(noun, one.noun));
    };
    const { choice } = (chosen.findLast(isOf) ?? acted)?.binding ?? {};
    if (choice !== undefined) choice.told = [...(choice.told ?? []), one];
  }
  if (acted !== undefined && clause.object.refers && named.has(acted.field) && operation.writes)
    named.set(acted.field, named.get(acted.field) ?? nameOf("it"));
  const left = chosen.length < 2 ? new Map<Field, ThingName>() : leftNames(clause, named, values);
  const topic =
    acted === undefined || calledSo.get(acted.field) !== undefined || isShared(acted.binding.choice)
      ? undefined
      : nameOfTopic(clause, earlier, steps[acted.binding.choice.step]?.operation, catalog);
  if (acted !== undefined && topic !== undefined) acted.binding.choice.called ??= topic;
  for (const { field, binding } of chosen) {
    const { list } = steps[binding.choice.step]?.operation ?? {};
    if (list === undefined || isShared(binding.choice)) continue;
    putInPlace(binding.choice, steps, clause);
    const called = calledSo.get(field) ?? left.get(field);
    if (field === acted?.field && about.length === 0) {
      const used = [
        ...[...calledSo.values(), ...left.values()].flatMap((one) => [one?.text ?? [], one?.or ?? []].flat()),
        ...parts.map(({ value }) => value),
      ];
      const listing = steps[binding.choice.step]?.operation;
      const described = [
        ...namesDescribing(clause, operation, used, values),
        ...(operation.writes && called === undefined
          ? namesOfSought(clause, earlier, steps[binding.choice.step], used, catalog)
          : []),
        ...[...(plainName === undefined ? [] : [plainName]), ...besideOf(clause, false, catalog)].filter(
          (name) => isNarrowName(name, operation, listing, values),
        ),
      ].filter((name) => !used.includes(name.text));
      if (described.length > 0) binding.choice.about = uniqueNames(described);
    }
    describeChoice(
      { field, choice: binding.choice },
      { clause, operation, plainName },
      steps,
      field === acted?.field,
    );
    if (called !== undefined) nameChoice(binding.choice, called, steps);
    else if (showsNames(steps[binding.choice.step]?.operation)) {
      const sought = soughtBy(clause);
      if (sought !== undefined) nameChoice(binding.choice, sought, steps);
    }
    const isOwn = field === acted?.field && operation.writes;
    const kind = isOwn
      ? (kindSoughtBy(clause) ??
        kindDescribed(clause, earlier, steps[binding.choice.step], catalog) ??
        forWhom(clause, operation, binding.choice, [
          ...[...values.values()].flat().map(String),
          ...[...calledSo.values(), ...left.values()].flatMap((one) =>
            [one?.text ?? [], one?.or ?? []].flat(),
          ),
        ]))
      : undefined;
    if (kind !== undefined) binding.choice.kind = kind;
    nameParents(binding.choice, clause, steps);
  }
}

/** Names without those that others have in them. */
const uniqueNames = (names: readonly ThingName[]): ThingName[] =>
  names.filter(
    ({ text }, at) => !names.some((other, place) => place < at && ` ${other.text} `.includes(` ${text} `)),
  );

/** Notes what a goal calls the thing that is chosen, where the list shows what its things are called. */
export function nameChoice(choice: ListChoice, called: ThingName, steps: readonly Step[]): void {
  const listing = steps[choice.step];
  if (listing === undefined || (called.numbered === undefined && !showsNames(listing.operation))) return;
  choice.called = called;
  const asked = listing.clause === undefined ? [] : [...choiceConstraints(listing, []).values()];
  if (asked.includes(called.text)) choice.isTerm = true;
}

/** Whether what a clause calls a thing in small letters is no word for all that a list has, as the chainsaw is of loans. */
const isNarrowName = (
  name: ThingName | undefined,
  operation: Operation,
  listing: Operation | undefined,
  values: ReadonlyMap<Field, unknown>,
): name is ThingName =>
  name !== undefined &&
  listing !== undefined &&
  operation.writes &&
  !isKindFor(name, listing) &&
  !isKindFor(name, operation) &&
  ![...values.values()].some((value) => String(value).includes(name.text));

/** Notes the words in small letters that tell the thing that is chosen from others: `remove the drill`, `to the south depot`. */
function describeChoice(
  { field, choice }: { field: Field; choice: ListChoice },
  {
    clause,
    operation,
    plainName,
  }: { clause: Clause; operation: Operation; plainName: ThingName | undefined },
  steps: readonly Step[],
  isActedOn: boolean,
): void {
  const listing = steps[choice.step]?.operation;
  if (listing === undefined || !operation.writes || operation.login || !showsNames(listing)) return;
  const nouns = [...resultNouns(subjectOf(listing)), ...thingsOf(field, operation)];
  const words = describedThing(clause, nouns);
  // `The shipping method`, of shipping methods.
  const isOwnWord = words?.split(/\s+/).some((word) => listing.weights.has(stem(word))) === true;
  if (words !== undefined && !isOwnWord) choice.described = { text: words, isNoun: false };
  else if (isActedOn && plainName?.of === false && isKindFor(plainName, listing))
    choice.described = { text: plainName.text, isNoun: true };
}
