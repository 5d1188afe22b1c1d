import type { Expression } from "acorn";
import { parseExpressionAt } from "acorn";
import { expect, test } from "vitest";
import { readOptions } from "./k6-options.ts";
import { childrenOf, lineOf, propertiesOf, ScriptValues } from "./k6-value.ts";

const expression = (text: string): Expression =>
  parseExpressionAt(text, 0, { ecmaVersion: "latest", locations: true });

/** Constants that the expressions below may use. */
const values = new ScriptValues();
for (const [name, text] of Object.entries({ TEN: "10", TIME: "'2m'", MORE: "{ vus: 4 }", LOOP: "LOOP" }))
  values.define(name, expression(text));

/** The load, the thresholds, and what was not understood of a script's options. */
function options(text: string) {
  const skipped: string[] = [];
  const { load, thresholds } = readOptions(expression(text), values, skipped);
  return { load, thresholds, skipped };
}

test.each<[string, object]>([
  ["{ vus: 5, duration: '30s' }", { agents: 5, duration: "30s" }],
  ["{ vus: '5' }", { agents: 5 }],
  ["{ vus: TEN, duration: TIME }", { agents: 10, duration: "2m" }],
  ["{ vus: __ENV.VUS || 7 }", { agents: 7 }],
  ["{ vus: __ENV.VUS || '7' }", { agents: 7 }],
  ["MORE", { agents: 4 }],
  ["{ vus: 1000000 }", { agents: 1_000_000 }],
  ["{ duration: 1500 }", { duration: "1500ms" }],
  ["{ duration: ' 1m30s ' }", { duration: "1m30s" }],
  ["{ duration: '1d' }", { duration: "24h" }],
  ["{ duration: '1.5d30m' }", { duration: "36h30m" }],
  ["{ duration: 2147483647 }", { duration: "2147483647ms" }],
  [
    "{ stages: [{ duration: '1m', target: 5 }, { duration: '10s', target: 0 }] }",
    {
      stages: [
        { duration: "1m", agents: 5 },
        { duration: "10s", agents: 0 },
      ],
    },
  ],
  [
    "{ vus: 3, duration: '9s', stages: [{ duration: '1m', target: 5 }] }",
    { stages: [{ duration: "1m", agents: 5 }] },
  ],
  [
    "{ scenarios: { a: { executor: 'constant-vus', vus: 2, duration: '1m' } } }",
    { agents: 2, duration: "1m" },
  ],
  [
    "{ scenarios: { a: { executor: 'shared-iterations', vus: 2, maxDuration: '1m' } } }",
    { agents: 2, duration: "1m" },
  ],
  ["{ scenarios: { a: { executor: 'per-vu-iterations', vus: 2, gracefulStop: '1s' } } }", { agents: 2 }],
  [
    "{ scenarios: { a: { executor: 'ramping-vus', gracefulRampDown: '1s', stages: [{ duration: '1m', target: 5 }] } } }",
    { stages: [{ duration: "1m", agents: 5 }] },
  ],
])("%s is the load %j", (text, load) => {
  expect(options(text)).toEqual({ load, thresholds: {}, skipped: [] });
});

