import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadProject } from "@ape/engine/project/project";
import { startRun } from "@ape/engine/run/run";
import { type Shop, startShop } from "@ape/shop/shop";
import { afterEach, beforeEach, describe } from "vitest";
import { Room } from "../containers/room.ts";
import { ProjectFolder } from "../e2e/ape.ts";
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
