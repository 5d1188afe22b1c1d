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
  isLoopback: (url: string) => url.includes("127.0.0.1"),
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
  const written = {
    targets: { shop: { headers: { a: "${b c}", d: "$${ok}", "$${e}": "f", "X-${G}": "h" } } },
  };
  const found = [...dangerousSettings(parsed.config, { ...around, written, environmentFile: lines })];
  expect(found.map(({ rule, path, message }) => [rule, path.join("."), message])).toEqual([
    ["malformed-reference", "targets.shop.headers.a", expect.stringContaining("${b c} is no reference")],
    ["reference-in-key", "targets.shop.headers.X-${G}", expect.stringContaining("X-${G} is a key")],
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
  ["a probe alone", "[{ probe: { operation: GET /status } }]", true],
  [
    "a probe of what an old order may fulfil",
    "[{ probe: { operation: GET /orders, expect: { body: { '$[0].state': paid } } } }]",
    true,
  ],
  [
    "several probes",
    "[{ probe: { operation: GET /a } }, { probe: { operation: GET /b, query: { page: '2' } } }]",
    true,
  ],
  ["a final probe", "[{ probe: { operation: GET /a, final: true, as: { headers: { x-key: k } } } }]", true],
  [
    "a probe beside an action",
    "[{ probe: { operation: GET /a } }, { action: { operation: POST /a } }]",
    false,
  ],
  ["an action", "[{ action: { operation: POST /a } }]", false],
  ["what the session must know", "[{ state: { orderId: { exists: true } } }]", false],
  [
    "a probe with a capture",
    "[{ action: { operation: POST /a, capture: { id: $.id } } }, { probe: { operation: 'GET /a/{id}' } }]",
    false,
  ],
  [
    "a probe whose query has a capture",
    "[{ action: { operation: POST /a, capture: { id: $.id } } }, { probe: { operation: GET /a, query: { id: '{id}' } } }]",
    false,
  ],
])("%s: nothing of the session is in the checks, %#", (_, success, warned) => {
  const { parsed } = diagnoseConfig(
    `version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:1" } }
inference: { provider: simulated }
goals: [{ name: g, prompt: Buy, success: ${success} }]
load: { sessions: 1 }
`,
    {},
  );
  if (parsed === undefined) throw new Error("the configuration is wrong");
  const found = [...dangerousSettings(parsed.config, around)].filter(
    ({ rule }) => rule === "nothing-of-session",
  );
  expect(found.map(({ path }) => path)).toEqual(warned ? [["goals", 0, "success"]] : []);
});
