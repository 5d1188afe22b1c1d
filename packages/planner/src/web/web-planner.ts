import { type Clause, clausesOf } from "@ape/catalog/goal/clause";
import { unknownSuperlative } from "@ape/catalog/goal/orderings/superlative";
import type { ThingName } from "@ape/catalog/goal/phrases/thing-name";
import { actsOnDefinite } from "@ape/catalog/goal/things/definite-things";
import { dayRangeIn } from "@ape/catalog/goal/times/day-of-year";
import { stem } from "@ape/catalog/words/words";
import { USER_IS_SENT } from "@ape/core/protocol/sign-in";
import { quotedList } from "../goal/plan.ts";
import { doneText, finishWith, type PlannerDecision, type PlanningContext } from "../planning-context.ts";
import type { ReadView } from "../prompt/view-reader.ts";
import { assertionsUnmet } from "./assertions/assertions.ts";
import { basketStep } from "./basket-step.ts";
import { withPlaces } from "./clauses/there.ts";
import { webClause } from "./clauses/web-clause.ts";
import { dayBeside, dayChosen, nameWanted, otherName, saysName, showsName } from "./named-thing.ts";
import {
  bestForm,
  formOfLink,
  loginAgain,
  nextForm,
  offersNext,
  passageStep,
  repairedForm,
} from "./page-forms.ts";
import { goneChoice, goneThing, isInSight, itemStep, wasListed } from "./page-items.ts";
import {
  bestLink,
  linkOfChosen,
  linkOfItem,
  linkOfPlace,
  nextOfList,
  onwardStep,
  ownDetails,
  ownThing,
} from "./page-links.ts";
import type { SeenPage } from "./page-reader.ts";
import { searchForNamed } from "./page-searches.ts";
import { MOST_TRIES, MOST_WAITS, openPage, type PageSituation, sending } from "./page-situation.ts";
import { unsentValues } from "./unsent-values.ts";
import { unshownThings } from "./unshown-things.ts";
import { isSignInCall, type WebCall, webCalls } from "./web-call.ts";
import { ABOUT_IT, followWeb, isLooking, TAKES } from "./web-progress.ts";
import { isToBeOpened, ownLinkStep } from "./whose/own-link.ts";
import { isAtPlace, withinPlace } from "./whose/place.ts";
import { placeOf } from "./whose/stated-place.ts";
import { isOfOne, linkOfTold } from "./whose/told-thing.ts";

const LEAST = 0.01;
const MOST_CALLS = 60;
const NO_VERBS: ReadonlySet<string> = new Set();

/** The next step in a web application, which only its pages describe: the link or form that a user would choose. */
export function decideOnPage(target: string, context: PlanningContext): PlannerDecision {
  const { view } = context;
  const calls = webCalls(view, target);
  const clauses = withPlaces(clausesOf(view.goal, NO_VERBS)).map(webClause);
  const todo = clauses.filter(({ active }) => active);
  const begun = signedInBefore(view, target, todo) ? 1 : 0;
  const followed = followWeb(calls, todo.slice(begun));
  const { by, guessed, page, goesOn } = followed;
  const at = followed.at + begun;
  const last = calls.at(-1);
  if (todo.length === 0) return finishWith("Nothing that the goal asks for was understood.");
  if (at >= todo.length && (last === undefined || last.ok)) {
    const values = unsentValues(todo, calls);
    const things = unshownThings(todo, calls).filter((text) => !values.some((one) => one.includes(text)));
    const unsent = [...values, ...things];
    const besides = unsent.length === 0 || view.dropped > 0 ? "" : `; not understood: ${quotedList(unsent)}`;
    const guesses = guessed.map(({ said }) => said.trim());
    const unsure = guesses.length === 0 ? "" : `; guessed: ${quotedList(guesses)}`;
    const unmet = assertionsUnmet(todo, calls);
    const otherwise = unmet.length === 0 ? "" : `; not so: ${quotedList(unmet)}`;
    return finishWith(doneText(`${otherwise}${unsure}${besides}`));
  }
  if (calls.length + view.dropped >= MOST_CALLS) return finishWith("Looked around long enough.");
  if (last !== undefined && !last.ok && isPassing(last)) return repeat(target, calls, last);
  if (page === undefined) {
    return last !== undefined && last.at === "/" && !last.ok
      ? finishWith(`The first page answered ${last.status}.`)
      : openPage(target, "/");
  }
  return nextStepOn(situationOf(target, context, { calls, clauses, todo, at, by, page, goesOn }));
}

