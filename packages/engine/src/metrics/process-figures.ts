import type { Clock } from "@ape/core/lib/clock";
import type { Exposition } from "@ape/core/metrics/exposition";
import { PROCESS_METRICS } from "@ape/core/metrics/metrics";
import type { HealthSampled } from "@ape/core/protocol/events";
import { HealthFigures } from "../aggregate/health-figures.ts";
import { HealthMonitor } from "../host/health.ts";

const EVERY_MS = 1_000;

/** The metrics of one process of a run, for its `/metrics`. */
export class ProcessFigures {
  readonly #health = new HealthFigures();
  #last: HealthSampled | undefined;

  add(sample: HealthSampled): void {
    this.#last = sample;
    this.#health.add(sample);
  }

  show(page: Exposition): void {
    const last = this.#last;
    if (last === undefined) return;
    const { part, cpuSeconds, rssBytes, eventLoopDelayP99Ms, stealPct } = last;
    const { throttledMs = 0, saturated } = this.#health.total;
    const own = (name: keyof typeof PROCESS_METRICS, value: number | undefined): void =>
      page.own(name, PROCESS_METRICS[name], value === undefined ? [] : [[{ part }, value]]);
    own("ape_process_cpu_seconds_total", cpuSeconds);
    own("ape_process_resident_bytes", rssBytes);
    own("ape_event_loop_delay_p99_seconds", eventLoopDelayP99Ms / 1_000);
    own("ape_stolen_cpu_ratio", stealPct === undefined ? undefined : stealPct / 100);
    own("ape_cpu_throttled_seconds_total", throttledMs / 1_000);
    own("ape_saturated", saturated ? 1 : 0);
  }
}

/**
 * Samples this process once per second until it is closed; for roles other than agents.
 * @param record called with every sample, if the role records events
 */
export function watchProcess(
  part: string,
  clock: Clock,
  record: (sample: HealthSampled) => void = () => undefined,
): { figures: ProcessFigures; close(): void } {
  const monitor = new HealthMonitor(part, clock);
  const figures = new ProcessFigures();
  const sample = (): void => {
    const taken = monitor.sample();
    figures.add(taken);
    record(taken);
  };
  sample();
  const timer = setInterval(sample, EVERY_MS);
  // Sampling keeps no process alive, in particular not one that could not open its port.
  timer.unref();
  return {
    figures,
    close: () => {
      clearInterval(timer);
      monitor.close();
    },
  };
}
