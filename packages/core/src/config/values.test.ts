import { expect, test } from "vitest";
import { configSchema } from "./schema.ts";

const GOAL = { name: "g", prompt: "Do.", success: [{ action: { operation: "GET /a" } }] };
const BASE = { version: 1, targets: { app: { baseUrl: "http://127.0.0.1:1" } }, goals: [GOAL] };

/** The basic configuration with a value at a path such as `goals.0.weight`. */
function withValue(path: string, value: unknown): object {
  const root = structuredClone(BASE) as Record<string, unknown>;
  const keys = path.split(".");
  let at = root;
  for (const [index, key] of keys.slice(0, -1).entries()) {
    at[key] ??= /^\d+$/.test(keys[index + 1] as string) ? [] : {};
    at = at[key] as Record<string, unknown>;
  }
  at[keys.at(-1) as string] = value;
  return root;
}

const parse = (path: string, value: unknown) => configSchema.safeParse(withValue(path, value));
const text = (length: number): string => "a".repeat(length);

/** Values that a key takes, and values that it refuses, at the edges. */
const EDGES: readonly (readonly [path: string, good: readonly unknown[], bad: readonly unknown[]])[] = [
  ["version", [1], [2, "1"]],
  ["runtime", ["embedded", "compose", "kubernetes"], ["docker", ""]],
  ["seed", [0, 0xffffffff], [-1, 0x100000000, 1.5]],
  ["targets", [], [{}, { "1a": BASE.targets.app }]],
  ["personas", [Array(50).fill("novice")].map(() => ["novice"]), [Array(51).fill("novice")]],
  ["events.keep", ["auto", 0, 1, 0.5], [-0.1, 1.1, "all"]],
  ["page.open", [true, false], ["yes"]],
  [
    "results.upload",
    ["s3://abc", "s3://a.b-c1/x/y", `s3://${text(63)}`, "s3://abc/"],
    [
      "s3://ab",
      "s3://abc-",
      "s3://-abc",
      "s3://Abc",
      `s3://${text(64)}`,
      "s3://abc/x?y",
      "s3://abc/x#y",
      "xs3://abc",
    ],
  ],
  [
    "thresholds.actions",
    [["count>1"], [{ expression: "count>1", abortOnFail: true, delayAbortEval: "1s" }]],
    [
      [],
      [{ expression: "count>1", abortOnFail: 1 }],
      [{ abortOnFail: true }],
      [{ expression: "count>1", other: 1 }],
    ],
  ],
  ["targets.app.kind", ["rest", "web"], ["soap"]],
  ["targets.app.baseUrl", ["https://a.test/b"], ["ftp://a.test", "a.test", 1]],
  [
    "targets.app.auth",
    [
      "none",
      { bearer: "t" },
      { basic: { username: "", password: "" } },
      { apiKey: { in: "query", name: "k", value: "v" } },
      { apiKey: { in: "cookie", name: "k", value: "v" } },
      { apiKey: { in: "header", name: "k", value: "v" } },
      { oauth2: { tokenUrl: "https://a.test", clientId: "a", clientSecret: "b", scope: "c", audience: "d" } },
    ],
    [
      "basic",
      { bearer: "" },
      { basic: { username: "a" } },
      { basic: { password: "a" } },
      { apiKey: { in: "body", name: "k", value: "v" } },
      { apiKey: { in: "query", name: "", value: "v" } },
      { apiKey: { in: "query", name: "k", value: "" } },
      { oauth2: { tokenUrl: "ftp://a.test", clientId: "a", clientSecret: "b" } },
      { oauth2: { tokenUrl: "https://a.test", clientId: "", clientSecret: "b" } },
      { oauth2: { tokenUrl: "https://a.test", clientId: "a", clientSecret: "" } },
      { oauth2: { tokenUrl: "https://a.test", clientId: "a", clientSecret: "b", scope: "" } },
      { oauth2: { tokenUrl: "https://a.test", clientId: "a", clientSecret: "b", audience: "" } },
      {},
    ],
  ],
  ["targets.app.headers", [{ "X-a_1": "b" }], [{ "a b": "c" }, { "a:": "c" }, { a: 1 }]],
  ["targets.app.traceHeader", ["x-a_1"], ["", "a b", "a:", " a"]],
  ["targets.app.retries.attempts", [1, 10], [0, 11, 1.5]],
  ["targets.app.retries.budget", [0, 10], [-0.1, 10.1]],
  ["targets.app.retries.jitter", [false], ["no"]],
  ["targets.app.circuitBreaker.failures", [1], [0, 1.5]],
  ["targets.app.rate", [0.1], [0, -1]],
  ["targets.app.maxConcurrent", [1], [0, 1.5]],
  ["targets.app.maxBody", [1, "1B", "2 KB", "3MB", "4GB"], [0, 1.5, "KB", "1TB", "1 kb", "x1KB", "1KBx"]],
  ["targets.app.connections", [1, 10_000], [0, 10_001]],
  ["gateway.expose", ["generic", "operations"], ["all"]],
  ["gateway.correlationHeader", ["x-a_1"], ["", "a b", " a", "a:"]],
  ["gateway.allowedHosts", [["a"]], [[""], "a"]],
  ["gateway.allowedOrigins", [["a"]], [[""], "a"]],
  ["gateway.maxRequest", [1], [0]],
  ["compose.agentsPerContainer", [1, 5_000], [0, 5_001]],
  ["compose.observability", ["none", "metrics", "full"], ["some"]],
  ["compose.collector", ["alloy", "promtail"], ["other"]],
  ["compose.webhook", ["http://a.test", "https://a.test"], ["ftp://a.test"]],
  [
    "compose.target",
    [{ image: "a" }, { build: "a" }],
    [
      {},
      { image: "a", build: "b" },
      { image: "" },
      { build: "" },
      { image: "a", healthcheck: [] },
      { image: "a", environment: { a: 1 } },
      { image: "a", command: "run" },
    ],
  ],
  [
    "bus",
    [
      { url: "nats://a:1" },
      { url: "tls://a:1,nats://b:2" },
      { url: "nats://a", credentials: { file: "f" }, tls: { ca: "a" }, replicas: 5 },
      { url: "nats://a", credentials: { user: "u", password: "" } },
      { url: "nats://a", credentials: { token: "t" } },
      { maxBytes: "1MB", maxAge: "1h" },
    ],
    [
      { url: "http://a" },
      { url: "nats://u@a" },
      { url: "nats://a," },
      { url: "nats://a/b" },
      { url: "xnats://a" },
      { url: "nats://a", credentials: {} },
      { url: "nats://a", credentials: { file: "f", token: "t" } },
      { url: "nats://a", credentials: { file: "f", user: "t" } },
      { url: "nats://a", credentials: { token: "" } },
      { url: "nats://a", credentials: { user: "" } },
      { url: "nats://a", credentials: { file: "" } },
      { url: "nats://a", replicas: 0 },
      { url: "nats://a", replicas: 6 },
      { credentials: { token: "t" } },
      { tls: { ca: "a" } },
      { replicas: 2 },
      { maxAge: "0s" },
    ],
  ],
  ["kubernetes.namespace", ["a", "a.b-c1", text(253)], ["", "-a", "a-", "A", text(254)]],
  ["kubernetes.context", ["a"], [""]],
  ["kubernetes.image", ["a"], [""]],
  ["kubernetes.natsImage", ["a"], [""]],
  ["kubernetes.imagePullPolicy", ["Always", "IfNotPresent", "Never"], ["Sometimes"]],
  ["kubernetes.imagePullSecrets", [["a"]], [["A"], "a"]],
  [
    "kubernetes.replicas",
    [{ gateway: 1, inference: 500 }],
    [{ gateway: 0 }, { inference: 501 }, { engine: 1 }],
  ],
  ["kubernetes.storage", ["1Gi", "1.5Ti", "10Mi", "1Ki"], ["1", "1GB", "x1Gi", "1Gib", "1.Gi"]],
  ["kubernetes.storageClass", ["fast"], ["Fast"]],
  ["kubernetes.storageAccessMode", ["ReadWriteOnce", "ReadWriteOncePod"], ["ReadWriteMany"]],
  [
    "kubernetes.existingSecrets",
    [{ access: "a", bus: "b", engine: "c", gateway: "d", inference: "e" }],
    [{ access: "A" }, { nats: "a" }],
  ],
  ["kubernetes.patches", [{ engine: {}, nats: { a: 1 } }], [{ worker: {} }, { engine: 1 }]],
  ["load.agents", [1, 1_000_000], [0, 1_000_001, 1.5]],
  ["load.sessions", [1], [0, 1.5]],
  ["load.workers", [1, 256], [0, 257]],
  [
    "load",
    [
      { duration: "1s" },
      {
        stages: [
          { duration: "1s", agents: 0 },
          { duration: "1s", agents: 1 },
        ],
      },
      { arrivals: [{ duration: "1s", rate: 0.5 }] },
      { duration: "1s", rampUp: "1s" },
    ],
    [
      { duration: "1s", stages: [{ duration: "1s", agents: 1 }] },
      { duration: "1s", arrivals: [{ duration: "1s", rate: 1 }] },
      { stages: [] },
      { arrivals: [] },
      { stages: [{ duration: "1s", agents: -1 }] },
      { arrivals: [{ duration: "1s", rate: -1 }] },
      { stages: [{ duration: "1s", agents: 1 }], rampUp: "1s" },
      { arrivals: [{ duration: "1s", rate: 1 }], rampUp: "1s" },
      { stages: [{ duration: "1s", agents: 1, rate: 1 }] },
    ],
  ],
  [
    "load.thinkTime",
    [
      "none",
      { constant: "1s" },
      { exponential: { mean: "1s" } },
      { lognormal: { median: "1s", p95: "1001ms" } },
      { weibull: { scale: "1s", shape: 0.1 } },
      { weibull: { scale: "1s", shape: 20 } },
    ],
    [
      "some",
      { lognormal: { median: "1s", p95: "1s" } },
      { lognormal: { median: "0s", p95: "1s" } },
      { weibull: { scale: "1s", shape: 0.09 } },
      { weibull: { scale: "1s", shape: 20.1 } },
      { constant: "1s", exponential: { mean: "1s" } },
    ],
  ],
  ["inference.provider", ["simulated", "openai", "custom"], ["nobody"]],
  [
    "inference.baseUrl",
    ["http://a.test/v1", "https://a.test/completions/v1"],
    ["ftp://a.test", "http://a.test/v1/completions", "http://a.test/v1/completions//"],
  ],
  ["inference.model", ["a"], [""]],
  ["inference.apiKey", ["!~"], ["", "a b", "é", "a\nb"]],
  [
    "inference.apiKeys",
    [["a", { key: "b", organisation: "c" }]],
    [[""], [{ key: "" }], [{ key: "a", organisation: "" }], [{}]],
  ],
  ["inference.keyFile", ["a"], [""]],
  ["inference.organisation", ["a"], [""]],
  ["inference.limits.requestsPerMinute", [0.1], [0]],
  ["inference.limits.tokensPerMinute", [0.1], [0]],
  [
    "inference.price",
    [
      { input: 0, output: 0 },
      { input: 1, cached: 0, output: 1 },
    ],
    [
      { input: -1, output: 0 },
      { input: 0, output: -1 },
      { input: 0, cached: -1, output: 0 },
      { input: 0 },
      { output: 0 },
    ],
  ],
  [
    "inference.models",
    [{ m: { context: 1, price: { input: 0, output: 0 } } }],
    [{ m: { context: 0 } }, { m: { other: 1 } }, { "": {} }],
  ],
  ["inference.request.omit", [["models", "a"]], [["model"], ["messages"], ["stream"], [""]]],
  ["inference.request.add", [{ streams: 1 }], [{ stream: true }]],
  ["inference.instructions", ["a"], [""]],
  ["inference.prompt.maxTokens", [500, 1_000_000], [499, 1_000_001]],
  ["inference.decisions", ["auto", "tools", "json"], ["text"]],
  ["inference.temperature", [0, 2], [-0.1, 2.1]],
  ["inference.maxCompletionTokens", [16, 32_768], [15, 32_769]],
  ["inference.retries.attempts", [1, 10], [0, 11]],
  ["inference.breaker.failures", [1], [0]],
  ["inference.connections", [1, 10_000], [0, 10_001]],
  ["inference.record", ["a"], [""]],
  ["inference.replay", ["a"], [""]],
  ["inference.maxCost", [0.1, "5 USD", "5USD", "5.25 USD"], [0, "5", "5 EUR", "x5 USD", "5 USDx", "5. USD"]],
  ["inference.fallback", [[{ provider: "openai" }]], [[{}], [{ provider: "openai", retries: {} }]]],
  ["inference.simulation.tokensPerSecond", [0.1], [0]],
  ...["malformed", "prose", "inventedPath", "wrongArguments", "rateLimited", "stalled"].map(
    (name) => [`inference.simulation.errors.${name}`, [0, 1], [-0.1, 1.1]] as const,
  ),
  ["goals", [], [[], [{ ...GOAL, name: "1a" }]]],
  ["goals.0.name", ["a", `a${text(63)}`, "A-_1"], ["", "1a", "a b", text(65), " a", "a."]],
  ["goals.0.weight", [0.1], [0, -1]],
  ["goals.0.prompt", ["a"], [""]],
  ["goals.0.personas", [["novice"]], [[]]],
  [
    "goals.0.success",
    [
      [{ state: { a: 1 } }],
      [{ anyOf: [{ state: { a: 1 } }, { state: { a: 2 } }] }],
      [
        {
          action: {
            operation: "GET /a",
            count: 1_000,
            status: [100, "5xx"],
            text: null,
            headers: { "a-_1": "b" },
          },
        },
      ],
    ],
    [
      [],
      [{ state: {} }],
      [{ state: { "": 1 } }],
      [{ anyOf: [{ state: { a: 1 } }] }],
      [{ action: { operation: "GET /a", count: 0 } }],
      [{ action: { operation: "GET /a", count: 1_001 } }],
      [{ action: { operation: "GET /a", status: [] } }],
      [{ action: { operation: "GET /a", status: 99 } }],
      [{ action: { operation: "GET /a", status: 600 } }],
      [{ action: { operation: "GET /a", status: "0xx" } }],
      [{ action: { operation: "GET /a", status: "6xx" } }],
      [{ action: { operation: "GET /a", status: "2xxx" } }],
      [{ action: { operation: "GET /a", status: "x2xx" } }],
      [{ action: { operation: "GET /a", headers: { "a b": "b" } } }],
      [{ action: { operation: "GET /a", headers: { "": "b" } } }],
      [{ action: { operation: "get /a" } }],
      [{ action: { operation: "GET /a" }, probe: {} }],
    ],
  ],
  [
    "goals.0.success.0.action.body",
    [
      { "$.a": 1 },
      { "$.a": { eq: 1, ne: 2, lt: 3, lte: 4, gt: 0, gte: 0, contains: "a", matches: "^a", exists: true } },
      { "$[?@.id=='1234567890123456']": true },
      { '$[?@.id=="a\\"1234567890123456"]': true },
      { "$[?@.id==123456789012345]": true },
      { "$.a": Number.MAX_SAFE_INTEGER },
      { "$.a": 1e-7 },
    ],
    [
      { "$[": 1 },
      { "$.a": { matches: "[" } },
      { "$.a": { other: 1 } },
      { "$[?@.id==1234567890123456]": true },
      { "$.a": Number.MAX_SAFE_INTEGER + 1 },
      { "$.a": { lt: 2 ** 60 } },
      { "$.a": [1] },
    ],
  ],
  [
    "goals.0.never",
    [[{ operation: "GET /a", before: "GET /b" }]],
    [[{}], [{ operation: "GET /a", other: 1 }]],
  ],
  ["goals.0.endWhen", ["finish", "checks"], ["never"]],
  ["goals.0.budget.steps", [1, 1_000], [0, 1_001]],
  ["goals.0.budget.tokens", ["auto", 1], [0, "all"]],
  [
    "goals.0.data",
    [
      { rows: [{ a: "1", b: 1, c: true }] },
      { file: "a", for: ["app"] },
      { generate: { "a.b-_1": "uuid" } },
      { generate: { a: { email: { domain: "a.test" } } } },
      { generate: { a: { number: { min: 1, max: 1, decimals: 10 } } } },
      { generate: { a: { date: { from: "2026-01-01", to: "2026-01-01" } } } },
      { generate: { a: { choice: ["a", 1, true] } } },
      { generate: { [text(60)]: "name" } },
    ],
    [
      { rows: [] },
      { rows: [{ a: null }] },
      { file: "a", for: [] },
      { generate: {} },
      { generate: { a: "phone" } },
      { generate: { "a b": "uuid" } },
      { generate: { [text(61)]: "uuid" } },
      { generate: { a: { email: { domain: "-a" } } } },
      { generate: { a: { email: { domain: "a b" } } } },
      { generate: { a: { number: { min: 2, max: 1 } } } },
      { generate: { a: { number: { min: 1, max: 2, decimals: 11 } } } },
      { generate: { a: { number: { min: 1, max: 2, decimals: -1 } } } },
      { generate: { a: { date: { from: "2026-01-02", to: "2026-01-01" } } } },
      { generate: { a: { date: { from: "soon", to: "2026-01-01" } } } },
      { generate: { a: { choice: [] } } },
    ],
  ],
  [
    "setup",
    [[{ operation: "POST /a", headers: { a: "b" }, data: [1], status: 201 }]],
    [[{ headers: {} }], [{ operation: "/a" }]],
  ],
  ["teardown", [[{ operation: "POST /a" }]], [[{ operation: "/a" }]]],
  [
    "personas.0",
    [
      "novice",
      { name: "me", prompt: "x", weight: 0.1, thinkTimeFactor: 0, patience: { errors: 1, time: "1ms" } },
      { name: "me", prompt: "x", thinkTimeFactor: 100, patience: { errors: 1_000 } },
      {
        name: "me",
        prompt: "x",
        detours: { details: 0, compare: 1, searchAgain: 0, changeMind: 0, abandon: 1 },
      },
    ],
    [
      { name: "me" },
      { name: "me", prompt: "" },
      { name: "novice", weight: 0 },
      { name: "novice", thinkTimeFactor: -1 },
      { name: "novice", thinkTimeFactor: 101 },
      { name: "novice", patience: { errors: 0 } },
      { name: "novice", patience: { errors: 1_001 } },
      { name: "novice", detours: { details: 1.1 } },
      { name: "novice", detours: { abandon: -0.1 } },
    ],
  ],
];

