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
      "secret: [password], generate: { subscriberEmail: email, subscriberName: name } }",
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
