import type { Clause } from "@ape/catalog/goal/clause";
import { isMove } from "@ape/catalog/goal/phrases/move";
import { isNameText, isSecret } from "@ape/catalog/operations/field";
import { mainNouns } from "@ape/catalog/words/object-phrase";
import { areKin } from "@ape/catalog/words/thesaurus";
import { meaningOf, plain, stem, stemsOf } from "@ape/catalog/words/words";
import { newLines } from "@ape/core/lib/new-lines";
import { isPlainLabel } from "@ape/core/protocol/form-label";
import { shortened } from "@ape/core/report/shortened";
import { isPlaceholder } from "../goal/fact-assignment.ts";
import { finishWith, type PlannerDecision } from "../planning-context.ts";
import { isOfOtherKind, isOfThing } from "./definite-thing.ts";
import { filledForm, purposeOf, rowData, submitted } from "./filled-form.ts";
import { refusalOfStated, repairForm } from "./filling/form-repair.ts";
import { FOR_WORDS, isLogin, statedNames } from "./filling/form-values.ts";
import { takenAlong } from "./filling/same-form.ts";
import { asksWhat, sentenceSaid } from "./filling/stated-choices.ts";
import {
  actSimilarity,
  doesOther,
  isGeneralLabel,
  leadsWithLead,
  meaningsOf,
  namesSameThing,
  nouns,
  removesUnwanted,
  saysLead,
  setsState,
} from "./label-match.ts";
import { lists, OWN_VERBS, saysName, searchFieldOf, takesNameOf } from "./named-thing.ts";
import { GONE, isCalledSo, isPageOfNamed, oneOf, suitsGoal } from "./page-items.ts";
import { bestLink, leadsWithVerb } from "./page-links.ts";
import type { SeenForm, SeenPage } from "./page-reader.ts";
import { MOST_TRIES, openPage, type PageSituation, sending } from "./page-situation.ts";
import type { WebCall } from "./web-call.ts";
import {
  ABOUT_IT,
  continues,
  formSimilarity,
  isLooking,
  isMaking,
  isOfPage,
  isOpened,
  isPageAbout,
  isPassage,
  isPlain,
  isStanding,
  LEAVING,
  linkSimilarity,
  mayDo,
  pagesBefore,
  TAKES,
} from "./web-progress.ts";
import { isGivenToOther } from "./whose/given-to-other.ts";
import { formMakesAnother } from "./whose/new-thing.ts";
import { isBesideNamed, isBesideOther, isPageOfOtherKind } from "./whose/rows.ts";
import { isOfOtherTold } from "./whose/told-thing.ts";

/** @param beside also forms beside one of several things */
export function bestForm(now: PageSituation, least: number, beside = true): PlannerDecision | undefined {
  const { clause } = now;
  const scored = now.page.forms
    .filter((form) => now.called === undefined || searchFieldOf(form, clause) === undefined)
    .filter(({ id, label, near }) => !now.failed.has(`${id} ${label}`) && (beside || near === ""))
    .map((form) => ({ form, score: formSimilarity(form, clause) || (takesNew(now, form) ? 1 : 0) }))
    .filter(({ score }) => score >= (isLooking(clause) ? 0.5 : least))
    // What the goal names is not acted on by the form of another thing.
    .filter(({ form }) => isLooking(clause) || isFormOfNamed(now, form))
    .filter(
      ({ form, score }) =>
        !leavesAsIs(now, form) &&
        !isForNew(now, form) &&
        !isOfElse(now, form) &&
        (score > ABOUT_IT || mayGuess(now, form)),
    );
  const most = Math.max(0, ...scored.map(({ score }) => score));
  const best = scored.filter(({ score }) => score === most).map(({ form }) => form);
  const priced = best.filter(({ near }) => near !== "");
  const fitting =
    priced.length > 0 ? priced.filter(({ near }) => suitsGoal(now, near) && isCalledSo(now, near)) : best;
  const chosen = oneOf(now, fitting);
  if (chosen === undefined || isAskedBefore(now, chosen) || yieldsToLink(now, chosen, most)) return undefined;
  return submitted(now, chosen);
}

/**
 * Whether a link of the page says better than a form what the clause does: the link `Release` for `release it` beside the button `Turn`,
 * and `Cancel tasting` beside the `Remove` of something else.
 */
