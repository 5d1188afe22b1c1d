import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { ApeError } from "../lib/errors.ts";
import { gatewayFileOf } from "./gateway.ts";
import { diagnoseConfig, parseConfig, parseGatewayConfig } from "./parse.ts";

const good = `version: 1
targets:
  shop:
    baseUrl: http://127.0.0.1:4010
    allow: ["GET /**", "POST /cart/**"]
    timeouts: { total: 5s }
inference: { provider: cerebras, apiKey: "\${KEY}", maxCost: 5 USD }
goals:
  - name: buy
    prompt: Buy something.
    data: { rows: [{ email: a@b.c, password: hunter22 }], secret: [password] }
    success:
      - action: { operation: POST /orders, status: 201, capture: { order: $.id } }
      - probe: { operation: "GET /orders/{order}", expect: { status: 200, body: { $.state: paid, "$.total": { lt: 50 } } } }
load: { agents: 50, duration: 2m, rampUp: 10s, thinkTime: { lognormal: { median: 400ms, p95: 2s } } }
thresholds:
  session_success: ["rate>0.95"]
  action_duration{operation:"POST /orders"}: ["p(95)<1s", { expression: "p(99)<2s", abortOnFail: true }]
`;
const env = { KEY: "csk-secret-value" };

function failure(text: string): ApeError {
  try {
    parseConfig(text, "ape.config.yaml", env);
  } catch (thrown) {
    if (thrown instanceof ApeError) return thrown;
    throw thrown;
  }
  throw new Error("the configuration was accepted");
}

test("a good configuration is read, units resolved, secrets kept apart", () => {
  const { config, written, secrets } = parseConfig(good, "ape.config.yaml", env);
  expect(config.targets.shop?.timeouts).toEqual({ connect: 2000, firstByte: 10_000, total: 5000 });
  expect(config.load).toMatchObject({ duration: 120_000, rampUp: 10_000, gracefulStop: 30_000 });
  expect(config.inference).toMatchObject({ apiKey: "csk-secret-value", maxCost: 5 });
  expect(secrets).toEqual(["csk-secret-value", "hunter22"]);
  expect(JSON.stringify(written)).toContain("${KEY}");
  expect(JSON.stringify(written)).not.toContain("hunter22");
});

