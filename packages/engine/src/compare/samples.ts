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

/** A sample as JSON; durations to a thousandth of a millisecond. */
interface SampleSnapshot {
  /** Values that it was drawn from. */
  seen: number;
  values: number[];
}

/** The compared parts of one process of a run, as JSON. */
export interface RunSamplesSnapshot {
  trends: Record<ComparedTrend, SampleSnapshot>;
  operations: [name: string, sample: SampleSnapshot][];
  sessionSuccess: Share;
  actionFailed: Share;
}

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

  snapshot(): SampleSnapshot {
    return { seen: this.#seen, values: this.#values.map((value) => Math.round(value * 1_000) / 1_000) };
  }

  /** Adds another sample: both count by the number of values that they were drawn from. */
  merge({ seen, values }: SampleSnapshot, random: Random): void {
    const [mine, theirs] = [this.#values.splice(0), [...values]];
    let [mineLeft, theirsLeft] = [this.#seen, seen];
    this.#seen += seen;
    while (this.#values.length < KEPT && mine.length + theirs.length > 0) {
      const isMine =
        theirs.length === 0 || (mine.length > 0 && random() * (mineLeft + theirsLeft) < mineLeft);
      this.#values.push(takeAny(isMine ? mine : theirs, random));
      if (isMine) mineLeft -= 1;
      else theirsLeft -= 1;
    }
  }

  /** In rising order. */
  get sorted(): Float64Array {
    return Float64Array.from(this.#values).sort();
  }
}

/** A random element, which is removed. */
function takeAny(values: number[], random: Random): number {
  const at = Math.floor(random() * values.length);
  const taken = values[at] as number;
  values[at] = values[values.length - 1] as number;
  values.pop();
  return taken;
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

  snapshot(): RunSamplesSnapshot {
    const { trends } = this;
    return {
      trends: {
        action_duration: trends.action_duration.snapshot(),
        session_duration: trends.session_duration.snapshot(),
        time_between_actions: trends.time_between_actions.snapshot(),
        decision_duration: trends.decision_duration.snapshot(),
        time_to_first_token: trends.time_to_first_token.snapshot(),
      },
      operations: Array.from(this.operations, ([name, sample]) => [name, sample.snapshot()]),
      sessionSuccess: { ...this.sessionSuccess },
      actionFailed: { ...this.actionFailed },
    };
  }

  /** Adds another process's snapshot. */
  merge({ trends, operations, sessionSuccess, actionFailed }: RunSamplesSnapshot): void {
    for (const metric of TRENDS) this.trends[metric].merge(trends[metric], this.#random);
    for (const [name, sample] of operations) this.#operation(name)?.merge(sample, this.#random);
    addShare(this.sessionSuccess, sessionSuccess);
    addShare(this.actionFailed, actionFailed);
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

function addShare(to: Share, from: Share): void {
  to.passes += from.passes;
  to.total += from.total;
}
