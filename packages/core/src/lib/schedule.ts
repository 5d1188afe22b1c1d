/** One leg of a profile: from the level of the leg before (0 for the first) to `to`, in a straight line. */
export interface Stage {
  durationMs: number;
  to: number;
}

/** A level over time: agents of a closed profile, or sessions per second of an open one. */
export class LoadProfile {
  readonly legs: readonly Stage[];
  readonly durationMs: number;
  readonly peak: number;

  constructor(legs: readonly Stage[]) {
    this.legs = legs;
    this.durationMs = legs.reduce((sum, leg) => sum + leg.durationMs, 0);
    this.peak = legs.reduce((peak, leg) => Math.max(peak, leg.to), 0);
  }

  /** The level at a moment; 0 before the start, the last level after the end. */
  levelAt(ms: number): number {
    if (ms < 0) return 0;
    let from = 0;
    let start = 0;
    for (const leg of this.legs) {
      if (ms < start + leg.durationMs) return from + ((leg.to - from) * (ms - start)) / leg.durationMs;
      start += leg.durationMs;
      from = leg.to;
    }
    return from;
  }

  /** The area below the level until a moment, in level times seconds: the arrivals due by then. */
  areaUntil(ms: number): number {
    let area = 0;
    let from = 0;
    let start = 0;
    for (const leg of this.legs) {
      if (ms <= start) break;
      const part = Math.min(ms - start, leg.durationMs);
      const reached = leg.durationMs === 0 ? leg.to : from + ((leg.to - from) * part) / leg.durationMs;
      area += ((from + reached) / 2) * (part / 1000);
      start += leg.durationMs;
      from = leg.to;
    }
    return area;
  }

  /**
   * The instants, in milliseconds from the start, at which the area passes 1, 2, 3...: when each arrival is due.
   * Exact for straight legs (the quadratic of a ramp is solved, not stepped through).
   */
  *arrivals(): Generator<number> {
    let due = 1;
    let before = 0;
    let from = 0;
    let start = 0;
    for (const { durationMs, to } of this.legs) {
      const seconds = durationMs / 1000;
      const slope = seconds === 0 ? 0 : (to - from) / seconds;
      const area = ((from + to) / 2) * seconds;
      while (due <= before + area + 1e-9 && seconds > 0) {
        const wanted = due - before;
        const root = Math.sqrt(Math.max(0, from * from + 2 * slope * wanted));
        const at = Math.abs(slope) < 1e-12 ? wanted / from : (2 * wanted) / (from + root);
        yield start + Math.min(at * 1000, durationMs);
        due += 1;
      }
      before += area;
      start += durationMs;
      from = to;
    }
  }
}

/** A closed profile: `agents` reached over `rampUp`, then held until `duration` from the start has passed. */
export function constantAgents(agents: number, durationMs: number, rampUpMs: number): LoadProfile {
  const ramp = Math.min(rampUpMs, durationMs);
  return new LoadProfile([
    { durationMs: ramp, to: agents },
    { durationMs: durationMs - ramp, to: agents },
  ]);
}

/** Agents as a whole number: a ramp from 0 has its first agent at once. */
export function agentsAt(profile: LoadProfile, ms: number): number {
  const level = profile.levelAt(ms);
  return Math.min(profile.peak, Math.floor(level + 1e-9) + (level > 0 ? 1 : 0));
}

/** The share of `total` that part `index` of `parts` gets; all shares together are `total`. */
export function partition(total: number, index: number, parts: number): number {
  return Math.floor(total / parts) + (index < total % parts ? 1 : 0);
}
