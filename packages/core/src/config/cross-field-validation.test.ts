import { expect, test } from "vitest";
import { ApeError } from "../lib/errors.ts";
import { targetOf } from "./cross-field-validation.ts";
import { parseConfig } from "./parse.ts";

const GOAL = { name: "buy", prompt: "Buy.", success: [{ action: { operation: "GET /" } }] };
const BASE = { version: 1, targets: { shop: { baseUrl: "http://127.0.0.1:1" } }, goals: [GOAL] };

/** What is wrong with a configuration; empty if nothing is. */
function fault(more: object): string {
  try {
    parseConfig(JSON.stringify({ ...BASE, ...more }), "c.yaml", {});
    return "";
  } catch (thrown) {
    if (thrown instanceof ApeError) return thrown.details.join("\n");
    throw thrown;
  }
}
const goal = (more: object) => ({ goals: [{ ...GOAL, ...more }] });
const threshold = (selector: string) => ({ thresholds: { [selector]: ["rate<1"] } });
const two = { targets: { shop: { baseUrl: "http://127.0.0.1:1" }, bank: { baseUrl: "http://127.0.0.1:2" } } };

test.each<[string, object, string]>([
  ["nothing more", {}, ""],
  ["a file and rows", goal({ data: { file: "a.csv", rows: [{ a: "1" }] } }), "give either file or rows"],
  ["a file", goal({ data: { file: "a.csv" } }), ""],
  ["no data", goal({ data: {} }), "give file, rows or generate"],
  [
    "generated unique rows",
    goal({ data: { generate: { a: "uuid" }, unique: true } }),
    "only the rows of file or rows",
  ],
  ["generated rows", goal({ data: { generate: { a: "uuid" } } }), ""],
  [
    "an unknown target of a data binding",
    goal({ data: { rows: [{ a: "1" }], for: "shp" } }),
    'there is no target "shp"; did you mean "shop"?',
  ],
  [
    "an unknown target of several",
    goal({ data: { rows: [{ a: "1" }], for: ["shop", "xyz"] } }),
    'there is no target "xyz"; there is shop',
  ],
  ["an operation of one of two targets", two, "there are 2 targets: write `shop: GET /`"],
  [
    "an operation with its target",
    { ...two, ...goal({ success: [{ action: { operation: "bank: GET /" } }] }) },
    "",
  ],
  [
    "an operation of another target",
    goal({ success: [{ action: { operation: "bank: GET /" } }] }),
    'there is no target "bank"; there is shop',
  ],
  [
    "a target beside an operation",
    goal({ success: [{ action: { target: "bank", operation: "GET /" } }] }),
    'there is no target "bank"',
  ],
  [
    "two personas of a name",
    {
      personas: [
        { name: "hasty", prompt: "a" },
        { name: "hasty", prompt: "b" },
      ],
    },
    'the persona "hasty" is there twice',
  ],
  ["a status", threshold('actions{status:"200"}'), ""],
  ["no answer", threshold('actions{status:"0"}'), ""],
  ["a status of four digits", threshold('actions{status:"2000"}'), '"2000" is no status of HTTP'],
  ["a status of 600", threshold('actions{status:"600"}'), '"600" is no status of HTTP'],
  [
    "an unknown goal",
    threshold('session_success{goal:"bui"}'),
    'there is no goal "bui"; did you mean "buy"?',
  ],
  ["an unknown target", threshold('action_failed{target:"bank"}'), 'there is no target "bank"'],
  ["stages without agents", { load: { stages: [{ duration: "1s", agents: 0 }] } }, "no stage has an agent"],
  [
    "arrivals without a rate",
    { load: { agents: 1, arrivals: [{ duration: "1s", rate: 0 }] } },
    "no leg has a rate above 0",
  ],
  [
    "arrivals with one rate",
    {
      load: {
        agents: 1,
        arrivals: [
          { duration: "1s", rate: 0 },
          { duration: "1s", rate: 1 },
        ],
      },
    },
    "",
  ],
  [
    "a spec of GraphQL",
    {
      targets: { shop: { baseUrl: "http://127.0.0.1:1", kind: "graphql", spec: "a.graphql" } },
      ...goal({ success: [{ action: { operation: "query a" } }] }),
    },
    "",
  ],
  [
    "a trace header",
    { targets: { shop: { baseUrl: "http://127.0.0.1:1", traceHeader: "x-my_trace1" } } },
    "",
  ],
  [
    "a trace header with a blank",
    { targets: { shop: { baseUrl: "http://127.0.0.1:1", traceHeader: "x trace" } } },
    "targets.shop.traceHeader",
  ],
  ["an image", { compose: { image: "ape:1" } }, ""],
  ["an empty image", { compose: { image: "" } }, "compose.image"],
])("with %s", (_name, more, message) => {
  if (message === "") expect(fault(more)).toBe("");
  else expect(fault(more)).toContain(message);
});

