import type { Json } from "@ape/core/lib/json";
import type { ToolResult } from "@ape/core/protocol/tool-call";

/** A target's answer of JSON; what of it matters to a test can be replaced. */
export const jsonResult = (json: Json, more: Partial<ToolResult> = {}): ToolResult => ({
  status: 200,
  headers: {},
  body: { kind: "json", json, bytes: 1 },
  timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
  attempts: [],
  operation: "GET /x",
  ...more,
});
