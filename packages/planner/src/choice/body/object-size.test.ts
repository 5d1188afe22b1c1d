import { type Field, fieldOf } from "@ape/catalog/operations/field";
import type { ApiField } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { completeObjects } from "./object-size.ts";

const field = (name: string, more: Partial<ApiField> = {}): Field =>
  fieldOf({ in: "body", name, type: "string", required: false, description: "", ...more }, "");
const whole = (more: Partial<ApiField>): Field => field("", { type: "object", ...more });

/** The names of what is sent after completion of values that are there, of which some were asked for. */
function completed(
  inputs: readonly Field[],
  there: readonly string[],
  asked: readonly string[] = [],
): string[] {
  const values = new Map(
    inputs.filter(({ name }) => there.includes(name)).map((one) => [one, "given"] as const),
  );
  completeObjects(values as Map<Field, string>, {
    inputs,
    isAsked: ({ name }) => asked.includes(name),
    valueFor: () => "made",
  });
  return [...values.keys()].map(({ name }) => name);
}

const [a, b, c] = ["a", "b", "c"].map((name) => field(name)) as [Field, Field, Field];

test.each<[string, Field[], string[], string[]]>([
  ["nothing is demanded", [a, b], [], []],
  ["one at least", [whole({ minProperties: 1 }), a, b], [], ["a"]],
  ["one at least, which is there", [whole({ minProperties: 1 }), a, b], ["b"], ["b"]],
  ["more than there are", [whole({ minProperties: 5 }), a, b], [], ["a", "b"]],
  ["a property of a form", [whole({ minProperties: 1 }), field("f", { form: 2 }), b], [], ["b"]],
  ["only what a query has", [whole({ minProperties: 1 }), field("q", { in: "query" })], [], []],
  [
    "a list counts as one",
    [whole({ minProperties: 1 }), field("l", { type: "array" }), field("l[].x")],
    ["l[].x"],
    ["l[].x"],
  ],
  [
    "a list with its required parts",
    [whole({ minProperties: 1 }), field("l", { type: "array" }), field("l[].x", { required: true })],
    [],
    ["l", "l[].x"],
  ],
  ["companions of nothing", [field("a", { onlyWith: ["b"] }), b], [], []],
  ["companions that do not exist", [field("a", { onlyWith: ["z"] }), b], ["a"], ["a"]],
  [
    "companions within a list",
    [field("l[].x", { onlyWith: ["y"] }), field("l[].y"), field("y")],
    ["l[].x"],
    ["l[].x", "l[].y"],
  ],
])("%s", (_, inputs, there, sent) => {
  expect(completed(inputs, there)).toEqual(sent);
});

test.each<[string, string[], string[]]>([
  ["nothing was asked for: the last goes", [], ["a", "b"]],
  ["the last was asked for", ["c"], ["a", "c"]],
  ["all were asked for", ["a", "b", "c"], ["a", "b", "c"]],
])("beyond the most, where %s", (_, asked, sent) => {
  expect(completed([whole({ maxProperties: 2 }), a, b, c], ["a", "b", "c"], asked)).toEqual(sent);
});

test("beyond the most a required one stays, and an object goes with its parts", () => {
  const needed = field("c", { required: true });
  const inputs = [whole({ maxProperties: 1 }), field("o", { type: "object" }), field("o.x"), needed];
  expect(completed(inputs, ["o", "o.x", "c"])).toEqual(["c"]);
});