function yieldsToLink(now: PageSituation, form: SeenForm, score: number): boolean {
  const { clause, called, page, visited } = now;
  if (isLooking(clause) || clause.verb === "~login") return false;
  if (clause.verb === "~remove" && bestLink(now, score) !== undefined) return true;
  // What the form is given says more than a verb.
  if (saysLead(form.label, clause) || isPlainLabel(form.label) || statedNames(form, purposeOf(now)).size > 0)
    return false;
  if (called !== undefined && (!isPageOfNamed(now) || lists(page, called))) return false;
  const own = page.links.some(
    ({ text, path, near }) =>
      near === "" &&
      !visited.has(path) &&
      leadsWithLead(text, clause) &&
      linkSimilarity(text, clause) > ABOUT_IT,
  );
  return own && bestLink(now, ABOUT_IT) !== undefined;
}

/** Whether a form on the page of what the goal names has a field with a value that gets the new one of the clause. */
function takesNew(now: PageSituation, form: SeenForm): boolean {
  const { clause, called, calls } = now;
  const { verb, acts, text, object } = clause;
  if (!form.writes || form.near !== "" || !NEW_VALUE.test(text)) return false;
  if (!(verb === "~update" || acts)) return false;
  const last = calls.at(-1);
  // `It` is what was changed just now, and is still shown.
  const isShown = called === undefined && object.refers && last?.kind === "form" && last.ok;
  if (!isShown && (called === undefined || !isPageOfNamed(now) || lists(now.page, called))) return false;
  const stated = statedNames(form, purposeOf(now));
  const filled = filledForm(now, form);
  return form.fields.some(
    (field) => field.filled && stated.has(field.name) && filled[field.name] !== called?.text,
  );
}

/** Whether a form is that of what the goal names, if it names anything: one that only lists it has forms of other things. */
function isFormOfNamed(now: PageSituation, form: SeenForm): boolean {
  const { called, page, clause, besides } = now;
  if (called === undefined) return isPageOfNamed(now) && isOfThing(now, form);
  if (takesName(now, form)) return isOfThing({ ...now, called: undefined }, form);
  if (besides !== undefined) {
    const filled = Object.values(filledForm(now, form)).flat();
    if (!filled.some((value) => saysName(String(value), besides))) return false;
  }
  const isOfList =
    form.near === "" &&
    OWN_VERBS.has(clause.verb) &&
    lists(page, called) &&
    !isBesideNamed(page, form, called);
  return isPageOfNamed(now) && !isOfList && !isOfOtherKind(now, form);
}

/** Whether a form has a field for the name or the number of what the goal names: `Cancel a membership` by its number. */
function takesName(now: PageSituation, form: SeenForm): boolean {
  const name = now.called?.text;
  const filled = filledForm(now, form);
  return form.fields.some((field) => filled[field.name] === name && takesNameOf(field, now.clause));
}

/** Whether a form that only shows something was sent with the same values before, and nothing has changed since. */
function isAskedBefore(now: PageSituation, form: SeenForm): boolean {
  if (form.writes) return false;
  const changed = now.calls.findLastIndex(({ writes, ok }) => writes && ok);
  const values = JSON.stringify(filledForm(now, form));
  return now.calls.some(
    ({ at, label, fields }, index) =>
      index > changed && at === form.id && label === form.label && JSON.stringify(fields) === values,
  );
}

/** Whether a form would only be sent back as it is, although the clause wants another value: its fields are of something else. */
function leavesAsIs(now: PageSituation, form: SeenForm): boolean {
  const { verb, acts, text } = now.clause;
  if (!form.writes || !(verb === "~update" || (acts && NEW_VALUE.test(text)))) return false;
  const editable =
    verb === "~update" ? form.fields : form.fields.filter(({ filled, checkbox }) => filled || checkbox);
  return editable.length > 0 && Object.keys(filledForm(now, form)).length === 0;
}
const NEW_VALUE = /\b(?:to|as|into|by)\b/i;

/**
 * Whether a form makes something new, where a clause changes what there is: it has no values yet, and requires more than the goal
 * says.
 */
