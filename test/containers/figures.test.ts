import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inferenceSchema as inferenceConfig } from "@ape/core/config/inference";
import { systemClock } from "@ape/engine/host/clock";
import { startRun } from "@ape/engine/run/run";
import { createInference } from "@ape/inference/inference";
import { serveInference } from "@ape/inference/server/server";
import { registrySeries, shownSeries } from "@ape/setup/test/registry-series";
import { accountsCsv } from "@ape/shop/credentials";
import { startShop } from "@ape/shop/shop";
import { expect, test } from "vitest";
import { eventually, ProjectFolder } from "../e2e/ape.ts";
import { shopping } from "../e2e/shopping.ts";
import { Room } from "./room.ts";

/** Labels that every part of a run puts on all that it shows. */
const CONSTANT = ["run"];

/** The series of `/metrics` pages: their names, with all labels that they have. */
function seriesOf(pages: readonly string[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const line of pages.flatMap((page) => page.split("\n"))) {
    const [, name, labels = ""] = /^([a-zA-Z_:]\w*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (name === undefined) continue;
    const known = found.get(name) ?? new Set();
    for (const [, label = ""] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) known.add(label);
    found.set(name, known);
  }
  return found;
}

/** A model behind OpenAI's wire: only a proxy that sends calls on has limits and queues to show. */
async function openModel(): Promise<{ url: string; close: () => Promise<void> }> {
  const inference = await createInference({
    config: inferenceConfig.parse({ provider: "simulated" }),
    clock: systemClock,
    recorder: { record: () => undefined, commit: () => undefined },
  });
  const server = await serveInference({ inference, port: 0 });
  return { url: `${server.url}/v1`, close: () => server.close().then(() => inference.close()) };
}

/**
 * A run in which everything happens that a figure counts: arrivals without an agent, twelve agents for eight rows, a
 * target that fails, cuts connections and refuses what it has issued.
 */
async function begin() {
  const shop = await startShop({
    faults: { error500: { rate: 0.1 }, reset: { rate: 0.1 }, stale404: { rate: 0.1 } },
  });
  const model = await openModel();
  const folder = await ProjectFolder.create({
    ...shopping(shop.url, {
      load: `{ agents: 24, arrivals: [{ duration: 1s, rate: 60 }, { duration: 10m, rate: 60 }], gracefulStop: 100ms, thinkTime: { constant: 100ms } }`,
      inference: `{ provider: custom, model: simulated, baseUrl: "${model.url}" }`,
      more: "compose: { agentsPerContainer: 8 }",
    }),
    "accounts.csv": accountsCsv(16, 1),
  });
  const config = join(folder.directory, "ape.config.yaml");
  const breaker = "spec: ./openapi.yaml, circuitBreaker: { failures: 1, cooldown: 300ms }";
  await writeFile(config, (await readFile(config, "utf8")).replace("spec: ./openapi.yaml", breaker));
  const room = await Room.open(folder.directory, 2);
  const run = await startRun(room.project, { workerEntry: "", version: "0", launcher: () => room });
  const end = async (): Promise<void> => {
    run.stop();
    await run.finished;
    await model.close();
    await shop.close();
    await folder.remove();
  };
  return { room, end };
}

/** The model of this run writes nothing that has to be put right. */
const UNSEEN = "decisions_repaired";

test("registry, panels and what a run's parts show are the same metrics, with no label more", {
  timeout: 90_000,
}, async () => {
  const registry = registrySeries();
  const { room, end } = await begin();
  try {
    let seen = new Map<string, Set<string>>();
    const absent = (): string[] =>
      [...registry].flatMap(([metric, series]) =>
        metric === UNSEEN || [...series.keys()].every((name) => seen.has(name)) ? [] : [metric],
      );
    await eventually(async () => {
      seen = seriesOf(await room.pages());
      return absent().length === 0;
    }, 60_000).catch(() => expect(absent()).toEqual([]));
    const labels = new Map([...registry.values()].flatMap((series) => [...series]));
    for (const [name, has] of seen) {
      expect(labels.has(name), `${name} is not registered`).toBe(true);
      for (const label of has) expect([...(labels.get(name) ?? []), ...CONSTANT], name).toContain(label);
    }
  } finally {
    await end();
  }
  const shown = shownSeries();
  for (const [metric, series] of registry)
    expect(
      [...series.keys()].some((name) => shown.has(name)),
      `${metric} is in no panel`,
    ).toBe(true);
});
