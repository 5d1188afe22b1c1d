import { diagnoseConfig } from "@ape/core/config/parse";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/environment.ts";
import { dangerousSettings } from "./dangerous-settings.ts";

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
  return [...dangerousSettings(parsed.config, around)].map(({ rule }) => rule);
};
const around = {
  isPublic: () => false,
  providers: testEnvironment({}).providers,
  written: {},
  environment: {},
  environmentFile: [],
  variables: [],
  tables: new Map(),
};

test("what looks like a variable and is none, and lines of ape.env that set nothing, are warnings", () => {
  const { parsed } = diagnoseConfig(
    `version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:1", headers: { a: "\${b c}", d: "$\${ok}" } } }
inference: { provider: simulated }
goals: [{ name: g, prompt: Buy, success: [{ action: { operation: GET /a } }] }]
load: { sessions: 1 }
`,
    {},
  );
  if (parsed === undefined) throw new Error("the configuration is wrong");
  const lines = [{ line: 3, message: "has no `=`" }];
  const written = { targets: { shop: { headers: { a: "${b c}", d: "$${ok}" } } } };
  const found = [...dangerousSettings(parsed.config, { ...around, written, environmentFile: lines })];
  expect(found.map(({ rule, path, message }) => [rule, path.join("."), message])).toEqual([
    ["malformed-reference", "targets.shop.headers.a", expect.stringContaining("${b c} is no reference")],
    ["environment-line", "", "ape.env:3: has no `=`"],
  ]);
});

test("secret columns that are bound to no target are a warning", () => {
  expect(rules(", secret: [p]")).toContain("unbound-secret");
  expect(rules(", secret: [p], for: crm")).not.toContain("unbound-secret");
  expect(rules(", secret: [p]", "shop: GET /me")).not.toContain("unbound-secret");
  expect(rules("")).not.toContain("unbound-secret");
});

test.each([
  ["session_success", "rate>1.5", "can never hold"],
  ["session_success", "rate>=0", "always holds"],
  ["session_success", "rate<0", "can never hold"],
  ["session_success", "rate>0.95", undefined],
  ["session_success", "rate>=1", undefined],
  ["action_duration", "avg<-1s", "can never hold"],
  ["action_duration", "p(95)<500ms", undefined],
  ["actions", "count>100", undefined],
])("a threshold of %s %s: %s", (metric, expression, fate) => {
  const { parsed } = diagnoseConfig(
    `version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:1" } }
inference: { provider: simulated }
goals: [{ name: g, prompt: Buy, success: [{ action: { operation: GET /a } }] }]
load: { sessions: 1 }
thresholds: { ${metric}: ["${expression}"] }
`,
    {},
  );
  if (parsed === undefined) throw new Error("the configuration is wrong");
  const found = [...dangerousSettings(parsed.config, around)].find(
    ({ rule }) => rule === "threshold-without-effect",
  );
  expect(found?.message).toBe(fate === undefined ? undefined : `${metric} ${expression} ${fate}`);
});
