import type { HealthSampled } from "@ape/core/protocol/events";
import {
  CPU_LIMIT,
  DELAY_LIMIT_MS,
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

/**
 * The times in which the load generator was saturated, by the limits of `HealthFigures`. At most 500 spans are kept;
 * further ones extend the last.
 */
export class SaturatedSpans {
  readonly #spans: Span[] = [];
  /** Short stalls: they count once they fill a share of the run. */
  readonly #stalls: Span[] = [];
  readonly #streaks = new Map<string, { samples: number; from: number }>();
  #samples = 0;
  #stalled = 0;

  add({ at, part, eventLoopDelayP99Ms, cpu, stealPct }: HealthSampled): void {
    const span = { from: at - SAMPLE_MS, to: at };
    this.#samples += 1;
    if (eventLoopDelayP99Ms > DELAY_LIMIT_MS || cpu > CPU_LIMIT) {
      const streak = this.#streaks.get(part) ?? { samples: 0, from: span.from };
      streak.samples += 1;
      this.#streaks.set(part, streak);
      if (streak.samples >= SAMPLES_IN_A_ROW) include(this.#spans, { from: streak.from, to: at });
    } else this.#streaks.delete(part);
    if ((stealPct ?? 0) > STEAL_LIMIT_PCT || eventLoopDelayP99Ms >= LONG_STALL_MS) include(this.#spans, span);
    if (eventLoopDelayP99Ms >= STALL_MS) {
      this.#stalled += 1;
      include(this.#stalls, span);
    }
  }

  /** @param origin epoch milliseconds that the spans are counted from */
  read(origin: number): Span[] {
    const spans = this.#spans.map((span) => ({ ...span }));
    if (this.#stalled > 0 && this.#stalled / this.#samples >= STALLED_SHARE)
      for (const stall of this.#stalls) spans.push({ ...stall });
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
