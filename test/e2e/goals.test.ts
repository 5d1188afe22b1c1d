import { startShop } from "@ape/shop/shop";
import { afterEach, expect, test } from "vitest";
import { reconcile } from "../reconcile.ts";
import { startNewsletter } from "../targets/newsletter.ts";
import { ProjectFolder } from "./ape.ts";
import { shopping } from "./shopping.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test("one goal over two targets, with generated data that no two sessions of two workers share, as personas", {
  timeout: 60_000,
}, async () => {
  const shop = await startShop({});
  const newsletter = await startNewsletter();
  closing.push(
    () => shop.close(),
    () => newsletter.close(),
  );
  const files = shopping(shop.url, { load: "{ agents: 8, sessions: 40, workers: 2 }" });
  const config = (files["ape.config.yaml"] ?? "")
    .replace(
      "targets:\n",
      `personas: [impatient, { name: night-owl, weight: 2, prompt: You shop at night., patience: { time: 1m } }]\ntargets:\n  letters: { baseUrl: "${newsletter.url}", spec: ./letters.json, allow: ["POST /**"] }\n`,
    )
    .replace("prompt: Log in", "prompt: Subscribe to the newsletter, log in")
    .replace(
      "secret: [password] }",
      "secret: [password], for: shop, generate: { subscriberEmail: email, subscriberName: name } }",
    )
    .replace(
      "success:\n",
      'success:\n      - action: { operation: "letters: POST /subscriptions", status: 201 }\n',
    )
    .replaceAll('"POST /', '"shop: POST /')
    .replaceAll('"GET /', '"shop: GET /')
    .replace('["shop: POST /**"]', '["POST /**"]');
  const folder = await ProjectFolder.create({
    ...files,
    "letters.json": JSON.stringify(newsletter.document),
    "ape.config.yaml": config,
  });
  closing.push(() => folder.remove());
  const { exit, stderr, stdout } = await folder.run(["start", "--seed", "5"]);
  expect(exit, stderr + stdout).toBe(0);
  const summary = await folder.summary();
  expect(summary.sessions).toMatchObject({ ended: 40, succeeded: 40 });
  expect(new Set(newsletter.subscribers()).size).toBe(40);
  expect(newsletter.refused()).toBe(0);
  expect(reconcile(await folder.events(), shop.books())).toMatchObject({
    reached: 40,
    onlyApe: [],
    onlyShop: [],
  });
  const { byPersona } = summary.sessions;
  expect(Object.keys(byPersona).sort()).toEqual(["impatient", "night-owl"]);
  expect((byPersona["night-owl"]?.ended ?? 0) > (byPersona.impatient?.ended ?? 0)).toBe(true);
  expect(stdout).toContain("night-owl: none; leaves after 1m00s");
});

test("a dry run shows one session step by step, and leaves nothing behind", { timeout: 60_000 }, async () => {
  const shop = await startShop({});
  closing.push(() => shop.close());
  const folder = await ProjectFolder.create(
    shopping(shop.url, { load: "{ agents: 50, duration: 10m, workers: 2 }" }),
  );
  closing.push(() => folder.remove());
  const { exit, stdout, stderr } = await folder.run(["start", "--dry-run", "--seed", "7"]);
  expect(exit, stderr).toBe(0);
  expect(stdout).toMatch(/s0-0 of a0-0: goal buy, row \d+/);
  expect(stdout).toMatch(/step 1: POST \/login {2}200 in/);
  expect(stdout).toMatch(/check 1 holds: step \d+: POST \/orders -> 201/);
  expect(stdout).toMatch(/succeeded after \d+ steps/);
  expect(await folder.runs()).toEqual([]);
  expect((await folder.run(["start", "--dry-run", "--detach"])).exit).toBe(104);
  const { orders, traces } = shop.books();
  expect([orders.length, Object.keys(traces).length]).toEqual([1, 1]);
  expect(stdout).not.toMatch(/"password":"(?!\{\{)/);

  shop.faults = { error500: { rate: 1, operation: "POST /orders" } };
  const failed = await folder.run(["start", "--dry-run", "--json"]);
  expect(failed.exit).toBe(99);
  const events = failed.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string });
  expect(events[0]?.type).toBe("session_started");
  expect(events.at(-1)).toMatchObject({ type: "session_ended", attribution: "target" });
});

test("start --baseline compares with an earlier run, and ends with 99 where it got worse", {
  timeout: 60_000,
}, async () => {
  const shop = await startShop({});
  closing.push(() => shop.close());
  const folder = await ProjectFolder.create(shopping(shop.url, { load: "{ agents: 10, sessions: 60 }" }));
  closing.push(() => folder.remove());
  expect((await folder.run(["start", "--seed", "7", "--quiet"])).exit).toBe(0);
  const [first = ""] = await folder.runs();
  shop.faults = { latency: { rate: 1, ms: 400, operation: "POST /orders" } };
  const { exit, stdout } = await folder.run(["start", "--seed", "7", "--baseline", first]);
  expect(exit).toBe(99);
  expect(stdout).toMatch(/POST \/orders\s+med .*worse/);
});

test("a catalogue of more than 200 KB on one page: agents still buy the product under $50", {
  timeout: 60_000,
}, async () => {
  const shop = await startShop({ products: 2_000, pageSize: 2_000 });
  closing.push(() => shop.close());
  const page = await fetch(`${shop.url}/products`);
  expect((await page.arrayBuffer()).byteLength).toBeGreaterThan(200_000);
  const folder = await ProjectFolder.create(shopping(shop.url, { load: "{ agents: 10, sessions: 40 }" }));
  closing.push(() => folder.remove());
  const { exit, stdout, stderr } = await folder.run(["start", "--seed", "3"]);
  expect(exit, stdout + stderr).toBe(0);
  expect((await folder.summary()).sessions).toMatchObject({ ended: 40, succeeded: 40 });
});
