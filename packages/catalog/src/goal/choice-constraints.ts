import type { Json } from "@ape/core/lib/json";
import { inputChangedBy } from "../checks/change-by-amount.ts";
import { clampNumber } from "../operations/clamp-number.ts";
import {
  availability,
  type Field,
  isCount,
  isDate,
  isMoney,
  isNumeric,
  isPage,
  isSearch,
  isSize,
  isText,
  moneyScale,
} from "../operations/field.ts";
import { fieldOfVerb } from "../operations/field-of-verb.ts";
import { stateAfter, takesParticiple } from "../operations/state-change.ts";
import { nameOfCode } from "../words/code-names.ts";
import { STOP, VERB_CLASSES } from "../words/lexicon.ts";
import { plain, stem, stemsOf } from "../words/words.ts";
import type { Clause } from "./clause.ts";
import type { ConstrainedStep } from "./constrained-step.ts";
import type { Amount, Bound } from "./constraints.ts";
import { restoreDigits } from "./exact-numbers.ts";
import { assignKind } from "./phrases/kind-of-thing.ts";
import { assignNumbered } from "./phrases/numbered-input.ts";
import { assignProse } from "./phrases/prose-text.ts";
import { saidOfMade } from "./phrases/said-properties.ts";
import { assignSharedOptions } from "./shared-options.ts";
import { assignNumbers, assignTexts, numberBeside } from "./stated-values.ts";
import { soughtText } from "./things/sought-text.ts";
import { isTimeOfDay, timeFor } from "./times/stated-times.ts";
import { withoutFieldNames } from "./values/field-names-said.ts";

const NAMED = /\b(?:called|named|titled|entitled|matching|containing|with the word)\s+([a-z][\w -]*)$/i;
const UPPER = /\b(?:most|max|maximum|highest|upper|up to|under|below|cheaper|not more)\b/;
const LOWER = /\b(?:least|min|minimum|lowest|lower|from|above|over)\b/;
const SORT = /\b(?:sort|sorted|order|ordered|ordering)\b/;
const RISING = /\b(?:asc|ascending|cheapest|lowest|rising|up|low)\b/;
const FALLING = /\b(?:desc|descending|highest|falling|down|dearest|high)\b/;

/** The values that the goal itself gives for a step's inputs, by field. Bounds also fill the filters of a list. */
export function choiceConstraints(
  step: ConstrainedStep,
  choices: readonly { clauses: readonly Clause[] }[],
): Map<Field, Json> {
  const constraints = new Map<Field, Json>();
  const own = step.clause === undefined ? undefined : assignProse(step, step.clause, constraints);
  const around = choices.flatMap((choice) => choice.clauses);
  for (const field of step.operation.inputs) {
    if (step.bindings.has(field) || constraints.has(field) || field.in === "header") continue;
    const value = wishFor(field, step, own, around);
    if (value !== undefined) constraints.set(field, value);
  }
  if (own !== undefined) {
    const open = step.operation.inputs.filter((field) => !step.bindings.has(field) && field.in !== "header");
    assignSharedOptions(open, own.text, constraints);
    assignNumbers(step, own, constraints);
    assignTexts(step, own, constraints);
    assignKind(own, step.operation, constraints);
    assignNumbered(step, own, constraints);
    // The amount of a change is not the value after it.
    const changed = inputChangedBy(own, step.operation);
    if (changed !== undefined) constraints.delete(changed);
  }
  restoreDigits(
    constraints,
    (own === undefined ? around : [own, ...around]).map(({ text }) => text),
  );
  return constraints;
}

