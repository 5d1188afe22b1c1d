import type { ActionRecord, Event } from "@ape/core/protocol/events";
import type { Attribution } from "@ape/core/protocol/outcome";
import { LATENCY_BOUNDS_MS, latencyIndex } from "@ape/core/report/latency-bounds";
import type { ReportOperation } from "@ape/core/report/report";
import { addCounts } from "./time-bucket.ts";

/** Further operations are counted together. */
const MAX_OPERATIONS_SHOWN = 200;
const MAX_STATUSES = 40;
const OTHER = "other";
const SPARK_PARTS = 60;
/** Parts of a sparkline while it grows: twice as many, so that joining neighbours leaves enough. */
const MAX_PARTS = SPARK_PARTS * 2;
const FIRST_PART_MS = 1_000;

/** The counts of one operation, as JSON. */
export interface OperationCounts {
  target: string;
  count: number;
  failed: Partial<Record<Attribution, number>>;
  statuses: Record<string, number>;
  latency: number[];
  /** Actions by moment, in epoch milliseconds: only in what {@link OperationTable.takeAll} returns. */
  times?: [at: number, actions: number][];
}

/** Actions by operation: status mix, attribution of failures, distribution of latency, and how many over time. */
export class OperationTable {
  readonly #operations = new Map<string, OperationCounts>();
  readonly #sparks = new Map<string, number[]>();
  #origin: number | undefined;
  #partMs = FIRST_PART_MS;
  #parts = 0;

  add(event: Event): void {
    if (event.type === "run_started") this.#origin ??= event.at;
    if (event.type !== "step" || event.action === undefined) return;
    const { action } = event;
    const name = this.#nameOf(action.operation);
    count(this.#of(name, action.target), action);
    this.#spark(name, 1, event.at);
  }

  /** Returns the counts since the last call and starts at zero again: for one process of several. */
  take(): [name: string, counts: OperationCounts][] {
    const taken = [...this.#operations];
    this.#operations.clear();
    this.#sparks.clear();
    return taken;
  }

  /** Returns everything, with the times of the actions: the end of one process of several. */
  takeAll(): [name: string, counts: OperationCounts][] {
    const origin = (this.#origin ?? 0) + this.#partMs / 2;
    const timed = Array.from(this.#operations, ([name, counts]): [string, OperationCounts] => {
      const times = (this.#sparks.get(name) ?? []).flatMap((actions, part): [number, number][] =>
        actions === 0 ? [] : [[origin + part * this.#partMs, actions]],
      );
      return [name, { ...counts, times }];
    });
    this.take();
    return timed;
  }

  /** @param at moment of the counts, in epoch milliseconds; counts with times have their own */
  merge(operations: readonly (readonly [name: string, counts: OperationCounts])[], at: number): void {
    for (const [given, counts] of operations) {
      const name = this.#nameOf(given);
      const mine = this.#of(name, counts.target);
      mine.count += counts.count;
      addCounts(mine.failed, counts.failed);
      addCounts(mine.statuses, counts.statuses);
      for (const [index, many] of counts.latency.entries())
        mine.latency[index] = (mine.latency[index] ?? 0) + many;
      for (const [moment, actions] of counts.times ?? [[at, counts.count] as const])
        this.#spark(name, actions, moment);
    }
  }

  /** By number of actions, the most frequent first. */
  read(): ReportOperation[] {
    return [...this.#operations]
      .sort(([, a], [, b]) => b.count - a.count)
      .map(([name, counts]) => ({ name, ...counts, spark: this.#sparkOf(name) }));
  }

  #nameOf(name: string): string {
    return this.#operations.has(name) || this.#operations.size < MAX_OPERATIONS_SHOWN ? name : OTHER;
  }

  #of(name: string, target: string): OperationCounts {
    let counts = this.#operations.get(name);
    if (counts === undefined) {
      counts = {
        target,
        count: 0,
        failed: {},
        statuses: {},
        latency: Array.from({ length: LATENCY_BOUNDS_MS.length + 1 }, () => 0),
      };
      this.#operations.set(name, counts);
    }
    return counts;
  }

  #spark(name: string, many: number, at: number): void {
    this.#origin ??= at;
    const offset = Math.max(0, at - this.#origin);
    while (offset / this.#partMs >= MAX_PARTS) {
      for (const [key, parts] of this.#sparks) this.#sparks.set(key, inPairs(parts));
      this.#partMs *= 2;
      this.#parts = Math.ceil(this.#parts / 2);
    }
    const index = Math.floor(offset / this.#partMs);
    this.#parts = Math.max(this.#parts, index + 1);
    let parts = this.#sparks.get(name);
    if (parts === undefined) {
      parts = [];
      this.#sparks.set(name, parts);
    }
    while (parts.length <= index) parts.push(0);
    parts[index] = (parts[index] ?? 0) + many;
  }

  #sparkOf(name: string): number[] {
    const parts = [...(this.#sparks.get(name) ?? [])];
    while (parts.length < this.#parts) parts.push(0);
    return parts.length > SPARK_PARTS ? inPairs(parts) : parts;
  }
}

function count(counts: OperationCounts, action: ActionRecord): void {
  counts.count += 1;
  const answer = action.status === 0 ? (action.error?.code ?? "0") : String(action.status);
  const status =
    counts.statuses[answer] === undefined && Object.keys(counts.statuses).length >= MAX_STATUSES
      ? OTHER
      : answer;
  counts.statuses[status] = (counts.statuses[status] ?? 0) + 1;
  const index = latencyIndex(action.durationMs);
  counts.latency[index] = (counts.latency[index] ?? 0) + 1;
  if (!action.failed) return;
  const attribution = action.attribution ?? "infrastructure";
  counts.failed[attribution] = (counts.failed[attribution] ?? 0) + 1;
}

/** Neighbours joined: half as many parts. */
function inPairs(parts: readonly number[]): number[] {
  const joined: number[] = [];
  for (let i = 0; i < parts.length; i += 2) joined.push((parts[i] ?? 0) + (parts[i + 1] ?? 0));
  return joined;
}
