import type { Json } from "@ape/core/lib/json";
import type { ToolResult } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { jsonResult } from "../../test/json-result.ts";
import { shallowAnswer } from "./shallow-answer.ts";

const read = (json: string, more: Partial<ToolResult> = {}): ToolResult => {
  const result = jsonResult(null, more);
  return shallowAnswer({
    ...result,
    body: { kind: "json", json: JSON.parse(json) as Json, bytes: json.length },
  });
};
const lists = (levels: number): string => `${"[".repeat(levels)}1${"]".repeat(levels)}`;
const objects = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
const tree = (levels: number): string => `${'{"x":{},"a":['.repeat(levels)}1${"]}".repeat(levels)}`;

test.each([
  ["lists", lists(1_000), lists(1_001)],
  ["objects", objects(1_000), objects(1_001)],
  ["both with others beside them", tree(500), tree(501)],
  ["far more", lists(999), lists(100_000)],
])("an answer of %s is read to a depth of a thousand levels", (_name, shallow, deep) => {
  const [one, other] = [read(shallow), read(deep)];
  expect([one.body.kind, one.error]).toEqual(["json", undefined]);
  expect(other).toMatchObject({
    body: { kind: "text", text: "", bytes: deep.length, cut: true },
    error: { code: "gateway", message: "the answer is nested deeper than 1,000 levels" },
  });
});

test("a refusal that is nested too deep stays one by its status, and an error stays what it is", () => {
  const refusal = read(lists(5_000), { status: 409 });
  expect([refusal.status, refusal.body.kind, refusal.error]).toEqual([409, "text", undefined]);
  const error = { code: "failure", message: "no", like: 422 } as const;
  expect(read(lists(5_000), { error }).error).toEqual(error);
});
