import { closeSync, openSync, writeSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Event } from "@ape/core/protocol/events";
import { computeResults, type Results, writeResults } from "@ape/engine/run/report";
import type { Manifest } from "@ape/engine/store/manifest";
import { sampleManifest } from "@ape/engine/test/sample-run";

/** The built page. */
export const PAGE_FOLDER = new URL("../../packages/cli/dist/page", import.meta.url).pathname;

/** Writes a run of these events into a project's folder as a run leaves it, and its results. */
export async function writeRun(
  home: string,
  id: string,
  events: Iterable<Event>,
  changes: Partial<Manifest> = {},
): Promise<{ directory: string; results: Results }> {
  const directory = join(home, ".ape/runs", id);
  await mkdir(join(directory, "events"), { recursive: true });
  const manifest = sampleManifest({
    id,
    startedAt: "2026-11-28T12:00:00.000Z",
    seed: 1,
    agents: 50,
    plannedMs: 60_000,
    thresholds: { action_duration: ["p(95)<500ms"] },
    goals: [{ name: "goal 0", checks: ["action POST /orders"] }],
    written: {},
    ...changes,
  });
  await writeFile(join(directory, "run.json"), JSON.stringify(manifest));
  const file = openSync(join(directory, "events/agents-0.0000.jsonl"), "w");
  for (const event of events) writeSync(file, `${JSON.stringify(event)}\n`);
  closeSync(file);
  const results = await computeResults(directory);
  await writeResults(directory, results, PAGE_FOLDER);
  return { directory, results };
}