/** Whether the first clause signs in and did so in calls that are no longer in the history. */
function signedInBefore(
  { done = [], dropped }: ReadView,
  target: string,
  [first]: readonly Clause[],
): boolean {
  const sent = done.some((one) => one.target === target && !one.operation.startsWith("GET "));
  return dropped > 0 && first?.verb === "~login" && sent;
}

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
  if (last.kind === "link") return openPage(target, last.at);
  if (last.cut) return openPage(target, "/");
  const form = last.page?.forms.find(({ id, label }) => id === last.at && label === last.label);
  return { ...sending(target, form ?? { id: last.at, label: last.label }), fields: { ...last.fields } };
}

/** The situation on a page: what is looked for may be visible, so that the next clause acts on it. */
function situationOf(
  target: string,
  context: PlanningContext,
  progress: {
    calls: readonly WebCall[];
    clauses: readonly Clause[];
    todo: readonly Clause[];
    at: number;
    by: number;
    page: SeenPage;
    goesOn: boolean;
  },
): PageSituation {
  const { calls, clauses, todo, at, by, page, goesOn } = progress;
  const changed = calls.findLastIndex(({ kind, ok }) => kind === "form" && ok);
  const failed = new Set<string>();
  for (const { kind, ok, status, at: id, label } of calls)
    if (kind === "form" && ok) failed.delete(`${id} ${label}`);
    else if (!ok && status >= 200 && status < 500) failed.add(`${id} ${label}`);
  const common = {
    target,
    context,
    calls,
    clauses,
    page,
    range: dayRangeIn(context.view.goal),
    since: by + 1,
    hasEnded: by === calls.length - 1 && !goesOn,
    failed,
    visited: new Set(
      calls.slice(changed + 1).flatMap(({ kind, at: path }) => (kind === "link" ? [path] : [])),
    ),
  };
  const ofClause = (index: number): PageSituation => {
    const clause = todo[index] as Clause;
    return {
      ...common,
      clause,
      called: nameWanted(clauses, clause),
      day: dayBeside(clause) ?? dayChosen(clause),
      looking: clauses.filter((one) => isLooking(one) || !one.active || one === clause),
      later: todo.slice(index + 1),
      done: todo.slice(0, index).filter((one) => !isLooking(one)),
    };
  };
  let index = at;
  let now = ofClause(index);
  while (
    index + 1 < todo.length &&
    isLooking(now.clause) &&
    !isToBeOpened(now) &&
    (isInSight(now) || wasListed(now) || offersNext(now, todo[index + 1] as Clause))
  ) {
    index += 1;
    now = ofClause(index);
  }
  return now;
}

function nextStepOn(now: PageSituation): PlannerDecision {
  const order = unknownOrder(now);
  if (order !== undefined) return finishWith(`Nothing here tells which one is "${order}".`);
  const place = placeOf(now.clause);
  // What is taken out of a thing is removed on the page of that.
  if (place !== undefined && now.clause.verb === "~remove") {
    const toPlace = { ...now, called: place };
    if (!isAtPlace(now, place)) return wayToPlace(toPlace) ?? unserved(toPlace);
    return stepOn(withinPlace(now, place)) ?? unserved(now);
  }
  const other =
    now.clause.verb === "~add" && place !== undefined ? place : otherName(now.clauses, now.clause);
  if (other === undefined || now.called === undefined || other.text === now.called.text)
    return stepOn(now) ?? unserved(now);
  // `Assign Ada Birk to the nest at the Mill` is done on the page of the one or of the other.
  const own = { ...now, besides: other };
  const toOther = { ...now, called: other, besides: now.called };
  const [first, second] = showsName(now.page, other) ? [toOther, own] : [own, toOther];
  return stepOn(first) ?? stepOn(second) ?? unserved(now);
}

/** The next step to the page of what the goal names, where nothing is done with it. */
const wayToPlace = (now: PageSituation): PlannerDecision | undefined =>
  loginAgain(now) ?? itemStep(now) ?? searchForNamed(now) ?? onwardStep(now);

/** The order by which a clause, or the one before that its pronoun refers to, chooses what it acts on, where it is not known. */
function unknownOrder({ clause, clauses }: PageSituation): string | undefined {
  if (isLooking(clause) || clause.verb === "~login" || clause.verb === "~logout") return undefined;
  const before = clause.object.refers ? clauses[clauses.indexOf(clause) - 1] : undefined;
  for (const one of before === undefined ? [clause] : [clause, before]) {
    const word = unknownSuperlative(one);
    if (word !== undefined) return word;
    // Pages are compared by prices alone.
    if (one.extreme !== undefined && !one.extreme.about.has(PRICE))
      return [...one.extreme.about.keys()].join(" ");
  }
  return undefined;
}
const PRICE = stem("price");

