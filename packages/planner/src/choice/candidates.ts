import { isNumberOf, saysProperty, wantsProperty } from "@ape/catalog/goal/choice-constraints";
import type { Clause } from "@ape/catalog/goal/clause";
import type { Bound } from "@ape/catalog/goal/constraints";
import { soughtText } from "@ape/catalog/goal/things/sought-text";
import { isAt } from "@ape/catalog/goal/times/days-of-choice";
import { withoutFieldNames } from "@ape/catalog/goal/values/field-names-said";
import { availability, type Field, isMoney, isNumeric } from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { isRemoval } from "@ape/catalog/operations/operation-subject";
import { plain, stem } from "@ape/catalog/words/words";
import { isComposite, type Json } from "@ape/core/lib/json";
import { isNumber, writeJson } from "@ape/core/lib/lossless-number";
import { randomFrom, seedOf } from "@ape/core/lib/random";
import type { PastCall } from "../goal/past-call.ts";
import type { ListChoice } from "../goal/plan.ts";
import { hasParts } from "../goal/stated-parts.ts";
import { type PlanningContext, sentText, successfulCalls } from "../planning-context.ts";
import { bestCalled, daysOf, hasNumbers, matchOfItem } from "./by-name/called-item.ts";
import { ofDescription } from "./by-name/described-item.ts";
import { isNamedSo, ofSoughtKind } from "./by-name/related-thing.ts";
import { hasTold } from "./by-name/told-item.ts";
import { amountIn, keeps, moneyScales, numericField } from "./item-bounds.ts";
import { fitsFilters } from "./listed/asked-filters.ts";
import { firstIn, orderOf } from "./listed/order-field.ts";
import { nextPage } from "./listed/paging.ts";
import { isOnTheWay, isPinned } from "./nested/parents.ts";
import { inItem, itemFields, itemsOf, readItem, textsIn, visibleList } from "./response-values.ts";

/** The item that a session has chosen, by the value of one field of the list. */
export interface ChosenItem {
  field: Field;
  value: string;
}

/** What a session's calls show of a choice. */
export interface ChoiceAttempts {
  /** The value of the last call that succeeded (or is to be repeated). */
  taken: ChosenItem | undefined;
  /** Values that failed. */
  failed: Set<string>;
  /** Values that were chosen before a later call failed: not wrong in themselves. */
  doubtful: Set<string>;
}

const REFUSED = new Set([403, 404, 409, 410]);

/** Reads from the history which values were tried for a choice, and which failed. */
export function choiceAttempts(choice: ListChoice, { plan, progress }: PlanningContext): ChoiceAttempts {
  const tries: ChoiceAttempts = { taken: undefined, failed: new Set(), doubtful: new Set() };
  const stepOf = new Map<PastCall, number>();
  progress.attempts.forEach((calls, step) => {
    for (const call of calls) stepOf.set(call, step);
  });
  for (const call of progress.calls) {
    const index = stepOf.get(call);
    if (index === undefined) continue;
    const step = plan.steps[index];
    let mine = false;
    for (const [input, binding] of step?.bindings ?? []) {
      if (binding.kind !== "choice" || binding.choice !== choice) continue;
      mine = true;
      const value = sentText(call, input);
      if (value !== undefined) note(tries, call, input, { field: binding.field, value });
    }
    if (!mine && index > choice.step && call.status === 409 && tries.taken !== undefined && !isEmpty(call)) {
      tries.doubtful.add(tries.taken.value);
      tries.taken = undefined;
    }
  }
  return tries;
}

function note(tries: ChoiceAttempts, call: PastCall, input: Field, taken: ChosenItem): void {
  if (call.ok || !hasRefused(call, input)) {
    tries.taken = taken;
    return;
  }
  tries.failed.add(taken.value);
  if (tries.taken?.value === taken.value) tries.taken = undefined;
}

/** Whether a conflict means that nothing is there yet, which does not reject the choice. */
const isEmpty = ({ answer }: PastCall): boolean =>
  answer !== undefined && /\b(?:empty|nothing in)\b|empty_/i.test(textsIn(answer.body));

