import { configSchema } from "@ape/core/config/schema";
import type { Body, ToolResult, ToolTransport } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { runHooks } from "./hooks.ts";

const KEY = "Kx7Qp2Vb9Lm4Rt6Yw8Zn1Hs3";

/** The credentials that `setup` finds in an answer to its only request. */
async function issued(body: Body, headers: ToolResult["headers"] = {}, status = 200): Promise<string[]> {
  const config = configSchema.parse({
    version: 1,
    targets: { api: { baseUrl: "http://127.0.0.1:1" } },
    inference: { provider: "simulated" },
    goals: [{ name: "g", prompt: "p", success: [{ action: { operation: "GET /a" } }] }],
    setup: [{ operation: "POST /login", data: { user: "bob" } }],
  });
  const tools: ToolTransport = {
    call: () =>
      Promise.resolve({
        status,
        headers,
        body,
        timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
        attempts: [],
        operation: "POST /login",
      }),
  };
  return runHooks("setup", config, tools, { record: () => undefined, commit: () => undefined });
}

test.each<[string, Body, ToolResult["headers"]?]>([
  ["a token of its body", { kind: "json", json: { token: KEY }, bytes: 1 }],
  ["a nested one", { kind: "json", json: { data: { user: { apiKey: KEY } } }, bytes: 1 }],
  ["its whole body", { kind: "text", text: KEY, bytes: 1, cut: false }],
  ["a header", { kind: "empty" }, { "x-auth-token": KEY }],
  ["a cookie", { kind: "empty" }, { "set-cookie": [`sid=${KEY}; Path=/; HttpOnly`] }],
  ["its location", { kind: "empty" }, { location: `/home?access_token=${KEY}` }],
])("a credential that setup gets by %s is known as a secret", async (_, body, headers) => {
  expect(await issued(body, headers)).toContain(KEY);
});

test("other values of an answer are no secrets", async () => {
  const json = { id: "order-77123", name: "lamp", token: null, total: 12 };
  expect(await issued({ kind: "json", json, bytes: 1 }, { "content-type": "application/json" })).toEqual([]);
});

test("a failing setup request names itself", async () => {
  await expect(issued({ kind: "empty" }, {}, 500)).rejects.toMatchObject({ code: "HOOK_FAILED" });
});
