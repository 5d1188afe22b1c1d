import type { Clause } from "@ape/catalog/goal/clause";
import { namesField } from "@ape/catalog/goal/phrases/named-field";
import { nounWanted } from "@ape/catalog/goal/phrases/noun-wanted";
import { statedTexts } from "@ape/catalog/goal/phrases/stated-texts";
import { mainNouns } from "@ape/catalog/words/object-phrase";
import { areKin } from "@ape/catalog/words/thesaurus";
import { plain, stem, type WeightedTokens, weightedTokens } from "@ape/catalog/words/words";
import type { Json } from "@ape/core/lib/json";
import { isPlainLabel, leadsOn } from "@ape/core/protocol/form-label";
import { isDecided } from "./assertions/assertions.ts";
import { isLogin } from "./filling/form-values.ts";
import { carries, tickedByNoun } from "./filling/same-form.ts";
import {
  actSimilarity,
  fillsBasket,
  meaningsOf,
  namesOther,
  namesSameThing,
  nouns,
  removesUnwanted,
  SAME_CLASS,
  saysLead,
  saysSynonym,
  setsState,
} from "./label-match.ts";
import { isTitled, ownNameIn, saysName, showsName } from "./named-thing.ts";
import type { SeenField, SeenForm, SeenLink, SeenPage } from "./page-reader.ts";
import { bare, isSignInCall, sentWords, type WebCall } from "./web-call.ts";
import { onlyListed } from "./whose/only-listed.ts";

/** How far a session is in a web application. */
export interface WebProgress {
  calls: readonly WebCall[];
  /** Index of the clause to do next. */
  at: number;
  /** Index of the call that has begun or done the clause before; -1 without one. */
  by: number;
  /** Clauses for which a form was sent although no word of it, and none before it, was theirs. */
  guessed: readonly Clause[];
  /** The visible page: of the last answer that is one. */
  page: SeenPage | undefined;
  /** The last call has begun the clause, and its page asks for more of the same. */
  goesOn: boolean;
}

/** The label of what ends a session. */
export const LEAVING = /\b(?:log|sign)[\s-]?(?:out|off)\b/i;

/** What a label must count at least to be taken before anything else: it has the verb, and no noun of something else. */
export const ABOUT_IT = 0.1;

/** Whether a clause only wants to see something: then opening a page can complete it. */
export const isLooking = ({ verb, acts }: Clause): boolean =>
  verb === "~find" || verb === "~show" || (verb === undefined && !acts);

/** How well words of a page match what a clause asks for; 0 if they do not. */
export function linkSimilarity(words: string, clause: Clause): number {
  return isLooking(clause) ? wordSimilarity(words, clause) : actSimilarity(words, clause, true);
}

/** How many of the words of a clause a text has. */
function wordSimilarity(words: string, clause: Clause): number {
  let score = 0;
  let verb = false;
  for (const [token, weight] of weightedTokens(words)) {
    if (token === clause.verb) verb = true;
    const wanted = clause.weights.get(token);
    if (wanted !== undefined) score += wanted * Math.min(1, weight);
  }
  return verb ? score + 1 : score;
}

/** How well a form matches a clause: by its button, by the field that the clause sets, or by being a login form. */
export function formSimilarity(form: SeenForm, clause: Clause): number {
  if (clause.verb === "~login") return isLogin(form) ? 3 : 0;
  if (!form.writes && !isLooking(clause)) return 0;
  if (form.writes && isLooking(clause)) return 0;
  if (!form.writes) return wordSimilarity(form.label, clause);
  const sets = form.fields.some(
    (field) =>
      isSetBy(clause, field.nameTokens, field.textTokens) ||
      offersState(field, clause) ||
      offersKind(field, clause) ||
      tickedByNoun(clause, field) !== undefined ||
      takesTime(field, clause),
  );
  return Math.max(sets ? SETS : 0, actSimilarity(form.label, clause, false));
}

/** What a form counts that has the field which a clause sets: `change its priority to 3`. */
const SETS = 1.5;

const isSetBy = (clause: Clause, ...names: readonly WeightedTokens[]): boolean =>
  clause.verb === "~update" && namesField(clause, ...names);

