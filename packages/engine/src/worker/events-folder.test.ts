import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "@ape/core/protocol/events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { sampleManifest } from "../../test/sample-run.ts";
import { computeResults } from "../run/report.ts";
import { encodeEvent } from "../store/event-encoding.ts";
import { readEvents } from "../store/event-reader.ts";
import { createRunDirectory, eventsDirectory, writeManifest } from "../store/run-directory.ts";
import { EventsFolder } from "./events-folder.ts";

let project = "";
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "ape-folder-"));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

const fail = (error: Error): never => {
  throw error;
};
const textOf = (events: readonly Event[]): string =>
  events.map((event) => `${encodeEvent(event)}\n`).join("");

/** A model call of each session, as the inference proxy records it. */
const calls = plausibleEvents(80).flatMap((event): Event[] =>
  event.type === "session_started"
    ? [
        {
          type: "inference",
          at: event.at + 1,
          inference: `i-${event.session}`,
          session: event.session,
          step: 1,
          provider: "p",
          model: "m",
          streamed: false,
          status: 200,
          attempts: 1,
          queueMs: 1,
          durationMs: 5,
          inputTokens: 100,
          outputTokens: 10,
          costUsd: 0.001,
        },
      ]
    : [],
);

async function write(keep: number, parts = ["agents-0", "agents-1", "inference"]): Promise<string> {
  const manifest = sampleManifest({ keep, id: `20261123-065224-000${keep}` });
  const directory = await createRunDirectory(project, manifest.id);
  await writeManifest(directory, manifest);
  const folder = new EventsFolder(directory, { seed: 7, keep }, fail);
  for (const part of parts)
    folder.add(
      part,
      textOf(part === "inference" ? calls : plausibleEvents(80, { worker: Number(part.slice(7)) })),
    );
  await folder.close();
  folder.add("agents-0", textOf(plausibleEvents(1)));
  return directory;
}

test("parts in containers leave a digest each, and their steps are left out like those of this machine", async () => {
  const whole = await write(1);
  expect(readdirSync(eventsDirectory(whole)).filter((name) => name.endsWith(".digest"))).toHaveLength(3);
  const few = await write(0);
  const [all, some] = [await computeResults(whole), await computeResults(few)];
  expect({ ...some.summary, run: all.summary.run, events: undefined }).toEqual(all.summary);
  // Fewer sessions than the report samples: all of them keep their steps.
  expect(some.summary.events).toBeUndefined();
});

test("an engine that continues the run writes the events of the bus again, with their digests", async () => {
  const directory = await write(1, ["agents-0"]);
  const before = await computeResults(directory);
  const folder = new EventsFolder(directory, { seed: 7, keep: 1 }, fail);
  folder.add("agents-0", textOf(plausibleEvents(80)));
  await folder.close();
  let events = 0;
  await readEvents(eventsDirectory(directory), () => {
    events += 1;
  });
  expect(events).toBe(plausibleEvents(80).length);
  expect((await computeResults(directory)).summary).toEqual(before.summary);
});

test("names that could lead out of the folder are skipped", async () => {
  const directory = await write(1, []);
  const folder = new EventsFolder(directory, { seed: 7, keep: 1 }, fail);
  for (const name of ["../evil", "engine", "a/b", ""]) folder.add(name, textOf(plausibleEvents(1)));
  await folder.close();
  expect(readdirSync(eventsDirectory(directory))).toEqual([]);
});
