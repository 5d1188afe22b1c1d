import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { METRICS } from "@ape/core/metrics/metrics";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GOOD_CONFIG, GOOD_FILES } from "../../test/broken.ts";
import { inspectProject } from "./inspect.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-broken-"));
  for (const [name, text] of Object.entries(GOOD_FILES)) await writeFile(join(folder, name), text);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What is told of a configuration; that nothing answers at its targets is no news here. */
async function told(text: string): Promise<string[]> {
  const read = {
    configFile: join(folder, "ape.config.yaml"),
    name: "ape.config.yaml",
    text,
    environment: { MY_KEY: "k" },
  };
  const { findings } = await inspectProject(read, false);
  return findings
    .filter(({ rule }) => rule !== "TARGET_UNREACHABLE")
    .map(({ severity, line, column, message }) => `${severity} ${line}:${column} ${message}`);
}

test("the good one has nothing that is to be told", async () => {
  expect(await told(GOOD_CONFIG)).toEqual([]);
});

/** What is wrong; the text of the good one that is replaced, and by what; everything that is told. */
const BROKEN: readonly (readonly [string, string | RegExp, string, readonly string[]])[] = [
  ["no version", "version: 1\n", "", ["error 1:1 version: 1 is expected, but nothing is there"]],
  ["another version", "version: 1", "version: 2", ["error 1:1 version: 1 is expected, not 2"]],
  [
    "an unknown runtime",
    "runtime: embedded",
    "runtime: kubernets",
    [
      'error 2:1 runtime: one of embedded, compose, kubernetes is expected, not "kubernets"; did you mean "kubernetes"?',
    ],
  ],
  [
    "a misspelt runtime",
    "runtime: embedded",
    "runtime: embeded",
    [
      'error 2:1 runtime: one of embedded, compose, kubernetes is expected, not "embeded"; did you mean "embedded"?',
    ],
  ],
  ["a negative seed", "seed: 7", "seed: -7", ["error 3:1 seed: a number of at least 0 is expected, not -7"]],
  [
    "a misspelt part",
    "targets:",
    "target:",
    [
      "error 1:1 targets: a map is expected, but nothing is there",
      'error 4:1 unknown key "target"; did you mean "targets"?',
    ],
  ],
  [
    "a misspelt key of a target",
    "baseUrl: http://127.0.0.1:9\n",
    "baseURL: http://127.0.0.1:9\n",
    ['error 7:5 targets.shop: unknown key "baseURL"; did you mean "baseUrl"?'],
  ],
  [
    "a key that means nothing",
    "    auth: none",
    "    auth: none\n    colour: red",
    [
      'error 10:5 targets.shop: unknown key "colour"; known here: kind, baseUrl, command, spec, validate, contract, verify, persistedQueries, auth, allow, deny, readOnly, authorized, headers, traceHeader, timeouts, retries, circuitBreaker, rate, maxConcurrent, maxBody, connections, tls',
    ],
  ],
  [
    "an unknown kind",
    "kind: rest",
    "kind: soap",
    ['error 6:5 targets.shop.kind: one of rest, graphql, web, mcp is expected, not "soap"'],
  ],
  [
    "a misspelt kind",
    "kind: rest",
    "kind: rset",
    [
      'error 6:5 targets.shop.kind: one of rest, graphql, web, mcp is expected, not "rset"; did you mean "rest"?',
    ],
  ],
  [
    "an address without a protocol",
    "baseUrl: http://127.0.0.1:9\n",
    "baseUrl: 127.0.0.1:9\n",
    ['error 7:5 targets.shop.baseUrl: an absolute http or https URL is expected, not "127.0.0.1:9"'],
  ],
  [
    "an address of another protocol",
    "baseUrl: http://127.0.0.1:9\n",
    "baseUrl: ftp://127.0.0.1\n",
    ['error 7:5 targets.shop.baseUrl: an absolute http or https URL is expected, not "ftp://127.0.0.1"'],
  ],
  [
    "a public address",
    "baseUrl: http://127.0.0.1:9\n",
    "baseUrl: http://shop.example.com\n",
    [
      'error 4:1 target "shop": shop.example.com is neither loopback nor private',
      "warning 7:5 shop is a public address, and nothing limits the calls to it",
    ],
  ],
  [
    "a document that is not there",
    "./api.yaml",
    "./apis.yaml",
    ["error 4:1 the API document ./apis.yaml cannot be read"],
  ],
  [
    "a document that is none",
    "./api.yaml",
    "./accounts.csv",
    ["error 4:1 ./accounts.csv is no OpenAPI 3 or Swagger 2.0 document"],
  ],
  [
    "an unknown way to sign in",
    "auth: none",
    "auth: digest",
    [
      'error 9:5 targets.shop.auth: none, or a map with bearer, basic, apiKey or oauth2, is expected, not "digest"',
    ],
  ],
  [
    "a half of basic",
    "auth: none",
    "auth: { basic: { username: a } }",
    ["error 9:13 targets.shop.auth.basic.password: a text is expected, but nothing is there"],
  ],
  [
    "a method in small letters",
    '"POST /orders"]',
    '"post /orders"]',
    ['error 10:24 targets.shop.allow[1]: a pattern such as `GET /**` is expected, not "post /orders"'],
  ],
  [
    "a list that is none",
    'allow: ["GET /**", "POST /orders"]',
    "allow: GET /**",
    ['error 10:5 targets.shop.allow: a list is expected, not "GET /**"'],
  ],
  [
    "a duration without a unit",
    "connect: 1s",
    "connect: 1",
    [
      "error 11:17 targets.shop.timeouts.connect: a duration such as 500ms, 30s, 2m or 1h30m is expected, not 1",
    ],
  ],
  [
    "a duration in words",
    "connect: 1s",
    "connect: one second",
    [
      'error 11:17 targets.shop.timeouts.connect: a duration such as 500ms, 30s, 2m or 1h30m is expected, not "one second"',
    ],
  ],
  [
    "too many tries",
    "attempts: 2",
    "attempts: 50",
    ["error 12:16 targets.shop.retries.attempts: a number of at most 10 is expected, not 50"],
  ],
  [
    "a command for REST",
    "    auth: none",
    "    auth: none\n    command: [node]",
    ["error 10:5 targets.shop.command: only a target of kind mcp is started by a command"],
  ],
  [
    "persisted queries of REST",
    "    auth: none",
    "    auth: none\n    persistedQueries: true",
    ["error 10:5 targets.shop.persistedQueries: only graphql has persisted queries"],
  ],
  [
    "a target without an address",
    "    baseUrl: http://127.0.0.1:9/stock\n",
    "    kind: rest\n",
    ["error 13:3 targets.stock: baseUrl is missing"],
  ],
  [
    "a target's name with a blank",
    "  stock:",
    "  my stock:",
    [
      'error 13:3 targets.my stock: a name of letters, digits, - and _ that begins with a letter is expected, not the key "my stock"',
    ],
  ],
  [
    "no target",
    /targets:[\s\S]*?inference:/,
    "targets: {}\ninference:",
    ["error 4:1 targets: at least one target is needed, not {}"],
  ],
  [
    "an unknown provider",
    "provider: simulated",
    "provider: cerebra",
    [
      'error 16:3 inference.provider: one of simulated, cerebras, openai, groq, openrouter, mistral, deepseek, gemini, azure, ollama, vllm, llamacpp, custom is expected, not "cerebra"; did you mean "cerebras"?',
    ],
  ],
  [
    "a provider without its key",
    "provider: simulated",
    "provider: cerebras",
    [
      "error 15:1 inference.apiKey is missing: the provider cerebras needs it.",
      "warning 15:1 nothing bounds what cerebras may cost",
    ],
  ],
  [
    "a withdrawn model",
    "provider: simulated",
    "provider: cerebras\n  apiKey: k\n  model: llama-4-scout-17b\n  maxCost: 1 USD",
    [
      "error 15:1 cerebras withdrew llama-4-scout-17b on 2025-11-03; use gpt-oss-120b instead.",
      "warning 17:3 the key is in the configuration itself",
      "warning 19:3 `maxCost` can never end the run: no price of llama-4-scout-17b is known, and counts as 0",
    ],
  ],
  [
    "a custom provider without an address",
    "provider: simulated",
    "provider: custom\n  model: m",
    [
      "error 15:1 inference.baseUrl is missing: the provider custom needs it.",
      "warning 15:1 nothing bounds what custom may cost",
    ],
  ],
  [
    "a temperature above its bound",
    "temperature: 0",
    "temperature: 3",
    ["error 18:3 inference.temperature: a number of at most 2 is expected, not 3"],
  ],
  ["instructions that are not there", "./own.md", "./owl.md", ["error 17:3 ./owl.md cannot be read"]],
  ["a variable that is not set", "./own.md", "${NO_SUCH_FILE}", ["error 17:17 ${NO_SUCH_FILE} has no value"]],
  [
    "two variables that are not set",
    "baseUrl: http://127.0.0.1:9\n",
    "baseUrl: ${A_URL}/${B_PATH}\n",
    ["error 7:14 ${A_URL} has no value", "error 7:14 ${B_PATH} has no value"],
  ],
  [
    "no goal",
    /goals:[\s\S]*?load:/,
    "goals: []\nload:",
    ["error 19:1 goals: at least one goal is needed, not []"],
  ],
  [
    "a goal without words",
    "    prompt: Look at the stock.\n",
    "",
    ["error 28:5 goals[1].prompt: a text is expected, but nothing is there"],
  ],
  [
    "a goal without a proof",
    'success:\n      - action: { operation: "stock: GET /" }',
    "success: []",
    [
      "error 30:5 goals[1].success: at least one check is needed: without one nothing proves the goal, not []",
    ],
  ],
  [
    "two goals of one name",
    "name: look",
    "name: buy",
    ['error 28:5 goals[1].name: the goal "buy" is there twice'],
  ],
  [
    "a goal's name with a blank",
    "name: look",
    "name: look around",
    [
      'error 28:5 goals[1].name: a name of letters, digits, - and _ that begins with a letter is expected, not "look around"',
    ],
  ],
  [
    "no weight",
    "weight: 2",
    "weight: 0",
    ["error 21:5 goals[0].weight: a number above 0 is expected, not 0"],
  ],
  [
    "data that is not there",
    "./accounts.csv",
    "./account.csv",
    ["error 23:13 the data file ./account.csv cannot be read"],
  ],
  [
    "data given twice",
    "file: ./accounts.csv,",
    "file: ./accounts.csv, rows: [{ a: 1 }],",
    ["error 23:5 goals[0].data: give either file or rows"],
  ],
  [
    "a secret column that is not there",
    "secret: [password]",
    "secret: [pasword]",
    ['error 23:13 the secret column "pasword" is not in ./accounts.csv'],
  ],
  [
    "a column that the prompt invents",
    "order a lamp,",
    "order a lamp to {{address}},",
    ["error 22:5 the prompt names {{address}}, which its data has not"],
  ],
  [
    "an operation that is none",
    '"shop: POST /orders"',
    '"shop: ORDER /orders"',
    [
      'error 25:19 goals[0].success[0].action.operation: an operation such as `GET /orders/{id}` is expected, not "shop: ORDER /orders"',
    ],
  ],
  [
    "an operation that the document lacks",
    '"shop: POST /orders"',
    '"shop: POST /order"',
    ['error 25:19 goal "buy": shop has no operation `POST /order`'],
  ],
  [
    "an operation without its target",
    '"shop: POST /orders"',
    "POST /orders",
    ["error 25:19 goals[0].success[0].action.operation: there are 2 targets: write `shop: POST /orders`"],
  ],
  [
    "an operation of an unknown target",
    '"stock: GET /"',
    '"stok: GET /"',
    ['error 31:19 goals[1].success[0].action.operation: there is no target "stok"; did you mean "stock"?'],
  ],
  [
    "a status beyond all",
    "status: 201",
    "status: 1000",
    ["error 25:52 goals[0].success[0].action.status: a number of at most 599 is expected, not 1000"],
  ],
  [
    "a JSONPath that is none",
    "order: $.id",
    "order: '$['",
    [
      'error 25:76 goals[0].success[0].action.capture.order: a JSONPath such as $.id is expected (RFC 9535), not "$["',
    ],
  ],
  [
    "a capture that nobody makes",
    "capture: { order: $.id }",
    "capture: { oder: $.id }",
    [
      'error 26:18 goals[0].success[1].probe.operation: {order} is captured by no action check; did you mean "oder"?',
    ],
  ],
  [
    "a misspelt key of a check",
    "capture: {",
    "captures: {",
    ['error 25:65 goals[0].success[0].action: unknown key "captures"; did you mean "capture"?'],
  ],
  [
    "a final probe without credentials",
    "expect: { status: 200 }",
    "final: true",
    ["error 26:58 goals[0].success[1].probe.final: a final probe needs credentials of its own: add `as`"],
  ],
  [
    "a document for REST",
    "expect: { status: 200 }",
    'document: "{ a }"',
    ["error 26:58 goals[0].success[1].probe.document: only a `query` or `mutation` has a document"],
  ],
  [
    "no steps",
    "steps: 30",
    "steps: 0",
    ["error 27:15 goals[0].budget.steps: a number of at least 1 is expected, not 0"],
  ],
  [
    "agents in words",
    "agents: 3",
    "agents: three",
    ['error 33:3 load.agents: a number is expected, not "three"'],
  ],
  [
    "half an agent",
    "agents: 3",
    "agents: 2.5",
    ["error 33:3 load.agents: a whole number is expected, not 2.5"],
  ],
  [
    "two ends",
    "duration: 1m",
    "duration: 1m\n  sessions: 5",
    [
      "error 35:3 load.sessions: duration and sessions contradict one another: give one of duration, sessions, stages or arrivals, not 5",
    ],
  ],
  [
    "a ramp beside stages",
    "duration: 1m",
    "stages: [{ duration: 1m, agents: 3 }]",
    [
      'error 35:3 load.rampUp: rampUp goes with duration or sessions; stages and arrivals ramp by themselves, not "5s"',
    ],
  ],
  [
    "stages without an agent",
    "duration: 1m\n  rampUp: 5s",
    "stages: [{ duration: 1m, agents: 0 }]",
    ["error 34:3 load.stages: no stage has an agent"],
  ],
  [
    "a p95 below its median",
    "p95: 2s",
    "p95: 100ms",
    [
      'error 36:16 load.thinkTime.lognormal: p95 must be above the median, not {"median":"400ms","p95":"100ms"}',
    ],
  ],
  [
    "an unknown metric",
    "session_success:",
    "session_sucess:",
    [
      `error 38:3 thresholds.session_sucess: there is no metric "session_sucess". The metrics are ${Object.keys(METRICS).join(", ")}.`,
    ],
  ],
  [
    "an unknown label",
    '{target:"shop"}',
    '{goel:"shop"}',
    [
      'error 39:3 thresholds.action_duration{goel:"shop"}: "goel:"shop"" is no label of action_duration. Its labels are target, operation, status, goal.',
    ],
  ],
  [
    "a goal that is not there, in a threshold",
    '{target:"shop"}',
    '{goal:"by"}',
    ['error 39:3 thresholds.action_duration{goal:"by"}: there is no goal "by"; did you mean "buy"?'],
  ],
  [
    "a target that is not there, in a threshold",
    '{target:"shop"}',
    '{target:"shp"}',
    ['error 39:3 thresholds.action_duration{target:"shp"}: there is no target "shp"; did you mean "shop"?'],
  ],
  [
    "a status that is none, in a threshold",
    '{target:"shop"}',
    '{status:"2xx"}',
    [
      'error 39:3 thresholds.action_duration{status:"2xx"}: "2xx" is no status of HTTP: write 200 or 404, or 0 for no answer',
    ],
  ],
  [
    "a statistic that a rate lacks",
    "rate>0.95",
    "p(95)<3",
    ["error 38:21 thresholds.session_success[0]: session_success is a rate and has no p. A rate has rate."],
  ],
  [
    "a threshold that is none",
    "p(95)<500ms",
    "p95 < 500ms",
    [
      'error 39:36 thresholds.action_duration{target:"shop"}[0]: "p95 < 500ms" is no threshold. Write a statistic, a comparison and a number, such as p(95)<500ms, avg<1s or rate>0.95.',
    ],
  ],
  [
    "a percentile above 100",
    "p(95)<500ms",
    "p(101)<500ms",
    [
      'error 39:36 thresholds.action_duration{target:"shop"}[0]: p(101) is above 100. Percentiles go from p(0) to p(100).',
    ],
  ],
  [
    "a unit that does not fit",
    "p(95)<500ms",
    "p(95)<500kb",
    [
      'error 39:36 thresholds.action_duration{target:"shop"}[0]: the unit "kb" does not fit p of action_duration. Durations take ms, s, m or h.',
    ],
  ],
  [
    "a bracket that is not closed",
    'session_success: ["rate>0.95"]',
    'session_success: ["rate>0.95"',
    ["error 39:3 Flow sequence in block collection must be sufficiently indented and end with a ]"],
  ],
  ["a key twice", "seed: 7", "seed: 7\nseed: 8", ["error 4:1 Map keys must be unique"]],
  [
    "a tab for blanks",
    "  agents: 3",
    "\tagents: 3",
    [
      "error 33:1 Tabs are not allowed as indentation",
      "error 33:10 Nested mappings are not allowed in compact mappings",
      "error 33:10 Implicit keys need to be on a single line",
    ],
  ],
  [
    "any certificate",
    "    auth: none",
    "    auth: none\n    tls: { insecure: true }",
    ["warning 10:12 any certificate is accepted, so credentials may go to anybody"],
  ],
  ["agents that may delete", '"POST /orders"]', '"* /**"]', ["warning 10:24 agents may delete"]],
  [
    "calls repeated that must not be",
    "attempts: 2",
    "attempts: 2, unsafe: true",
    ["warning 12:29 calls that are not idempotent are repeated, so one order may become two"],
  ],
  [
    "a provider that may cost anything",
    "provider: simulated",
    "provider: openai\n  apiKey: ${MY_KEY}",
    ["warning 15:1 nothing bounds what openai may cost"],
  ],
  [
    "a key in the configuration",
    "provider: simulated",
    "provider: openai\n  maxCost: 1 USD\n  apiKey: sk-secret-1",
    ["warning 18:3 the key is in the configuration itself"],
  ],
  [
    "more agents than rows",
    "agents: 3",
    "agents: 30",
    ["warning 23:5 30 agents share 3 unique rows, so 27 of them always wait"],
  ],
  [
    "a login without an account",
    "    data: { file: ./accounts.csv, unique: true, secret: [password] }\n",
    "",
    ["warning 22:5 the goal wants its agent to log in, and gives it no account"],
  ],
  [
    "a huge budget",
    "tokens: 40000",
    "tokens: 4000000",
    ["warning 27:5 one session may take 30 steps and 4000000 tokens"],
  ],
];

test.each(BROKEN)("validate names the place of the mistake: %s", async (_, find, put, expected) => {
  const text = GOOD_CONFIG.replace(find, () => put);
  expect(text).not.toBe(GOOD_CONFIG);
  expect(await told(text)).toEqual(expected);
});

test("there are enough of them", () => {
  expect(BROKEN.length).toBeGreaterThanOrEqual(60);
});