/** Whether a failed call failed because of the choice. */
function hasRefused(call: PastCall, input: Field): boolean {
  if (REFUSED.has(call.status)) return true;
  if (call.status !== 422 && call.status !== 400) return false;
  return call.answer !== undefined && JSON.stringify(call.answer.body).includes(`"${input.leaf}"`);
}

/** The visible items that fit a choice, from the latest page that has any; `doubtful` ones only on request. */
export function candidates(
  choice: ListChoice,
  field: Field,
  context: PlanningContext,
  doubtful = false,
): Json[] {
  const { operation } = context.plan.steps[choice.step] ?? {};
  if (operation === undefined) return [];
  const fields = itemFields(operation);
  const tries = choiceAttempts(choice, context);
  const others = choice.apart ? takenElsewhere(choice, context) : new Set<string>();
  if (choice.position !== undefined) {
    const taken = inPlace(choice, field, context, doubtful);
    return taken === undefined || tries.failed.has(String(readItem(taken, field, fields))) ? [] : [taken];
  }
  const hasNames = isNamedSo(choice, operation, context);
  const isWay = isOnTheWay(choice, context.plan);
  for (const page of successfulCalls(context, operation).reverse()) {
    const items = itemsOf(page.answer?.body, operation);
    const scales = moneyScales(items, choice, fields, doubtful);
    const fits = fitsFilters(choice, page, context);
    const isFound = choice.isTerm === true && Object.values(page.query).includes(choice.called?.text ?? "");
    const fitting = items.filter((item) => {
      const id = readItem(item, field, fields);
      if (id === undefined || id === null || isComposite(id)) return false;
      const key = String(id);
      if (tries.failed.has(key) || others.has(key) || (!doubtful && tries.doubtful.has(key))) return false;
      if (!fits(item) || (!isFound && !hasNames(item))) return false;
      if (!hasNumbers(item, choice, operation) || !hasParts(item, choice.parts)) return false;
      if (!hasTold(item, choice, context)) return false;
      return satisfies(item, choice, operation, scales, doubtful && isPinned(choice), isWay);
    });
    const meant = ofSoughtKind(fitting, choice, operation, context);
    const described = ofDescription(meant, items, choice, operation);
    const best = bestCalled(described, choice, operation);
    if (best.length > 0 && !isOtherThanQuoted(best[0] ?? null, choice, context))
      return exactly(best, choice, fields);
  }
  return [];
}

/**
 * Whether a goal removes a thing by its quoted name, and an item has that only within a longer one: `delete the note "Dust"`
 * leaves the note "Dust, second run".
 */
function isOtherThanQuoted(item: Json, choice: ListChoice, { plan: { steps } }: PlanningContext): boolean {
  const { called } = choice;
  const listing = steps[choice.step]?.operation;
  if (called === undefined || listing === undefined || matchOfItem(item, choice, listing) !== 1) return false;
  return steps.some(
    ({ operation, clause, bindings }) =>
      isRemoval(operation) &&
      clause?.quoted.includes(called.text) === true &&
      [...bindings.values()].some((one) => one.kind === "choice" && one.choice === choice),
  );
}

/** The item at the place that the goal says, of those that fit it; the last one of all only where a list shows its end. */
function inPlace(
  { position = 1, ...choice }: ListChoice,
  field: Field,
  context: PlanningContext,
  doubtful: boolean,
): Json | undefined {
  const { operation } = context.plan.steps[choice.step] ?? {};
  const pages = operation === undefined ? [] : successfulCalls(context, operation);
  const page = position < 0 ? pages.at(-1) : pages[0];
  if (operation === undefined || page === undefined) return undefined;
  const fields = itemFields(operation);
  const items = itemsOf(page.answer?.body, operation);
  const scales = moneyScales(items, choice, fields, doubtful);
  const fitting = items.filter(
    (item) =>
      readItem(item, field, fields) !== undefined &&
      (choice.called === undefined || matchOfItem(item, choice, operation) > 0) &&
      hasNumbers(item, choice, operation) &&
      hasParts(item, choice.parts) &&
      hasTold(item, choice, context) &&
      satisfies(item, choice, operation, scales, doubtful),
  );
  if (position > 0) return fitting[position - 1];
  const isEnd =
    visibleList(page.answer?.body, operation)?.hidden === 0 && nextPage(page, operation) === undefined;
  return isEnd ? fitting.at(-1) : undefined;
}

