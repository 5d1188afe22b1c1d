import { diagnoseConfig } from "@ape/core/config/parse";
import { expect, test } from "vitest";
import { dangersOf } from "./dangers.ts";

const rules = (data: string, check = "crm: GET /me"): string[] => {
  const { parsed } = diagnoseConfig(
    `version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:1" }, crm: { baseUrl: "http://127.0.0.1:2" } }
inference: { provider: simulated }
goals:
  - name: g
    prompt: Buy a thing
    data: { rows: [{ p: hunter22 }]${data} }
    success: [{ action: { operation: "shop: POST /orders" } }, { action: { operation: "${check}" } }]
load: { sessions: 1 }
`,
    {},
  );
  if (parsed === undefined) throw new Error("the configuration is wrong");
  const around = { isPublic: () => false, written: {}, environment: {}, variables: [], tables: new Map() };
  return [...dangersOf(parsed.config, around)].map(({ rule }) => rule);
};

test("secret columns that are bound to no target are a warning", () => {
  expect(rules(", secret: [p]")).toContain("unbound-secret");
  expect(rules(", secret: [p], for: crm")).not.toContain("unbound-secret");
  expect(rules(", secret: [p]", "shop: GET /me")).not.toContain("unbound-secret");
  expect(rules("")).not.toContain("unbound-secret");
});
