import { diagnoseConfig } from "@ape/core/config/parse";
import { expect, test } from "vitest";
import { projectOf } from "./project.ts";
import { startWarnings } from "./start-warnings.ts";

function project(data: string) {
  const { parsed } = diagnoseConfig(
    `version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:1" }, crm: { baseUrl: "http://127.0.0.1:2", connections: 10 } }
inference: { provider: simulated }
goals:
  - name: buy
    prompt: Buy a thing
    data: { rows: [{ p: hunter22 }], secret: [p]${data} }
    success: [{ action: { operation: "shop: POST /orders" } }, { action: { operation: "crm: GET /me" } }]
load: { agents: 400, duration: 1s, workers: 2 }
`,
    {},
  );
  if (parsed === undefined) throw new Error("the configuration is wrong");
  return projectOf({ configFile: "/nowhere/ape.config.yaml", environment: {} }, parsed);
}

test("a start warns of secret columns that no agent can use", async () => {
  expect(startWarnings(project(""), Infinity, 100_000)).toEqual([expect.stringContaining("`data.for`")]);
  expect(startWarnings(project(", for: shop"), Infinity, 100_000)).toEqual([]);
});

test("a start warns where a process may not open a connection for each of its agents", async () => {
  const bound = project(", for: shop");
  expect(startWarnings(bound, Infinity, 273)).toEqual([
    expect.stringContaining("may need 274 open files and may have 273"),
  ]);
  expect(startWarnings(bound, Infinity, 274)).toEqual([]);
});
