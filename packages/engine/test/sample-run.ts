import type { Summary } from "@ape/core/report/summary";
import { Aggregator } from "../src/aggregate/aggregator.ts";
import { PathDiversity } from "../src/aggregate/path-diversity.ts";
import { summarize } from "../src/aggregate/summarize.ts";
import type { Manifest } from "../src/store/manifest.ts";
import { plausibleEvents } from "./plausible-events.ts";

/** For tests: the manifest of a small run. */
export function sampleManifest(more: Partial<Manifest> = {}): Manifest {
  return {
    schema: 1,
    id: "20261123-065224-a1b2",
    startedAt: "2026-11-23T06:52:24.000Z",
    seed: 7,
    runtime: "embedded",
    versions: { ape: "0.1.0", node: "20.20.0" },
    model: { provider: "simulated", name: "planner", simulated: true },
    agents: 5,
    workers: 1,
    plannedMs: 10_000,
    thresholds: {},
    behaviour: { thinkTime: "constant, 300ms", personas: [] },
    goals: [
      { name: "buy", checks: ["action POST /orders"] },
      { name: "browse", checks: [] },
    ],
    configFile: "ape.config.yaml",
    written: { version: 1 },
    ...more,
  };
}

/** For tests: the summary of a small run that ended well. */
export function sampleSummary(manifest: Manifest = sampleManifest(), sessions = 20): Summary {
  const aggregator = new Aggregator([]);
  const realism = new PathDiversity();
  for (const event of plausibleEvents(sessions)) {
    aggregator.add(event);
    realism.add(event);
  }
  const end = { status: "finished", reason: "the planned time has passed", durationMs: 10_000 } as const;
  return summarize({ aggregator, realism }, manifest, end).summary;
}