test.each([
  [
    "an unknown key",
    good.replace("gracefulStop", "x").replace("rampUp", "rampup"),
    /^ape.config.yaml:15:\d+: load: unknown key "rampup"; did you mean "rampUp"\?$/,
  ],
  [
    "an unknown key far down",
    good.replace("total: 5s", "totl: 5s"),
    /^ape.config.yaml:6:17: targets.shop.timeouts: unknown key "totl"; did you mean "total"\?$/,
  ],
  [
    "a target without an address",
    good.replace("    baseUrl: http://127.0.0.1:4010\n", ""),
    /targets.shop: baseUrl is missing/,
  ],
  [
    "a command for REST",
    good.replace("timeouts: {", "command: [node]\n    timeouts: {"),
    /targets.shop.command: only a target of kind mcp/,
  ],
  [
    "a command beside an address",
    good.replace("timeouts: {", "kind: mcp\n    command: [node]\n    timeouts: {"),
    /give either command or baseUrl/,
  ],
  [
    "a denied field of GraphQL at a REST API",
    good.replace("timeouts: {", 'deny: ["* /admin/**", "mutation pay"]\n    timeouts: {'),
    /targets.shop.deny\[1\]: a target of kind rest has no such operations: write a pattern such as `GET \/orders/,
  ],
  [
    "an allowed path of a GraphQL API",
    good.replace(
      'allow: ["GET /**", "POST /cart/**"]',
      'kind: graphql\n    allow: ["* /**", "query *", "GET /a"]',
    ),
    /targets.shop.allow\[2\]: a target of kind graphql has no such operations: write a pattern such as `query/,
  ],
  [
    "a denied path with a dot segment",
    good.replace("timeouts: {", 'deny: ["GET /v1/x/../secret"]\n    timeouts: {'),
    /targets.shop.deny\[0\]: a pattern has no \. and no \.\. segment: write `GET \/v1\/secret`/,
  ],
  [
    "validation without a document",
    good.replace("timeouts: {", "validate: warn\n    timeouts: {"),
    /targets.shop.validate: .*add `spec`/,
  ],
  [
    "a contract without a document",
    good.replace("timeouts: {", "contract: true\n    timeouts: {"),
    /targets.shop.contract: .*add `spec`/,
  ],
  [
    "persisted queries of REST",
    good.replace("timeouts: {", "persistedQueries: true\n    timeouts: {"),
    /only graphql has persisted queries/,
  ],
  [
    "a document of a web target",
    good.replace("timeouts: {", "kind: web\n    spec: ./a.yaml\n    timeouts: {"),
    /a target of kind web has no spec/,
  ],
  [
    "a document of an MCP target",
    good.replace("timeouts: {", "kind: mcp\n    spec: ./a.yaml\n    timeouts: {"),
    /a target of kind mcp has no spec/,
  ],
  [
    "a query without its document",
    good.replace('operation: "GET /orders/{order}"', "operation: query order"),
    /probe.operation: a GraphQL request needs its `document`/,
  ],
  [
    "a document for REST",
    good.replace('"GET /orders/{order}",', '"GET /orders/{order}", document: "{ a }",'),
    /probe.document: only a `query` or `mutation`/,
  ],
  [
    "an argument that nothing captures",
    good.replace('"GET /orders/{order}"', 'tool order, arguments: { id: "{nothing}" }'),
    /\{nothing\} is captured by no action/,
  ],
  [
    "a wrong type",
    good.replace("agents: 50", "agents: many"),
    /^ape.config.yaml:15:9: load.agents: a number is expected, not "many"$/,
  ],
  [
    "a bad duration",
    good.replace("2m", "2 minutes"),
    /^ape.config.yaml:15:21: load.duration: a duration such as 500ms.*not "2 minutes"$/,
  ],
  ["empty goals", `${good.split("goals:")[0]}goals: []\n`, /goals: at least one goal is needed/],
  [
    "a missing part",
    good.replace("    prompt: Buy something.\n", ""),
    /^ape.config.yaml:9:5: goals\[0\].prompt: a text is expected, but nothing is there$/,
  ],
  [
    "no check",
    good.replace(/success:[\s\S]*?load:/, "success: []\nload:"),
    /goals\[0\].success: at least one check/,
  ],
  [
    "a union's best branch",
    good.replace("status: 201", "status: 999"),
    /goals\[0\]\.success\[0\]\.action\.status.*999/,
  ],
  [
    "a value that is none of a union's",
    `${good}events: { keep: all }\n`,
    /events\.keep: auto or a number is expected, not "all"$/,
  ],
  [
    "a value near one of a union's",
    `${good}events: { keep: atuo }\n`,
    /events\.keep: auto or a number is expected, not "atuo"; did you mean "auto"\?$/,
  ],
  ["a number beyond a union's bounds", `${good}events: { keep: 2 }\n`, /events\.keep: a number of at most 1/],
  [
    "another union without a match",
    good.replace("    prompt:", "    budget: { tokens: few }\n    prompt:"),
    /budget\.tokens: auto or a .*number is expected, not "few"$/,
  ],
  [
    "a key in a union",
    good.replace("capture:", "captures:"),
    /unknown key "captures"; did you mean "capture"\?/,
  ],
  [
    "a capture that nobody makes",
    good.replace("order: $.id", "ordr: $.id"),
    /\{order\} is captured by no action check; did you mean "ordr"\?/,
  ],
  ["a bad JSONPath", good.replace("order: $.id", 'order: "$["'), /JSONPath/],
  [
    "an unknown metric",
    good.replace("session_success:", "session_succes:"),
    /^ape.config.yaml:17:3: .*no metric "session_succes"/,
  ],
  ["a bad threshold", good.replace("rate>0.95", "p(95)<3"), /session_success is a rate and has no p/],
  ["two kinds of load", good.replace("agents: 50,", "agents: 50, sessions: 5,"), /contradict one another/],
  [
    "an unknown target",
    good.replace("operation: POST /orders", "target: shopp, operation: POST /orders"),
    /no target "shopp"; did you mean "shop"\?/,
  ],
  ["a token for no gateway", `${good}gateway: { token: t }\n`, /gateway\.token: a token without `url`/],
  ["a gateway that is no URL", `${good}gateway: { url: "ftp://x/mcp" }\n`, /gateway\.url: a URL such as/],
  [
    "a gateway elsewhere for containers",
    `runtime: compose\n${good}gateway: { url: "http://x/mcp" }\n`,
    /starts a gateway of its own/,
  ],
  ["broken YAML", good.replace("version: 1", "version: [1"), /^ape.config.yaml:\d+:\d+: /],
  ["nothing at all", "", /the file is empty/],
])("%s is told with its place", (_, text, line) => {
  const error = failure(text);
  expect(error.code).toBe("CONFIG_INVALID");
  expect(error.details.join("\n")).toMatch(line);
  expect(error.exit).toBe("config");
});

