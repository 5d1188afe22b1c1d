import type { Json } from "@ape/core/lib/json";
import type { ToolResult } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { jsonResult } from "../../test/json-result.ts";
import { isQueued } from "./queued-work.ts";
import { isShownBefore, noteShown, showsUnready } from "./resource-state.ts";

const result = (json: Json, headers: ToolResult["headers"] = {}): ToolResult =>
  jsonResult(json, { status: 201, headers, operation: "POST /items" });
const nothing = (): boolean => false;

test.each([
  [{ id: "1", status: "CREATE_IN_PROGRESS" }],
  [{ id: "1", status: "BUILD" }],
  [{ id: "1", status: "STAGING" }],
  [{ id: "1", provisioning_status: "PENDING_CREATE" }],
  [{ id: "1", ready: false }],
  [{ name: "operations/1", done: false }],
  [{ id: "1", availableFrom: "2099-01-01T00:00:00Z" }],
  [{ id: "1", eta_seconds: 2 }],
  [{ id: "1", progress: 0 }],
])("%j says that work is under way", (json) => {
  expect(isQueued(result(json), nothing)).toBe(true);
});

test.each([
  { "operation-location": "/operations/9" },
  { "azure-asyncoperation": "https://x/operations/9" },
  { link: '</jobs/9>; rel="monitor"' },
] as Record<string, string>[])("the headers %j say so too", (headers) => {
  expect(isQueued(result({ id: "1" }, headers), nothing)).toBe(true);
});

test.each([
  [{ id: "1", state: "paid" }],
  [{ id: "1", ready: true, done: true }],
  [{ id: "1", renewable: false, building: "B2" }],
])("%j does not", (json) => {
  expect(isQueued(result(json), nothing)).toBe(false);
  expect(showsUnready(json)).toBe(false);
});

test("a read is held against what creation had shown, name by name and value by value", () => {
  const shown = new Set<string>();
  noteShown({ id: "it-7", name: "x", tags: [], owner: { email: "a@b" } }, shown);
  expect(isShownBefore({ id: "it-7", name: "x", tags: [], updatedAt: "2026-01-01" }, shown)).toBe(true);
  for (const more of [
    { lock: "u-9" },
    { name: "y" },
    { tags: ["archived"] },
    { _templates: { default: {} } },
    { type: "system" },
    { finalizers: ["x"] },
    { revision: 2 },
    { deletionTimestamp: "2026-01-01" },
  ])
    expect(isShownBefore({ id: "it-7", ...more } as unknown as Json, shown), JSON.stringify(more)).toBe(
      false,
    );
});