/** Of items that have at least the numbers that the goal states, those with these very numbers, if there are any. */
function exactly(items: Json[], { clauses }: ListChoice, fields: readonly Field[]): Json[] {
  let exact = items;
  for (const { field, value } of statedNumbers(clauses, fields)) {
    const same = exact.filter((item) => amountIn(item, field, fields) === value);
    if (same.length > 0) exact = same;
  }
  return exact;
}

function takenElsewhere(choice: ListChoice, context: PlanningContext): Set<string> {
  const values = new Set<string>();
  for (const other of context.plan.choices) {
    if (other === choice || other.step !== choice.step) continue;
    const { taken } = choiceAttempts(other, context);
    if (taken !== undefined) values.add(taken.value);
  }
  return values;
}

/** What a persona wants that pays little. */
const CHEAPEST = { least: true, money: true, about: new Map<string, number>() };

/** Chooses an item: the first in the requested order, else one by the persona, else any, by the seed. */
export function chooseItem(
  items: readonly Json[],
  choice: ListChoice,
  operation: Operation,
  { seed, persona }: Pick<PlanningContext, "seed" | "persona">,
): Json {
  const fields = itemFields(operation);
  const told = orderOf(choice.clauses, fields);
  if (told !== undefined) return firstIn(items, told, fields);
  const by = persona.cheapest ? fields.find(isMoney) : undefined;
  if (by !== undefined && choice.clauses.every(({ extreme }) => extreme === undefined))
    return firstIn(items, { order: CHEAPEST, field: numericField(CHEAPEST, fields) ?? by }, fields);
  const worded = preferred(items, choice, fields);
  if (persona.first) return worded[0] ?? null;
  const pick = Math.floor(randomFrom(seedOf(seed, "choice"))() * worded.length);
  return worded[pick] ?? worded[0] ?? null;
}

/** Whether words of the goal tell some of the items apart from the others. */
export function isNamed(items: readonly Json[], choice: ListChoice, operation: Operation): boolean {
  return preferred(items, choice, itemFields(operation)).length < items.length;
}

/** Items that match most of the words of the first clause of a choice that tells any apart. */
export function preferred(
  items: readonly Json[],
  choice: ListChoice,
  fields: readonly Field[],
): readonly Json[] {
  const common = new Set(fields.flatMap((field) => [...field.textTokens.keys(), ...field.nameTokens.keys()]));
  const texts = items.map(
    (item) =>
      ` ${writeJson(Object.values(item ?? {}))
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, " ")} `,
  );
  for (const clause of choice.clauses) {
    const telling = tellingWords(clause, common);
    const counts = texts.map((text) => telling.filter((word) => text.includes(` ${word} `)).length);
    const most = Math.max(0, ...counts);
    if (most > 0) return items.filter((_, index) => counts[index] === most);
  }
  return items;
}

/** The words and quoted texts of a clause that are no names of fields. Codes are told apart by their parts too: `T60-B`. */
function tellingWords(clause: Clause, common: ReadonlySet<string>): string[] {
  const { quoted } = clause;
  const words =
    soughtText(clause)
      .toLowerCase()
      .match(/[a-z]{3,}|(?:[a-z]+\d|\d+[a-z])[a-z\d]*/g) ?? [];
  return [...words.filter((word) => !common.has(word)), ...quoted.map((one) => one.toLowerCase())];
}

const removes = ({ verb }: Clause): boolean => verb === "~remove";

/**
 * Whether an item meets all bounds, is available, and has the stated numbers.
 * @param anyway whether it need meet bounds alone
 * @param isWay whether it is chosen for what it has in it: then the numbers are those of that
 */
