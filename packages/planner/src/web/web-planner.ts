import { type Clause, clausesOf } from "@ape/catalog/goal/clause";
import type { ThingName } from "@ape/catalog/goal/phrases/thing-name";
import { isSearch } from "@ape/catalog/operations/field";
import { verbEntry } from "@ape/catalog/words/thesaurus";
import { meaningOf, plain, stem } from "@ape/catalog/words/words";
import type { JsonObject } from "@ape/core/lib/json";
import { newLines } from "@ape/core/lib/new-lines";
import { randomFrom, seedOf } from "@ape/core/lib/random";
import { USER_IS_SENT } from "@ape/core/protocol/sign-in";
import { isData, isPlaceholder } from "../goal/fact-assignment.ts";
import { quotedList } from "../goal/plan.ts";
import { finishWith, type PlannerDecision, type PlanningContext } from "../planning-context.ts";
import { repairForm } from "./form-repair.ts";
import { fillIn, isLogin } from "./form-values.ts";
import { fillsBasket, hasClassOf, mainNouns, meaningsOf, nouns, removesUnwanted } from "./label-match.ts";
import { nameWanted, saysName, searchFieldOf, showsName } from "./named-thing.ts";
import type { SeenForm, SeenLink, SeenPage } from "./page-reader.ts";
import { hasPrice, priceIn } from "./price.ts";
import { unsentValues } from "./unsent-values.ts";
import {
  ABOUT_IT,
  continues,
  followWeb,
  formSimilarity,
  isLooking,
  isMaking,
  isPageAbout,
  isPassage,
  isPlain,
  isStanding,
  LEAVING,
  linkSimilarity,
  mayDo,
  ownText,
  pagesBefore,
  sentWords,
  TAKES,
  type WebCall,
  webCalls,
} from "./web-progress.ts";

const MOST_CALLS = 60;
/** Maximum number of times in a row for the same call; waiting helps against 429 and 503. */
const MOST_TRIES = 4;
const MOST_WAITS = 8;
/** Longer texts are no names by which a thing is found. */
const MOST_NAME_WORDS = 4;
const LEAST = 0.01;
const NEXT = /\b(?:next|more|older|forward)\b|[›»→]/i;
const GONE = /\b(?:sold out|out of stock|unavailable|not available|fully booked|on loan|taken)\b/i;
/** Verbs that act on an existing thing. */
const OWN_VERBS: ReadonlySet<string | undefined> = new Set(["~show", "~update", "~remove"]);
const NO_VERBS: ReadonlySet<string> = new Set();

/** The next step in a web application, which only its pages describe: the link or form that a user would choose. */
export function decideOnPage(target: string, context: PlanningContext): PlannerDecision {
  const { view } = context;
  const calls = webCalls(view, target);
  const clauses = clausesOf(view.goal, NO_VERBS).map(asCreation);
  const todo = clauses.filter(({ active }) => active);
  const { at, by, guessed, page, goesOn } = followWeb(calls, todo);
  const last = calls.at(-1);
  if (at >= todo.length && (last === undefined || last.ok)) {
    const unsent = unsentValues(todo, calls);
    const besides = unsent.length === 0 || view.dropped > 0 ? "" : `; not understood: ${quotedList(unsent)}`;
    const guesses = guessed.map(({ said }) => said.trim());
    const unsure = guesses.length === 0 ? "" : `; guessed: ${quotedList(guesses)}`;
    return finishWith(`Every part of the goal is done${unsure}${besides}.`);
  }
  if (calls.length + view.dropped >= MOST_CALLS) return finishWith("Looked around long enough.");
  if (last !== undefined && !last.ok && isPassing(last)) return repeat(target, calls, last);
  if (page === undefined) {
    return last !== undefined && last.at === "/" && !last.ok
      ? finishWith(`The first page answered ${last.status}.`)
      : open(target, "/");
  }
  return new PageDecision(target, context, { calls, clauses, todo, at, by, page, goesOn }).decide();
}

