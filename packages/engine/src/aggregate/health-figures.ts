import type { HealthSampled } from "@ape/core/protocol/events";

/** Limits of one sample. Samples come once per second. */
const DELAY_LIMIT_MS = 50;
const CPU_LIMIT = 0.9;
/** A CPU limit that holds a process back for so long is visible in its latencies. */
const THROTTLED_LIMIT_MS = 50;
export const STEAL_LIMIT_PCT = 10;
/** Number of samples in a row above a limit that make a process saturated. */
export const SAMPLES_IN_A_ROW = 5;
/** Shorter stalls also do, if they fill a share of the run that percentiles show. */
export const STALL_MS = 200;
export const STALLED_SHARE = 0.01;
/** One stall of this length is visible in latencies, however long the run. */
export const LONG_STALL_MS = 1_000;

/** One process of the generator. */
export interface PartHealth {
  part: string;
  saturated: boolean;
  eventLoopDelayP99Ms: number;
  cpuSeconds: number;
  /** Highest of all samples; null if the system does not report it. */
  stealPct: number | null;
  rssMaxBytes: number;
  /** Samples so far, and those with a stall of the event loop. */
  samples: number;
  stalls: number;
  /** Milliseconds for which a CPU limit held it back; absent if none did, and in digests of earlier versions. */
  throttledMs?: number;
}

/** Whether a sample is above a limit that makes a process saturated if it lasts. */
export function isOverLimit({ eventLoopDelayP99Ms, cpu, throttledMs = 0 }: HealthSampled): boolean {
  return eventLoopDelayP99Ms > DELAY_LIMIT_MS || cpu > CPU_LIMIT || throttledMs > THROTTLED_LIMIT_MS;
}

type Kept = PartHealth & { streak: number };

/**
 * What the samples of all processes show of the generator. CPU is relative to one core, the maximum of a process's
 * event loop.
 */
export class HealthFigures {
  readonly #parts = new Map<string, Kept>();

  add(sample: HealthSampled): void {
    const kept = this.#of(sample.part);
    kept.streak = isOverLimit(sample) ? kept.streak + 1 : 0;
    const throttledMs = (kept.throttledMs ?? 0) + (sample.throttledMs ?? 0);
    const stalled = sample.eventLoopDelayP99Ms >= STALL_MS;
    this.#raise(kept, {
      part: sample.part,
      saturated: kept.streak >= SAMPLES_IN_A_ROW || (sample.stealPct ?? 0) > STEAL_LIMIT_PCT,
      eventLoopDelayP99Ms: sample.eventLoopDelayP99Ms,
      cpuSeconds: sample.cpuSeconds,
      stealPct: sample.stealPct ?? null,
      rssMaxBytes: sample.rssBytes,
      samples: kept.samples + 1,
      stalls: kept.stalls + (stalled ? 1 : 0),
      ...(throttledMs === 0 ? {} : { throttledMs }),
    });
  }

  merge(parts: readonly PartHealth[]): void {
    for (const part of parts) this.#raise(this.#of(part.part), part);
  }

  snapshot(): PartHealth[] {
    return Array.from(this.#parts.values(), ({ streak: _, ...part }) => part);
  }

  get total(): Omit<PartHealth, "part" | "samples" | "stalls"> {
    let throttledMs = 0;
    const total: Omit<PartHealth, "part" | "samples" | "stalls"> = {
      saturated: false,
      eventLoopDelayP99Ms: 0,
      cpuSeconds: 0,
      stealPct: null,
      rssMaxBytes: 0,
    };
    for (const part of this.#parts.values()) {
      total.saturated ||= part.saturated || hasStalled(part);
      total.eventLoopDelayP99Ms = Math.max(total.eventLoopDelayP99Ms, part.eventLoopDelayP99Ms);
      total.cpuSeconds += part.cpuSeconds;
      total.stealPct = highest(total.stealPct, part.stealPct);
      total.rssMaxBytes += part.rssMaxBytes;
      throttledMs = Math.max(throttledMs, part.throttledMs ?? 0);
    }
    return throttledMs === 0 ? total : { ...total, throttledMs: Math.round(throttledMs) };
  }

  #of(part: string): Kept {
    let kept = this.#parts.get(part);
    if (kept === undefined) {
      kept = {
        part,
        saturated: false,
        eventLoopDelayP99Ms: 0,
        cpuSeconds: 0,
        stealPct: null,
        rssMaxBytes: 0,
        samples: 0,
        stalls: 0,
        streak: 0,
      };
      this.#parts.set(part, kept);
    }
    return kept;
  }

  #raise(kept: Kept, by: PartHealth): void {
    kept.saturated ||= by.saturated;
    kept.eventLoopDelayP99Ms = Math.max(kept.eventLoopDelayP99Ms, by.eventLoopDelayP99Ms);
    kept.cpuSeconds = Math.max(kept.cpuSeconds, by.cpuSeconds);
    kept.stealPct = highest(kept.stealPct, by.stealPct);
    kept.rssMaxBytes = Math.max(kept.rssMaxBytes, by.rssMaxBytes);
    kept.samples = Math.max(kept.samples, by.samples);
    kept.stalls = Math.max(kept.stalls, by.stalls);
    if (by.throttledMs !== undefined) kept.throttledMs = Math.max(kept.throttledMs ?? 0, by.throttledMs);
  }
}

/** Whether stalls filled so much of the run, or one took so long, that latencies show them. */
function hasStalled({ samples, stalls, eventLoopDelayP99Ms }: PartHealth): boolean {
  return eventLoopDelayP99Ms >= LONG_STALL_MS || (stalls > 0 && stalls / samples >= STALLED_SHARE);
}

function highest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}