function wishFor(
  field: Field,
  step: ConstrainedStep,
  own: Clause | undefined,
  around: readonly Clause[],
): Json | undefined {
  const clauses = own === undefined ? around : [own, ...around];
  const filter = field.in === "query" && !step.operation.writes;
  if (field.enum !== undefined)
    return (
      sorted(field, clauses) ??
      currencyOption(field, own) ??
      // `Complete the confirmed assignment`: the state before it is that of the thing.
      (filter || own === undefined || !takesParticiple(own, field) ? undefined : stateAfter(own, field)) ??
      named(field, own === undefined ? around : [own], filter, step.operation.inputs) ??
      (own === undefined || filter ? undefined : stateAfter(own, field))
    );
  if (isNumeric(field)) {
    if (field.in === "query" && (isPage(field) || isSize(field))) return undefined;
    if (filter)
      return (
        limit(
          field,
          clauses.flatMap(({ bounds }) => bounds),
        ) ?? statedNumber(field, clauses)
      );
    return amount(field, step, own, around);
  }
  if (field.type === "boolean") {
    if (!filter)
      return own === undefined
        ? undefined
        : (stateAfter(own, field) ?? saidOfMade(own, field, step.operation) ?? wantsProperty(own, field));
    if (availability(field) === true && clauses.some(({ available }) => available)) return true;
    return clauses.some((clause) => saysProperty(clause, field)) ? true : undefined;
  }
  if (isDate(field) || isTimeOfDay(field)) return timeFor(field, step, clauses);
  if (own?.currency !== undefined && /\bcurrency\b/.test(plain(field.leaf)) && isText(field))
    return own.currency;
  if (filter && isSearch(field) && own !== undefined) return searchFor(own, step);
  return undefined;
}

/** Whether a clause says by an adjective that what it chooses has a property: `a heated box`. */
export function saysProperty({ object }: Clause, field: Field): boolean {
  if (!field.type.startsWith("boolean")) return false;
  const name = plain(field.leaf).replace(/^(?:is|has) /, "");
  return !name.includes(" ") && name.length > 3 && (object.plain.has(name) || object.nouns.has(stem(name)));
}

/**
 * Whether a clause asks for a thing that has a property, or has it not: `a plot with water`, `a room without a balcony`.
 * Undefined where it says nothing of it.
 */
export function wantsProperty({ text }: Clause, { type, leaf }: Field): boolean | undefined {
  const name = plain(leaf).replace(/^(?:is|has|with) /, "");
  if (!type.startsWith("boolean") || name.length < 4) return undefined;
  const said = ` ${plain(text)} `;
  const has = (before: string): boolean =>
    [`${before} ${name} `, `${before} a ${name} `, `${before} an ${name} `].some((words) =>
      said.includes(` ${words}`),
    );
  if (has("without") || has("with no") || has("has no")) return false;
  return has("with") || has("has") || has("have") || has("having") ? true : undefined;
}

/**
 * An enum value that a clause names: one beside the field's name first, `grade B`.
 * @param filter whether it says which things are shown: what a clause does to them is no such value
 */