/** Whether a field has the state that a clause wants as an option. */
const offersState = ({ enum: options = [] }: SeenField, clause: Clause): boolean =>
  setsState(clause) && options.some((option) => isState(option, clause));

/** Whether a field takes the day or the time that a clause gives for what was made before: `move it to Monday, 4 May`. */
const takesTime = (
  { format, enum: options = [] }: SeenField,
  { dates, times, object, acts, verb }: Clause,
): boolean =>
  object.refers &&
  (acts || verb === "~update") &&
  ((dates.length > 0 && (format === "date" || format === "date-time")) ||
    (times.length > 0 && (format === "time" || times.some(({ value }) => options.includes(value)))));

/** Whether a field has what a clause makes as an option: a form with the species `cat` adds a cat. */
const offersKind = ({ enum: options = [] }: SeenField, clause: Clause): boolean =>
  options.some((option) => isKind(option, clause));

const isKind = (value: Json, { object, indefinite }: Clause): boolean =>
  indefinite && typeof value === "string" && object.nouns.get(stem(plain(value))) === 1;

const isState = (value: Json, { wanted }: Clause): boolean =>
  typeof value === "string" && wanted !== undefined && plain(value) === plain(wanted.word);

/** Matches the history with the clauses of a goal. */
export function followWeb(calls: readonly WebCall[], clauses: readonly Clause[]): WebProgress {
  let at = 0;
  // The call that has begun or done the clause before.
  let by = -1;
  const guessed: Clause[] = [];
  const own = sentWords(calls);
  for (const [number, call] of calls.entries()) {
    if (!call.ok || bounced(calls, number)) continue;
    at = pastSettled(clauses, calls.slice(0, number), at, by);
    const previous = calls[number - 1];
    // The form to which a link has led was left without being sent, or after it was refused.
    const isRefused = calls.slice(by + 1, number).every(({ kind, ok }) => kind === "form" && !ok);
    if (
      isRefused &&
      at > 0 &&
      isLeft(calls[by], call, clauses[at - 1] as Clause, calls.slice(0, number), by < number - 1)
    )
      at -= 1;
    // A link has led to this form, whatever its button says.
    if (previous?.kind === "link" && by === number - 1 && isFormOf(call, clauses[at - 1], clauses[at])) {
      by = number;
      continue;
    }
    // The last of several forms in a row belongs to what the first one began: `Next`, `Next`, `Finish`.
    const ends =
      previous?.kind === "form" &&
      previous.ok &&
      isPassage(previous) &&
      by >= beginOf(calls, number) &&
      !isSentAgain(call, previous);
    if (ends && isRatherOf(call, clauses[at - 1], clauses[at])) {
      by = number;
      continue;
    }
    if ((isUnnamed(call, clauses, own) && !ends) || isGuess(calls, number, clauses, own)) {
      // A form whose words say nothing of the goal was sent for what came next.
      const next = clauses.findIndex((clause, index) => index >= at && !isLooking(clause));
      const clause = clauses[next];
      if (clause !== undefined && mayDo(call.label, clause, calls.slice(0, number))) {
        [at, by] = [next + 1, number];
        if (!isOpened(call.label, clause, calls.slice(0, number))) guessed.push(clause);
      }
      continue;
    }
    for (let index = at; index < clauses.length; index += 1) {
      if (isDecided(clauses, clauses[index] as Clause, calls, number)) {
        [at, by] = [index + 1, number];
        break;
      }
      if (onlyListed(clauses, clauses[index] as Clause, call)) continue;
      if (doesClause(call, clauses[index] as Clause, own)) {
        [at, by] = [index + 1, number];
        if (isOfOther(call, clauses[index] as Clause) || isSynonymOf(call, clauses[index] as Clause))
          guessed.push(clauses[index] as Clause);
        break;
      }
      // A clause that only looks can be skipped: the thing was visible already.
      if (!isLooking(clauses[index] as Clause)) break;
    }
  }
  const last = calls.at(-1);
  const page = calls.findLast((call) => call.page !== undefined)?.page;
  const before = clauses[at - 1];
  // A refused form undoes the progress of the link that led to it.
  if (last?.ok === false && last.kind === "form" && before !== undefined && !isLooking(before)) {
    const begun = calls.findLast(({ kind, ok }) => kind === "link" && ok);
    if (doesClause(last, before, own) || (begun !== undefined && doesClause(begun, before, own))) at -= 1;
  } else if (last?.ok === true && page !== undefined && before !== undefined && !isLooking(before)) {
    const earlier = pagesBefore(calls);
    const follows = by === calls.length - 1 ? last.kind === "form" : calls.slice(by + 1).every(isPassage);
    const more =
      (doesClause(last, before, own) && unfinished(last, page, before, earlier)) ||
      (follows && isPassage(last) && goesOn(last, page, before, earlier));
    if (more) return { calls, at: at - 1, by, guessed, page, goesOn: true };
  }
  at = pastSettled(clauses, calls, at, by);
  while (
    at > 0 &&
    at < clauses.length &&
    (isShownOn(page, clauses[at] as Clause, clauses[at - 1] as Clause) ||
      isDecided(clauses, clauses[at] as Clause, calls, calls.length - 1))
  )
    at += 1;
  return { calls, at, by, guessed, page, goesOn: false };
}

