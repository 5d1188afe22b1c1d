import type { Event } from "@ape/core/protocol/events";
import { type Shop, startShop } from "@ape/shop/shop";
import { afterEach, expect, test } from "vitest";
import { ProjectFolder } from "./ape.ts";
import { shopping } from "./shopping.ts";

let shop: Shop | undefined;
let folder: ProjectFolder | undefined;
afterEach(async () => {
  await shop?.close();
  await folder?.remove();
});

/** Every decision of every session, in order: what was called with what. */
function decisions(events: readonly Event[]): Record<string, string[]> {
  const bySession: Record<string, string[]> = {};
  for (const event of events) {
    if (event.type !== "step") continue;
    const list = bySession[event.session] ?? [];
    list.push(`${event.tool} ${JSON.stringify(event.args)}`);
    bySession[event.session] = list;
  }
  return bySession;
}

async function runOnce(seed: number): Promise<Record<string, string[]>> {
  shop = await startShop({});
  folder = await ProjectFolder.create(shopping(shop.url, { load: "{ agents: 20 }" }));
  const { exit, stderr } = await folder.run([
    "start",
    "--workers",
    "1",
    "--sessions",
    "200",
    "--seed",
    String(seed),
    "--quiet",
  ]);
  expect(stderr).toBe("");
  expect(exit).toBe(0);
  const made = decisions(await folder.events());
  await shop.close();
  await folder.remove();
  return made;
}

test("the same seed gives the same decisions twice, another seed others", { timeout: 120_000 }, async () => {
  const first = await runOnce(7);
  expect(Object.keys(first)).toHaveLength(200);
  expect(await runOnce(7)).toEqual(first);
  expect(await runOnce(8)).not.toEqual(first);
});
