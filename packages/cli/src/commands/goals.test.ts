import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { TestFolder } from "../../test/run-directory.ts";
import { testIo } from "../../test/test-io.ts";
import { runProgram } from "../program.ts";

const SPEC = readFileSync(new URL("../../../../examples/shop/openapi.yaml", import.meta.url), "utf8");
const CONFIG = `version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:9", spec: ./openapi.yaml } }
goals:
  - name: buy
    prompt: Log in, find a product under $50, add it to the cart, check out, log out.
    data: { rows: [{ email: a@b.example, password: x }], secret: [password] }
    success: [{ state: { x: 1 } }]
`;

let folder: TestFolder;
beforeEach(async () => {
  folder = await TestFolder.create();
  await folder.write("openapi.yaml", SPEC);
  await folder.write("ape.config.yaml", CONFIG);
});
afterEach(() => folder.remove());

test("checks for a goal in words: what changes something, and a probe of what it made", async () => {
  const { exit, io } = await folder.run("goals suggest --goal buy");
  expect(exit).toBe(0);
  expect(io.stderr()).toContain("review each line");
  const { success } = parse(io.stdout()) as { success: unknown };
  expect(success).toEqual([
    {
      action: {
        operation: "POST /cart/items",
        status: "2xx",
        capture: { productId: "$.items[-1:].productId" },
      },
    },
    {
      probe: {
        operation: "GET /cart",
        after: "POST /cart/items",
        expect: {
          status: 200,
          body: { "$.items[?@.productId=='{productId}'].productId": { exists: true } },
        },
      },
    },
    { action: { operation: "POST /orders", status: "2xx", capture: { orderId: "$.id" } } },
    { probe: { operation: "GET /orders/{orderId}", expect: { status: 200 } } },
  ]);
  expect(io.stdout()).toMatch(/# "check out"/);
  // They can be used as they are.
  await folder.write(
    "ape.config.yaml",
    CONFIG.replace(/ {4}success:.*\n/, io.stdout().replaceAll(/^/gm, "    ")),
  );
  const checked = await folder.run("validate");
  expect(checked.io.stdout()).toMatch(/✓ API documents/);
});

test("a goal that only reads is proven by its last read; words that ask for nothing are refused", async () => {
  const say = async (words: string) => {
    const io = testIo({ cwd: folder.path });
    return { exit: await runProgram(["goals", "suggest", words, "--json"], io), io };
  };
  const read = await say("Look at the orders.");
  expect(JSON.parse(read.io.stdout())).toMatchObject([{ check: { action: { status: "2xx" } } }]);
  expect(read.io.stdout()).toMatch(/"GET \/orders/);
  expect((await say("Sing a song.")).exit).toBe(104);
  expect((await folder.run("goals suggest")).exit).toBe(104);
  expect((await folder.run("goals suggest --goal other")).exit).toBe(104);
});

test("parts that nothing proves are named, by suggestions and by validate", async () => {
  const io = testIo({ cwd: folder.path });
  expect(await runProgram(["goals", "suggest", "Log in, check out, then comment on it."], io)).toBe(0);
  expect(io.stderr()).toContain('checks prove 1 of 2 parts of the goal: nothing proves "comment on it"');
  expect(io.stdout()).not.toContain("comment");
  await folder.write(
    "ape.config.yaml",
    CONFIG.replace("state: { x: 1 }", "action: { operation: POST /login }"),
  );
  const { exit, io: told } = await folder.run("validate");
  expect(exit).toBe(0);
  expect(told.stdout()).toMatch(
    /warning ape\.config\.yaml:\d+:\d+: goal "buy": checks prove 0 of 2 parts of the goal: nothing proves "add it to the cart", "check out" \[unproven-goal\]/,
  );
  expect(told.stdout()).toContain("ape-test goals suggest --goal buy");
});
