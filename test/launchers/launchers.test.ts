import { appendFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LiveIncrement, PageRun } from "@ape/core/report/page-data";
import { loadProject } from "@ape/engine/project/project";
import { startRun } from "@ape/engine/run/run";
import { type StreamMessage, StreamParser } from "@ape/page/data/event-stream";
import { type Shop, startShop } from "@ape/shop/shop";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Room } from "../containers/room.ts";
import { eventually, ProjectFolder } from "../e2e/ape.ts";
import { PAGE_FOLDER } from "../e2e/page-runs.ts";
import { shopping } from "../e2e/shopping.ts";
import { inferenceOf, type LiveRunOptions, liveSuite } from "./live-suite.ts";

const WORKER = fileURLToPath(new URL("../../packages/cli/dist/agents.js", import.meta.url));
let shop: Shop;
const folders: ProjectFolder[] = [];
beforeEach(async () => {
  shop = await startShop({ port: 0, control: 0, accounts: 200, faults: {} });
});
afterEach(async () => {
  await shop.close();
  for (const folder of folders.splice(0)) await folder.remove();
});

async function folderOf(options: LiveRunOptions): Promise<string> {
  const folder = await ProjectFolder.create(
    shopping(shop.url, { ...options, inference: inferenceOf(options) }),
  );
  folders.push(folder);
  return folder.directory;
}

describe("embedded", () => {
  liveSuite("full", async (options) => {
    const project = await loadProject({ cwd: await folderOf(options), environment: {} });
    return startRun(project, { workerEntry: WORKER, version: "0" });
  });
});

/** The parts of a run in containers, in one process and without an engine; test/e2e/compose.test.ts runs the suite in real ones. */
describe("the parts of compose", () => {
  liveSuite("full", async (options) => {
    const directory = await folderOf(options);
    await appendFile(join(directory, "ape.config.yaml"), "compose: { agentsPerContainer: 20 }\n");
    const room = await Room.open(directory, 2);
    return startRun(room.project, { workerEntry: "", version: "0", launcher: () => room });
  });
});

/** Collects the messages of a live page until its run has ended. */
async function collectStream(url: string, messages: StreamMessage[]): Promise<void> {
  const { origin, hash } = new URL(url);
  const token = new URLSearchParams(hash.slice(1)).get("token");
  const response = await fetch(`${origin}/api/events`, { headers: { authorization: `Bearer ${token}` } });
  const parser = new StreamParser();
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? [])
    messages.push(...parser.push(text));
}

test("the live page of a run in containers has the figures and sessions of every container", {
  timeout: 120_000,
}, async () => {
  const directory = await folderOf({ load: "{ agents: 8, duration: 10m, thinkTime: { constant: 50ms } }" });
  await appendFile(join(directory, "ape.config.yaml"), "compose: { agentsPerContainer: 4 }\n");
  const room = await Room.open(directory, 2);
  let url = "";
  const run = await startRun(room.project, {
    workerEntry: "",
    version: "0",
    launcher: () => room,
    pageFolder: PAGE_FOLDER,
    onPage: (address) => {
      url = address;
    },
  });
  const messages: StreamMessage[] = [];
  const stream = collectStream(url, messages);
  const increments = (): LiveIncrement[] =>
    messages.flatMap(({ event, data }) => (event === "increment" ? [JSON.parse(data) as LiveIncrement] : []));
  await eventually(() => {
    const workers = new Set(increments().flatMap(({ sessions }) => sessions.map(({ worker }) => worker)));
    return (increments().at(-1)?.summary.sessions.ended ?? 0) > 12 && workers.has("0") && workers.has("1");
  }, 60_000);
  expect(messages[0]?.event).toBe("whole");
  expect(
    increments()
      .at(-1)
      ?.lists.operations.map(({ name }) => name),
  ).toContain("POST /orders");
  run.stop();
  const { summary } = await run.finished;
  await stream;
  expect(messages.at(-1)?.event).toBe("final");
  const final = JSON.parse(messages.at(-1)?.data ?? "") as PageRun;
  // The page shows paths instead of the matrix of transitions, which is in summary.json.
  const byGoal = Object.entries(summary.realism.byGoal).map(([name, goal]) => [
    name,
    { ...goal, transitions: {} },
  ]);
  expect(final.summary).toEqual({
    ...summary,
    realism: { ...summary.realism, byGoal: Object.fromEntries(byGoal) },
  });
  // The engine computes the digests of the parts, so that their events need not be read again.
  const digests = (await readdir(join(run.directory, "events"))).filter((name) => name.endsWith(".digest"));
  expect(digests).toEqual(expect.arrayContaining(["agents-0.digest", "agents-1.digest", "inference.digest"]));
  expect(await readFile(join(run.directory, "report.html"), "utf8")).toContain(run.id);
});
