import { join } from "node:path";
import { diagnoseConfig } from "@ape/core/config/parse";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/environment.ts";
import { dangerousSettings, type LintContext } from "./dangerous-settings.ts";

interface Case {
  target?: string;
  inference?: string;
  goal?: string;
  more?: string;
  load?: string;
  around?: Partial<LintContext>;
}

const TABLE = { tables: new Map([["g", { columns: ["user"], rows: 10 }]]) };
const PUBLIC = { isPublic: () => true };

function found({
  target = "",
  inference = "provider: simulated",
  goal = "",
  more = "",
  load = "sessions: 1",
  around = {},
}: Case) {
  const { parsed } = diagnoseConfig(
    `version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:1"${target} } }
inference: { ${inference} }
goals: [{ name: g, prompt: Buy it, success: [{ action: { operation: GET /a } }]${goal} }]
load: { ${load} }
${more}
`,
    { KEY: "k" },
  );
  if (parsed === undefined) throw new Error("the configuration is wrong");
  const context: LintContext = {
    isPublic: () => false,
    isLoopback: (url) => url.includes("127.0.0.1"),
    providers: testEnvironment({}).providers,
    written: {},
    environment: {},
    environmentFile: [],
    variables: [],
    tables: new Map(),
    ...around,
  };
  return [...dangerousSettings(parsed.config, context)];
}

const WITH_DATA = "data: { file: a.csv, unique: true }";
const K8S = "runtime: kubernetes\n";