function stepOn(now: PageSituation): PlannerDecision | undefined {
  return (
    repairedForm(now) ??
    goneThing(now) ??
    backToIt(now) ??
    (isLooking(now.clause) ? (searchForNamed(now) ?? ownLinkStep(now)) : undefined) ??
    bestForm(now, ABOUT_IT) ??
    formOfLink(now) ??
    nextForm(now) ??
    ownThing(now) ??
    ownDetails(now) ??
    basketStep(now) ??
    linkOfTold(now) ??
    backToChanged(now) ??
    linkOfChosen(now) ??
    nextOfList(now) ??
    bestLink(now, ABOUT_IT) ??
    passageStep(now) ??
    loginAgain(now) ??
    linkOfItem(now) ??
    (isOnItem(now) ? (bestForm(now, LEAST, false) ?? bestLink(now, LEAST)) : undefined) ??
    itemStep(now) ??
    linkOfPlace(now) ??
    searchForNamed(now) ??
    bestForm(now, LEAST) ??
    bestLink(now, LEAST) ??
    onwardStep(now)
  );
}

/** The page of what was changed just now, for what is made of it: `reopen the parlour stack and order a sweeping of it`. */
function backToIt(now: PageSituation): PlannerDecision | undefined {
  const { clause, calls, since } = now;
  const done = calls[since - 1];
  if (clause.object.refers || !OF_IT.test(clause.text) || done?.kind !== "form" || !done.ok) return undefined;
  const back = pageOpenedBefore(now, calls.slice(0, since - 1));
  return back === undefined ? undefined : openPage(now.target, back);
}
const OF_IT = /\b(?:of|for|on|in|at|to|with) it\b/i;

/** The same for what is done with it next, where the page that came then does not serve it: `reopen the stack and change its fuel`. */
function backToChanged(now: PageSituation): PlannerDecision | undefined {
  const { clause, clauses, calls } = now;
  const before = clauses[clauses.indexOf(clause) - 1];
  const last = calls.at(-1);
  // What was made or taken has a page of its own.
  if (!clause.object.refers || before === undefined || !actsOnDefinite(before)) return undefined;
  if (isLooking(clause) || isLooking(before) || TAKES.has(before.verb)) return undefined;
  if (last?.kind !== "form" || !last.ok || !last.writes || isSignInCall(last)) return undefined;
  const back = pageOpenedBefore(now, calls);
  return back !== undefined && isOfOne(back) ? openPage(now.target, back) : undefined;
}

/** The page of the thing that the last of some calls were about: `/chimneys/22` rather than the one that asks whether it is to be reopened. */
function pageOpenedBefore({ visited, page }: PageSituation, calls: readonly WebCall[]): string | undefined {
  const opened = calls.flatMap(({ kind, ok, at }) => (kind === "link" && ok ? at : []));
  const last = opened.at(-1);
  if (last === undefined) return undefined;
  const path = opened.findLast((one) => one !== "/" && last.startsWith(`${one}/`)) ?? last;
  return visited.has(path) || path === page.path ? undefined : path;
}

/** Whether a call has shown what has a name; what was asked for by a code and a name may have been on a page that is no longer visible. */
function mayHaveShown({ page, label, kind, fields }: WebCall, called: ThingName): boolean {
  if (saysName(label, called)) return true;
  if (page !== undefined) return showsName(page, called);
  return kind === "form" && Object.keys(fields).length > 1 && Object.values(fields).includes(called.text);
}

function unserved(now: PageSituation): PlannerDecision {
  const { called, calls } = now;
  if (called !== undefined && !calls.some((call) => mayHaveShown(call, called)))
    return finishWith(`Nothing here is called "${called.whole}".`);
  const gone = goneChoice(now);
  if (gone !== undefined) return finishWith(`Not available: "${gone}".`);
  return finishWith(`Nothing here serves "${now.clause.said.trim()}".`);
}

/** A link has led to this page, or a change of what the clause is about: it may be that of one thing. */
function isOnItem(now: PageSituation): boolean {
  const last = now.calls.at(-1);
  const { object, verb, acts } = now.clause;
  const isChanged = last?.kind === "form" && object.refers && (acts || verb === "~update");
  return (last?.kind === "link" || isChanged) && last?.ok === true && now.calls.length > 2;
}
