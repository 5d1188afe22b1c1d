import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";

/** What a benchmark prints. Figures carry their unit in their name; ratios are to peers taken in the same run. */
export interface BenchResult {
  name: string;
  machine: string;
  figures: Record<string, number | null>;
  ratios: Record<string, number | null>;
  /** Spread, stolen CPU, targets, and why a result is inconclusive. */
  notes: string[];
}

export function machine(): string {
  return `${cpus()[0]?.model ?? "unknown CPU"}, ${availableParallelism()} cores, Node ${process.versions.node}`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** `median (min..max)` with significant digits. */
export function spread(values: readonly number[]): string {
  const round = (value: number): number => Number(value.toPrecision(3));
  return `${round(median(values))} (${round(Math.min(...values))}..${round(Math.max(...values))})`;
}

/** Stolen CPU of the machine in percent between two readings; null off Linux. */
export function stealMeter(): () => number | null {
  const read = (): { stolen: number; total: number } | undefined => {
    try {
      const ticks = (readFileSync("/proc/stat", "latin1").split("\n", 1)[0] ?? "")
        .trim()
        .split(/\s+/)
        .slice(1, 9)
        .map(Number);
      return { stolen: ticks[7] ?? 0, total: ticks.reduce((a, b) => a + b, 0) };
    } catch {
      return undefined;
    }
  };
  const before = read();
  return () => {
    const after = read();
    if (before === undefined || after === undefined) return null;
    return Math.round(((after.stolen - before.stolen) / Math.max(1, after.total - before.total)) * 1000) / 10;
  };
}