function isForNew(now: PageSituation, form: SeenForm): boolean {
  const { verb, lead, indefinite, quoted } = now.clause;
  // What is published is there.
  const isOfExisting =
    verb === "~update" ||
    (!indefinite && setsState(now.clause)) ||
    (lead === PUBLISH && !indefinite && quoted.length === 0);
  if (!isOfExisting || !form.writes) return false;
  // `Book` changes no booking, whatever its form shows already.
  if (verb === "~update" && TAKES.has(firstMeaning(form.label))) return true;
  if (form.fields.some(({ filled }) => filled)) return false;
  const stated = statedNames(form, purposeOf(now));
  return form.fields.some(
    (field) => field.required && !field.checkbox && !isSecret(field) && !stated.has(field.name),
  );
}

const PUBLISH = stem("publish");
const firstMeaning = (label: string): string | undefined => meaningOf(plain(label).split(" ")[0] ?? "");

/** Forms of this page alone that were not refused. */
function openForms(now: PageSituation): SeenForm[] {
  const earlier = pagesBefore(now.calls);
  return now.page.forms.filter(
    (form) =>
      !now.failed.has(`${form.id} ${form.label}`) &&
      !isStanding(form, earlier) &&
      !leavesAsIs(now, form) &&
      !isForNew(now, form) &&
      !isOfElse(now, form),
  );
}

/**
 * Whether a form would only save values that it has already, and of which the clause says nothing: the humidity of a shelf for a clause
 * about a wheel. What a link of the clause's own words has led to may be saved as it is.
 */
function savesAsIs(now: PageSituation, form: SeenForm): boolean {
  const { clause, calls } = now;
  if (!form.writes || form.near !== "" || !SAVES.test(form.label) || clause.verb === "~login") return false;
  if (!form.fields.some(({ filled }) => filled) || Object.keys(filledForm(now, form)).length > 0)
    return false;
  const last = calls.at(-1);
  return !(last?.kind === "link" && linkSimilarity(last.label, clause) > 0);
}
const SAVES = /^\W*(?:save|update|apply|change|set)\b/i;

/** Whether a form makes another thing than the clause is about, is beside one, or changes nothing. */
const isOfElse = (now: PageSituation, form: SeenForm): boolean =>
  makesOtherThing(now, form) ||
  formMakesAnother(now, form) ||
  savesAsIs(now, form) ||
  (isOfKinVerb(now, form) && keepsAll(now, form)) ||
  isOfOtherTold(now, form) ||
  isGivenToOther(now, form) ||
  (form.writes && isPageOfOtherKind(now.page, now.clause)) ||
  (!isLooking(now.clause) && isBesideOther(now.page, form, now.called));

/** Whether a form has a button without a meaning of its own, and is not what the goal asks for later: `Confirm`. */
function isPassingForm(now: PageSituation, form: SeenForm): boolean {
  const { indefinite, verb } = now.clause;
  // What is about to be made is not changed yet.
  const makes = indefinite || TAKES.has(verb);
  // What the same form takes along is not asked for later.
  const along = verb === "~update" ? takenAlong(form, now.clause, now.later) : [];
  return (
    isPlain(form) &&
    !now.later.some(
      (clause) =>
        !along.includes(clause) && !(makes && clause.object.refers) && formSimilarity(form, clause) >= 1,
    )
  );
}

/** The form that was just returned, with other values. */
export function repairedForm(now: PageSituation): PlannerDecision | undefined {
  const last = now.calls.at(-1);
  if (last === undefined || last.ok || last.kind !== "form" || last.cut || last.page === undefined)
    return undefined;
  const form = now.page.forms.find(({ id, label }) => id === last.at && label === last.label);
  if (form === undefined) return refusedWithoutForm(now, last, last.page);
  if (isLogin(form)) return undefined;
  const first = now.calls.findLastIndex(
    ({ kind, at, label, ok }) => kind !== "form" || at !== last.at || label !== last.label || ok,
  );
  const tries = now.calls.slice(first + 1);
  if (tries.length >= MOST_TRIES) return undefined;
  const before = tries.length > 1 ? tries[0]?.page : pageWith(now, form);
  const said = before === undefined ? "" : newLines(last.page.text, before.text);
  const stated = statedNames(form, purposeOf(now));
  const values = filledForm(now, form);
  // What is taken on the days of the goal is not had by another try.
  const lines = said.split("\n").filter((line) => GONE.test(line));
  if (lines.length > 0 && form.fields.every(({ error }) => error === undefined) && stated.size > 0)
    return refusedFor(now, lines.join(" "));
  const fields = repairForm(form, tries, values, now.context.seed, said, stated);
  if (fields !== undefined) return { ...sending(now.target, form), fields };
  const reason =
    refusalOfStated(form, last, values, said, stated) ?? (isAskedFor(now, form, stated) ? said : "");
  return reason.trim() === "" ? undefined : refusedFor(now, reason.replaceAll("\n", " "));
}

