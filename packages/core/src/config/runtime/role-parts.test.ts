import { expect, test } from "vitest";
import { configSchema } from "../schema.ts";
import { documentReferences, rolePartsOf, variablesIn, variableValues } from "./role-parts.ts";

const WRITTEN = {
  version: 1,
  targets: {
    shop: {
      baseUrl: "${SHOP_URL}",
      spec: "./api.yaml",
      tls: { ca: "ca.pem", cert: "cert.pem", key: "key.pem" },
    },
    remote: { baseUrl: "http://a.test", spec: "https://a.test/openapi.json" },
    local: {
      kind: "mcp",
      command: ["node", "./server.mjs", "--flag", "/usr/bin/x", "../up.mjs", "sub/tool.py", "word", "C:\\x"],
    },
  },
  inference: {
    provider: "openai",
    apiKey: "${KEY}",
    model: "m",
    keyFile: "keys.txt",
    fallback: [
      { provider: "openai", model: "n", keyFile: "more-keys.txt" },
      { provider: "openai", model: "o" },
    ],
    replay: "tape.jsonl",
    instructions: "how.md",
  },
  goals: [
    {
      name: "buy",
      prompt: "Buy.",
      data: { file: "rows.csv" },
      success: [{ action: { operation: "shop: GET /" } }],
    },
    { name: "look", prompt: "Look.", success: [{ action: { operation: "shop: GET /" } }] },
  ],
};

test("each role gets the files and variables that its part names", () => {
  const config = configSchema.parse({
    ...WRITTEN,
    targets: { ...WRITTEN.targets, shop: { ...WRITTEN.targets.shop, baseUrl: "http://a.test" } },
  });
  const parts = rolePartsOf(config, WRITTEN);
  expect(parts.gateway.files).toEqual([
    "./api.yaml",
    "ca.pem",
    "cert.pem",
    "key.pem",
    "./server.mjs",
    "sub/tool.py",
  ]);
  expect(parts.inference.files).toEqual(["keys.txt", "more-keys.txt", "tape.jsonl"]);
  expect(parts.agents).toEqual({ files: ["how.md", "rows.csv"], variables: [] });
  expect([parts.gateway.variables, parts.inference.variables]).toEqual([["SHOP_URL"], ["KEY"]]);
  expect(parts.gateway.configuration?.name).toBe("ape.mcp-gateway.json");
  const { name, text } = parts.inference.configuration ?? { name: "", text: "{}" };
  expect(name).toBe("ape.config.yaml");
  expect(JSON.parse(text)).toMatchObject({ version: 1, inference: WRITTEN.inference });
  expect(text).not.toContain("SHOP_URL");
});

test("variables are named once, and those without a value are left out", () => {
  expect(variablesIn("${A} ${B:-x} ${A} $C ${1}")).toEqual(["A", "B"]);
  expect(variableValues(["A", "B"], { A: "", C: "c" })).toEqual({ A: "" });
});

test.each<[string, string[]]>([
  ['{"$ref": "other.yaml#/a"} {"$ref": "other.yaml#/b"}', ["other.yaml"]],
  ["$ref: 'sub/x.json'", ["sub/x.json"]],
  ["{$ref: y.yaml}", ["y.yaml"]],
  ['$ref: "#/components"', []],
  ["$ref: https://a.test/x.yaml", []],
])("%s refers to %j", (text, files) => {
  expect(documentReferences(text)).toEqual(files);
});
