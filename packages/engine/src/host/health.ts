import { readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Clock } from "@ape/core/lib/clock";
import type { HealthSampled } from "@ape/core/protocol/events";
import { CpuThrottling } from "./cpu-throttling.ts";

const RESOLUTION_MS = 20;
/** Mean event-loop delay above which a timeout is due to this process rather than the target. */
const OVERLOADED_MS = 200;
/** One long stall, as at the start of a process, is no overload. */
const FEWEST_TICKS = 4;

/** Measures one process of the generator: event-loop delay, CPU, memory, and the machine's stolen CPU. */
export class HealthMonitor {
  readonly #part: string;
  readonly #clock: Clock;
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #cpu = process.cpuUsage();
  #rssBytes = 0;
  #at: number;
  #steal = readSteal();
  readonly #throttling: CpuThrottling;
  #overloaded = false;

  constructor(part: string, clock: Clock, throttling = new CpuThrottling()) {
    this.#part = part;
    this.#clock = clock;
    this.#at = clock.now();
    this.#throttling = throttling;
    this.#delay.enable();
  }

  /** Whether the event loop is constantly late, since the last sample or in the one before. */
  isOverloaded(): boolean {
    return this.#overloaded || this.#isLate();
  }

  #isLate(): boolean {
    return this.#delay.count >= FEWEST_TICKS && this.#delay.mean / 1e6 - RESOLUTION_MS > OVERLOADED_MS;
  }

  /** The figures since the last call. */
  sample(): HealthSampled {
    const now = this.#clock.now();
    const usage = process.cpuUsage();
    const used = usage.user + usage.system - this.#cpu.user - this.#cpu.system;
    const p99 = this.#delay.percentile(99) / 1e6 - RESOLUTION_MS;
    const steal = readSteal();
    this.#rssBytes = readRss() ?? this.#rssBytes;
    const sampled: HealthSampled = {
      type: "health",
      at: this.#clock.epoch(),
      part: this.#part,
      eventLoopDelayP99Ms: Number.isFinite(p99) ? Math.max(0, Math.round(p99 * 10) / 10) : 0,
      cpu: Math.round((used / 1000 / Math.max(1, now - this.#at)) * 1000) / 1000,
      cpuSeconds: Math.round((usage.user + usage.system) / 1000) / 1000,
      rssBytes: this.#rssBytes,
    };
    if (steal !== undefined && this.#steal !== undefined && steal.total > this.#steal.total)
      sampled.stealPct =
        Math.round(((steal.stolen - this.#steal.stolen) / (steal.total - this.#steal.total)) * 1000) / 10;
    const throttledMs = this.#throttling.take() ?? 0;
    if (throttledMs > 0) sampled.throttledMs = throttledMs;
    this.#overloaded = this.#isLate();
    this.#delay.reset();
    this.#cpu = usage;
    this.#at = now;
    this.#steal = steal;
    return sampled;
  }

  close(): void {
    this.#delay.disable();
  }
}

/** Resident memory in bytes; undefined if it cannot be read, as without a free file descriptor (EMFILE). */
function readRss(): number | undefined {
  try {
    return process.memoryUsage.rss();
  } catch {
    return undefined;
  }
}

/** Stolen and total ticks of all cores. Source: proc(5), /proc/stat, eighth column of `cpu`. Undefined off Linux. */
function readSteal(): { stolen: number; total: number } | undefined {
  try {
    const line = readFileSync("/proc/stat", "latin1").split("\n", 1)[0] ?? "";
    const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
    return { stolen: ticks[7] ?? 0, total: ticks.reduce((sum, tick) => sum + tick, 0) };
  } catch {
    return undefined;
  }
}
