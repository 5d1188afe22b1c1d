import { type Answer, unauthorized } from "./answer.ts";
import type { TracePage } from "./books.ts";
import type { Exposure, FaultKind, Share } from "./faults.ts";
import { strikes } from "./faults.ts";
import type { Session } from "./sessions.ts";
import type { World } from "./world.ts";

/** One request, with all that the shop knows about it. */
export interface Visit extends Exposure {
  readonly world: World;
  /** Path and query as they came. */
  readonly url: string;
  readonly params: Record<string, string>;
  readonly query: Record<string, unknown>;
  readonly body: unknown;
  readonly page: TracePage;
  /** The span of the request's `traceparent`, or "". */
  readonly span: string;
  /** The live session that the request belongs to; if there is none, `refusal` says why. */
  readonly session: Session | undefined;
  readonly refusal: Answer | undefined;
}

/** A method and a route template, and what it does. */
export interface Operation {
  readonly name: string;
  /** For customers who are logged in only. */
  readonly guarded: boolean;
  readonly run: (visit: Visit) => Answer;
}

/** An operation for everybody. */
export function open(name: string, run: (visit: Visit) => Answer): Operation {
  return { name, guarded: false, run };
}

const NOT_LOGGED_IN = unauthorized("not_logged_in", "Log in first: this needs a login of a customer.");

/** An operation for customers who are logged in: 401 for everybody else. */
export function guarded(name: string, run: (visit: Visit, session: Session) => Answer): Operation {
  return {
    name,
    guarded: true,
    run: (visit) =>
      visit.session === undefined ? (visit.refusal ?? NOT_LOGGED_IN) : run(visit, visit.session),
  };
}

/** Whether a fault hits this request; a hit goes into the books. */
export function hit(visit: Visit, kind: FaultKind, share: Share | undefined): boolean {
  if (share === undefined || !strikes(kind, share, visit, visit.world.plan.seed)) return false;
  visit.world.ledger.injected(visit.page, kind, visit);
  return true;
}

/** A named part of a JSON body; undefined when there is no such part, or no object at all. */
export function part(body: unknown, name: string): unknown {
  if (typeof body !== "object" || body === null || !Object.hasOwn(body, name)) return undefined;
  return (body as Record<string, unknown>)[name];
}
