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
  { status: "error", message: "sold out" },
  { status: "fail", data: { days: "too many" } },
  { code: 40301, message: "quota exceeded", data: null },
  { statusCode: "404", message: "no such book" },
  { errcode: 40001, errmsg: "invalid credential" },
  { error_code: "E12", error_msg: "sold out" },
  { error: { code: "sold_out", message: "Sold out" } },
  { error: "sold out" },
  { errors: [{ message: "sold out" }] },
  { result: "error", reason: "sold out" },
  { ack: "Failure", errors: [{ message: "sold out" }] },
  { hasError: true, errorMessage: "sold out" },
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
  { error: "", errors: {}, message: "created" },
  { code: 0, msg: "ok", data: { id: 1 } },
  { code: 20000, message: "ok" },
  { code: 200, message: "created", data: null },
  { errcode: 0, errmsg: "ok" },
  { error_code: "0", result: {} },
  { id: 7, error: "of its last run" },
  { name: "job", status: "error", message: "of its last run" },
  { id: 7, status: "error", message: "of its last run" },
  { status: "error" },
  { status: "success", message: "saved", errors: [] },
  { data: { id: 1 }, error: { warning: "kept" } },
  { imported: 3, errors: [{ row: 4 }] },
])("%j says nothing of the kind", (json) => {
  expect(declaredFailure(json as unknown as Json)).toBeUndefined();
});

test.each([
  [[{ status: 409 }, { status: "HTTP/1.1 423 Locked" }], true],
  [{ responses: [{ href: "/a", statusCode: 404 }] }, true],
  [[{ status: 201 }, { status: 409 }], false],
  [{ results: [] }, false],
  [{ id: 1 }, false],
  [[1, 2], false],
])("of several answers in one, %j, each has to fail: %s", (json, failed) => {
  expect(declaredFailure(json as unknown as Json, 207) !== undefined).toBe(failed);
  expect(declaredFailure(json as unknown as Json, 200)).toBeUndefined();
});