test.each(EDGES)(
  "%s takes what is within its bounds, and refuses at its place what is not",
  (path, good, bad) => {
    const at = path.split(".").map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    for (const value of good) expect(parse(path, value).error?.issues, JSON.stringify(value)).toBeUndefined();
    for (const value of bad) {
      const { error } = parse(path, value);
      expect(error, JSON.stringify(value)).toBeDefined();
      for (const issue of error?.issues ?? [])
        expect(issue.path.slice(0, at.length)).toEqual(at.slice(0, issue.path.length));
    }
  },
);

test.each<[string, unknown, unknown]>([
  ["inference.maxCost", "5.25 USD", 5.25],
  ["inference.maxCost", 2, 2],
  ["targets.app.maxBody", "7 B", 7],
  ["targets.app.maxBody", "3KB", 3 * 1024],
  ["targets.app.maxBody", "3MB", 3 * 1024 ** 2],
  ["targets.app.maxBody", "3 GB", 3 * 1024 ** 3],
  ["load.gracefulStop", "1h30m", 5_400_000],
  ["inference.apiKey", " key\n", "key"],
])("%s: %j is read as %j", (path, value, read) => {
  let at: unknown = parse(path, value).data;
  for (const key of path.split(".")) at = (at as Record<string, unknown>)[key];
  expect(at).toEqual(read);
});

