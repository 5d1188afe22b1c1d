import type { Json } from "@ape/core/lib/json";
import type { ToolResult } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { declaredFailure } from "./declared-failure.ts";
import { compileExpectation, mismatch } from "./matcher.ts";

test.each([
  { ok: false, error: "channel_not_found" },
  { success: false, message: "sold out" },
  { jsonrpc: "2.0", id: 1, error: { code: -32000, message: "no" } },
  { data: null, errors: [{ message: "no" }] },
  { status: 500, message: "Internal" },
])("%j says that it failed, and holds no check of the status alone", (json) => {
  expect(declaredFailure(json as unknown as Json)).toBeDefined();
  const answer = (body: Json): ToolResult =>
    ({ status: 200, headers: {}, body: { kind: "json", json: body, bytes: 1 } }) as unknown as ToolResult;
  const byStatus = compileExpectation({ status: "2xx" });
  expect(mismatch(byStatus, answer(json as unknown as Json))).toMatch(/says itself that it failed/);
  // A check of the body decides by the body's values alone.
  const byBody = compileExpectation({ status: "2xx", body: { "$.id": { exists: false } } });
  if (!("id" in json)) expect(mismatch(byBody, answer(json as unknown as Json))).toBeUndefined();
});

test.each([
  { ok: true },
  { id: 1, success: true, errors: [] },
  { status: "failed", message: "of an order, perhaps" },
  { status: 200, message: "done" },
  { data: { a: 1 }, errors: [{ message: "partly" }] },
  { error: null },
  ["ok", false],
])("%j says nothing of the kind", (json) => {
  expect(declaredFailure(json as unknown as Json)).toBeUndefined();
});