/**
 * Whether a page that asks for more of what a clause changes was left by another link. If that page is no longer visible,
 * this is assumed where no link alone should do what the clause wants.
 * @param wasRefused a form of that page was sent, and refused
 */
const isLeft = (
  previous: WebCall | undefined,
  { kind }: WebCall,
  clause: Clause,
  calls: readonly WebCall[],
  wasRefused: boolean,
): boolean =>
  kind === "link" &&
  previous?.kind === "link" &&
  !isLooking(clause) &&
  (wasRefused ||
    (previous.page === undefined
      ? !BY_LINK.has(clause.verb)
      : unfinished(previous, previous.page, clause, pagesBefore(calls))));

/** Verbs of what a link alone may do. */
const BY_LINK: ReadonlySet<string | undefined> = new Set(["~add", "~cart", "~login", "~logout"]);

/** Whether a clause makes something: no link alone does that. */
export const isMaking = (clause: Clause): boolean =>
  !isLooking(clause) &&
  !TAKES.has(clause.verb) &&
  clause.verb !== "~login" &&
  (clause.indefinite || clause.verb === "~create");

/** Whether a form to which a link has led does what the link's clause wants, rather than what the next one wants. */
const isFormOf = (call: WebCall, clause: Clause | undefined, next: Clause | undefined): boolean =>
  call.writes &&
  !isSignInCall(call) &&
  clause !== undefined &&
  !isLooking(clause) &&
  (next === undefined || actSimilarity(call.label, next, false) < 1);

/** Whether the words of a form are those of one clause more than those of the next. */
/** Whether a form was sent once more with other values: it leads nowhere, so that this is another change. */
const isSentAgain = (call: WebCall, { at, label, fields }: WebCall): boolean =>
  call.at === at &&
  call.label === label &&
  !leadsOn(label, "") &&
  JSON.stringify(call.fields) !== JSON.stringify(fields);

const isRatherOf = ({ label }: WebCall, clause: Clause | undefined, next: Clause | undefined): boolean => {
  const own = clause === undefined ? 0 : actSimilarity(label, clause, false);
  return own > ABOUT_IT && (next === undefined || own > actSimilarity(label, next, false));
};

/** Whether a form that did a clause names something else than the clause does, and took nothing of what it says. */
function isOfOther({ kind, label, about, fields }: WebCall, clause: Clause): boolean {
  const says = isPlainLabel(label) ? about : label;
  if (kind !== "form" || isLooking(clause) || clause.verb === "~login" || !namesOther(says, clause))
    return false;
  const texts = new Set(statedTexts(clause));
  return !Object.entries(fields).some(
    ([name, value]) =>
      texts.has(String(value)) || namesField(clause, weightedTokens(name)) || isKind(value, clause),
  );
}

/** Whether what did a clause says only a synonym of its verb. */
const isSynonymOf = ({ label }: WebCall, clause: Clause): boolean =>
  !isPlainLabel(label) && saysSynonym(label, clause);

