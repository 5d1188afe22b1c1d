import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { computeResults } from "@ape/engine/run/report";
import { startRun } from "@ape/engine/run/run";
import { type Shop, startShop } from "@ape/shop/shop";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ProjectFolder } from "../e2e/ape.ts";
import { shopping } from "../e2e/shopping.ts";
import { Room } from "./room.ts";

let shop: Shop;
let folder: ProjectFolder;
beforeEach(async () => {
  shop = await startShop({ port: 0, control: 0, accounts: 200, faults: {} });
});
afterEach(async () => {
  await shop.close();
  await folder.remove();
});

test.each([
  ["whole, one by one", "all", 1],
  ["as figures and a digest, with a tenth of the sessions", "kept", 0.1],
])(
  "what successful sessions did not follow crosses the bus, where events are sent %s",
  {
    timeout: 90_000,
  },
  async (_name, send, keep) => {
    const files = shopping(shop.url, { load: "{ agents: 4, sessions: 40 }" });
    const config = (files["ape.config.yaml"] ?? "").replace("check out, log", 'check out with "zwilk", log');
    folder = await ProjectFolder.create({ ...files, "ape.config.yaml": config });
    const more = `compose: { agentsPerContainer: 2 }\nevents: { keep: ${keep}, send: ${send} }\n`;
    await appendFile(join(folder.directory, "ape.config.yaml"), more);
    const room = await Room.open(folder.directory, 2);
    const run = await startRun(room.project, { workerEntry: "", version: "0", launcher: () => room });
    const { summary, failure } = await run.finished;
    expect(failure).toBeUndefined();
    expect(summary.sessions).toMatchObject({ ended: 40, succeeded: 40 });
    // Similar ones of both processes count as one.
    expect(summary.remarks).toMatchObject([{ goal: "buy", count: 40 }]);
    const [remark] = summary.remarks ?? [];
    expect(remark?.text).toContain("zwilk");
    expect(remark?.trace).toMatch(/^[\da-f]{32}$/);
    expect((await computeResults(run.directory)).summary).toEqual(summary);
  },
);