test("bytes of an answer that are read are a mebibyte by default", () => {
  expect(parseConfig(JSON.stringify(BASE), "c.yaml", {}).config.targets.shop?.maxBody).toBe(1_048_576);
});

test.each([
  [{ operation: "GET /" }, "shop"],
  [{ operation: "bank: GET /" }, "bank"],
  [{ operation: "bank: GET /", target: "third" }, "third"],
  [{ operation: "not an operation" }, "shop"],
])("%j means the target %s", (reference, target) => {
  expect(targetOf({ targets: { shop: {}, bank: {} } as never }, reference)).toBe(target);
});

const web = { kind: "web", baseUrl: "http://127.0.0.1:1" };
const probe = (more: object) =>
  goal({ success: [...GOAL.success, { probe: { operation: "GET /b", as: { headers: {} }, ...more } }] });

test.each<[string, object, string[]]>([
  [
    "persisted queries of GraphQL",
    {
      targets: { shop: { ...BASE.targets.shop, kind: "graphql", persistedQueries: true } },
      ...goal({ success: [{ action: { operation: "query a" } }] }),
    },
    [],
  ],
  [
    "a fragment in an address",
    { targets: { shop: { baseUrl: "http://127.0.0.1:1/#a" } } },
    ["targets.shop.baseUrl: a fragment (#...) is never sent: leave it out"],
  ],
  [
    "credentials twice",
    { targets: { shop: { baseUrl: "http://a:b@127.0.0.1:1", auth: { bearer: "t" } } } },
    ["targets.shop.baseUrl: the URL has credentials, and `auth` names others: give either"],
  ],
  [
    "an MCP server by a command",
    {
      targets: { shop: { kind: "mcp", command: ["node"] } },
      ...goal({ success: [{ action: { operation: "tool a" } }] }),
    },
    [],
  ],
  [
    "a document, validation and a contract of a web target",
    { targets: { shop: { ...web, spec: "a", validate: "warn", contract: true } } },
    [
      "targets.shop.validate: only calls of rest are held against a spec: add `spec`",
      "targets.shop.contract: only answers of rest are held against a spec: add `spec`",
      "targets.shop.spec: a target of kind web has no spec",
    ],
  ],
  [
    "validation and a contract with a document",
    { targets: { shop: { ...BASE.targets.shop, spec: "a", validate: "warn", contract: true } } },
    [],
  ],
  [
    "an unknown target of data, alone",
    goal({ data: { rows: [{ a: "1" }], for: "xyz" } }),
    ['goals[0].data.for: there is no target "xyz"; there is shop'],
  ],
  [
    "an unknown target of data, in a list",
    goal({ data: { rows: [{ a: "1" }], for: ["shop", "xyz"] } }),
    ['goals[0].data.for[1]: there is no target "xyz"; there is shop'],
  ],
  [
    "a field that is left out and added, of the model and of a fallback",
    {
      inference: {
        request: { omit: ["a", "b"], add: { b: 1 } },
        fallback: [{ provider: "custom", request: { omit: ["c"], add: { c: 1 } } }],
      },
    },
    [
      "inference.request.omit[1]: `b` is left out here and added by `add`: give either",
      "inference.fallback[0].request.omit[0]: `c` is left out here and added by `add`: give either",
    ],
  ],
  ["a gateway with a token", { gateway: { url: "http://x/mcp", token: "t" } }, []],
  ["two goals of a name", { goals: [GOAL, GOAL] }, ['goals[1].name: the goal "buy" is there twice']],
  ["two goals", { goals: [GOAL, { ...GOAL, name: "sell" }] }, []],
  [
    "an unknown persona of a goal",
    goal({ personas: ["novice", "nobody-like-it"] }),
    [
      'goals[0].personas[1]: there is no persona "nobody-like-it"; there is impatient, careful, novice, bargain-hunter, adversarial',
    ],
  ],
  [
    "an unknown target that a goal forbids",
    goal({ never: [{ operation: "GET /c", before: "xyz: GET /d" }, { operation: "xyz: GET /c" }] }),
    [
      'goals[0].never[0].before: there is no target "xyz"; there is shop',
      'goals[0].never[1].operation: there is no target "xyz"; there is shop',
    ],
  ],
  ["a final probe", probe({ final: true }), []],
  ["a probe after an operation", probe({ after: "GET /" }), []],
  [
    "a final probe after an operation",
    probe({ final: true, after: "GET /" }),
    ["goals[0].success[1].probe.after: a final probe is made at the end: give either `final` or `after`"],
  ],
  [
    "a final probe without credentials",
    goal({ success: [...GOAL.success, { probe: { operation: "GET /b", final: true } }] }),
    ["goals[0].success[1].probe.final: a final probe needs credentials of its own: add `as`"],
  ],
  [
    "a capture in an alternative",
    goal({
      success: [
        {
          anyOf: [
            { action: { operation: "GET /", capture: { id: "$.id" } } },
            { probe: { operation: "GET /{id}/{other}" } },
          ],
        },
      ],
    }),
    ["goals[0].success[0].anyOf[1].probe.operation: {other} is captured by no action check; there is id"],
  ],
  [
    "a capture of none",
    probe({ operation: "GET /b/{id}" }),
    ["goals[0].success[1].probe.operation: {id} is captured by no action check"],
  ],
  ["no data but generated columns", goal({ data: { generate: { a: "uuid" }, unique: false } }), []],
  ["unique rows", goal({ data: { rows: [{ a: "1" }], unique: true } }), []],
  [
    "generated unique columns",
    goal({ data: { generate: { a: "uuid" }, unique: true } }),
    ["goals[0].data.unique: only the rows of file or rows can be held by one session at a time"],
  ],
  [
    "hooks of an unknown target and of GraphQL without a document",
    { setup: [{ operation: "xyz: GET /" }], teardown: [{ operation: "query a" }] },
    [
      'setup[0].operation: there is no target "xyz"; there is shop',
      "teardown[0].operation: a GraphQL request needs its `document`",
    ],
  ],
  [
    "a document of a hook of REST",
    { setup: [{ operation: "GET /", document: "{ a }" }] },
    ["setup[0].document: only a `query` or `mutation` has a document"],
  ],
  [
    "labels that nothing has",
    {
      thresholds: {
        'sessions_ended{outcome:"lost"}': ["count<1"],
        'sessions_ended{attribution:"nobody"}': ["count<1"],
        'inference_duration{provider:"cerebra"}': ["avg<1s"],
        'inference_duration{model:"simulatd"}': ["avg<1s"],
        'inference_duration{model:"simulated",provider:"simulated"}': ["avg<1s"],
      },
    },
    [
      expect.stringMatching(/thresholds\..*: there is no outcome "lost"; there is succeeded/),
      expect.stringMatching(/thresholds\..*: there is no attribution "nobody"; there is target/),
      expect.stringMatching(/there is no provider "cerebra"; there is simulated/),
      expect.stringMatching(/there is no model "simulatd"; did you mean "simulated"/),
    ] as never,
  ],
  [
    "a model that no source has, and those that a provider may choose",
    {
      inference: { provider: "groq", apiKey: "k", model: "a-model", fallback: [{ provider: "simulated" }] },
      thresholds: {
        'inference_duration{model:"a-modle"}': ["avg<1s"],
        'inference_duration{model:"simulated"}': ["avg<1s"],
      },
    },
    [expect.stringMatching(/there is no model "a-modle"; did you mean "a-model"/)] as never,
  ],
  [
    "a threshold that cannot be read",
    { thresholds: { action_duration: ["avg<1s", "p95<1s"] } },
    [expect.stringMatching(/^thresholds\.action_duration\[1\]: .*\. .*/)] as never,
  ],
  [
    "stages of which one has agents",
    {
      load: {
        stages: [
          { duration: "1s", agents: 0 },
          { duration: "1s", agents: 1 },
        ],
      },
    },
    [],
  ],
  [
    "a status of three digits",
    threshold('actions{status:"099"}'),
    [expect.stringContaining('"099"')] as never,
  ],
])("with %s the mistakes are: %j", (_name, more, mistakes) => {
  expect(
    fault(more)
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.replace(/^c\.yaml:\d+:\d+: /, "")),
  ).toEqual(mistakes);
});