/** `Register a dog` makes a dog, and no account. */
function asCreation(clause: Clause): Clause {
  // To register for something makes a registration.
  if (clause.verb !== "~register" || FOR.test(clause.text)) return clause;
  const nouns = mainNouns(clause);
  const isAccount = nouns.length === 0 || nouns.some((noun) => ACCOUNTS.has(meaningOf(noun) ?? noun));
  return isAccount ? clause : { ...clause, verb: "~create" };
}
const FOR = /^\W*(?:register|sign(?:s|ing)? up|enrol{1,2})\s+(?:for|in|as|with|at|to|on)\b/i;
const ACCOUNTS = new Set([
  "~person",
  ...["account", "profile", "membership", "newcomer", "author"].map(stem),
]);

const open = (target: string, path: string): PlannerDecision => ({
  kind: "call",
  request: { target, method: "GET", path },
});

const isPassing = ({ status, note }: WebCall): boolean =>
  (status === 401 && note === USER_IS_SENT) ||
  status === 0 ||
  status === 408 ||
  status === 429 ||
  status >= 500;

function repeat(target: string, calls: readonly WebCall[], last: WebCall): PlannerDecision {
  const waits = last.status === 429 || last.status === 503;
  const row = calls.length - 1 - calls.findLastIndex(({ text, ok }) => text !== last.text || ok);
  if (row >= (waits ? MOST_WAITS : MOST_TRIES))
    return finishWith(`${last.text} answered ${last.status}, ${row} times.`);
  if (last.kind === "link") return open(target, last.at);
  if (last.cut) return open(target, "/");
  const form = last.page?.forms.find(({ id, label }) => id === last.at && label === last.label);
  return { ...sending(target, form ?? { id: last.at, label: last.label }), fields: { ...last.fields } };
}

/** The decision to send a form with its button; the fields are left out. */
function sending(target: string, { id, label, submit }: Pick<SeenForm, "id" | "label" | "submit">) {
  const decision = { kind: "submit" as const, target, form: id };
  return submit === true ? { ...decision, submit: label } : decision;
}

/** The decision about one page. */
class PageDecision {
  readonly #target: string;
  readonly #context: PlanningContext;
  readonly #calls: readonly WebCall[];
  readonly #clauses: readonly Clause[];
  readonly #clause: Clause;
  readonly #later: readonly Clause[];
  readonly #done: readonly Clause[];
  readonly #looking: readonly Clause[];
  readonly #page: SeenPage;
  /** Index of the first call for this clause. */
  readonly #since: number;
  /** The last call has done the clause before: what its page offers is no part of that. */
  readonly #hasEnded: boolean;
  readonly #failed: ReadonlySet<string>;
  readonly #visited: ReadonlySet<string>;
  /** What the goal calls the thing that the clause is about: no other one is taken instead. */
  readonly #called: ThingName | undefined;

  constructor(
    target: string,
    context: PlanningContext,
    state: {
      calls: readonly WebCall[];
      clauses: readonly Clause[];
      todo: readonly Clause[];
      at: number;
      by: number;
      page: SeenPage;
      goesOn: boolean;
    },
  ) {
    const { calls, clauses, todo, at, by, page } = state;
    this.#hasEnded = by === calls.length - 1 && !state.goesOn;
    this.#target = target;
    this.#context = context;
    this.#calls = calls;
    this.#clauses = clauses;
    this.#page = page;
    this.#since = by + 1;
    const changed = calls.findLastIndex(({ kind, ok }) => kind === "form" && ok);
    this.#visited = new Set(
      calls.slice(changed + 1).flatMap(({ kind, at: path }) => (kind === "link" ? [path] : [])),
    );
    const failed = new Set<string>();
    for (const { kind, ok, status, at: id, label } of calls)
      if (kind === "form" && ok) failed.delete(`${id} ${label}`);
      else if (!ok && status >= 200 && status < 500) failed.add(`${id} ${label}`);
    this.#failed = failed;
    let index = at;
    this.#clause = todo[index] as Clause;
    // The target of the search is visible: the next clause acts on it.
    while (
      index + 1 < todo.length &&
      isLooking(this.#clause) &&
      (this.#inSight(this.#clause) || this.#offers(todo[index + 1] as Clause))
    ) {
      index += 1;
      this.#clause = todo[index] as Clause;
    }
    this.#called = nameWanted(clauses, this.#clause);
    this.#looking = clauses.filter(
      (clause) => isLooking(clause) || !clause.active || clause === this.#clause,
    );
    this.#later = todo.slice(index + 1);
    this.#done = todo.slice(0, index).filter((done) => !isLooking(done));
  }

