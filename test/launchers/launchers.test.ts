import { appendFile, readFile } from "node:fs/promises";
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

/** The messages of a live page until its run has ended. */
async function streamOf(url: string): Promise<StreamMessage[]> {
  const { origin, hash } = new URL(url);
  const token = new URLSearchParams(hash.slice(1)).get("token");
  const response = await fetch(`${origin}/api/events`, { headers: { authorization: `Bearer ${token}` } });
  const parser = new StreamParser();
  const messages: StreamMessage[] = [];
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? [])
    messages.push(...parser.push(text));
  return messages;
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
  const stream = streamOf(url);
  await eventually(() => run.progress().sessions.ended > 12, 60_000);
  run.stop();
  const { summary } = await run.finished;
  const messages = await stream;
  const [first] = messages;
  expect(first?.event).toBe("whole");
  const increments = messages.flatMap(({ event, data }) =>
    event === "increment" ? [JSON.parse(data) as LiveIncrement] : [],
  );
  const last = increments.at(-1);
  expect(last?.lists.operations.map(({ name }) => name)).toContain("POST /orders");
  expect(last?.summary.sessions.ended).toBeGreaterThan(12);
  expect(new Set(increments.flatMap(({ sessions }) => sessions.map(({ worker }) => worker)))).toEqual(
    new Set(["0", "1"]),
  );
  expect(messages.at(-1)?.event).toBe("final");
  const final = JSON.parse(messages.at(-1)?.data ?? "") as PageRun;
  expect(final.summary).toEqual(summary);
  expect(await readFile(join(run.directory, "report.html"), "utf8")).toContain(run.id);
});