test.each<[string, string[], object?]>([
  ["make()", ["line 1: options that only the running script knows"]],
  ["{ vus: 0 }", ["line 1: options.vus: 0 is no number of agents"]],
  ["{ vus: 1000001 }", ["line 1: options.vus: 1000001 is no number of agents"]],
  ["{ vus: 1.5 }", ["line 1: options.vus: 1.5 is no number of agents"]],
  ["{ vus: 'many' }", ["line 1: options.vus: many is no number of agents"]],
  ["{ vus: -1 }", ["line 1: options.vus: -1 is no number of agents"]],
  ["{ vus: f() }", ["line 1: options.vus: what only the running script knows is no number of agents"]],
  ["{ duration: '0s' }", ["line 1: options.duration: 0s is no duration"]],
  ["{ duration: 'soon' }", ["line 1: options.duration: soon is no duration"]],
  ["{ duration: 2147483648 }", ["line 1: options.duration: 2147483648 is no duration"]],
  ["{ duration: [1] }", ["line 1: options.duration: [1] is no duration"]],
  ["{ iterations: 5 }", ["line 1: options.iterations: use `load.sessions`"]],
  ["{\n rps: 5 }", ["line 2: options.rps"]],
  ["{ stages: 5 }", ["line 1: options.stages: no stage can be read"]],
  [
    "{ stages: [{ target: 1 }, 7, { duration: '1m' }, { duration: '0s', target: 1 }] }",
    [
      'line 1: options.stages[0]: {"target":1} is no stage',
      "line 1: options.stages[1]: 7 is no stage",
      'line 1: options.stages[2]: {"duration":"1m"} is no stage',
      "line 1: options.stages[3]: a stage of no duration",
      "line 1: options.stages: no stage can be read",
    ],
  ],
  [
    "{ stages: [{ duration: '1m', target: -1 }, { duration: '1m', target: 1 }] }",
    ['line 1: options.stages[0]: {"duration":"1m","target":-1} is no stage'],
    { stages: [{ duration: "1m", agents: 1 }] },
  ],
  ["{ scenarios: all() }", ["line 1: options.scenarios"]],
  [
    "{ scenarios: { a: { executor: 'constant-arrival-rate' } } }",
    ["line 1: options.scenarios.a: constant-arrival-rate: write it as `load.arrivals`"],
  ],
  [
    "{ scenarios: { a: { executor: 'externally-controlled' } } }",
    ["line 1: options.scenarios.a: externally-controlled"],
  ],
  [
    "{ scenarios: { a: {} , b: one() } }",
    [
      "line 1: options.scenarios.a: what only the running script knows",
      "line 1: options.scenarios.b: what only the running script knows",
    ],
  ],
  ["{ scenarios: { a: { executor: 'ramping-vus' } } }", ["line 1: options.scenarios.a: ramping-vus"]],
  [
    "{ scenarios: { a: { executor: 'constant-vus', vus: 2 } } }",
    ["line 1: options.scenarios.a: it has no duration"],
    { agents: 2 },
  ],
  [
    "{ scenarios: { a: { executor: 'shared-iterations', vus: 2, iterations: 9, exec: 'f' } } }",
    ["line 1: options.scenarios.a.iterations: use `load.sessions`", "line 1: options.scenarios.a.exec"],
    { agents: 2 },
  ],
  [
    "{ scenarios: { a: { executor: 'constant-vus', vus: 2, duration: '1m' }, b: { executor: 'constant-vus', vus: 9 } } }",
    ["line 1: options.scenarios.b: constant-vus, beside another scenario"],
    { agents: 2, duration: "1m" },
  ],
])("of %s this is listed: %j", (text, skipped, load = {}) => {
  expect(options(text)).toEqual({ load, thresholds: {}, skipped });
});