test("without more, the configuration has these settings", () => {
  expect(configSchema.parse(BASE)).toMatchInlineSnapshot(`
    {
      "bus": {
        "maxAge": 2592000000,
        "replicas": 1,
        "tls": {},
      },
      "compose": {
        "agentsPerContainer": 250,
        "collector": "alloy",
        "observability": "metrics",
      },
      "events": {
        "keep": "auto",
        "send": "all",
      },
      "gateway": {
        "allowedHosts": [],
        "allowedOrigins": [],
        "correlationHeader": "x-correlation-id",
        "drain": 30000,
        "expose": "generic",
        "maxRequest": 1048576,
      },
      "goals": [
        {
          "budget": {
            "steps": 30,
            "time": 120000,
            "tokens": "auto",
          },
          "endWhen": "finish",
          "name": "g",
          "never": [],
          "prompt": "Do.",
          "success": [
            {
              "action": {
                "capture": {},
                "count": 1,
                "operation": "GET /a",
                "status": "2xx",
              },
            },
          ],
          "weight": 1,
        },
      ],
      "inference": {
        "apiKeys": [],
        "breaker": {
          "failures": 10,
          "pause": 2000,
        },
        "connections": 256,
        "decisions": "auto",
        "fallback": [],
        "limits": {},
        "logPrompts": false,
        "maxCompletionTokens": 512,
        "models": {},
        "prompt": {
          "maxTokens": 6000,
        },
        "provider": "simulated",
        "queueTimeout": 60000,
        "request": {
          "add": {},
          "headers": {},
          "omit": [],
        },
        "retries": {
          "attempts": 3,
          "backoff": 250,
          "maxWait": 10000,
        },
        "simulation": {
          "errors": {
            "inventedPath": 0,
            "malformed": 0,
            "prose": 0,
            "rateLimited": 0,
            "stalled": 0,
            "wrongArguments": 0,
          },
          "firstToken": {
            "median": 40,
            "p95": 120,
          },
          "tokensPerSecond": 2000,
        },
        "temperature": 0,
        "timeouts": {
          "connect": 5000,
          "firstByte": 60000,
          "idle": 30000,
          "total": "off",
        },
      },
      "kubernetes": {
        "existingSecrets": {},
        "image": "ape-test:latest",
        "imagePullPolicy": "IfNotPresent",
        "imagePullSecrets": [],
        "networkPolicies": true,
        "patches": {},
        "podMonitor": false,
        "replicas": {
          "gateway": 1,
          "inference": 1,
        },
        "startTimeout": 300000,
        "storageAccessMode": "ReadWriteOncePod",
        "ttl": 3600000,
      },
      "load": {
        "agents": 10,
        "gracefulStop": 30000,
        "rampUp": 0,
        "thinkTime": "none",
      },
      "page": {
        "open": false,
      },
      "personas": [],
      "results": {},
      "runtime": "embedded",
      "setup": [],
      "targets": {
        "app": {
          "auth": "none",
          "authorized": false,
          "baseUrl": "http://127.0.0.1:1",
          "connections": 256,
          "contract": false,
          "deny": [],
          "headers": {},
          "kind": "rest",
          "maxBody": 1048576,
          "persistedQueries": false,
          "readOnly": false,
          "retries": {
            "attempts": 1,
            "backoff": 200,
            "budget": 0.2,
            "jitter": true,
            "unsafe": false,
          },
          "timeouts": {
            "connect": 2000,
            "firstByte": 10000,
            "total": 30000,
          },
          "tls": {
            "insecure": false,
          },
          "traceHeader": "x-trace-id",
          "validate": "off",
          "verify": true,
        },
      },
      "teardown": [],
      "thresholds": {},
      "version": 1,
    }
  `);
});