  decide(): PlannerDecision {
    const clause = this.#clause;
    return (
      this.#repairedForm() ??
      this.#gone() ??
      (isLooking(clause) ? this.#searchNamed() : undefined) ??
      this.#form(clause, ABOUT_IT) ??
      this.#plainForm() ??
      this.#nextForm() ??
      this.#own(clause) ??
      this.#basket(clause) ??
      this.#link(clause, ABOUT_IT) ??
      this.#passage() ??
      this.#backIn() ??
      this.#ofItem(clause) ??
      (this.#isOnItem() ? (this.#form(clause, LEAST, false) ?? this.#link(clause, LEAST)) : undefined) ??
      this.#item() ??
      this.#searchNamed() ??
      this.#form(clause, LEAST) ??
      this.#link(clause, LEAST) ??
      this.#onward() ??
      this.#unserved()
    );
  }

  #unserved(): PlannerDecision {
    const called = this.#called;
    const isShown = this.#calls.some(
      ({ page }) => page !== undefined && called !== undefined && showsName(page, called),
    );
    if (called !== undefined && !isShown) return finishWith(`Nothing here is called "${called.whole}".`);
    return finishWith(`Nothing here serves "${this.#clause.said.trim()}".`);
  }

  /** What the goal names is here, but cannot be had. */
  #gone(): PlannerDecision | undefined {
    const called = this.#called;
    if (called === undefined || isLooking(this.#clause)) return undefined;
    const { links, forms } = this.#page;
    const own = [...links, ...forms].filter(({ near }) => near !== "" && this.#isCalled(near));
    const isGone = own.length > 0 && own.every(({ near }) => GONE.test(near));
    return isGone ? finishWith(`"${called.whole}" cannot be had: "${own[0]?.near}".`) : undefined;
  }

  /** Whether the page is that of what the goal calls by a name, or follows on one that showed it. */
  #isOfNamed(): boolean {
    const called = this.#called;
    if (called === undefined) return true;
    return this.#calls
      .slice(-2)
      .some(({ page, label }) => saysName(label, called) || (page !== undefined && showsName(page, called)));
  }

  /** A search for what the goal calls by a name, where the page shows nothing of that name. */
  #searchNamed(): PlannerDecision | undefined {
    const called = this.#called;
    if (called === undefined || showsName(this.#page, called)) return undefined;
    for (const form of this.#page.forms) {
      const field = searchFieldOf(form, this.#clause);
      if (field === undefined || this.#failed.has(`${form.id} ${form.label}`)) continue;
      const isSearched = this.#calls.some(
        ({ at, fields }) => at === form.id && fields[field.name] !== undefined,
      );
      const fields = { ...this.#filled(form), [field.name]: called.text };
      if (!isSearched) return { ...sending(this.#target, form), fields };
    }
    return undefined;
  }

  /** Whether what is said of a thing has the name that the goal gives, if it gives any. */
  #isCalled(near: string): boolean {
    const { title } = this.#page;
    return this.#called === undefined || saysName(near, this.#called, title);
  }

  /** Several fitting items are on the page, so that no search is needed. */
  #inSight(clause: Clause): boolean {
    if (clause.verb === "~show") return false;
    const own = clause.object.refers ? ownText(this.#calls) : undefined;
    if (own !== undefined) return this.#page.links.some(({ text }) => text.includes(own));
    const wanting =
      clause.bounds.length > 0 ||
      clause.extreme !== undefined ||
      nameWanted(this.#clauses, clause) !== undefined;
    const items = this.#items();
    return items.length > (wanting ? 0 : 1) && this.#calls.length > 1;
  }

  /** The page of one thing has a form for the clause that comes next. */
  #offers(next: Clause): boolean {
    if (isLooking(next) || next.verb === "~logout" || next.verb === "~login") return false;
    const last = this.#calls.at(-1);
    if (last?.kind !== "link" || !last.ok) return false;
    const { forms } = this.#page;
    return (
      forms.some((form) => form.writes && form.near === "" && formSimilarity(form, next) > 0) ||
      this.#onlyForm(this.#open(), next) !== undefined
    );
  }

  /** Whether a form has a button without a meaning of its own, and is not what the goal asks for later: `Confirm`. */
  #isPassing(form: SeenForm): boolean {
    const { indefinite, verb } = this.#clause;
    // What is about to be made is not changed yet.
    const isMaking = indefinite || TAKES.has(verb);
    return (
      isPlain(form) &&
      !this.#later.some((clause) => !(isMaking && clause.object.refers) && formSimilarity(form, clause) >= 1)
    );
  }

  /** What is beside prices or other words, and meets the constraints; of the kind that the goal names, if any is. */
  #items(): (SeenLink | SeenForm)[] {
    const { links, forms } = this.#page;
    const things = [...links, ...forms].filter(({ near }) => hasPrice(near) || near.length > 12);
    const fitting = things.filter(({ near }) => this.#suits(near));
    if (this.#called !== undefined) return fitting.filter(({ near }) => this.#isCalled(near));
    const kinds = this.#clauses.flatMap(({ object }) =>
      [...object.nouns].flatMap(([noun, weight]) => (weight < 1 ? [noun] : [])),
    );
    const own = fitting.filter(({ near }) => {
      const said = nouns(near);
      return kinds.some((kind) => said.has(kind));
    });
    return own.length > 0 || (kinds.length > 0 && this.#next() !== undefined) ? own : fitting;
  }

  /** Links that were not opened yet, and do not end the session. */
  #fresh(): readonly SeenLink[] {
    return this.#page.links.filter(({ path, text }) => !this.#visited.has(path) && !LEAVING.test(text));
  }

  /** The link to the next page of a list, if it was not opened yet. */
  #next(): SeenLink | undefined {
    const fresh = this.#fresh();
    return (
      fresh.find(({ text, near }) => near === "" && NEXT.test(text)) ??
      fresh.find(({ text }) => NEXT.test(text))
    );
  }

  /** Whether an item's words meet the goal's constraints. */
  #suits(near: string): boolean {
    if (GONE.test(near)) return false;
    const price = priceIn(near);
    for (const { bounds } of this.#clauses)
      for (const { side, strict, value, money, bare } of bounds) {
        if (!money && !bare) continue;
        if (price === undefined) return false;
        if (
          side === "max"
            ? price > value || (strict && price === value)
            : price < value || (strict && price === value)
        )
          return false;
      }
    return true;
  }

  /** The form that was just returned, with other values. */
  #repairedForm(): PlannerDecision | undefined {
    const last = this.#calls.at(-1);
    if (last === undefined || last.ok || last.kind !== "form" || last.cut || last.page === undefined)
      return undefined;
    const form = this.#page.forms.find(({ id, label }) => id === last.at && label === last.label);
    if (form === undefined || isLogin(form)) return undefined;
    const first = this.#calls.findLastIndex(
      ({ kind, at, label, ok }) => kind !== "form" || at !== last.at || label !== last.label || ok,
    );
    const tries = this.#calls.slice(first + 1);
    if (tries.length >= MOST_TRIES) return undefined;
    const before = tries.length > 1 ? tries[0]?.page : this.#pageOf(form);
    const said = before === undefined ? "" : newLines(last.page.text, before.text);
    const fields = repairForm(form, tries, this.#filled(form), this.#context.seed, said);
    return fields && { ...sending(this.#target, form), fields };
  }

  /** The last page that offered a form before it was sent. */
  #pageOf({ id, label }: SeenForm): SeenPage | undefined {
    return pagesBefore(this.#calls).findLast(({ forms }) =>
      forms.some((form) => form.id === id && form.label === label),
    );
  }

  /** What the session itself has created, by the words that it submitted. */
  #own({ verb, another, acts, object }: Clause): PlannerDecision | undefined {
    if (another || !(OWN_VERBS.has(verb) || (acts && object.refers))) return undefined;
    const words = sentWords(this.#calls);
    const links = this.#page.links.filter(({ text, path }) => words.has(text) && !this.#visited.has(path));
    // Others may have made things of the same name: the page that came after its form is its own.
    const made = this.#calls.findLast(
      (call) => call.page?.path.includes("?") === false && sentWords([call]).size > 0,
    )?.page?.path;
    const link = links.find(({ path }) => path === made) ?? links[0];
    if (link !== undefined) return open(this.#target, link.path);
    return object.refers ? this.#searchOwn() : undefined;
  }

  /** On the page of what was made, links that only this page has: `Reschedule` for `move it to Monday`. */
  #ofItem({ object, acts, verb }: Clause): PlannerDecision | undefined {
    const last = this.#calls.at(-1);
    if (!object.refers || !(acts || verb === "~update") || last?.ok !== true || this.#calls.length < 3)
      return undefined;
    const earlier = new Set(pagesBefore(this.#calls).flatMap(({ links }) => links.map(({ path }) => path)));
    const link = this.#fresh().find(
      ({ near, path, text }) =>
        near === "" && !earlier.has(path) && leadsWithVerb(text) && !removesUnwanted(text, this.#clause),
    );
    return link && open(this.#target, link.path);
  }

  /** A search for what the session has made, where the page shows other things. */
  #searchOwn(): PlannerDecision | undefined {
    const own = ownText(this.#calls);
    const { title, text, forms } = this.#page;
    if (own === undefined || own.split(/\s+/).length > MOST_NAME_WORDS) return undefined;
    if (`${title}\n${text}`.includes(own) || this.#items().length === 0) return undefined;
    const form = forms.find(({ writes, fields }) => !writes && fields.some(isSearch));
    const field = form?.fields.find(isSearch);
    if (form === undefined || field === undefined) return undefined;
    const isSearched = this.#calls.some(({ at, fields }) => at === form.id && fields[field.name] === own);
    return isSearched ? undefined : { ...sending(this.#target, form), fields: { [field.name]: own } };
  }

  /** A link has led to this page: it may be that of one thing. */
  #isOnItem(): boolean {
    const last = this.#calls.at(-1);
    return last?.kind === "link" && last.ok && this.#calls.length > 2;
  }

  /** @param beside also forms beside one of several things */
  #form(clause: Clause, least: number, beside = true): PlannerDecision | undefined {
    // What the goal names is not on the way to forms of which no word says that they are about it.
    if (least < ABOUT_IT && !isLooking(clause) && !this.#isOfNamed()) return undefined;
    const scored = this.#page.forms
      .filter((form) => this.#called === undefined || searchFieldOf(form, clause) === undefined)
      .filter(({ id, label, near }) => !this.#failed.has(`${id} ${label}`) && (beside || near === ""))
      .map((form) => ({ form, score: formSimilarity(form, clause) }))
      .filter(({ score }) => score >= (isLooking(clause) ? 0.5 : least));
    const most = Math.max(0, ...scored.map(({ score }) => score));
    const best = scored.filter(({ score }) => score === most).map(({ form }) => form);
    const priced = best.filter(({ near }) => near !== "");
    const fitting =
      priced.length > 0 ? priced.filter(({ near }) => this.#suits(near) && this.#isCalled(near)) : best;
    const chosen = this.#take(fitting);
    return chosen === undefined || this.#isAsked(chosen) ? undefined : this.#submit(chosen);
  }

  /** Whether a form that only shows something was sent with the same values before, and nothing has changed since. */
  #isAsked(form: SeenForm): boolean {
    if (form.writes) return false;
    const changed = this.#calls.findLastIndex(({ writes, ok }) => writes && ok);
    const values = JSON.stringify(this.#filled(form));
    return this.#calls.some(
      ({ at, label, fields }, index) =>
        index > changed && at === form.id && label === form.label && JSON.stringify(fields) === values,
    );
  }

  #link(clause: Clause, least: number): PlannerDecision | undefined {
    let best: SeenLink | undefined;
    let most = isLooking(clause) ? 0.49 : least;
    for (const link of this.#page.links) {
      if (this.#visited.has(link.path) || (LEAVING.test(link.text) && clause.verb !== "~logout")) continue;
      const own = linkSimilarity(link.text, clause);
      // Of several with the same words, the one beside the words that the goal names.
      const beside = own > 0 && isBeside(link, clause);
      const score = own + (beside ? 0.4 : 0);
      if (score <= most) continue;
      best = link;
      most = score;
    }
    return best === undefined ? undefined : open(this.#target, best.path);
  }

  /** Forms of this page alone that were not refused. */
  #open(): SeenForm[] {
    const earlier = pagesBefore(this.#calls);
    return this.#page.forms.filter(
      (form) => !this.#failed.has(`${form.id} ${form.label}`) && !isStanding(form, earlier),
    );
  }

  /** What is to be bought goes into a basket first, as often as is wanted; then the basket is opened. */
  #basket({ verb, amounts, object }: Clause): PlannerDecision | undefined {
    if (verb !== "~buy" || object.nouns.size === 0) return undefined;
    const filled = this.#calls
      .slice(this.#since)
      .filter(({ kind, ok, label }) => kind === "form" && ok && fillsBasket(label));
    const wanted = amounts.find(({ money }) => !money)?.value ?? 1;
    if (filled.length >= wanted) {
      const link = this.#fresh().find(({ text }) => meaningsOf(text).has("~cart"));
      return this.#link(this.#clause, ABOUT_IT) ?? (link && open(this.#target, link.path));
    }
    const fit = this.#page.forms.filter(
      ({ id, label, near }) =>
        fillsBasket(label) &&
        !this.#failed.has(`${id} ${label}`) &&
        (near === "" || (this.#suits(near) && this.#isCalled(near))),
    );
    const others = fit.filter(({ id }) => !filled.some(({ at }) => at === id));
    const forms = others.length > 0 ? others : fit;
    const next = this.#next();
    if (forms.length > 0 && next !== undefined && !forms.some(({ near }) => this.#isNamed(near)))
      return open(this.#target, next.path);
    const form = forms.length > 1 && forms.every(({ near }) => near !== "") ? this.#take(forms) : forms[0];
    if (form !== undefined) return this.#submit(form);
    // Another one: back to where the first was found.
    const last = this.#calls.lastIndexOf(filled.at(-1) as WebCall);
    const list = this.#calls.slice(0, Math.max(0, last)).findLast(({ kind, ok }) => kind === "link" && ok);
    return list === undefined || last < this.#calls.length - 1 ? undefined : open(this.#target, list.at);
  }

  /** Whether a thing is the one that the goal names, where it names any. */
  #isNamed(near: string): boolean {
    const named = this.#named();
    return named.length === 0 || named.some((text) => near.toLowerCase().includes(text));
  }

  /** Names that the goal gives to what it is about, in small letters. */
  #named(): string[] {
    return this.#clauses
      .flatMap(({ quoted, names }) => [
        ...quoted,
        ...names.flatMap(({ preposition, text }) => (preposition === "" ? [text] : [])),
      ])
      .map((text) => text.toLowerCase());
  }

  /** The next of several pages of the same thing. */
  #passage(): PlannerDecision | undefined {
    if (isLooking(this.#clause) || this.#calls.at(-1)?.ok !== true) return undefined;
    const link = this.#page.links.find((one) => continues(one) && !this.#visited.has(one.path));
    if (link !== undefined) return open(this.#target, link.path);
    return this.#nextForm(true);
  }

  /**
   * The form that comes after one: without a meaning of its own, or the only one of the page. A link that begins it all
   * again may be on every page of them.
   * @param afterAny whatever the form before did, and not only after one that leads on
   */
  #nextForm(afterAny = false): PlannerDecision | undefined {
    const last = this.#calls.at(-1);
    if (last?.kind !== "form" || !last.ok || isLooking(this.#clause) || this.#hasEnded) return undefined;
    const leads = isPassage(last);
    if (!leads && !afterAny) return undefined;
    // The same page again: its form leads nowhere.
    const before = this.#calls.at(-2);
    if (before?.text === last.text && before.page?.path === this.#page.path) return undefined;
    const open = this.#open().filter((form) => !isLogin(form));
    const own = open.filter((form) => form.writes && form.near === "" && !LEAVING.test(form.label));
    const form = open.find((one) => this.#isPassing(one)) ?? (leads && own.length === 1 ? own[0] : undefined);
    return form === undefined || removesUnwanted(form.label, this.#clause) ? undefined : this.#submit(form);
  }

  /** The form that a link has led to, whatever its button says. */
  #plainForm(): PlannerDecision | undefined {
    const last = this.#calls.at(-1);
    if (last?.kind !== "link" || isLooking(this.#clause) || !this.#isOfNamed()) return undefined;
    const open = this.#open();
    const isOnWay = linkSimilarity(last.label, this.#clause) > 0;
    const passing = open.find((one) => this.#isPassing(one));
    if (isOnWay || (passing !== undefined && isPageAbout(this.#page, this.#clause))) {
      const form = passing ?? (isMaking(this.#clause) ? this.#ownForm(open) : undefined);
      return form === undefined ? undefined : this.#submit(form);
    }
    // A link that says what the goal asks for goes before a form that does not.
    if (this.#link(this.#clause, ABOUT_IT) !== undefined) return undefined;
    const form = this.#onlyForm(open, this.#clause);
    return form === undefined ? undefined : this.#submit(form);
  }

  /** The only thing that can be done with the item whose page this is, for a verb that no button has. */
  #onlyForm(open: readonly SeenForm[], clause: Clause): SeenForm | undefined {
    const { verb, acts } = clause;
    if (!acts && !TAKES.has(verb)) return undefined;
    const only = this.#ownForm(open);
    const chosen = this.#calls.some(
      ({ kind, page }) => kind === "link" && page !== undefined && page !== this.#page,
    );
    return chosen && only !== undefined && mayDo(only.label, clause, this.#calls) ? only : undefined;
  }

  /** The only form of a page that is about no other thing of it. */
  #ownForm(open: readonly SeenForm[]): SeenForm | undefined {
    const [only, ...others] = open.filter(
      (form) => form.writes && form.near === "" && !isLogin(form) && !LEAVING.test(form.label),
    );
    return others.length > 0 || (only !== undefined && removesUnwanted(only.label, this.#clause))
      ? undefined
      : only;
  }

  /** The session has ended: the page asks for a login again. */
  #backIn(): PlannerDecision | undefined {
    const form = this.#page.forms.find(isLogin);
    if (form === undefined || !this.#data().some(({ value }) => isPlaceholder(value))) return undefined;
    const row = this.#calls.filter(
      ({ kind, at, label }) => kind === "form" && at === form.id && label === form.label,
    );
    return row.length >= MOST_TRIES ? undefined : this.#submit(form);
  }

  /** One of the items on the page: the action may be on the item's own page. */
  #item(): PlannerDecision | undefined {
    const wanted = new Set(this.#clauses.flatMap((clause) => [...nouns(clause.text)]));
    const links = this.#items().filter(
      (item): item is SeenLink => "path" in item && !this.#visited.has(item.path) && !LEAVING.test(item.text),
    );
    // Those with the most of the goal's words: a green backpack before a green scarf.
    const counts = links.map(({ near }) => [...nouns(near)].filter((token) => wanted.has(token)).length);
    const most = Math.max(...counts);
    const chosen = this.#take(links.filter((_, at) => counts[at] === most));
    return chosen === undefined ? undefined : open(this.#target, chosen.path);
  }

  /** The next page of a list, else a link that matches the goal, else any, else the first page. */
  #onward(): PlannerDecision | undefined {
    const fresh = this.#fresh();
    const next = this.#next();
    if (next !== undefined) return open(this.#target, next.path);
    const wanted = new Set(this.#clauses.flatMap(({ text }) => [...nouns(text)]));
    // What is done already is not begun again.
    const useful = fresh.filter(
      ({ text }) => !this.#done.some((clause) => linkSimilarity(text, clause) > ABOUT_IT),
    );
    const related = useful.filter(({ text }) => [...nouns(text)].some((token) => wanted.has(token)));
    // `My applications` before `Start application`: the clause has another verb.
    const same = useful.find(({ text, near }) => near === "" && hasClassOf(text, this.#clause));
    const about = related.find(({ text }) => !leadsWithVerb(text)) ?? related[0] ?? same;
    const any = about ?? useful.find(({ near }) => near === "") ?? fresh.find(({ near }) => near === "");
    if (any !== undefined) return open(this.#target, any.path);
    return this.#visited.has("/") || this.#page.path === "/" ? undefined : open(this.#target, "/");
  }

  #submit(form: SeenForm): PlannerDecision {
    const same = this.#calls.filter(
      ({ kind, at, label }) => kind === "form" && at === form.id && label === form.label,
    );
    if (same.length >= MOST_WAITS)
      return finishWith(`The form "${form.label}" was sent ${same.length} times.`);
    return { ...sending(this.#target, form), fields: this.#filled(form) };
  }

  #filled(form: SeenForm): JsonObject {
    const purpose = {
      clause: this.#clause,
      later: this.#later,
      around: this.#looking,
      title: this.#page.title,
      own: ownText(this.#calls) ?? this.#called?.text,
    };
    return fillIn(form, purpose, this.#data(), this.#context.seed);
  }

  #data() {
    return this.#context.view.facts.filter(isData);
  }

  /** One of several: the cheapest if requested, the best match with the constraint, else any by the seed. */
  #take<T extends { near: string }>(items: readonly T[]): T | undefined {
    if (items.length < 2) return items[0];
    const { cheapest, first } = this.#context.persona;
    const extreme = this.#clauses.find((clause) => clause.extreme !== undefined)?.extreme;
    if (extreme !== undefined || cheapest) {
      const rank = ({ near }: T): number =>
        (priceIn(near) ?? Number.POSITIVE_INFINITY) * (extreme?.least === false ? -1 : 1);
      return items.reduce((best, item) => (rank(item) < rank(best) ? item : best));
    }
    const texts = this.#named();
    const named = items.filter(({ near }) => texts.some((text) => near.toLowerCase().includes(text)));
    const from = named.length > 0 ? named : items;
    if (first) return from[0];
    return from[Math.floor(randomFrom(seedOf(this.#context.seed, "item"))() * from.length)];
  }
}

/** Whether a text begins with a word that is a verb in most texts. */
const leadsWithVerb = (text: string): boolean =>
  verbEntry(stem(plain(text).split(" ")[0] ?? ""))?.mostly === true;

/** Whether the text beside a link matches a word of a clause that the link itself does not. */
function isBeside({ near, text }: SeenLink, clause: Clause): boolean {
  const said = nouns(text);
  for (const token of nouns(near)) if (clause.weights.has(token) && !said.has(token)) return true;
  return false;
}