test.each<[string, Record<string, string[]>, string[]?]>([
  ["{ http_req_duration: ['p(95)<500', 'avg<200'] }", { action_duration: ["p(95)<500", "avg<200"] }],
  ["{ http_req_failed: 'rate<0.01' }", { action_failed: ["rate<0.01"] }],
  [
    "{ checks: ['rate>0.9'], iteration_duration: ['med<1000'], http_reqs: ['count>10'] }",
    { session_success: ["rate>0.9"], session_duration: ["med<1000"], actions: ["count>10"] },
  ],
  ["{ http_req_failed: [{ threshold: 'rate<0.01' }] }", { action_failed: ["rate<0.01"] }],
  [
    "{ http_req_failed: [{ threshold: 'rate<0.01', abortOnFail: true }] }",
    { action_failed: ["rate<0.01"] },
    ["line 1: threshold of http_req_failed: abortOnFail of rate<0.01"],
  ],
  [
    "{ http_req_failed: [{ threshold: 'rate<0.01', delayAbortEval: '1s' }] }",
    { action_failed: ["rate<0.01"] },
    ["line 1: threshold of http_req_failed: abortOnFail of rate<0.01"],
  ],
  ["{ http_req_failed: [{ threshold: 'rate<0.01', abortOnFail: false }] }", { action_failed: ["rate<0.01"] }],
  ["{ http_req_failed: ['rate is low'] }", {}, ["line 1: threshold of http_req_failed: rate is low"]],
  ["{ my_metric: ['rate<1'] }", {}, ["line 1: threshold of my_metric: rate<1"]],
  ["{ http_req_failed: [{}] }", {}, ["line 1: threshold of http_req_failed"]],
  [
    "{ http_req_failed: [5, 'rate<0.01'] }",
    { action_failed: ["rate<0.01"] },
    ["line 1: threshold of http_req_failed"],
  ],
  ["limits()", {}, ["line 1: options.thresholds"]],
  [
    `{ http_req_failed: ['${"x".repeat(61)}'] }`,
    {},
    [`line 1: threshold of http_req_failed: ${"x".repeat(57)}...`],
  ],
  [
    `{ http_req_failed: ['${"x".repeat(60)}'] }`,
    {},
    [`line 1: threshold of http_req_failed: ${"x".repeat(60)}`],
  ],
])("the thresholds %s are %j", (text, thresholds, skipped = []) => {
  expect(options(`{ thresholds: ${text} }`)).toEqual({ load: {}, thresholds, skipped });
});

test.each<[string, string | undefined]>([
  ["'a'", "a"],
  ["5", "5"],
  ["true", "true"],
  ["/x/", undefined],
  ["null", undefined],
  ["TEN", "10"],
  ["other", "{other}"],
  ["LOOP", "{LOOP}"],
  ["a || 'b'", "b"],
  ["a ?? TIME", "2m"],
  ["'a' + TEN + f()", "a10{value}"],
  ["f() + 'a'", "{value}a"],
  ["2 * 3", undefined],
  ["`a${TEN}b${f()}c${x}`", "a10b{value}c{x}"],
  ["url`a${TEN}`", "a10"],
  ["f()", undefined],
  ["{}", undefined],
])("the text of %s is %j", (text, said) => {
  expect(values.text(expression(text))).toBe(said);
});

test("expressions nested too deep have no text and no value", () => {
  const sum = (depth: number) => `${"('a' + ".repeat(depth)}'b'${")".repeat(depth)}`;
  expect(values.text(expression(sum(39)))).toBe(`${"a".repeat(39)}b`);
  expect(values.text(expression(sum(45)))).toContain("{value}");
  const list = (depth: number) => `${"[".repeat(depth)}1${"]".repeat(depth)}`;
  expect(JSON.stringify(values.plain(expression(list(40))))).toContain("1");
  expect(JSON.stringify(values.plain(expression(list(41))))).not.toContain("1");
});

test.each<[string, unknown]>([
  ["{ a: 1, 'b': [TEN, , ...x, null], [c]: 3, d: { e: -2 } }", { a: 1, b: [10, null], d: { e: -2 } }],
  ["-'a'", undefined],
  ["+3", undefined],
  ["x || 10", 10],
  ["x || '10'", 10],
  ["x || 'ten'", "ten"],
  ["'10'", "10"],
  ["`${TEN}`", "10"],
])("the value of %s is %j", (text, value) => {
  expect(values.plain(expression(text))).toEqual(value);
});

test("properties have plain names; nodes have children and lines", () => {
  const object = expression("{ a: 1, 'b': 2, 3: 4, [c]: 5, ...d, e() {} }") as Extract<
    Expression,
    { type: "ObjectExpression" }
  >;
  expect(propertiesOf(object).map(([name]) => name)).toEqual(["a", "b", "3", "e"]);
  expect([...childrenOf(expression("a + [b]"))].map(({ type }) => type)).toEqual([
    "Identifier",
    "ArrayExpression",
  ]);
  expect(lineOf(expression("\n\n x"))).toBe(3);
  expect(lineOf({ type: "Literal", start: 0, end: 0 })).toBe(1);
});
