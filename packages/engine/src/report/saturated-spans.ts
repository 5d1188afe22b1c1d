import type { HealthSampled } from "@ape/core/protocol/events";
import {
  isOverLimit,
  LONG_STALL_MS,
  SAMPLES_IN_A_ROW,
  STALL_MS,
  STALLED_SHARE,
  STEAL_LIMIT_PCT,
} from "../aggregate/health-figures.ts";

/** Samples come once per second, and describe the time before them. */
const SAMPLE_MS = 1_000;
const MAX_SPANS = 500;

interface Span {
  from: number;
  to: number;
}

/** One process of the generator. */
interface PartState {
  samples: number;
  /** Samples in a row above a limit, and the beginning of the first. */
  streak: number;
  streakFrom: number;
  /** Samples with a short stall: they count once they fill a share of the run. */
  stalled: number;
  stalls: Span[];
}

/**
 * The times in which the load generator was saturated, by the limits of `HealthFigures`. At most 500 spans are kept;
 * further ones extend the last.
 */
export class SaturatedSpans {
  readonly #spans: Span[] = [];
  readonly #parts = new Map<string, PartState>();

  add(sample: HealthSampled): void {
    const { at, part, eventLoopDelayP99Ms, stealPct } = sample;
    const span = { from: at - SAMPLE_MS, to: at };
    const state = this.#of(part);
    state.samples += 1;
    if (isOverLimit(sample)) {
      if (state.streak === 0) state.streakFrom = span.from;
      state.streak += 1;
      if (state.streak >= SAMPLES_IN_A_ROW) include(this.#spans, { from: state.streakFrom, to: at });
    } else state.streak = 0;
    if ((stealPct ?? 0) > STEAL_LIMIT_PCT || eventLoopDelayP99Ms >= LONG_STALL_MS) include(this.#spans, span);
    if (eventLoopDelayP99Ms >= STALL_MS) {
      state.stalled += 1;
      include(state.stalls, span);
    }
  }

  #of(part: string): PartState {
    let state = this.#parts.get(part);
    if (state === undefined) {
      state = { samples: 0, streak: 0, streakFrom: 0, stalled: 0, stalls: [] };
      this.#parts.set(part, state);
    }
    return state;
  }

  /** @param origin epoch milliseconds that the spans are counted from */
  read(origin: number): Span[] {
    const spans = this.#spans.map((span) => ({ ...span }));
    for (const { samples, stalled, stalls } of this.#parts.values())
      if (stalled > 0 && stalled / samples >= STALLED_SHARE)
        for (const stall of stalls) spans.push({ ...stall });
    spans.sort((a, b) => a.from - b.from);
    const joined: Span[] = [];
    for (const span of spans) include(joined, span);
    return joined.map(({ from, to }) => ({
      from: Math.max(0, Math.round(from - origin)),
      to: Math.max(0, Math.round(to - origin)),
    }));
  }
}

/** Adds a span; one that touches the last, or that finds no room, extends it. */
function include(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last === undefined || (span.from > last.to + SAMPLE_MS && spans.length < MAX_SPANS)) {
    spans.push({ ...span });
    return;
  }
  last.from = Math.min(last.from, span.from);
  last.to = Math.max(last.to, span.to);
}
