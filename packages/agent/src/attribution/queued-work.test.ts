import type { ToolResult } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { isQueued } from "./queued-work.ts";

const result = (more: { status?: number; headers?: Record<string, string>; json?: unknown }): ToolResult => ({
  status: more.status ?? 201,
  headers: more.headers ?? {},
  body: { kind: "json", json: (more.json ?? {}) as never, bytes: 1 },
  timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
  attempts: [],
  operation: "POST /a",
});

test.each<[string, Parameters<typeof result>[0], boolean]>([
  ["202", { status: 202 }, true],
  ["201", {}, false],
  ["retry-after", { headers: { "retry-after": "1" } }, true],
  ["respond-async", { headers: { "preference-applied": "wait, respond-async" } }, true],
  ["another preference", { headers: { "preference-applied": "wait" } }, false],
  ["an operation's location", { headers: { "operation-location": "/o/1" } }, true],
  ["a job's id", { headers: { "x-job-id": "1" } }, true],
  ["a queue's position", { headers: { "x-shop-queue-position": "1" } }, true],
  ["a request's id", { headers: { "x-request-id": "1" } }, false],
  ["eventual consistency", { headers: { "x-consistency": "Eventual" } }, true],
  ["strong consistency", { headers: { "x-consistency": "strong" } }, false],
  ["a link to its status", { headers: { link: '</s>; rel="status"' } }, true],
  ["a link to the next page", { headers: { link: '</s>; rel="next"' } }, false],
  ["a job", { json: { jobId: "j-1" } }, true],
  ["a job in an object", { json: { data: { job_id: 7 } } }, true],
  ["a job two levels down", { json: { a: { b: { jobId: "j-1" } } } }, false],
  ["a job that the request named", { json: { jobId: "sent" } }, false],
  ["a task without an id of its own", { json: { taskId: "t-1" } }, true],
  ["a task beside an id", { json: { id: "x", taskId: "t-1" } }, false],
  ["a flag that is set", { json: { isQueued: true } }, true],
  ["a flag that is not", { json: { isQueued: false } }, false],
  ["a text about later", { json: { message: "It will be ready soon" } }, true],
  ["a text in a list", { json: { notes: ["It will be ready soon"] } }, true],
  ["a text in an object", { json: { data: { notice: "It will be ready soon" } } }, true],
  ["a text two levels down", { json: { a: { b: { message: "It will be ready soon" } } } }, false],
  ["a text in a list of lists", { json: { notes: [["It will be ready soon"]] } }, false],
  ["such a text in another field", { json: { title: "It will be ready soon" } }, false],
  ["a text that the session wrote", { json: { message: "Come back soon" } }, false],
])("%s means queued work", (_name, more, queued) => {
  expect(isQueued(result(more), (value) => ["sent", "Come back soon"].includes(value))).toBe(queued);
});

test("a text is no queued work", () => {
  expect(isQueued({ ...result({}), body: { kind: "text", text: "jobId" } as never }, () => false)).toBe(
    false,
  );
});
