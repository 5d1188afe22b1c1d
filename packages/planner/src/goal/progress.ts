import type { Operation, OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import { isJsonObject } from "@ape/core/lib/json";
import { parseOperation } from "@ape/core/protocol/operations/operation";
import type { ReadView, ViewResult } from "../prompt/view-reader.ts";
import { isUsableAnswer, type ParsedCall, type PastCall, parseCall } from "./past-call.ts";
import type { Plan } from "./plan.ts";

/** How far a session is in its plan, read from its history. */
export interface PlanProgress {
  calls: PastCall[];
  /** Index of the next step; after the last when all are done. */
  at: number;
  /** The calls made for each step, oldest first. */
  attempts: PastCall[][];
  /** The failed call for the next step that no later call has recovered. */
  pending: PastCall | undefined;
  /** The calls after it. */
  since: PastCall[];
}

const SENT_KEPT = 4_000;
const NOTHING: ReadonlyMap<Operation, number> = new Map();

/** Parses calls, each text once: a history repeats them at every step. */
export class CallReader {
  readonly #catalog: OperationCatalog;
  readonly #sent = new Map<string, ParsedCall>();

  constructor(catalog: OperationCatalog) {
    this.#catalog = catalog;
  }

  /** The history with the answers that are still visible. */
  read(view: ReadView): PastCall[] {
    const answers = new Map(view.results.map((result) => [result.step, result]));
    const calls: PastCall[] = [];
    for (const call of view.trail) {
      const { method, path, query, data, cut, operation, params } = this.#read(call.call, call.target);
      const answer = unwrapped(answers.get(call.step), method, path);
      calls.push({
        method,
        path,
        query,
        data,
        cut,
        operation,
        params,
        step: call.step,
        target: call.target,
        text: call.call,
        status: call.status,
        note: call.note ?? "",
        answer,
        ok: isUsableAnswer(call, answer, operation),
      });
    }
    return calls;
  }

  #read(text: string, target: string): ParsedCall {
    const key = `${target} ${text}`;
    let sent = this.#sent.get(key);
    if (sent === undefined) {
      if (this.#sent.size >= SENT_KEPT) this.#sent.clear();
      sent = parseCall(text, target, this.#catalog);
      this.#sent.set(key, sent);
    }
    return sent;
  }
}

/** An answer of GraphQL without its wrappers: the value of the one requested field. */
function unwrapped(
  answer: ViewResult | undefined,
  method: ParsedCall["method"],
  path: string,
): ViewResult | undefined {
  if (answer === undefined || (method !== "query" && method !== "mutation")) return answer;
  const data = isJsonObject(answer.body) ? answer.body.data : undefined;
  return isJsonObject(data) ? { ...answer, body: data[path] ?? null } : answer;
}

/** How often operations succeeded in calls that have left the history. */
export function doneBefore({ done = [] }: ReadView, catalog: OperationCatalog): Map<Operation, number> {
  const counts = new Map<Operation, number>();
  for (const { target, operation: key, times } of done) {
    const reference = parseOperation(key);
    const operation =
      reference === undefined ? undefined : catalog.at(target, reference.method, reference.template);
    if (operation !== undefined) counts.set(operation, (counts.get(operation) ?? 0) + times);
  }
  return counts;
}

/**
 * The step that follows what was done. Every write of the plan takes one of its operation's successes; a read may have
 * served several steps.
 */
function firstOpenStep({ steps }: Plan, done: ReadonlyMap<Operation, number>): number {
  if (done.size === 0) return 0;
  const left = new Map(done);
  let next = 0;
  for (const [index, { operation }] of steps.entries()) {
    const count = left.get(operation) ?? 0;
    if (count > 0) {
      left.set(operation, count - 1);
      next = index + 1;
    } else if (operation.writes) break;
  }
  return next;
}

/**
 * Matches the history with the plan.
 * @param dropped whether the beginning of the history is missing
 * @param done what succeeded in it
 */
export function follow(
  calls: PastCall[],
  plan: Plan,
  dropped: boolean,
  done: ReadonlyMap<Operation, number> = NOTHING,
): PlanProgress {
  const { steps } = plan;
  const attempts: PastCall[][] = steps.map(() => []);
  let at = firstOpenStep(plan, done);
  let pending: { call: PastCall; index: number; at: number } | undefined;
  calls.forEach((call, index) => {
    const { operation } = call;
    if (operation === undefined) return;
    let step = steps[at]?.operation === operation ? at : -1;
    // A session that began the next step counted this one as done, although its answer was lost.
    if (step < 0 && pending !== undefined && steps[at + 1]?.operation === operation) step = at + 1;
    if (step < 0 && dropped) step = laterStep(steps, at, operation, done.size > 0);
    if (step < 0) {
      const before = steps.findLastIndex((earlier, place) => place < at && earlier.operation === operation);
      if (before < 0) return;
      attempts[before]?.push(call);
      if (before === at - 1 && isDoneAgain(call, attempts[before] ?? [])) {
        at = before;
        pending = { call, index, at };
      }
      return;
    }
    attempts[step]?.push(call);
    at = call.ok ? step + 1 : step;
    pending = call.ok ? undefined : { call, index, at };
  });
  return {
    calls,
    at,
    attempts,
    pending: pending?.call,
    since: pending === undefined ? [] : calls.slice(pending.index + 1),
  };
}

/**
 * The next step of an operation.
 * @param counted what the dropped calls did is known: then no write is passed over
 */
function laterStep(steps: Plan["steps"], at: number, operation: Operation, counted: boolean): number {
  for (let place = at + 1; place < steps.length; place += 1) {
    if (counted && steps[place - 1]?.operation.writes === true) return -1;
    if (steps[place]?.operation === operation) return place;
  }
  return -1;
}

/**
 * A write that is repeated and fails right after one that seemed to succeed: the earlier answer, which is no longer
 * visible, was unusable.
 */
function isDoneAgain(call: PastCall, tries: readonly PastCall[]): boolean {
  const before = tries.at(-2);
  if (call.ok || call.operation?.writes !== true || call.operation.login) return false;
  return before?.ok === true && before.answer === undefined;
}
