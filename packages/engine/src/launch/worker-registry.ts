import { partition } from "@ape/core/lib/schedule";
import type { ToWorker } from "../worker/protocol.ts";
import type { WorkerHandle } from "./worker-handle.ts";

interface Entry {
  readonly handle: WorkerHandle;
  ready: boolean;
  leaving: boolean;
  gone: boolean;
  /** Agents that it was told to run; undefined if it may not know. */
  share: number | undefined;
  /** Agents that took an arrival and have not reported that they are free. */
  busy: number;
}

/** The workers of a run, including ended ones, and the distribution of agents. */
export class WorkerRegistry {
  readonly #entries: Entry[] = [];

  join(handle: WorkerHandle): void {
    this.#entries.push({ handle, ready: false, leaving: false, gone: false, share: undefined, busy: 0 });
  }

  /** Whether a worker of this index has ever joined. */
  knows(index: number): boolean {
    return index in this.#entries;
  }

  /** Whether a worker of this index has joined and not exited. */
  isThere(index: number): boolean {
    return this.#entries[index]?.gone === false;
  }

  /** @returns how many workers have ever been ready */
  ready(index: number): number {
    const entry = this.#entries[index];
    if (entry !== undefined) entry.ready = true;
    return this.#entries.filter((one) => one.ready).length;
  }

  markLeaving(index: number): void {
    const entry = this.#entries[index];
    if (entry !== undefined) entry.leaving = true;
  }

  markExited(index: number): void {
    const entry = this.#entries[index];
    if (entry !== undefined) entry.gone = true;
  }

  /** Marks agents of an open load as free again. */
  freed(index: number, count: number): void {
    const entry = this.#entries[index];
    if (entry !== undefined) entry.busy -= count;
  }

  /** Takes a worker back that was marked as exited. */
  markReturned(index: number): void {
    const entry = this.#entries[index];
    if (entry === undefined) return;
    entry.gone = false;
    entry.share = undefined;
  }

  get allExited(): boolean {
    return this.#entries.every(({ gone }) => gone);
  }

  /** Workers that accept agents. */
  get #able(): Entry[] {
    return this.#entries.filter(({ ready, leaving, gone }) => ready && !leaving && !gone);
  }

  /** Number of workers that have ever joined. */
  get size(): number {
    return this.#entries.length;
  }

  /** Sends every worker its share of the wanted agents, if that has changed. */
  shareOut(wanted: number): void {
    const able = this.#able;
    for (const [index, entry] of able.entries()) {
      const share = partition(wanted, index, able.length);
      if (share === entry.share) continue;
      entry.share = share;
      entry.handle.send({ type: "agents", wanted: share });
    }
  }

  /**
   * Hands an arrival to the worker with the most free agents, even if none seems free: the worker knows its own state,
   * and counts the arrival as dropped, so that its figures show it. False if there is no worker.
   */
  arrive(wanted: number, scheduledAt: number): boolean {
    const able = this.#able;
    let best: Entry | undefined;
    let most = Number.NEGATIVE_INFINITY;
    for (const [index, entry] of able.entries()) {
      const free = partition(wanted, index, able.length) - entry.busy;
      if (free > most) {
        most = free;
        best = entry;
      }
    }
    if (best === undefined) return false;
    best.busy += 1;
    best.handle.send({ type: "arrive", scheduledAt });
    return true;
  }

  /** Sends a message to one worker. */
  send(index: number, message: ToWorker): void {
    this.#entries[index]?.handle.send(message);
  }

  /** Sends a message to all workers, including exited ones. */
  sendToAll(message: ToWorker): void {
    for (const { handle } of this.#entries) handle.send(message);
  }

  /** Kills the workers that still run. */
  kill(): void {
    for (const { gone, handle } of this.#entries) if (!gone) handle.kill();
  }

  /** Live workers and their agent counts. */
  shown(wanted: number): { pid: number; agents: number }[] {
    const alive = this.#entries.filter(({ gone }) => !gone);
    return alive.map(({ handle }, index) => ({
      pid: handle.pid,
      agents: partition(wanted, index, alive.length),
    }));
  }
}
