import type { Config } from "@ape/core/config/schema";
import type { ApeError } from "@ape/core/lib/errors";
import type { HealthSampled } from "@ape/core/protocol/events";
import { isSimulated } from "@ape/inference/providers/provider-list";
import { Exporters } from "../export/exporters.ts";
import { systemClock as clock } from "../host/clock.ts";
import { HealthMonitor } from "../host/health.ts";
import { type MetricsServer, serveMetrics } from "../metrics/metrics-server.ts";
import { ProcessFigures } from "../metrics/process-figures.ts";
import { showRun } from "../metrics/run-figures.ts";
import type { Manifest } from "../store/manifest.ts";
import { LiveFigures } from "./live-figures.ts";
import type { RunOptions } from "./run-options.ts";

const SECOND_MS = 1_000;

/** Measures a running run and exposes it: its workers' figures, the engine's health, exports and `/metrics`. */
export class RunMonitor {
  readonly figures: LiveFigures;
  readonly #health = new HealthMonitor("engine", clock);
  readonly #own = new ProcessFigures();
  readonly #exporters = new Exporters();
  #metrics: MetricsServer | undefined;
  #nextSecond = SECOND_MS;

  constructor({ thresholds, inference, load }: Pick<Config, "thresholds" | "inference" | "load">) {
    this.figures = new LiveFigures(thresholds, {
      simulated: isSimulated(inference.provider),
      arrivals: load.arrivals !== undefined,
    });
  }

  /** @throws ApeError USAGE, EXPORT_FAILED, PORT_IN_USE */
  async open(
    manifest: Manifest,
    { out = [], metricsPort }: Pick<RunOptions, "out" | "metricsPort">,
    agentsWanted: () => number,
  ): Promise<void> {
    await this.#exporters.open(out, { manifest, cwd: process.cwd() });
    if (metricsPort === undefined) return;
    this.#metrics = await serveMetrics({
      port: metricsPort,
      labels: { run: manifest.id },
      show: (page) => {
        showRun(page, { aggregator: this.figures.aggregator, agentsWanted: agentsWanted() });
        this.#own.show(page);
      },
    });
  }

  /** Once per second of the run: measures, exports, and returns the engine's health; undefined otherwise. */
  tick(elapsedMs: number): HealthSampled | undefined {
    if (elapsedMs < this.#nextSecond) return undefined;
    this.#nextSecond = Math.floor(elapsedMs / SECOND_MS) * SECOND_MS + SECOND_MS;
    this.figures.tick(elapsedMs);
    const sample = this.sample();
    this.#own.add(sample);
    this.#exporters.push(this.figures.aggregator, clock.epoch());
    return sample;
  }

  /** The engine's health since the last sample. */
  sample(): HealthSampled {
    return this.#health.sample();
  }

  /** Closes everything except the exports. */
  async close(): Promise<void> {
    const metrics = this.#metrics;
    this.#metrics = undefined;
    this.#health.close();
    await metrics?.close();
  }

  /** Passes the last figures to the exports; returns the first failure. */
  closeExports(runDirectory: string): Promise<ApeError | undefined> {
    return this.#exporters.close(runDirectory, this.figures.aggregator, clock.epoch());
  }
}
