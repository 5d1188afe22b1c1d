import { type Random, randomFrom } from "@ape/core/lib/random";
import type { Event } from "@ape/core/protocol/events";

/** Maximum number of values per series; a random sample if there are more. */
const KEPT = 3_000;
const MAX_OPERATIONS = 100;

/** Trends that are compared. */
export const TRENDS = [
  "action_duration",
  "session_duration",
  "time_between_actions",
  "decision_duration",
  "time_to_first_token",
] as const;
export type ComparedTrend = (typeof TRENDS)[number];

/** Values of one series: all, or a uniform random sample of them (Vitter's algorithm R, 1985). */
export class Sample {
  readonly #values: number[] = [];
  #seen = 0;

  add(value: number, random: Random): void {
    this.#seen += 1;
    if (this.#values.length < KEPT) this.#values.push(value);
    else {
      const at = Math.floor(random() * this.#seen);
      if (at < KEPT) this.#values[at] = value;
    }
  }

  get count(): number {
    return this.#seen;
  }

  /** In rising order. */
  get sorted(): Float64Array {
    return Float64Array.from(this.#values).sort();
  }
}

export interface Share {
  passes: number;
  total: number;
}

/** The compared parts of a run: samples of its durations, and its shares. Bounded. */
export class RunSamples {
  readonly trends: Record<ComparedTrend, Sample> = {
    action_duration: new Sample(),
    session_duration: new Sample(),
    time_between_actions: new Sample(),
    decision_duration: new Sample(),
    time_to_first_token: new Sample(),
  };
  readonly sessionSuccess: Share = { passes: 0, total: 0 };
  readonly actionFailed: Share = { passes: 0, total: 0 };
  /** Durations of actions by operation. */
  readonly operations = new Map<string, Sample>();
  readonly #random = randomFrom(1);

  add(event: Event): void {
    const random = this.#random;
    if (event.type === "session_ended") {
      this.trends.session_duration.add(event.durationMs, random);
      this.sessionSuccess.total += 1;
      if (event.outcome === "succeeded") this.sessionSuccess.passes += 1;
    } else if (event.type === "inference") {
      if (event.firstTokenMs !== undefined) this.trends.time_to_first_token.add(event.firstTokenMs, random);
    } else if (event.type === "step") {
      this.trends.decision_duration.add(event.decisionMs, random);
      if (event.betweenMs !== undefined) this.trends.time_between_actions.add(event.betweenMs, random);
      if (event.action === undefined) return;
      const { operation, durationMs, failed } = event.action;
      this.trends.action_duration.add(durationMs, random);
      this.actionFailed.total += 1;
      if (failed) this.actionFailed.passes += 1;
      this.#operation(operation)?.add(durationMs, random);
    }
  }

  #operation(name: string): Sample | undefined {
    let sample = this.operations.get(name);
    if (sample === undefined && this.operations.size < MAX_OPERATIONS) {
      sample = new Sample();
      this.operations.set(name, sample);
    }
    return sample;
  }
}