/** Whether a form is what the goal asks for: it takes values of the goal, or its button says so. */
const isAskedFor = (now: PageSituation, form: SeenForm, stated: ReadonlySet<string>): boolean =>
  stated.size > 0 || formSimilarity(form, now.clause) >= 1;

/** The end where a page says why it does not do what the goal states, and does not ask again. */
function refusedWithoutForm(now: PageSituation, last: WebCall, page: SeenPage): PlannerDecision | undefined {
  const { status } = last;
  const before = now.calls.at(-2)?.page;
  const form = before?.forms.find(({ id, label }) => id === last.at && label === last.label);
  if (form === undefined || before === undefined || status < 400 || status === 401) return undefined;
  if (status === 403 && page.forms.some(isLogin)) return undefined;
  const said = newLines(page.text, before.text).trim();
  const isAsked = now.called !== undefined || isAskedFor(now, form, statedNames(form, purposeOf(now)));
  return said !== "" && isAsked ? refusedFor(now, said.replaceAll("\n", " ")) : undefined;
}

const LONGEST_REASON = 200;

/** The end of a session with the page's own reason. */
const refusedFor = (now: PageSituation, reason: string): PlannerDecision =>
  finishWith(`"${now.clause.said.trim()}" was refused: "${shortened(reason.trim(), LONGEST_REASON)}"`);

/** The last page that offered a form before it was sent. */
function pageWith(now: PageSituation, { id, label }: SeenForm): SeenPage | undefined {
  return pagesBefore(now.calls).findLast(({ forms }) =>
    forms.some((form) => form.id === id && form.label === label),
  );
}

/**
 * The form that comes after one: without a meaning of its own, or the only one of the page. A link that begins it all
 * again may be on every page of them.
 * @param afterAny whatever the form before did, and not only after one that leads on
 */
export function nextForm(now: PageSituation, afterAny = false): PlannerDecision | undefined {
  const last = now.calls.at(-1);
  if (last?.kind !== "form" || !last.ok || isLooking(now.clause) || now.hasEnded) return undefined;
  const leads = isPassage(last);
  if (!leads && !afterAny) return undefined;
  // The same page again: its form leads nowhere.
  const before = now.calls.at(-2);
  if (before?.text === last.text && before.page?.path === now.page.path) return undefined;
  const open = openForms(now).filter((form) => !isLogin(form));
  const own = open.filter((form) => form.writes && form.near === "" && !LEAVING.test(form.label));
  const form =
    open.find((one) => isPassingForm(now, one)) ?? (leads && own.length === 1 ? own[0] : undefined);
  if (form === undefined || removesUnwanted(form.label, now.clause)) return undefined;
  return leads || mayGuess(now, form) ? submitted(now, form) : undefined;
}

/** The form that a link has led to, whatever its button says. */
export function formOfLink(now: PageSituation): PlannerDecision | undefined {
  const last = now.calls.at(-1);
  if (last?.kind !== "link" || isLooking(now.clause) || !isPageOfNamed(now)) return undefined;
  const open = openForms(now).filter((form) => isOfThing(now, form) && !isOfOtherKind(now, form));
  const isOnWay = linkSimilarity(last.label, now.clause) > 0;
  const passing = open.find((one) => isPassingForm(now, one));
  // `Write to the warden` for `tell the warden that we are late`, and no `Book a crossing` for `complain about a crossing`.
  const isOfObject =
    now.clause.acts && !makesOther(last.label, now.clause) && namesSameThing(last.label, now.clause.text);
  if (isOnWay || (passing !== undefined && (isOfObject || isPageAbout(now.page, now.clause)))) {
    const sole = soleForm(now, open);
    const isOfLink =
      (isMaking(now.clause) && isNamedHere(now, last)) ||
      (isOnWay && sole !== undefined && (isOfPage(sole, now.page) || saysSame(sole.label, now.clause))) ||
      (sole !== undefined && now.clause.acts && namesSameThing(sole.label, last.label));
    const form = passing ?? (isOfLink ? sole : undefined);
    return form === undefined ? undefined : submitted(now, form);
  }
  // A link that says what the goal asks for goes before a form that does not.
  if (bestLink(now, ABOUT_IT) !== undefined) return undefined;
  const form = onlyForm(now, open, now.clause);
  return form === undefined ? undefined : submitted(now, form);
}

