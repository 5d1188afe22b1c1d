import type { Clause } from "@ape/catalog/goal/clause";
import type { ThingName } from "@ape/catalog/goal/phrases/thing-name";
import type { DayRange } from "@ape/catalog/goal/times/day-of-year";
import type { PlannerDecision, PlanningContext } from "../planning-context.ts";
import type { SeenForm, SeenLink, SeenPage } from "./page-reader.ts";
import type { WebCall } from "./web-call.ts";
import { LEAVING } from "./web-progress.ts";

/** Maximum number of times in a row for the same call; waiting helps against 429 and 503. */
export const MOST_TRIES = 4;
export const MOST_WAITS = 8;
const NEXT = /\b(?:next|more|older|forward)\b|[›»→]/i;

/** What a decision about a page is made from. */
export interface PageSituation {
  readonly target: string;
  readonly context: PlanningContext;
  readonly calls: readonly WebCall[];
  readonly clauses: readonly Clause[];
  /** What is to be done now. */
  readonly clause: Clause;
  readonly later: readonly Clause[];
  readonly done: readonly Clause[];
  /** Clauses that say what it is about. */
  readonly looking: readonly Clause[];
  readonly page: SeenPage;
  /** Index of the first call for this clause. */
  readonly since: number;
  /** The last call has done the clause before: what its page offers is no part of that. */
  readonly hasEnded: boolean;
  /** Forms that were refused: id and label. */
  readonly failed: ReadonlySet<string>;
  /** Paths that were opened since the last change. */
  readonly visited: ReadonlySet<string>;
  /** What the goal calls the thing that the clause is about: no other one is taken instead. */
  readonly called: ThingName | undefined;
  /** What is brought to it, or what it is brought to: the form takes the one on the page of the other. */
  readonly besides?: ThingName;
  /** The day by which the goal tells it from others, `12-24`: `cancel my outing on 24 December`. */
  readonly day: string | undefined;
  /** The days between which the goal wants it: `between 10 and 15 December`. */
  readonly range: DayRange | undefined;
}

/** The decision to open a page. */
export const openPage = (target: string, path: string): PlannerDecision => ({
  kind: "call",
  request: { target, method: "GET", path },
});

/** The decision to send a form with its button; the fields are left out. */
export function sending(target: string, { id, label, submit }: Pick<SeenForm, "id" | "label" | "submit">) {
  const decision = { kind: "submit" as const, target, form: id };
  return submit === true ? { ...decision, submit: label } : decision;
}

/** Links that were not opened yet, and do not end the session. */
export function freshLinks(now: PageSituation): readonly SeenLink[] {
  return now.page.links.filter(({ path, text }) => !now.visited.has(path) && !LEAVING.test(text));
}

/** The link to the next page of a list, if it was not opened yet. */
export function nextPageOf(now: PageSituation): SeenLink | undefined {
  const fresh = freshLinks(now);
  return (
    fresh.find(({ text, near }) => near === "" && NEXT.test(text)) ??
    fresh.find(({ text }) => NEXT.test(text))
  );
}
