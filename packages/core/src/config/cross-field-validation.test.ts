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
