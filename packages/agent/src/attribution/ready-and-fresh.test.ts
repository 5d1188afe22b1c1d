import type { Json } from "@ape/core/lib/json";
import type { ToolResult } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { jsonResult } from "../../test/json-result.ts";
import { isQueued } from "./queued-work.ts";
import { isShownBefore, noteShown, showsEnded, showsUnready } from "./resource-state.ts";

const result = (json: Json, headers: ToolResult["headers"] = {}): ToolResult =>
  jsonResult(json, { status: 201, headers, operation: "POST /items" });
const nothing = (): boolean => false;

test.each<Record<string, Json>[]>([
  [{ id: "1", status: "CREATE_IN_PROGRESS" }],
  [{ id: "1", status: "BUILD" }],
  [{ id: "1", status: "STAGING" }],
  [{ id: "1", provisioning_status: "PENDING_CREATE" }],
  [{ id: "1", ready: false }],
  [{ name: "operations/1", done: false }],
  [{ id: "1", availableFrom: "2099-01-01T00:00:00Z" }],
  [{ id: "1", eta_seconds: 2 }],
  [{ id: "1", progress: 0 }],
  [{ id: "1", async: true }],
  [{ id: "1", isInProgress: true }],
  [{ id: "1", data: { asynchronous: true } }],
  [{ id: "1", jobId: 5 }],
  [{ id: "1", poll_url: "/x" }],
  [{ taskId: "5" }],
  [{ run_href: "/x" }],
  ...["hint", "infoInfo", "note", "detail", "remark", "notice", "warning", "status_message"].map((name) => [
    { id: "1", [name]: "It shows soon" },
  ]),
])("%j says that work is under way", (json) => {
  expect(isQueued(result(json), nothing)).toBe(true);
});

test.each([
  { "operation-location": "/operations/9" },
  { "azure-asyncoperation": "https://x/operations/9" },
  { link: '</jobs/9>; rel="monitor"' },
  { link: "</jobs/9>; rel=next progress" },
  { "retry-after": "1" },
  { "preference-applied": "Respond-Async" },
  { "x-operation-id": "9" },
  { "x-job-id": "9" },
  { "x-job": "9" },
  { "x-acme-task-url": "/9" },
  { "read-consistency": "eventually" },
] as Record<string, string>[])("the headers %j say so too", (headers) => {
  expect(isQueued(result({ id: "1" }, headers), nothing)).toBe(true);
});

test.each<Record<string, Json>[]>([
  [{ id: "1", state: "paid" }],
  [{ id: "1", ready: true, done: true }],
  [{ id: "1", renewable: false, building: "B2" }],
  [{ id: "1", xasync: true, asyncx: true, queued: false }],
  [{ id: "1", taskId: "5", xjobId: "5", jobidx: "5", jobName: "x" }],
  [{ id: "1", xrunid: "5" }],
  [{ runidx: "5", jobId: null }],
  [{ id: "1", a: { b: { jobId: "5" } } }],
  [{ id: "1", infoxwarning: "soon", name: "soon" }],
  [{ id: "1", a: { b: { message: "soon" } } }],
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

test.each<[Json]>([
  [{ id: "1", status: { conditions: [{ type: "Ready", status: "False" }] } }],
  [{ id: "1", conditions: [{ type: "Available", status: "Unknown" }] }],
  [{ id: "1", message: "It may take a few seconds until the item can be read." }],
  [{ id: "1", notice: "Your post awaits moderation." }],
  [{ data: { id: "1", info: "The item will be available shortly" } }],
  [{ id: "1", warnings: ["search is updated asynchronously"] }],
  [{ id: "1", indexed: false }],
  [{ id: "1", emailVerified: false }],
  [{ id: "1", is_published: false }],
  [{ id: "1", publishAt: "2099-01-01T00:00:00Z" }],
  [{ id: "1", embargo_until: "2099-01-01" }],
  [{ id: "1", activeFrom: 4_070_908_800 }],
])("%j says that it cannot be read yet", (json) => {
  expect(isQueued(result(json), nothing)).toBe(true);
});

test.each<Record<string, string>>([
  { "x-job-status": "queued" },
  { "x-queue-position": "3" },
  { "x-consistency": "eventual" },
  { "x-replication-lag": "2" },
])("the headers %j say it too", (headers) => {
  expect(isQueued(result({ id: "1" }, headers), nothing)).toBe(true);
});

test.each<[Json]>([
  [{ id: "1", conditions: [{ type: "Ready", status: "True" }], type: "ready", verified: true }],
  [{ id: "1", message: "Item created" }],
  [{ id: "1", message: "Free returns within 30 days" }],
  [{ id: "1", publishedAt: "2020-01-01", startsAt: "2099-01-01", expiresAt: "2099-01-01" }],
  [{ id: "1", subscribed: false, edited: false, twoFactorEnabled: false }],
])("%j does not say so", (json) => {
  expect(isQueued(result(json, { "x-request-id": "7", "x-cache-status": "MISS" }), nothing)).toBe(false);
});

test.each<Record<string, string>>([
  { "xx-job": "9" },
  { "x-jobx": "9" },
  { "x-jobs-done": "9" },
  { link: '</jobs/9>; rel="next"' },
  { "read-consistency": "strong" },
  { "cache-control": "eventual" },
  { "preference-applied": "return=minimal" },
])("the headers %j do not", (headers) => {
  expect(isQueued(result({ id: "1" }, headers), nothing)).toBe(false);
});

test("a 202 is queued work whatever it says, and the session's own job is none", () => {
  expect(isQueued(jsonResult({}, { status: 202 }), nothing)).toBe(true);
  expect(isQueued(jsonResult({}, { status: 201 }), nothing)).toBe(false);
  expect(isQueued(result({ jobId: 5 }), (value) => value === "5")).toBe(false);
});

test("a text that the session itself sent announces nothing", () => {
  const text = "ready in a few minutes";
  expect(isQueued(result({ id: "1", note: text }), (value) => value === text)).toBe(false);
  expect(isQueued(result({ id: "1", note: text }), nothing)).toBe(true);
});

test("a read shows that its subject ended by a flag, a date or a state", () => {
  const ended: Record<string, Json>[] = [
    { deleted: true },
    { deletedAt: "2026-01-01" },
    { data: { is_archived: 1 } },
    { state: "removed" },
    { expired_at: 5 },
    { status: "CANCELLED" },
  ];
  for (const json of ended) expect(showsEnded({ id: "1", ...json }), JSON.stringify(json)).toBe(true);
  const held: Record<string, Json>[] = [
    { deleted: false, deletedAt: null, archived: 0, closed: "" },
    { state: "open", description: "removed" },
    { deleteUrl: "/items/1", expires_at: "2099-01-01" },
  ];
  for (const json of held) expect(showsEnded({ id: "1", ...json }), JSON.stringify(json)).toBe(false);
});
