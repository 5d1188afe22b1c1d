import type { Json } from "@ape/core/lib/json";
import type { ToolCall } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { api, goal, play, type Tool } from "../../test/session.ts";

const apis = [api, { ...api, target: "crm", title: "CRM" }];
// The same host: only the port tells the two apart.
const origins = { shop: "http://127.0.0.1:4010", crm: "http://127.0.0.1:4011" };
const login: Tool = ["http_post", { api_name: "shop", path: "/login", data: { password: "{{password}}" } }];
const given = {
  status: 200,
  json: { accessToken: "tok-1234567890" } as Json,
  headers: { "set-cookie": "sid=cookie-of-shop; Path=/" },
};

/** Logs in to the shop, then makes the calls; returns what each target received. */
async function run(calls: Tool[], row: object = {}) {
  const played = await play([login, ...calls, ["finish", { reason: "done" }]], () => given, {
    goal: goal(),
    apis,
    origins,
    row: { values: { password: "hunter22" }, secret: ["password"], secretFor: ["shop"], ...row },
  });
  const to = (target: string): ToolCall[] => played.calls.filter((call) => call.target === target);
  return { ...played, to };
}
const text = (calls: readonly ToolCall[]): string => JSON.stringify(calls);

test.each<[string, Tool]>([
  [
    "a query in the path",
    ["http_get", { api_name: "crm", path: "/collect?p={{password}}&t={{accessToken}}" }],
  ],
  ["a query", ["http_get", { api_name: "crm", path: "/c", query: { t: "{{accessToken}}" } }]],
  ["a segment", ["http_get", { api_name: "crm", path: "/c/{{ accessToken }}" }]],
  [
    "a header",
    ["http_get", { api_name: "crm", path: "/c", headers: { "x-token": "Bearer {{accessToken}}" } }],
  ],
  ["a body", ["http_post", { api_name: "crm", path: "/c", data: { deep: [{ p: "x{{password}}" }] } }]],
])("a secret of another target in %s is an invalid decision that says why", async (_, call) => {
  const { to, events } = await run([call]);
  expect(to("crm")).toEqual([]);
  expect(text(to("shop"))).toContain("hunter22");
  expect(events.find(({ type }) => type === "decision_invalid")).toMatchObject({
    reason: expect.stringMatching(/\{\{\w+\}\} belongs to shop and is not sent to crm/),
  });
});

test("cookies and tokens go to the target that issued them, not to another port of its host", async () => {
  const { to } = await run([
    ["http_get", { api_name: "crm", path: "/me" }],
    ["http_get", { api_name: "shop", path: "/me" }],
  ]);
  expect(text(to("shop"))).toMatch(/sid=cookie-of-shop/);
  expect(text(to("shop"))).toMatch(/Bearer tok-1234567890/);
  expect(to("crm")).toHaveLength(1);
  expect(text(to("crm"))).not.toMatch(/cookie-of-shop|tok-1234567890|hunter22/);
});

test("a secret column that is bound to no target is sent to none", async () => {
  const { calls, events } = await run([], { secretFor: [] });
  expect(calls).toEqual([]);
  expect(events.find(({ type }) => type === "decision_invalid")).toMatchObject({
    reason: expect.stringContaining("(data.for) does not say which API it is for"),
  });
});
