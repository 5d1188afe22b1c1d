import type { Clause } from "@ape/catalog/goal/clause";
import { nameOf } from "@ape/catalog/goal/phrases/thing-name";
import { capitalNames } from "@ape/catalog/goal/things/capitals";
import { daysOfYearIn, monthsIn } from "@ape/catalog/goal/times/day-of-year";
import { timesIn } from "@ape/catalog/goal/times/points-in-time";
import { clampNumber } from "@ape/catalog/operations/clamp-number";
import { isNumeric } from "@ape/catalog/operations/field";
import { STOP } from "@ape/catalog/words/lexicon";
import { plain, stem, stemsOf } from "@ape/catalog/words/words";
import type { Json, JsonObject } from "@ape/core/lib/json";
import { leadsOn } from "@ape/core/protocol/form-label";
import { foldIds } from "@ape/core/protocol/operations/operation";
import { brokenBound } from "../choice/stated-bound.ts";
import { saysName } from "./named-thing.ts";
import type { SeenField, SeenForm } from "./page-reader.ts";
import type { PageSituation } from "./page-situation.ts";
import { bare, type WebCall } from "./web-call.ts";
import { unofferedCode } from "./whose/unoffered-code.ts";
import { kindNotOffered } from "./whose/unoffered-kind.ts";

/** What a person reads of a choice at most. */
const MOST_OPTIONS = 4;
/** Prepositions before a name by which one of several things is chosen. */
const CHOOSES = /^(?:|at|in|on|from|to|into|of|with)$/;
/** What says that an option cannot be chosen. */
const TAKEN = /\b(?:sold out|unavailable|not available|fully booked|full|taken|closed)\b/i;

/**
 * Why a form would do something else than the goal says: a day or a name that it does not offer, a number beyond its limits, or the
 * thing of another name. A person does not send it. Undefined where nothing is against it.
 * @param filled what would be sent
 * @param stated names of the fields whose values are the goal's
 */
export function unmetWish(
  now: PageSituation,
  form: SeenForm,
  filled: JsonObject,
  stated: ReadonlySet<string>,
): string | undefined {
  if (!form.writes) return undefined;
  const point = unmetDay(now.clause, form, filled) ?? unmetTime(now.clause, form, filled);
  // The next of several pages may take what this one does not.
  if (point !== undefined || leadsOn(form.label, "")) return point;
  const code = unofferedCode(now.clause, form, filled);
  if (code !== undefined && form.near === "") return `Nothing here takes "${code}".`;
  return (
    unmetKind(now.clause, form, stated) ??
    unofferedKind(now.clause, form, stated) ??
    unmetNumber(now.clause, form, filled) ??
    unmetName(now, form, filled, stated)
  );
}

const isSent = (text: string, filled: JsonObject): boolean =>
  Object.values(filled)
    .flat()
    .some((value) => ` ${plain(String(value))} `.includes(` ${plain(text)} `));

const optionsOf = ({ enum: options = [] }: SeenField): string[] =>
  options.filter((option): option is string => typeof option === "string");

const shortList = (options: readonly string[]): string =>
  [...options.slice(0, MOST_OPTIONS), ...(options.length > MOST_OPTIONS ? ["..."] : [])].join(", ");

/** Says that a choice has a day or a time not at all, or not any more. */
const notToBeHad = (text: string, own: string | undefined, options: readonly string[]): string =>
  own === undefined
    ? `"${text}" is not offered: ${shortList(options)}.`
    : `"${text}" is not available: "${own}".`;

/** Says that a choice has nothing of what the goal wants. */
const notTaken = (text: string, field: SeenField): string =>
  `Nothing here takes "${text}"; "${field.description || field.leaf}" offers ${shortList(optionsOf(field))}.`;

/** A day of the clause that a choice of days has not, or has as taken. */
function unmetDay({ dates }: Clause, { fields }: SeenForm, filled: JsonObject): string | undefined {
  for (const { value, text } of dates) {
    const day = value.slice(-5);
    const isDay = (said: string): boolean => daysOfYearIn(said).some((one) => one.value === day);
    if (Object.values(filled).some((one) => typeof one === "string" && isDay(one) && !TAKEN.test(one)))
      continue;
    for (const field of fields) {
      const options = optionsOf(field);
      if (options.length === 0 || !options.every((option) => daysOfYearIn(option).length > 0)) continue;
      return notToBeHad(text, options.find(isDay), options);
    }
  }
  return undefined;
}