/** Whether the last of several forms has confirmed what they made, so that nothing is left to be confirmed. */
function isConfirmed(calls: readonly WebCall[], by: number, clause: Clause): boolean {
  if (clause.verb !== "~confirm" || !clause.object.refers) return false;
  return calls.some(
    ({ kind, ok, page }, number) =>
      number >= by &&
      kind === "form" &&
      ok &&
      calls[number - 1]?.kind === "form" &&
      isPassage(calls[number - 1] as WebCall) &&
      (number === by || beginOf(calls, number) === by) &&
      page?.forms.some((form) => formSimilarity(form, clause) > 0) !== true,
  );
}

/**
 * Index of the first clause from `at` on that earlier forms have not settled: they took its values along (`add the note
 * "torn"` with `change its shelf`), or confirmed what they made.
 */
function pastSettled(clauses: readonly Clause[], calls: readonly WebCall[], at: number, by: number): number {
  let open = at;
  while (open > 0 && open < clauses.length) {
    const clause = clauses[open] as Clause;
    if (!calls.some((call) => isTakenAlong(call, clause)) && !isConfirmed(calls, by, clause)) break;
    open += 1;
  }
  return open;
}

/** Whether a clause only wants to see more of what was found before by its name, and the page is that of it: `and tell me its price`. */
function isShownOn(page: SeenPage | undefined, clause: Clause, before: Clause): boolean {
  const name = isLooking(before) ? ownNameIn(before) : undefined;
  return (
    clause.verb === "~show" &&
    clause.object.refers &&
    name !== undefined &&
    page !== undefined &&
    isTitled(page, name)
  );
}

const isTakenAlong = ({ kind, ok, fields }: WebCall, clause: Clause): boolean =>
  kind === "form" && ok && carries(fields, clause);

/** Visible pages before the last one. */
export const pagesBefore = (calls: readonly WebCall[]): SeenPage[] =>
  calls.flatMap((call) => call.page ?? []).slice(0, -1);

/** Whether a form is on all pages, as a choice of language is: no link has led to it. */
export function isStanding(form: SeenForm, earlier: readonly SeenPage[]): boolean {
  const fieldsOf = ({ fields }: SeenForm): string => fields.map(({ name }) => name).join(" ");
  return (
    earlier.length > 0 &&
    earlier.every(({ forms }) =>
      forms.some((other) => other.label === form.label && fieldsOf(other) === fieldsOf(form)),
    )
  );
}

/** Whether a call is one of several pages of the same thing: its label says nothing but that it continues. */
export const isPassage = (call: WebCall): boolean =>
  !isSignInCall(call) &&
  (call.kind === "form" ? isPlainLabel(call.label) : CONTINUES.test(call.label.trim()));

/** Whether the page after a form without a meaning of its own is the next of several pages, as in a checkout. */
function goesOn(
  last: WebCall,
  { forms, links }: SeenPage,
  clause: Clause,
  earlier: readonly SeenPage[],
): boolean {
  const fresh = forms.filter((form) => form.writes && form.near === "" && !isStanding(form, earlier));
  return (
    fresh.some(
      (form) => (form.label !== last.label && formSimilarity(form, clause) > 0) || leadsOn(form.label, ""),
    ) ||
    (last.kind === "form" && leadsOn(last.label, "") && fresh.length > 0) ||
    links.some(continues)
  );
}

/** Whether a link leads to the next page of the same thing. */
export const continues = ({ text, near }: SeenLink): boolean => near === "" && CONTINUES.test(text.trim());
const CONTINUES = /^(?:continue|proceed|next step)$/i;

/** Whether a form was sent whose button does nothing that the goal asks for by its words. */
function isUnnamed(call: WebCall, clauses: readonly Clause[], own: ReadonlySet<string>): boolean {
  if (!call.writes || isSignInCall(call) || call.label === "" || isPlainLabel(call.label)) return false;
  return !clauses.some((clause) => doesClause(call, clause, own, ABOUT_IT));
}

/** Whether a form whose words say nothing of the goal may have done what a clause wants. */
export const mayDo = (label: string, clause: Clause, calls: readonly WebCall[]): boolean =>
  !removesUnwanted(label, clause) &&
  !fillsBasket(label) &&
  !KEEPS_IN.test(label) &&
  // Nothing is removed by a guess.
  (clause.verb !== "~remove" || meaningsOf(label).has("~remove")) &&
  (clause.acts || TAKES.has(clause.verb) || isOpened(label, clause, calls));