function named(
  field: Field,
  clauses: readonly Clause[],
  filter: boolean,
  inputs: readonly Field[],
): Json | undefined {
  for (const clause of clauses) {
    const whole = ` ${plain(filter ? soughtText(clause) : clause.text)} `;
    const text = withoutFieldNames(whole, field, inputs);
    const singular = text.replaceAll(/s /g, " ");
    const options = (field.enum ?? []).filter(
      (option): option is string =>
        typeof option === "string" &&
        !text.includes(` not ${plain(option)} `) &&
        !(filter && isReached(option, clause)) &&
        (text.includes(` ${plain(option)} `) || singular.includes(` ${plain(option)} `)),
    );
    const name = plain(field.leaf);
    const spoken = field.enum?.find((option) => {
      const said = typeof option === "string" ? nameOfCode(option, field.words) : undefined;
      return said !== undefined && whole.includes(` ${said} `);
    });
    if (spoken !== undefined) return spoken;
    const telling = options.filter((option) => !isFunctionWord(option) || isWrittenSo(option, clause));
    const value =
      options.find((option) => text.includes(` ${name} ${plain(option)} `)) ??
      telling.find((option) => text.includes(` ${plain(option)} ${name} `)) ??
      telling[0];
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Whether a clause brings its thing into a state, at its end: `set GS-07 offline`. */
const isReached = (option: string, { wanted, text, verb }: Clause): boolean =>
  wanted !== undefined &&
  VERB_CLASSES.get(verb ?? "") !== "read" &&
  plain(wanted.word) === plain(option) &&
  plain(text).endsWith(` ${plain(option)}`);

/** Whether an option is a word of any sentence, such as the article `a` for the grade `A`. */
const isFunctionWord = (option: string): boolean => /^\p{L}$/u.test(option) || STOP.has(plain(option));

/** Whether an option is in a clause in its own case, and not in that of the sentence. */
const isWrittenSo = (option: string, { text }: Clause): boolean =>
  option !== option.toLowerCase() &&
  text
    .trim()
    .split(/[^\p{L}\p{N}]+/u)
    .slice(1)
    .includes(option);

/** The option that is the currency of a clause's amounts. */
const currencyOption = (field: Field, own: Clause | undefined): Json | undefined =>
  field.enum?.find((option) => typeof option === "string" && option.toUpperCase() === own?.currency);

/** The order of a list that puts the requested extreme first. */
function sorted(field: Field, clauses: readonly Clause[]): Json | undefined {
  const extreme = clauses.find((clause) => clause.extreme !== undefined)?.extreme;
  if (extreme === undefined || !SORT.test(field.words)) return undefined;
  const options = (field.enum ?? []).filter((option): option is string => typeof option === "string");
  const about = options.filter((option) => {
    const words = stemsOf(option);
    return words.some((word) => extreme.about.has(word));
  });
  const [wanted, other] = extreme.least ? [RISING, FALLING] : [FALLING, RISING];
  return (
    about.find((option) => wanted.test(plain(option))) ??
    about.find((option) => !other.test(plain(option)) && option.startsWith("-") !== extreme.least)
  );
}

/** A bound of the goal for a filter that it refers to. */
function limit(field: Field, bounds: readonly Bound[]): number | undefined {
  if (!isMoney(field)) return undefined;
  const side = UPPER.test(field.words) ? "max" : LOWER.test(field.words) ? "min" : undefined;
  const bound = bounds.find((candidate) => candidate.side === side && (candidate.money || candidate.bare));
  return bound === undefined ? undefined : clampNumber(field, bound.value * moneyScale(field));
}

/** The number that a clause gives for a filter by its name: `for 3 players`. */
function statedNumber(field: Field, clauses: readonly Clause[]): number | undefined {
  for (const { amounts } of clauses)
    for (const one of amounts) if (isNumberOf(one, field)) return clampNumber(field, one.value);
  return undefined;
}

/** Whether a number of a goal is for a field, by the field's name. */
export const isNumberOf = ({ money, about, forMany }: Amount, field: Field): boolean =>
  !money &&
  ([...about.keys()].some((token) => field.nameTokens.has(token)) || (forMany === true && holdsMany(field)));

const MANY =
  /\b(?:head ?count|heads|(?:party|group|team|crew) size|people|persons?|pax|seats?|guests?|attendees?|attendance|participants?|passengers?|visitors?|players?|capacity|covers|places)\b/;
/** Whether a number says how many something is for, or has room for. */
export const holdsMany = (field: Field): boolean =>
  isNumeric(field) && MANY.test(plain(field.leaf)) && !isMoney(field) && !UPPER.test(plain(field.leaf));

/** Things of which everybody has one: `reserve 3 tickets` gives the number of the seats. */
const OF_ONE_HEAD: ReadonlySet<string> = new Set("ticket seat place spot admission".split(" ").map(stem));
const ONE_HEAD =
  /\b(?:one|an?|a single) (?:(?!of\b)[\p{L}-]+ ){0,2}?(?:ticket|seat|place|spot|admission)(?![\p{L}-])/iu;

/** Whether an amount counts heads, where no other says how many there are. */
const countsHeads = ({ money, about }: Amount, { amounts }: Clause, field: Field): boolean =>
  !money &&
  holdsMany(field) &&
  [...about.keys()].some((token) => OF_ONE_HEAD.has(token)) &&
  !amounts.some((other) => isNumberOf(other, field));

function amount(
  field: Field,
  step: ConstrainedStep,
  own: Clause | undefined,
  around: readonly Clause[],
): number | undefined {
  // The number that one change sets is that of no other change.
  const choosing =
    step.operation.method !== "PATCH" &&
    step.operation.method !== "PUT" &&
    [...step.bindings.values()].some(({ kind }) => kind === "choice");
  // `weight: 9` is no quantity.
  const isOfOther = (value: number, clause: Clause): boolean =>
    step.operation.inputs.some(
      (other) => other !== field && isNumeric(other) && numberBeside(other, clause) === value,
    );
  for (const clause of own === undefined ? around : choosing ? [own, ...around] : [own]) {
    // `Insured for 400 euros` goes before the weeks for which it is lent.
    const hasMoney = clause.amounts.some(({ money }) => money) && takesMoney(field, step);
    const isOfVerb = !hasMoney && fieldOfVerb(clause, step.operation) === field;
    for (const one of clause.amounts) {
      const { value, money, about, replaces } = one;
      if (hasMoney && !money) continue;
      const told =
        (one.forMany === true && holdsMany(field) && !claimed(about, step, field)) ||
        countsHeads(one, clause, field) ||
        [...about.keys()].some((token) => field.nameTokens.has(token) || field.textTokens.has(token)) ||
        [...replaces.keys()].some((token) => field.nameTokens.has(token));
      if (
        money ? takesMoney(field, step) : told || (clause === own && isOfVerb && !claimed(about, step, field))
      )
        return money ? value * moneyScale(field) : value;
    }
    const loose = clause.amounts.find(
      ({ value, money, about, replaces }) =>
        !money &&
        !claimed(about, step, field) &&
        !claimed(replaces, step, field) &&
        !isOfOther(value, clause),
    );
    if (loose !== undefined && isCount(field)) return loose.value;
  }
  const isOne = own !== undefined && own.amounts.length === 0 && ONE_HEAD.test(own.text);
  return isOne && holdsMany(field) ? 1 : undefined;
}

const AMOUNT = /\b(?:amount|total|sum|value|budget|balance|paid|spent|paying|spending)\b/;

/** Whether a number is what an amount of money is for: it is named so, or, where none is, it is an amount. */
function takesMoney(field: Field, { operation }: ConstrainedStep): boolean {
  if (isMoney(field)) return true;
  const others = operation.inputs.filter((other) => isNumeric(other) && other.in === field.in);
  return AMOUNT.test(field.words) && !others.some(isMoney);
}

function claimed(about: Clause["weights"], step: ConstrainedStep, except: Field): boolean {
  return step.operation.inputs.some(
    (field) =>
      field !== except &&
      isNumeric(field) &&
      [...about.keys()].some((token) => field.nameTokens.has(token) || field.textTokens.has(token)),
  );
}

/** Search words: those that the clause names, if the list's own words do not already say them. */
function searchFor(clause: Clause, step: ConstrainedStep): string | undefined {
  if (clause.quoted.length > 0) return clause.quoted[0];
  const called = NAMED.exec(clause.text.trim())?.[1];
  if (called !== undefined) return called.trim();
  const object = /\b(?:an?|some|the|any)\s+((?:[a-z]+\s?){1,3})/i.exec(clause.text)?.[1];
  if (object === undefined) return undefined;
  const words = plain(object).split(" ");
  const end = words.findIndex((word) =>
    /^(?:for|under|below|that|which|whose|with|in|at|of|to|from|by|costing|over|above|up|between)$/.test(
      word,
    ),
  );
  const noun = (end < 0 ? words : words.slice(0, end)).filter((word) => !VAGUE.has(word));
  const last = noun.at(-1);
  if (last === undefined || clause.extreme !== undefined || step.operation.weights.has(stem(last)))
    return undefined;
  return last;
}

const VAGUE = new Set(
  "cheap nice good suitable affordable something anything thing things one few new list available couple random".split(
    " ",
  ),
);