test("a missing environment variable is named, with its place", () => {
  try {
    parseConfig(good, "ape.config.yaml", {});
    expect.unreachable();
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: "ENV_MISSING", message: "KEY is not set" });
    expect((thrown as ApeError).details).toEqual(["ape.config.yaml:7:42: ${KEY} has no value"]);
  }
  expect(parseConfig(good.replace("${KEY}", "${KEY:-none}"), "f", {}).config.inference.apiKey).toBe("none");
});

test("no text makes the parser fail in any other way", () => {
  const piece = fc.constantFrom(
    "version: 1",
    "targets:",
    "  shop:",
    "goals:",
    "- a",
    "{",
    "]",
    "load: 3",
    "\t",
    "&a *a",
    "? x",
    "!!int z",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((lines) => lines.join("\n")),
      ),
      (text) => {
        expect(["CONFIG_INVALID", "ENV_MISSING"]).toContain(failure(text).code);
      },
    ),
  );
});

test("the address of an external gateway has a path, its token is a secret, and neither is in that gateway's own file", () => {
  const text = `${good}gateway: { url: "http://10.0.0.5:4030", token: "hush-hush", expose: operations }\n`;
  const { config, secrets, written } = parseConfig(text, "ape.config.yaml", env);
  expect(config.gateway.url).toBe("http://10.0.0.5:4030/mcp");
  expect(secrets).toContain("hush-hush");
  expect(JSON.stringify(written)).not.toContain("hush-hush");
  const file = JSON.parse(gatewayFileOf(written)) as { gateway: unknown };
  expect(file.gateway).toEqual({ expose: "operations" });
});

test("keys that objects drop in silence, wrong keys and deep values are named in the author's words", () => {
  const base = (more: string) => `version: 1
targets: { app: { baseUrl: "http://127.0.0.1:1" } }
inference: { provider: simulated }
goals: [{ name: g, prompt: Do., success: [{ action: { operation: GET /a, body: { "$..": 1 } } }] }]
load: { sessions: 1 }
${more}`;
  const messages = (text: string) =>
    diagnoseConfig(text, {}).problems.map(({ line, message }) => `${line}: ${message}`);
  expect(messages(base('thresholds: { __proto__: ["p(95)<1s"] }'))).toEqual([
    "6: `__proto__` is no key of a configuration",
  ]);
  expect(messages(base(""))).toEqual([expect.stringMatching(/not the key "\$\.\."$/)]);
  expect(messages(base(`x: ${"[".repeat(3_000)}${"]".repeat(3_000)}`)).join()).not.toContain("call stack");
});

test.each([
  ["", "the file is empty: it needs version, targets, goals"],
  [" \n\n", "the file is empty: it needs version, targets, goals"],
  ["# later\n", "the file holds no settings: it needs version, targets, goals"],
  ["---\n", "the file holds no settings: it needs version, targets, goals"],
  ["~", "the file holds no settings: it needs version, targets, goals"],
])("a configuration without settings is named as such: %j", (text, message) => {
  expect(diagnoseConfig(text, {}).problems).toMatchObject([{ line: 1, column: 1, message }]);
  expect(() => parseGatewayConfig(text, "ape.mcp-gateway.json", {})).toThrow("has one mistake");
});

test.each([
  ["version: 1\ntargets: { app: { baseUrl: {{URL}} } }\n", "2:29", "map"],
  ["version: 1\n[a, b]: 2\n", "2:1", "list"],
  ["? { a: 1 }\n: 2\n", "1:3", "map"],
])("a map or a list as a key is named with its place, and Node says nothing: %j", (text, place, what) => {
  const warned = vi.spyOn(process, "emitWarning");
  const { problems } = diagnoseConfig(text, {});
  expect(problems.map(({ line, column, message }) => [`${line}:${column}`, message])).toEqual([
    [place, `a key is a text, not a ${what}: put a text with braces or brackets into quotes`],
  ]);
  expect(warned).not.toHaveBeenCalled();
  warned.mockRestore();
});