/** The label of what only keeps a thing in a list: `Add to wish list`. */
const KEEPS_IN = /\b(?:add|save|put|pin)\b.*\b(?:to|for|in|on)\b/i;
/** Verbs by which a thing is taken, whatever the button on its page says. */
export const TAKES: ReadonlySet<string | undefined> = new Set(["~reserve", "~buy", "~register"]);

/** Whether what a clause acts on was opened before, by the words of links and pages. */
export function isOpened(label: string, clause: Clause, calls: readonly WebCall[]): boolean {
  const wanted = mainNouns(clause);
  if (wanted.length === 0 || clause.object.refers) return true;
  const labels = calls.flatMap((call) => (call.ok ? [call.label, call.about] : []));
  const opened = [...nouns([label, ...labels].join(" "))];
  return wanted.some((noun) => opened.some((other) => areKin(noun, other)));
}

/** Index of the call that led to the first of several forms in a row. */
function beginOf(calls: readonly WebCall[], number: number): number {
  let at = number - 1;
  while (at > 0 && calls[at]?.kind === "form" && isPassage(calls[at] as WebCall)) at -= 1;
  return at;
}

/** Whether a form was sent of whose page, link and button no word is the goal's. */
function isGuess(
  calls: readonly WebCall[],
  number: number,
  clauses: readonly Clause[],
  own: ReadonlySet<string>,
): boolean {
  const [before, call] = [calls[number - 1], calls[number] as WebCall];
  if (!call.writes || isSignInCall(call) || !isPlainLabel(call.label)) return false;
  if (before === undefined || !before.ok) return false;
  if (before.kind === "form")
    return isSentAgain(call, before) && !clauses.some((clause) => doesClause(call, clause, own));
  if (CONTINUES.test(before.label.trim())) return false;
  return !clauses.some((clause) => doesClause(before, clause, own) || doesClause(call, clause, own));
}

/** Whether a call only led to a login: the session had ended, and nothing was done. */
function bounced(calls: readonly WebCall[], number: number): boolean {
  const call = calls[number] as WebCall;
  // After a sign-out a target asks to sign in.
  if (
    isSignInCall(call) ||
    LEAVING.test(call.label) ||
    !calls.slice(0, number).some((earlier) => earlier.ok && isSignInCall(earlier))
  )
    return false;
  const next = calls[number + 1];
  return next === undefined ? call.page?.forms.some(isLogin) === true : isSignInCall(next);
}

/**
 * Whether a call does what a clause asks for, by its words.
 * @param least what the words of a button or a link have to count for more than
 */
export function doesClause(call: WebCall, clause: Clause, own: ReadonlySet<string>, least = 0): boolean {
  if (clause.verb === "~login" && isSignInCall(call)) return true;
  if (clause.verb === "~show" && call.kind === "link" && own.has(call.label)) return true;
  // `Open it` is done on its page.
  if (isLooking(clause) && clause.object.refers && call.ofItem === true) return true;
  if (isLooking(clause)) return wordSimilarity(call.label, clause) >= 0.5 && isFound(call, clause);
  // The link `Change` alone changes no phone number, and `Basket` puts nothing there.
  const isOfOwn = clause.object.nouns.size > 0 && !clause.object.refers;
  const isVague = call.kind === "link" && (isOfOwn || clause.verb === "~add");
  const isChange = isVague && clause.verb === "~update";
  const needed = isChange ? 1 : isVague ? Math.max(least, SAME_CLASS) : least;
  if (actSimilarity(call.label, clause, call.kind === "link") > needed) return true;
  if (call.about !== "" && actSimilarity(call.about, clause, false) > Math.max(least, ABOUT_IT)) return true;
  return Object.entries(call.fields).some(
    ([name, value]) =>
      isSetBy(clause, weightedTokens(name)) ||
      (setsState(clause) && isState(value, clause)) ||
      isKind(value, clause) ||
      (clause.object.refers && [...clause.dates, ...clause.times].some((time) => time.value === value)) ||
      (!isSignInCall(call) && isSaidBy(clause, value)) ||
      (typeof value === "boolean" && namesField(clause, weightedTokens(name))),
  );
}