/** Whether a button has the verb of a clause, whatever stands behind it: `Delete for good`. */
const saysSame = (label: string, { verb }: Clause): boolean =>
  verb !== undefined && meaningsOf(label).has(verb);

/** The only thing that can be done with the item whose page this is, for a verb that no button has. */
function onlyForm(now: PageSituation, open: readonly SeenForm[], clause: Clause): SeenForm | undefined {
  const { verb, acts, object } = clause;
  if (!acts && !TAKES.has(verb)) return undefined;
  // A page that was only opened on the way is of nothing that the goal names.
  if (!isOfItem(now) || !(object.refers || isSpokenOf(now, clause))) return undefined;
  const only = soleForm(now, open);
  if (only !== undefined && (needsWords(now, only) || (OF_OWN.test(clause.text) && isTaking(only.label))))
    return undefined;
  const chosen = now.calls.some(
    ({ kind, page }) => kind === "link" && page !== undefined && page !== now.page,
  );
  return chosen && only !== undefined && mayDo(only.label, clause, now.calls) && mayGuess(now, only)
    ? only
    : undefined;
}

/**
 * Whether a form of which no word says what the clause asks for may be sent for it: where the goal gives values, it takes one of
 * them, and its page makes or removes nothing else.
 */
function mayGuess(now: PageSituation, form: SeenForm): boolean {
  const { clause, day, page } = now;
  if (makesOther(isPlain(form) ? page.title : form.label, clause) || hasOtherVerb(form.label, clause))
    return false;
  // The shelf of a wheel says nothing of `rotate wheel W-101`, and is not sent as it is.
  if (!TAKES.has(clause.verb) && keepsAll(now, form)) return false;
  // `Back to work` undoes what `put Ada Birk on leave` has done.
  if (BACK.test(form.label) && !BACK.test(clause.text)) return false;
  if (!changes(clause) && CHANGES.test(form.label) && actSimilarity(form.label, clause, false) === 0)
    return false;
  const values = [
    ...clause.dates.filter(({ value }) => value.slice(-5) !== day),
    ...clause.times,
    ...clause.quoted,
    ...clause.amounts,
  ];
  return values.length === 0 || statedNames(form, purposeOf(now)).size > 0;
}

/** Whether a clause gives a thing another value: no `Change keeper` orders or closes anything. */
const changes = (clause: Clause): boolean => clause.verb === "~update" || setsState(clause) || isMove(clause);
/** Whether a button has only a verb that is akin to that of what a clause does with a thing: `Move` for `rotate it`. */
const isOfKinVerb = ({ clause }: PageSituation, { label, near }: SeenForm): boolean =>
  near === "" && clause.acts && clause.verb === undefined && actSimilarity(label, clause, false) < 1;
const keepsAll = (now: PageSituation, form: SeenForm): boolean =>
  form.fields.length > 0 &&
  form.fields.every(({ filled, enum: options }) => filled || options !== undefined) &&
  Object.keys(filledForm(now, form)).length === 0;
const BACK = /\bback\b/i;
const CHANGES = /^(?:change|edit|update|rename|modify|set)\b/i;

/**
 * Whether a form whose button says nothing of its own makes something else than the clause, which makes a thing with a name: the name is
 * no text of a message for `add a rabbit called Hoppel`.
 */
function makesOtherThing(now: PageSituation, form: SeenForm): boolean {
  const { clause, page, calls } = now;
  if (!form.writes || !isMaking(clause) || clause.quoted.length === 0 || !CALLED.test(clause.text))
    return false;
  if (!isPlainLabel(form.label) && !isGeneralLabel(form.label)) return false;
  if (isOpened(`${form.label} ${page.title}`, clause, calls) || takesKind(now, form)) return false;
  const filled = filledForm(now, form);
  return !form.fields.some(
    (field) => isNameText(field) && clause.quoted.includes(String(filled[field.name] ?? "")),
  );
}
const CALLED = /\b(?:called|named|titled|entitled)\b/;

/** Whether a form asks what kind of thing it makes, and takes what the goal makes: `rabbit` as the kind of an animal. */
function takesKind(now: PageSituation, form: SeenForm): boolean {
  const kinds = mainNouns(now.clause);
  const filled = filledForm(now, form);
  return form.fields.some(
    (field) =>
      asksWhat(field) && stemsOf(String(filled[field.name] ?? "")).some((word) => kinds.includes(word)),
  );
}

