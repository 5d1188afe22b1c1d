import type { Json } from "@ape/core/lib/json";
import type { ToolCall } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { api, goal, play, type Tool } from "./session.testing.ts";

const apis = [
  { ...api, documented: false, auth: [] },
  { ...api, documented: false, auth: [], target: "crm" },
];
const origins = { shop: "http://127.0.0.1:4010", crm: "http://127.0.0.1:4011" };
const login: Tool = ["http_post", { api_name: "shop", path: "/login", data: { user: "a@b.c" } }];
const me: Tool = ["http_get", { api_name: "shop", path: "/me" }];
const collect = (name: string): Tool => [
  "http_post",
  { api_name: "crm", path: "/collect", data: { v: `{{${name}}}` } },
];

/** Signs in to the shop, gives a value of the answer to the CRM, and looks at the shop again. */
async function run(answer: Json, name: string, status = 200) {
  const played = await play(
    [login, collect(name), me, ["finish", { reason: "done" }]],
    (call) =>
      call.path === "/login" ? { status, json: answer } : { status: 200, json: { seen: call.headers ?? {} } },
    { goal: goal(), apis, origins },
  );
  const to = (target: string): ToolCall[] => played.calls.filter((call) => call.target === target);
  return { seen: played.prompts.join("\n") + JSON.stringify(played.events), to };
}
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

test.each<[string, Json, string, string | undefined]>([
  ["token", "12|abcdefghijklmnop", "12|abcdefghijklmnop", "Bearer 12|abcdefghijklmnop"],
  ["token", "ab12cd", "ab12cd", "Bearer ab12cd"],
  ["token", 839201741234, "839201741234", "Bearer 839201741234"],
  ["token", "Bearer abcdefgh12345", "abcdefgh12345", "Bearer abcdefgh12345"],
  ["token", "user:abcdefghijkl", "user:abcdefghijkl", "Bearer user:abcdefghijkl"],
  ["token", 'a "quoted" wörd 7', 'a "quoted" wörd 7', 'Bearer a "quoted" wörd 7'],
  ["token", "tok-語-12345", "tok-語-12345", undefined],
  ["token", "line-one\nline-two", "line-two", undefined],
  ["token", "x9".repeat(4_500), "x9x9x9x9", undefined],
  ["sessionId", "SESSID-aaaa1111", "SESSID-aaaa1111", "Bearer SESSID-aaaa1111"],
  ["access-token", "abc:def/1", "abc:def/1", "Bearer abc:def/1"],
  ["refresh_token", "r|efresh 1", "r|efresh 1", undefined],
  ["client_secret", "cs ~ 1234", "cs ~ 1234", undefined],
  ["temporaryPassword", "Summer 2026!", "Summer 2026!", undefined],
  ["ticket", "tick:abcd1234", "tick:abcd1234", undefined],
])("a %s of the value %j stays with its issuer, hidden", async (name, value, secret, authorization) => {
  const { seen, to } = await run({ [name]: value, user: "Dora" }, name);
  expect(to("crm")).toEqual([]);
  expect(seen).not.toContain(secret);
  expect(seen).not.toContain(inJson(secret));
  expect(seen).not.toContain(inJson(inJson(secret)));
  expect(seen).toContain(`{{${name}}}`);
  expect(to("shop")[1]?.headers?.authorization).toBe(authorization);
});

test.each<[Json, string]>([
  [{ tokens: ["first|1234", "second|1234"] }, "first|1234"],
  [{ tokens: ["first|1234", "second|1234"] }, "second|1234"],
  [{ token: { value: "wrapped|1234", id: 1 } }, "wrapped|1234"],
  [{ tokens: { access: { token: "deep|1234" } } }, "deep|1234"],
  [{ data: { auth: [{ credentials: { api_key: "listed|1234" } }] } }, "listed|1234"],
  [[{ deep: { deeper: { deepest: { jwt: "in|a|list" } } } }], "in|a|list"],
])("what %j holds is hidden", async (answer, secret) => {
  for (const status of [200, 409, 500]) expect((await run(answer, "x", status)).seen).not.toContain(secret);
});

test.each<[string, Json, string]>([
  ["nextPageToken", { nextPageToken: "page|2|abcdef" }, "page|2|abcdef"],
  ["continuationToken", { continuationToken: "abcdefgh12345678ijkl" }, "abcdefgh12345678ijkl"],
  ["ticket", { ticket: { id: 4711, status: "open", subject: "printer burns" } }, "printer burns"],
  ["tokens", { tokens: 5_000_000 }, "5000000"],
  ["tokenType", { tokenType: "bearer-like-1" }, "bearer-like-1"],
  ["policy", { passwordPolicy: "at least 12 signs", secretSanta: true }, "at least 12 signs"],
  ["token", { token: "true", note: "it is true that order 1 is paid" }, "it is true that order 1 is paid"],
])("%s of %j is shown", async (_, answer, shown) => {
  expect((await run(answer, "x")).seen).toContain(shown);
});

test.each<[Json, string | undefined]>([
  [{ token: "T-12345678", apiKey: "K-12345678" }, "T-12345678"],
  [{ apiKey: "K-12345678", token: "T-12345678" }, "T-12345678"],
  [{ token: "T-12345678", id_token: "I-12345678" }, "T-12345678"],
  [{ id_token: "I-12345678", refresh_token: "R-12345678", access_token: "A-12345678" }, "A-12345678"],
  [{ access_token: "A-12345678", token: "T-12345678", sessionId: "S-12345678" }, "A-12345678"],
  [{ data: { apiKey: "K-12345678" }, auth: { accessToken: "A-12345678" } }, "A-12345678"],
  [{ id_token: "I-12345678" }, "I-12345678"],
  [{ refresh_token: "R-12345678" }, undefined],
  [{ headers: { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" } }, undefined],
  [{ headers: { "x-auth-token": "H-12345678" }, token: "T-12345678" }, "T-12345678"],
  [{ headers: { "x-auth-token": "H-12345678" } }, undefined],
  [{ requestId: "abcdefgh12345678ijkl", build: "abcdefgh12345678ijkl" }, undefined],
])("of %j later calls carry %s", async (answer, token) => {
  const { to } = await run(answer, "x");
  expect(to("shop")[1]?.headers?.authorization).toBe(token === undefined ? undefined : `Bearer ${token}`);
});