/** Settings, and the rules that they break. */
const CASES: readonly (readonly [Case, ...string[]])[] = [
  [{}],
  [{ around: PUBLIC }, "public-without-limit targets.shop.baseUrl"],
  [{ around: PUBLIC, target: ", rate: 5" }],
  [{ around: PUBLIC, target: ", maxConcurrent: 5" }],
  [{ around: PUBLIC, target: ", rate: 5", load: "agents: 200" }],
  [{ around: PUBLIC, target: ", rate: 5", load: "agents: 201" }, "public-many-agents targets.shop.baseUrl"],
  [{ load: "agents: 201" }],
  [
    { around: PUBLIC, target: ", maxConcurrent: 5", load: "stages: [{ duration: 1m, agents: 300 }]" },
    "public-many-agents targets.shop.baseUrl",
  ],
  [{ target: ", tls: { insecure: true }" }, "tls-insecure targets.shop.tls.insecure"],
  [{ target: ", retries: { unsafe: true }" }, "unsafe-retries targets.shop.retries.unsafe"],
  [{ target: ', allow: ["GET /**", "DELETE /a"]' }, "delete-allowed targets.shop.allow.1"],
  [{ target: ', allow: ["* /**"]' }, "delete-allowed targets.shop.allow.0"],
  [{ target: ', allow: ["* /**"], deny: ["DELETE /**"]' }],
  [{ target: ', allow: ["* /**"], deny: ["PUT /**"]' }, "delete-allowed targets.shop.allow.0"],
  [{ target: ', allow: ["* /**"], readOnly: true' }],
  [{ target: ', allow: ["GET /**"]' }],
  [
    {
      more: `${K8S}kubernetes: { replicas: { gateway: 1 } }`,
      around: { isLoopback: () => false },
      target: ", maxConcurrent: 1, circuitBreaker: {}",
    },
  ],
  [
    {
      more: `${K8S}kubernetes: { replicas: { gateway: 3 } }`,
      around: { isLoopback: () => false },
      target: ", maxConcurrent: 2, circuitBreaker: {}",
    },
    "replicas-exceed-limit targets.shop.maxConcurrent",
    "replicas-break-apart targets.shop.circuitBreaker",
  ],
  [
    {
      more: `${K8S}kubernetes: { replicas: { gateway: 3 } }`,
      around: { isLoopback: () => false },
      target: ", maxConcurrent: 3",
    },
  ],
  [{ more: "kubernetes: { replicas: { gateway: 3 } }", target: ", maxConcurrent: 2" }],
  [{ more: `${K8S}kubernetes: { replicas: { gateway: 1 } }` }, "loopback-in-cluster targets.shop.baseUrl"],
  [{ inference: 'provider: cerebras, apiKey: "${KEY}"' }, "unbounded-cost inference"],
  [{ inference: 'provider: cerebras, apiKey: "${KEY}", maxCost: 5 USD, price: { input: 1, output: 1 }' }],
  [
    { inference: 'provider: cerebras, apiKey: "${KEY}", maxCost: 5 USD, model: odd-model' },
    "unknown-price inference.maxCost",
  ],
  [
    {
      inference:
        'provider: cerebras, apiKey: "${KEY}", maxCost: 5 USD, model: odd-model, models: { odd-model: { price: { input: 1, output: 1 } } }',
    },
  ],
  [
    {
      inference:
        'provider: cerebras, apiKey: "${KEY}", maxCost: 5 USD, price: { input: 1, output: 1 }, logPrompts: true',
    },
    "log-prompts inference.logPrompts",
  ],
  [{ inference: "provider: simulated, logPrompts: true" }],
  [{ around: { written: { inference: { apiKey: "csk-1" } } } }, "literal-key inference.apiKey"],
  [{ around: { written: { inference: { apiKey: "${KEY}" } } } }],
  [{ around: { written: { inference: { apiKey: 5 } } } }],
  [{ goal: `, ${WITH_DATA}`, around: TABLE, load: "agents: 10" }],
  [{ goal: `, ${WITH_DATA}`, around: TABLE, load: "agents: 11" }, "few-rows goals.0.data"],
  [
    { goal: `, ${WITH_DATA}`, around: TABLE, load: "stages: [{ duration: 1m, agents: 11 }]" },
    "few-rows goals.0.data",
  ],
  [{ goal: ", data: { file: a.csv }", around: TABLE, load: "agents: 11" }],
  [{ goal: `, ${WITH_DATA}`, load: "agents: 11" }],
  [{ goal: ", budget: { steps: 200 }" }],
  [{ goal: ", budget: { steps: 201 }" }, "large-budget goals.0.budget"],
  [{ goal: ", budget: { tokens: 1000000 }" }],
  [{ goal: ", budget: { tokens: 1000001 }" }, "large-budget goals.0.budget"],
  [{ more: "thresholds: { cost_usd: ['count<5'] }" }, "no-cost thresholds.cost_usd"],
  [{ around: { variables: ["A", "B"], environment: { A: "change-me", B: "x" } } }, "stand-in-value "],
  [{ around: { written: { list: [{ a: "${b c}" }] } } }, "malformed-reference list.0.a"],
  ...(
    [
      ["session_success", "rate<0", true],
      ["session_success", "rate<=0", false],
      ["session_success", "rate<=1", true],
      ["session_success", "rate<1.1", true],
      ["session_success", "rate<1", false],
      ["session_success", "rate>1", true],
      ["session_success", "rate>=1.1", true],
      ["session_success", "rate>=1", false],
      ["session_success", "rate>0", false],
      ["session_success", "rate>=0", true],
      ["session_success", "rate==1", false],
      ["session_success", "rate==1.5", true],
      ["session_success", "rate!=1.5", true],
      ["actions", "count<0", true],
      ["actions", "count<=0", false],
      ["actions", "count>0", false],
      ["actions", "count==0", false],
      ["action_duration", "avg<-1s", true],
      ["action_duration", "p(95)<500ms", false],
    ] as const
  ).map(([metric, expression, useless]): [Case, ...string[]] => [
    { more: `thresholds: { ${metric}: ["${expression}"] }` },
    ...(useless ? [`threshold-without-effect thresholds.${metric}.0`] : []),
  ]),
];

test.each(CASES.map(([given, ...rules]) => [JSON.stringify(given), given, rules] as const))(
  "%s",
  (_, given, rules) => {
    expect(found(given).map(({ rule, path }) => `${rule} ${path.join(".")}`)).toEqual(rules);
  },
);

test("every rule says what it found and what to do", async () => {
  const lines = CASES.flatMap(([given]) => found(given)).map(
    ({ severity, rule, message, hint }) => `${severity} ${rule}: ${message}\n  ${hint}\n`,
  );
  const text = [...new Set(lines)].join("");
  await expect(text).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/dangerous-settings.txt"),
  );
});