/**
 * Whether a label begins with a verb that says something else than a clause: `Resume the show` for `pause it`. What is taken may be
 * taken by any verb of taking or making, and `Save` and `Send` say nothing of their own.
 */
function hasOtherVerb(label: string, clause: Clause): boolean {
  if (isPlainLabel(label) || isGeneralLabel(label) || !leadsWithVerb(label)) return false;
  return !(TAKES.has(clause.verb) && isTaking(label)) && actSimilarity(label, clause, false) === 0;
}

/** Whether a label makes or removes something else: `Write to the warden` is how a warden is told something. */
const makesOther = (label: string, clause: Clause): boolean =>
  doesOther(label, clause) && !(sentenceSaid(clause) !== undefined && isGeneralLabel(label));

/** A clause about what there is already: `release my booking`. */
const OF_OWN = /^\W*\S+\s+(?:my|our|its|their)\b/i;
/** Whether a label takes or makes something: nothing else is made of what there is. */
const isTaking = (label: string): boolean =>
  [...meaningsOf(label)].some((meaning) => TAKES.has(meaning) || meaning === "~create");

/** Whether a form wants a text of which the goal says nothing, such as a comment: a guess makes up no words of the user. */
function needsWords(now: PageSituation, form: SeenForm): boolean {
  const stated = statedNames(form, purposeOf(now));
  return form.fields.some(
    (field) => field.required && !field.filled && !stated.has(field.name) && FOR_WORDS.test(field.words),
  );
}

/** Whether a clause has a word of the links that were opened: the doctors of `schedule a consultation with a doctor`. */
function isSpokenOf({ calls }: PageSituation, { weights, lead }: Clause): boolean {
  const opened = [...nouns(calls.map(({ label }) => label).join(" "))];
  return [...weights.keys()].some(
    (token) => token !== lead && !token.startsWith("~") && opened.some((noun) => areKin(noun, token)),
  );
}

/** Whether the page is that of one thing: a link beside it has led there, or a form that made it. */
function isOfItem({ calls, called, page }: PageSituation): boolean {
  const last = calls.at(-1);
  return (
    last?.kind === "form" || last?.ofItem === true || (called !== undefined && saysName(page.title, called))
  );
}

/** Whether the link or the page names what the clause makes. */
const isNamedHere = ({ clause, page }: PageSituation, { label }: WebCall): boolean =>
  isOpened(`${label} ${page.title}`, clause, []);

/** The only form of a page that is about no other thing of it. */
function soleForm(now: PageSituation, open: readonly SeenForm[]): SeenForm | undefined {
  const [only, ...others] = open.filter(
    (form) => form.writes && form.near === "" && !isLogin(form) && !LEAVING.test(form.label),
  );
  return others.length > 0 || (only !== undefined && removesUnwanted(only.label, now.clause))
    ? undefined
    : only;
}

/** The next of several pages of the same thing. */
export function passageStep(now: PageSituation): PlannerDecision | undefined {
  if (isLooking(now.clause) || now.calls.at(-1)?.ok !== true) return undefined;
  const link = now.page.links.find((one) => continues(one) && !now.visited.has(one.path));
  if (link !== undefined) return openPage(now.target, link.path);
  return nextForm(now, true);
}

/** The session has ended: the page asks for a login again. */
export function loginAgain(now: PageSituation): PlannerDecision | undefined {
  const form = now.page.forms.find(isLogin);
  if (form === undefined || !rowData(now).some(({ value }) => isPlaceholder(value))) return undefined;
  const row = now.calls.filter(
    ({ kind, at, label }) => kind === "form" && at === form.id && label === form.label,
  );
  return row.length >= MOST_TRIES ? undefined : submitted(now, form);
}

/** The page of one thing has a form for the clause that comes next. */
export function offersNext(now: PageSituation, next: Clause): boolean {
  if (isLooking(next) || next.verb === "~logout" || next.verb === "~login") return false;
  const last = now.calls.at(-1);
  if (last?.kind !== "link" || !last.ok) return false;
  const { forms } = now.page;
  return (
    forms.some((form) => form.writes && form.near === "" && formSimilarity(form, next) > 0) ||
    onlyForm(now, openForms(now), next) !== undefined
  );
}