/** The only time of the clause, which a choice of times has not. */
function unmetTime({ times }: Clause, { fields }: SeenForm, filled: JsonObject): string | undefined {
  const [time, ...others] = times;
  if (time === undefined || others.length > 0) return undefined;
  const isTime = (said: string): boolean => timesIn(`at ${said}`).some(({ value }) => value === time.value);
  if (Object.values(filled).some((one) => typeof one === "string" && isTime(one))) return undefined;
  const choice = fields.map(optionsOf).find((options) => options.length > 0 && options.every(isOfTime));
  if (choice === undefined || choice.some((option) => isTime(option) && !TAKEN.test(option)))
    return undefined;
  return notToBeHad(time.text, choice.find(isTime), choice);
}
const isOfTime = (option: string): boolean => /^\s*\d{1,2}[:.]\d\d\b/.test(option);

/** What a clause wants of a choice in small letters, which the choice has not: `with the tenmoku glaze`. */
function unmetKind({ text }: Clause, { fields }: SeenForm, stated: ReadonlySet<string>): string | undefined {
  for (const field of fields) {
    const options = optionsOf(field);
    const noun = stemsOf(field.description || field.leaf).at(-1);
    if (options.length < 2 || stated.has(field.name) || noun === undefined) continue;
    const wanted = Array.from(text.matchAll(KIND_OF), ([, kind = "", of = ""]) => ({ kind, of })).find(
      ({ kind, of }) =>
        stem(of) === noun &&
        !STOP.has(kind) &&
        !WHOLE.test(kind) &&
        !options.some((option) => stemsOf(option).includes(stem(kind))),
    );
    if (wanted !== undefined) return notTaken(`${wanted.kind} ${wanted.of}`, field);
  }
  return undefined;
}
/** What a clause makes, of a kind that the choice of kinds has not: `book a cleaning job`. */
function unofferedKind(
  clause: Clause,
  { fields }: SeenForm,
  stated: ReadonlySet<string>,
): string | undefined {
  for (const field of fields) {
    const kind = stated.has(field.name) ? undefined : kindNotOffered(clause, field);
    if (kind !== undefined) return notTaken(kind, field);
  }
  return undefined;
}

/** What tells no kind of a thing: `for the whole team`. */
const WHOLE = /^(?:whole|entire|full|same|next|first|last|other|new|own|all|both)$/;
const KIND_OF =
  /\b(?:with|in|by|as|for|on|at|to)\s+(?:the\s+)?(\p{Ll}[\p{L}-]+)\s+(\p{Ll}[\p{L}-]+)(?=\s+(?:and|for|on|from|with|to|in|at|because)\b|[,.]|\s*$)/gu;

/** A number of the clause that is beyond the limits of the only field that would take it. */
function unmetNumber({ amounts }: Clause, { fields }: SeenForm, filled: JsonObject): string | undefined {
  for (const { value, money } of amounts) {
    if (money) continue;
    const taken = fields.filter((field) => isNumeric(field) && isNear(filled[field.name], field, value));
    const [only, ...others] = taken;
    if (only === undefined || others.length > 0) continue;
    const bound = brokenBound(only, value);
    if (bound !== undefined)
      return `"${only.description || only.leaf}" takes ${bound}, and the goal says ${value}.`;
  }
  return undefined;
}

/** Whether a field was given a number, or what its limits make of it. */
const isNear = (sent: Json | undefined, field: SeenField, value: number): boolean =>
  sent === value || (sent !== undefined && sent === clampNumber(field, value));

