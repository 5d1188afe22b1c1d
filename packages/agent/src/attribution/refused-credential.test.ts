import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { attributionContext } from "../../test/attribution-context.ts";
import type { AttributionContext } from "./attribution-context.ts";
import { attributeForbidden, attributeSignedOut, attributeUnauthorized } from "./refused-credential.ts";

const known = (more: Partial<AttributionContext> = {}): AttributionContext =>
  attributionContext({ api: undefined, operation: undefined, credential: "held", ...more });
const call = (text: string, more: Partial<ToolCall> = {}): ToolCall => {
  const [method, path] = text.split(" ") as [ToolCall["method"], string];
  return { target: "shop", method, path, ...more };
};
const result = (json: unknown = {}, more: Partial<ToolResult> = {}): ToolResult => ({
  status: 401,
  headers: {},
  body: { kind: "json", json: json as never, bytes: 1 },
  timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
  attempts: [],
  operation: "GET /runs/{id}",
  ...more,
});
const GET = call("GET /runs/7");

test.each<[string, ToolCall, ToolResult, Partial<AttributionContext>, string]>([
  [
    "a login",
    call("POST /login"),
    result(),
    { operation: { login: true } as never },
    "the target refuses values that the session signed in with",
  ],
  [
    "a public write",
    call("POST /a"),
    result(),
    { public: true },
    "the target refuses values that the session signed in with",
  ],
  [
    "a public read without a credential",
    GET,
    result(),
    { public: true, credential: "none" },
    "either it asks for a credential where its document asks for none (target), or one was needed here (simulation)",
  ],
  [
    "a public read with a credential",
    GET,
    result(),
    { public: true },
    "either it refuses a credential that it issued and that should still hold (target), or the credential was ended elsewhere (simulation)",
  ],
  [
    "a write of the session's data",
    call("POST /a", { data: { user: "ann" } }),
    result(),
    { isData: (value) => value === "ann" },
    "the target refuses values of the session's data",
  ],
  [
    "a read of the session's data",
    GET,
    result(),
    { isData: () => true },
    "either it refuses a credential that it issued and that should still hold (target), or the credential was ended elsewhere (simulation)",
  ],
  ["no credential", GET, result(), { credential: "none" }, "the request carried no credential"],
  [
    "a lapsed credential",
    GET,
    result(),
    { credential: "lapsed" },
    "the stated lifetime of the credential had passed",
  ],
  [
    "a revoked credential",
    GET,
    result(),
    { credential: "revoked" },
    "the session itself had ended the credential",
  ],
  [
    "words of expiry",
    GET,
    result({ error: "tokenExpired" }),
    {},
    "the answer says that the credential has expired or was revoked",
  ],
  [
    "words of expiry in a header",
    GET,
    result({}, { headers: { "www-authenticate": 'Bearer error_description="token_expired"' } }),
    {},
    "the answer says that the credential has expired or was revoked",
  ],
  ["words of a role", GET, result({ error: "admin role needed" }), {}, "the answer says who may do this"],
])("a 401 of %s", (_name, one, answer, more, because) => {
  expect(attributeUnauthorized(one, answer, known(more)).because).toBe(because);
});

