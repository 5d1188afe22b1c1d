import { expect, test } from "vitest";
import { envGenerator, variablesOf } from "./env-file.ts";

const templates = new URL("../../templates", import.meta.url).pathname;

test("every variable is found once, wherever it is", () => {
  expect(
    variablesOf({ a: "${ONE}/x/${TWO:-http://h}", b: ["${ONE}", { c: "$THREE ${}" }], d: 3, e: null }),
  ).toEqual([{ name: "ONE" }, { name: "TWO", fallback: "http://h" }]);
});

test("the example names them; the file of secrets is the user's own and closed to others", async () => {
  const written = { baseUrl: "${SHOP_URL:-http://127.0.0.1:4010}", apiKey: "${KEY}" };
  const [example, own] = await envGenerator.files({
    config: {} as never,
    written,
    directory: "/",
    templates,
  });
  expect(example?.text.split("\n").slice(1)).toEqual(["# SHOP_URL=http://127.0.0.1:4010", "KEY=", ""]);
  expect(own).toMatchObject({ path: "ape.env", mode: 0o600, once: true });
  expect(own?.text).toMatch(/^# Secrets[^\n]*\n# SHOP_URL=[^\n]*\nKEY=change-me\n$/);
});
