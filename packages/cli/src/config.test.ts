import { expect, test } from "vitest";
import { parse } from "yaml";
import { configText } from "./config.ts";

const config = {
  targets: { shop: { baseUrl: "http://127.0.0.1:4010", auth: { bearer: "${SHOP_TOKEN}" } } },
  goals: [{ name: "look", prompt: "Look.", success: [{ action: { operation: "GET /" } }] }],
};

test("a configuration becomes text that reads back as it was, variables unread", () => {
  expect(parse(configText(config, { SHOP_TOKEN: "t" }))).toEqual({ version: 1, ...config });
});

test("what is wrong with it is told", () => {
  expect(() => configText({ ...config, load: { agents: 0 } }, { SHOP_TOKEN: "t" })).toThrow(
    "has one mistake",
  );
  expect(() => configText(config, {})).toThrow("SHOP_TOKEN is not set");
});