function satisfies(
  item: Json,
  choice: ListChoice,
  operation: Operation,
  scales: ReadonlyMap<Bound, number>,
  anyway: boolean,
  isWay = false,
): boolean {
  const fields = itemFields(operation);
  for (const field of fields) {
    const had = availability(field);
    if (anyway || had === undefined || inItem(field).includes(".")) continue;
    const value = readItem(item, field, fields);
    if (
      typeof value === "boolean" &&
      value !== had &&
      !choice.clauses.some((one) => setsProperty(one, field))
    )
      return false;
    if (isNumber(value) && isNumeric(field) && Number(value) < wanted(choice)) return false;
  }
  for (const { point, fields: own } of choice.points ?? []) {
    const shown =
      own.length === 0 ? daysOf(item) : own.flatMap((field) => readItem(item, field, fields) ?? []);
    // What shows no day is not removed for one: the assignment for the hearing on that day may be another.
    const isOpen = shown.length === 0 && !(own.length === 0 && choice.clauses.some(removes));
    if (!isOpen && !shown.some((value) => isAt(value, point))) return false;
  }
  for (const clause of choice.clauses) {
    for (const bound of clause.bounds) if (!keeps(item, bound, fields, scales.get(bound))) return false;
    if (!(isWay && isPinned(choice)) && !isOfKind(item, clause, fields)) return false;
    for (const field of fields) {
      if (setsProperty(clause, field)) continue;
      const wanted = saysProperty(clause, field) ? true : wantsProperty(clause, field);
      if (wanted === undefined) continue;
      const had = readItem(item, field, fields);
      if (typeof had === "boolean" && had !== wanted) return false;
    }
  }
  // What has a name may get the number: `weigh Rex: 31.5 kg`. That of a crate is none of its depot.
  if (anyway || isWay) return true;
  return statedNumbers(choice.clauses, fields).every(({ field, value }) => {
    const own = amountIn(item, field, fields);
    return Number.isNaN(own) || own >= value;
  });
}

/** Whether a clause brings what it chooses into the state that a field is for: `set Ann to available`, `set the available of Ann to true`. */
function setsProperty({ verb, text }: Clause, { leaf }: Field): boolean {
  if (verb !== "~update") return false;
  const [before = "", behind = ""] = ` ${plain(text)} `.split(`${plain(leaf).replace(/^(?:is|has) /, "")} `);
  return (
    / (?:to|as|not) $/.test(before) || (/ the $/.test(before) && /^of .* to (?:true|false) $/.test(behind))
  );
}

/** The numbers that a goal states of what it chooses, by the fields of their names: `a game for 3 players`. */
function statedNumbers(
  clauses: readonly Clause[],
  fields: readonly Field[],
): { field: Field; value: number }[] {
  const stated: { field: Field; value: number }[] = [];
  for (const { amounts } of clauses)
    for (const amount of amounts) {
      const field = fields.find(
        (one) => isNumeric(one) && availability(one) === undefined && isNumberOf(amount, one),
      );
      if (field !== undefined) stated.push({ field, value: amount.value });
    }
  return stated;
}

/** A state that is called by a verb: `the wash day` asks for nothing that is `WASHED`. */
const PARTICIPLE = /(?:ed|ing)$/i;

/** Whether an item has every option of an enumeration by which a clause says what it wants: `a mountain cabin`. */
function isOfKind(item: Json, { object, text }: Clause, fields: readonly Field[]): boolean {
  for (const field of fields) {
    if (field.enum === undefined || field.enum.length < 2) continue;
    // `The time of day` and `wash day` are names of fields, and ask for no `DAY`.
    const whole = ` ${plain(text)} `;
    const said = withoutFieldNames(whole, field, fields);
    const isOfName = (option: string): boolean =>
      whole.includes(` ${option} `) && !said.includes(` ${option} `);
    const wanted = field.enum.filter(
      (option) =>
        typeof option === "string" &&
        !isOfName(plain(option)) &&
        ((!PARTICIPLE.test(option) && object.nouns.has(stem(plain(option)))) ||
          object.plain.has(plain(option))),
    );
    if (wanted.length === 0) continue;
    const value = readItem(item, field, fields);
    if (value !== undefined && value !== null && !wanted.includes(value)) return false;
  }
  return true;
}

/** The wanted quantity. */
function wanted(choice: ListChoice): number {
  for (const clause of choice.clauses)
    for (const { value, money } of clause.amounts)
      if (!money && Number.isInteger(value) && value > 0 && value < 100) return value;
  return 1;
}
