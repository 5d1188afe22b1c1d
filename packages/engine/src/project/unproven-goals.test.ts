import { readFileSync } from "node:fs";
import { parseConfig } from "@ape/core/config/parse";
import { createGateway } from "@ape/gateway/gateway";
import { afterEach, expect, test } from "vitest";
import { systemClock as clock } from "../host/clock.ts";
import type { Project } from "./project.ts";
import { acceptedGoals, standInChecks, unprovenGoals } from "./unproven-goals.ts";

const SHOP = new URL("../../../../examples/shop/", import.meta.url).pathname;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** The warnings about the goals of a configuration. */
async function warnings(
  text: string,
  environment: Record<string, string> = {},
  say = unprovenGoals,
): Promise<string[]> {
  const { config } = parseConfig(text, "ape.config.yaml", environment);
  const gateway = await createGateway({ targets: config.targets, clock, baseDir: SHOP, env: {} });
  closing.push(() => gateway.close());
  const apis = Object.keys(config.targets).map((name) => gateway.describe(name));
  return say({ config } as Project, apis).map(({ message }) => message);
}

const configOf = (target: string, prompt: string, success: string): string => `version: 1
targets: { app: ${target} }
goals: [{ name: g, prompt: ${JSON.stringify(prompt)}, success: ${success} }]
`;

const REST = `{ baseUrl: "http://127.0.0.1:9", spec: ./openapi.yaml }`;
const WEB = `{ kind: web, baseUrl: "http://127.0.0.1:9" }`;

test("the example of the shop proves its goal", async () => {
  const text = readFileSync(`${SHOP}ape.config.yaml`, "utf8");
  expect(await warnings(text, { SHOP_URL: "http://127.0.0.1:9" })).toEqual([]);
});

const BUY = "Log in, find a product under $50, add it to the cart, check out, log out.";

test.each([
  [
    REST,
    BUY,
    `[{ action: { operation: POST /login } }]`,
    'checks prove 0 of 2 parts of the goal: nothing proves "add it to the cart", "check out"',
  ],
  [
    REST,
    BUY,
    `[{ action: { operation: POST /cart/items } }]`,
    'checks prove 1 of 2 parts of the goal: nothing proves "check out"',
  ],
  [REST, BUY, `[{ action: { operation: GET /products } }]`, "checks prove 0 of 2 parts"],
  [
    WEB,
    'Log in, open a topic called "Hello", reply to it.',
    `[{ action: { operation: POST /topics/new } }]`,
    'checks prove 1 of 2 parts of the goal: nothing proves "reply to it"',
  ],
  [
    WEB,
    "Register, then write a review.",
    `[{ action: { operation: POST /login } }]`,
    "checks prove 0 of 2 parts",
  ],
  [
    WEB,
    'Log in, open a topic called "Hello", reply to it.',
    `[{ action: { operation: POST /topics/new } }, { action: { operation: "POST /t/{id}" } }]`,
    'goal "g": no check demands "Hello"',
  ],
])("%s: a goal of which a part is not proven: %s with %s", async (target, prompt, success, message) => {
  expect(await warnings(configOf(target, prompt, success))).toEqual([expect.stringContaining(message)]);
});

test.each([
  [REST, BUY, `[{ action: { operation: POST /orders } }]`],
  [
    REST,
    BUY,
    `[{ anyOf: [{ action: { operation: POST /orders } }, { action: { operation: POST /cart/items } }] }]`,
  ],
  [REST, BUY, `[{ action: { operation: GET /orders, after: POST /orders } }]`],
  [REST, "Log in, order a lamp, then order a chair.", `[{ action: { operation: POST /orders, count: 2 } }]`],
  [REST, "Look at the products.", `[{ action: { operation: GET /products } }]`],
  [REST, BUY, `[{ state: { orderId: { exists: true } } }]`],
  [
    WEB,
    'Log in, open a topic called "Hello", reply to it.',
    `[{ action: { operation: POST /topics/new, text: { contains: Hello } } }, { action: { operation: "POST /t/{id}" } }]`,
  ],
])("%s: a goal that is proven: %s with %s", async (target, prompt, success) => {
  expect(await warnings(configOf(target, prompt, success))).toEqual([]);
});

test.each([
  [
    `[{ action: { operation: POST /orders } }]`,
    'judged by its answer alone, not read back: "add it to the cart", "check out"',
  ],
  [
    `[{ action: { operation: POST /orders, capture: { id: $.id } } }, { probe: { operation: "GET /orders/{id}" } }]`,
    undefined,
  ],
])("what only the target's answer shows is noted: %s", async (success, message) => {
  const said = await warnings(configOf(REST, BUY, success), {}, acceptedGoals);
  expect(said).toEqual(message === undefined ? [] : [message]);
});

test.each([
  [
    `[{ action: { operation: POST /replace_me } }]`,
    "the check POST /replace_me is a stand-in and can never hold",
  ],
  [
    `[{ action: { operation: GET / } }, { action: { operation: POST /replace_me } }]`,
    "every session will fail",
  ],
  [
    `[{ anyOf: [{ action: { operation: POST /replace_me } }, { action: { operation: POST /orders } }] }]`,
    undefined,
  ],
  [`[{ action: { operation: POST /orders } }]`, undefined],
])("a stand-in check has its own warning: %s", async (success, message) => {
  const said = await warnings(configOf(WEB, "Withdraw my order.", success), {}, standInChecks);
  expect(said).toEqual(message === undefined ? [] : [expect.stringContaining(message)]);
});