test.each<[string, ToolResult, Partial<AttributionContext>, string]>([
  [
    "no credential where one is documented",
    result(),
    { credential: "none", operation: { secured: true } as never },
    "the request carried no credential",
  ],
  [
    "no credential, in words",
    result({ detail: "Authentication credentials were not provided." }),
    { credential: "none" },
    "the request carried no credential",
  ],
  [
    "no credential, in a code",
    result({ code: "login_required" }),
    { credential: "none" },
    "the request carried no credential",
  ],
  [
    "no credential, and no word of it",
    result({ error: "Forbidden" }),
    { credential: "none", offers: () => true },
    "either it forbids what needs no credential (target), or the request carried none, and one was needed (simulation)",
  ],
  [
    "no credential where none is needed",
    result(),
    { credential: "none", public: true, offers: () => true },
    "either it forbids what this account may do (target), or the account has no right to do this (simulation)",
  ],
  [
    "a lapsed credential where none is needed",
    result(),
    { credential: "lapsed", public: true },
    "the stated lifetime of the credential had passed",
  ],
  [
    "a token against forgery",
    result({ error: "CSRF check failed" }),
    {},
    "the answer asks for a token against forgery",
  ],
  ["another owner", result({ error: "not the owner" }), {}, "the answer says who may do this"],
  ["an id of its own", result(), {}, "no answer had issued the id of the request"],
  ["an id of its data", result(), { isData: () => true }, "the target refuses id of the session's data"],
  [
    "a state that was shown",
    result({ error: "run is archived" }),
    { offers: () => true, states: () => ["archived"] },
    "the state that was shown last forbids it",
  ],
  [
    "a state that was not shown",
    result({ error: "run is archived" }),
    { offers: () => true, states: () => ["open"] },
    "either it forbids what this account may do (target), or the account has no right to do this (simulation)",
  ],
])("a 403 of %s", (_name, answer, more, because) => {
  expect(attributeForbidden(GET, answer, known(more)).because).toBe(because);
});

test.each<[string, Partial<ToolResult>]>([
  [
    "a page",
    {
      body: {
        kind: "page",
        page: { title: "Blocked", text: "Tell the site owner." } as never,
        bytes: 1,
      } as never,
    },
  ],
  [
    "text that is one",
    {
      headers: { "content-type": "text/html" },
      body: { kind: "text", text: "Enable cookies", bytes: 1, cut: false },
    },
  ],
])("words of %s in place of an answer of a documented API name nobody's fault", (_name, more) => {
  const api = { target: "shop", title: "Shop", documented: true, auth: [], operations: [] };
  const said = (evidence: Partial<AttributionContext>) =>
    attributeForbidden(GET, result({}, more), known({ api, operation: {} as never, ...evidence })).because;
  const wanted =
    "either it forbids with a page what its document lists (target), or something before it keeps this client away (infrastructure)";
  expect(said({})).toBe(wanted);
  expect(said({ credential: "none" })).toBe(wanted);
  expect(said({ credential: "revoked" })).toBe("the session itself had ended the credential");
  expect(said({ api: { ...api, kind: "web" }, offers: () => true })).not.toBe(wanted);
});

test.each<[string, typeof attributeForbidden]>([
  ["401", attributeUnauthorized],
  ["403", attributeForbidden],
])("a read that a %s refuses is made once more with its credential", (_status, attribute) => {
  const one = { ...GET, headers: { authorization: "Bearer x" } };
  const evidence = known({ offers: () => true });
  const { verify, because } = attribute(one, result(), evidence);
  expect(verify?.call).toEqual({ target: "shop", method: "GET", path: "/runs/7", headers: one.headers });
  const judge = (status: number, more: Partial<ToolResult> = {}) =>
    verify?.judge(result({}, { status, ...more })).attribution;
  expect([judge(199), judge(200), judge(299), judge(300), judge(401)]).toEqual([
    "unclear",
    "target",
    "target",
    "unclear",
    "unclear",
  ]);
  expect(judge(200, { error: { code: "contract", message: "" } })).toBe("unclear");
  expect(verify?.judge(result()).because).toBe(because);

  const write = call("POST /runs/7");
  expect(attribute(write, result(), evidence).verify).toBeUndefined();
  expect(attribute(one, result({}, { headers: { "retry-after": "1" } }), evidence).verify).toBeUndefined();
  expect(attribute(one, result({ error: "not ready yet" }), evidence).verify).toBeUndefined();
});

test.each<[AttributionContext["credential"], string]>([
  [
    "held",
    "either it ended a session that should still hold (target), or the session had not signed in for this (simulation)",
  ],
  ["none", "the request carried no credential"],
  ["revoked", "the session itself had ended the credential"],
])("a page that asks to sign in, with a credential that is %s", (credential, because) => {
  expect(attributeSignedOut(known({ credential })).because).toBe(because);
});