test.each([
  [good.replace("version: 1", 'version: "1"'), 'version: 1 is expected, not "1": leave out the quotes'],
  [good.replace(/agents: [^,}]+/, "agents: .inf"), "load.agents: a number is expected, not Infinity"],
])("values of another type are named as they are written: case %#", (text, message) => {
  expect(failure(text).details.join("\n")).toContain(message);
});

test.each(["0B", "0 MB", "00KB"])("no answer can be read within %s", (size) => {
  expect(failure(good.replace("timeouts: { total: 5s }", `maxBody: ${size}`)).details.join("\n")).toContain(
    "targets.shop.maxBody",
  );
});

test("a size may have zeros before it", () => {
  const { config } = parseConfig(
    good.replace("timeouts: { total: 5s }", "maxBody: 010KB"),
    "ape.config.yaml",
    env,
  );
  expect(config.targets.shop?.maxBody).toBe(10_240);
});

const minimal = (more: string): string => `version: 1
targets: { app: { baseUrl: "http://127.0.0.1:1" } }
goals: [{ name: g, prompt: Do., success: [{ action: { operation: GET /a } }] }]
${more}
`;
const mistakes = (text: string, environment: Record<string, string> = {}): string[] =>
  diagnoseConfig(text, environment).problems.map(
    ({ line, column, message }) => `${line}:${column}: ${message}`,
  );

test.each<[string, string[]]>([
  ["load: { agents: 1.5 }", ["4:9: load.agents: a whole number is expected, not 1.5"]],
  ["load: [1]", ["4:1: load: a map is expected, not [1]"]],
  ["personas: 1", ["4:1: personas: a list is expected, not 1"]],
  [
    "load: { zzzzzzzz: 1 }",
    [expect.stringMatching(/^4:9: load: unknown key "zzzzzzzz"; known here: agents, /) as never],
  ],
  [
    "bus: { replicas: 2 }",
    [
      '4:1: bus: `credentials`, `tls` and `replicas` are those of an existing NATS: `url` is missing, not {"replicas":2}',
    ],
  ],
  ["a: &a { b: *a }", [expect.stringMatching(/a YAML alias contains itself/) as never]],
])("of %s it says %j", (more, lines) => {
  expect(mistakes(minimal(more))).toEqual(lines);
});

test("values may be nested a hundred levels deep, and no more", () => {
  const nested = (levels: number) =>
    `setup: [{ operation: GET /a, data: ${"[".repeat(levels)}${"]".repeat(levels)} }]`;
  // The file, the list and the hook are three.
  expect(mistakes(minimal(nested(97)))).toEqual([]);
  expect(mistakes(minimal(nested(98)))).toEqual([
    expect.stringMatching(/values are nested more than 100 levels deep/),
  ]);
});

test("all variables of a value that does not fit are named", () => {
  expect(mistakes(minimal('load: { agents: "${A}${B}" }'), { A: "x", B: "y" })).toEqual([
    '4:9: load.agents: a number is expected, not "xy"; it comes from ${A} and ${B}',
  ]);
});

test("an error counts its mistakes, and names the variables that are missing", () => {
  const thrown = (text: string): ApeError => {
    try {
      parseConfig(text, "c.yaml", {});
    } catch (error) {
      return error as ApeError;
    }
    throw new Error("accepted");
  };
  expect(thrown(minimal("load: { agents: 0 }")).message).toBe("c.yaml has one mistake");
  expect(thrown(minimal("load: { agents: 0, sessions: 0 }"))).toMatchObject({
    message: "c.yaml has 2 mistakes",
    hint: "Correct the lines above, then try `ape-test validate`.",
  });
  expect(thrown(minimal('load: { agents: "${A}" }'))).toMatchObject({
    code: "ENV_MISSING",
    message: "A is not set",
    hint: "Set it in the environment or in ape.env beside c.yaml.",
  });
  expect(thrown(minimal('load: { agents: "${A}", sessions: "${B}${A}" }'))).toMatchObject({
    message: "A, B are not set",
    hint: "Set them in the environment or in ape.env beside c.yaml.",
  });
});