/** A name of the clause that nothing took, although something of that kind was chosen. */
function unmetName(
  now: PageSituation,
  { near, fields }: SeenForm,
  filled: JsonObject,
  stated: ReadonlySet<string>,
): string | undefined {
  const { clause, calls, page } = now;
  const links = calls.filter((call, at) => call.kind === "link" && call.ok && !isLeftAlone(calls, at));
  const seen = [
    page.title,
    near,
    ...links.map(({ label }) => label),
    // What was searched for by a name is of that name.
    ...calls.flatMap(({ fields: sent, ok }) => (ok ? Object.values(sent).map(String) : [])),
    ...calls.flatMap(({ page: shown }, at) => [
      isLeftAlone(calls, at) ? "" : (shown?.title ?? ""),
      ...(shown?.links ?? []).flatMap((link) =>
        links.some(({ at }) => at === link.path) ? [link.near] : [],
      ),
    ]),
  ];
  const isSeen = (name: string): boolean => seen.some((said) => saysName(said, nameOf(name)));
  const chosen = [
    ...clause.names.flatMap(({ text, preposition }) =>
      // A person has no article: `for the Castle round`.
      CHOOSES.test(preposition) || clause.said.includes(`for the ${text}`) ? text : [],
    ),
    ...capitalNames(clause),
  ];
  // What a new thing is made in is no text of it: `an episode of Last Train` on the page of another show.
  const isChosen = links.some(
    (call) => isOneOfSeveral(now, call.at) || (call.ofItem === true && foldIds(bare(call.at)).endsWith("}")),
  );
  const isPlaceOf = (name: string): boolean =>
    isChosen &&
    clause.names.some(({ text, preposition }) => text === name && /^(?:of|in|at)$/.test(preposition)) &&
    fields.every(
      (field) => field.enum === undefined || !saysName(String(filled[field.name] ?? ""), nameOf(name)),
    );
  const text = chosen.find(
    (name) =>
      monthsIn(`in ${name}`).length === 0 && (!isSent(name, filled) || isPlaceOf(name)) && !isSeen(name),
  );
  const guessed = fields.filter(
    (field) =>
      !stated.has(field.name) &&
      field.required &&
      !field.filled &&
      !field.checkbox &&
      isOfNames(optionsOf(field)),
  );
  const [only, ...others] = guessed;
  const sole = others.length === 0 ? only : undefined;
  if (text === undefined) {
    // A choice of names was made, and the name of the goal is in no field: `a stay for Hasso`.
    const lost = sole && clause.names.find((one) => !isSent(one.text, filled) && !isSeen(one.text));
    return sole === undefined || lost === undefined || lost.preposition === "by"
      ? undefined
      : notTaken(lost.text, sole);
  }
  if (sole !== undefined) return notTaken(text, sole);
  if (only === undefined && !isChosen) return undefined;
  return notServed(now, text) ?? `Nothing here is called "${text}".`;
}

/** What the page of a thing said that was opened and left: `This flight is full.` */
function notServed({ calls, clause }: PageSituation, name: string): string | undefined {
  const left = calls.find((call, at) => isLeftAlone(calls, at) && saysName(call.label, nameOf(name)));
  if (left === undefined) return undefined;
  const line = left.page?.text.split("\n").find((one) => TAKEN.test(one));
  return line === undefined
    ? `Nothing here serves "${clause.said.trim()}".`
    : `Not available: "${line.trim()}".`;
}

/** Whether a link led to one of several things, and later another one of them was opened: `the Castle round`, which is full. */
function isLeftAlone(calls: readonly WebCall[], at: number): boolean {
  const call = calls[at];
  if (call?.kind !== "link") return false;
  const kind = kindOf(call.at);
  return (
    kind !== call.at &&
    calls
      .slice(at + 1)
      .some((later) => later.kind === "link" && kindOf(later.at) === kind && bare(later.at) !== bare(call.at))
  );
}

/** Whether options are names, and no days, numbers or answers to a question. */
const isOfNames = (options: readonly string[]): boolean =>
  options.length > 1 &&
  options.every((option) => /^\p{Lu}\p{Ll}/u.test(option) && !/^(?:yes|no)\b|\d/i.test(option));

/** Whether a link that was opened is one of several of a kind that a page lists. */
export const isOneOfSeveral = ({ calls }: PageSituation, path: string): boolean => {
  const kind = kindOf(path);
  return calls.some(({ page }) => {
    const same = (page?.links ?? []).filter((link) => kindOf(link.path) === kind);
    return same.some((link) => link.path === path) && new Set(same.map((link) => bare(link.path))).size > 1;
  });
};
/** What links of a list have in common: the folder of their path with its ids folded; those of a menu have none. */
const kindOf = (path: string): string => {
  const folder = foldIds(bare(path)).replace(/[^/]*$/, "");
  return folder === "/" ? path : folder;
};
