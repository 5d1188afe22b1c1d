import type { OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import { isJsonObject } from "@ape/core/lib/json";
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

/** Matches the history with the plan. `dropped`: whether the beginning of the history is missing. */
export function follow(calls: PastCall[], { steps }: Plan, dropped: boolean): PlanProgress {
  const attempts: PastCall[][] = steps.map(() => []);
  let at = 0;
  let pending: { call: PastCall; index: number; at: number } | undefined;
  calls.forEach((call, index) => {
    const { operation } = call;
    if (operation === undefined) return;
    let step = steps[at]?.operation === operation ? at : -1;
    // A session that began the next step counted this one as done, although its answer was lost.
    if (step < 0 && pending !== undefined && steps[at + 1]?.operation === operation) step = at + 1;
    if (step < 0 && dropped)
      step = steps.findIndex((later, place) => place > at && later.operation === operation);
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
 * A write that is repeated and fails right after one that seemed to succeed: the earlier answer, which is no longer
 * visible, was unusable.
 */
function isDoneAgain(call: PastCall, tries: readonly PastCall[]): boolean {
  const before = tries.at(-2);
  if (call.ok || call.operation?.writes !== true || call.operation.login) return false;
  return before?.ok === true && before.answer === undefined;
}