/** Whether a value of a choice is what a clause changes something to: `every month` of `set the bulletin to every month`. */
function isSaidBy({ verb, text }: Clause, value: Json): boolean {
  if (verb !== "~update" || typeof value !== "string" || value.length <= 2) return false;
  const [before = "", ...behind] = ` ${plain(text)} `.split(` ${plain(value)} `);
  return behind.length > 0 && / (?:to|as|into)(?: the| an?)?$/.test(before);
}

/** Whether a call has shown what a clause looks for by its name, if it names any. */
function isFound({ label, page, since }: WebCall, clause: Clause): boolean {
  const name = ownNameIn(clause);
  const shown = page ?? since;
  const about = nounWanted(clause);
  if (about !== undefined && name === undefined) {
    const said = [...nouns(`${label} ${shown?.title ?? ""}`)];
    return said.some((noun) => areKin(noun, stem(about)));
  }
  return name === undefined || shown === undefined || saysName(label, name) || showsName(shown, name);
}

const isSame = (one: SeenForm, other: SeenForm): boolean =>
  one.id === other.id && one.label === other.label && one.near === other.near;

/** Whether the page after a call still asks for something of the same clause: the link led to its form. */
function unfinished(last: WebCall, page: SeenPage, clause: Clause, earlier: readonly SeenPage[]): boolean {
  if (clause.verb === "~login") return page.forms.some(isLogin);
  const own = last.kind === "form" ? actSimilarity(last.label, clause, false) : 0;
  return page.forms.some((form) => {
    if (!form.writes || (form.label === last.label && (last.kind === "form" || form.near !== "")))
      return false;
    // What could be done before, too, is no next step of a form: `Add to wish list` beside the form of a review.
    if (last.kind === "form" && earlier.some(({ forms }) => forms.some((other) => isSame(other, form))))
      return false;
    const isOwn =
      form.near === "" && !isStanding(form, earlier) && !isLogin(form) && !LEAVING.test(form.label);
    if (
      last.kind === "link" &&
      isOwn &&
      (isPlain(form) ||
        (!removesUnwanted(form.label, clause) &&
          (clause.verb === "~remove" ||
            isOfPage(form, page) ||
            isMaking(clause) ||
            (clause.acts && namesSameThing(form.label, last.label)))))
    )
      return true;
    const similarity = formSimilarity(form, clause);
    // After a form that did it, another one confirms it, or is as near to the goal's words.
    return (
      similarity > 0 &&
      (similarity >= own ||
        (similarity >= 1 &&
          (own < 1 || saysLead(form.label, clause)) &&
          form.fields.every(({ required, filled }) => !required || filled)))
    );
  });
}

/**
 * Whether a page is there for a form: it has fields to be filled in, and is sent to where the page is, or to what that is made in
 * (`/loans` of `/loans/new`).
 */
export const isOfPage = ({ near, to, fields }: SeenForm, { path }: SeenPage): boolean =>
  near === "" &&
  to.length > 1 &&
  (to === bare(path) || bare(path).startsWith(`${to.replace(/\/$/, "")}/`)) &&
  fields.some(({ filled, checkbox }) => !filled && !checkbox);

/** Lines of a page in which it says what it is about. */
const SUBJECT_LINES = 12;
/** Longer lines are no headings. */
const LONGEST_HEADING = 80;

/**
 * Whether a page is about what a clause asks for, by its title and the short lines at its beginning that are no links or buttons. For
 * what makes something, the name of that is enough: `Claim form` for `file a claim`.
 */
export function isPageAbout({ title, text, links, forms }: SeenPage, clause: Clause): boolean {
  // The words of a session are on all pages.
  if (clause.verb === "~login" || clause.verb === "~logout") return false;
  const linked = new Set([...links.map((link) => link.text), ...forms.map(({ label }) => label)]);
  const lines = text
    .split("\n", SUBJECT_LINES)
    .filter((line) => line.length <= LONGEST_HEADING && !linked.has(line));
  const made = clause.indefinite ? mainNouns(clause) : [];
  return [title, ...lines].some((line) => {
    if (actSimilarity(line, clause, false) > ABOUT_IT) return true;
    const named = nouns(line);
    return made.some((noun) => named.has(noun));
  });
}

/** A form whose button has no meaning: the page's subject says what it does. */
export const isPlain = (form: SeenForm): boolean =>
  form.writes && form.near === "" && isPlainLabel(form.label);
