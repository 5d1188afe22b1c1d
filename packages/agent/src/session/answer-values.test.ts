import type { Json } from "@ape/core/lib/json";
import type { ApiAuth, ApiDescription } from "@ape/core/protocol/api";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import { describe, expect, test } from "vitest";
import { jsonResult } from "../../test/json-result.ts";
import { Credentials } from "../credentials/credentials.ts";
import { Memory } from "../memory/memory.ts";
import { AnswerValues } from "./answer-values.ts";
import type { OperationTraits } from "./api-index.ts";
import { Secrets } from "./secrets.ts";

const NOW = Date.parse("2026-01-01");
const TOKEN = "tok-1234567890";
const OPAQUE = "a1b2c3d4e5f6a7b8c9d0";
const LOGIN: OperationTraits = {
  answers: new Map(),
  answerHeaders: new Set<string>(),
  secured: false,
  login: true,
  logout: false,
  revokes: false,
  inputs: [],
};

interface Given {
  operation?: string;
  path?: string;
  json?: Json;
  headers?: ToolResult["headers"];
  body?: ToolResult["body"];
  signsIn?: boolean;
  traits?: OperationTraits;
  auth?: readonly ApiAuth[];
  call?: Partial<ToolCall>;
}

function session(auth: readonly ApiAuth[] = [{ type: "bearer" }]) {
  const api: ApiDescription = {
    target: "shop",
    title: "",
    documented: true,
    auth: [...auth],
    operations: [],
  };
  const memory = new Memory("goal", undefined, undefined);
  const secrets = new Secrets([], undefined);
  const credentials = new Credentials([api], { shop: "http://shop.test" });
  const values = new AnswerValues(memory, secrets, credentials, { epoch: () => NOW } as never);
  const facts = (): string[] =>
    memory.view(undefined).facts.map(({ name, value, origin }) => `${name}=${value} (${origin})`);
  return { memory, secrets, credentials, values, facts };
}
const made = ({ operation = "POST /login", path, json = null, headers = {}, body, call }: Given) => {
  const [method, template = ""] = operation.split(" ") as [ToolCall["method"], string?];
  const sent: ToolCall = { target: "shop", method, path: path ?? template, ...call };
  const result = jsonResult(json, {
    status: 200,
    operation,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return { sent, result };
};

/** What is kept of one answer. */
function kept(given: Given) {
  const { values, credentials, facts, memory } = session(given.auth);
  const gained: string[] = [];
  const { sent, result } = made(given);
  const signedIn = values.keep(3, sent, result, given.traits, given.signsIn ?? true, gained);
  return { signedIn, gained, holds: credentials.holdsToken("shop"), facts: facts(), memory };
}

describe("a login", () => {
  test.each<[string, Given, { signedIn: boolean; holds: boolean; gained: string[] }]>([
    [
      "with a token",
      { json: { accessToken: TOKEN } },
      { signedIn: true, holds: true, gained: ["accessToken"] },
    ],
    [
      "with a token and a cookie",
      { json: { accessToken: TOKEN }, headers: { "set-cookie": "a=b" } },
      { signedIn: true, holds: true, gained: ["accessToken"] },
    ],
    [
      "with a cookie alone",
      { traits: LOGIN, headers: { "set-cookie": "a=b" } },
      { signedIn: true, holds: false, gained: [] },
    ],
    [
      "with a cookie of another operation",
      { headers: { "set-cookie": "a=b" } },
      { signedIn: false, holds: false, gained: [] },
    ],
    ["without a cookie", { traits: LOGIN }, { signedIn: false, holds: false, gained: [] }],
    [
      "with an opaque value under another name",
      { json: { pass: OPAQUE } },
      { signedIn: true, holds: true, gained: ["pass"] },
    ],
    [
      "with such a value, at a target without tokens",
      { auth: [], json: { pass: OPAQUE } },
      { signedIn: false, holds: false, gained: [] },
    ],
    [
      "with such a value, of a call that does not sign in",
      { json: { pass: OPAQUE }, signsIn: false },
      { signedIn: false, holds: false, gained: [] },
    ],
    [
      "with such a value, of a read",
      { operation: "GET /login", json: { pass: OPAQUE } },
      { signedIn: false, holds: false, gained: [] },
    ],
    [
      "with a token in a header",
      { body: { kind: "empty" }, headers: { "x-auth-token": OPAQUE } },
      { signedIn: true, holds: true, gained: ["x-auth-token"] },
    ],
    [
      "with a token as its text",
      { body: { kind: "text", text: OPAQUE, bytes: 9, cut: false } },
      { signedIn: true, holds: true, gained: ["token"] },
    ],
    [
      "with a token as the text of a read",
      { operation: "GET /login", body: { kind: "text", text: OPAQUE, bytes: 9, cut: false } },
      { signedIn: false, holds: false, gained: [] },
    ],
    [
      "with a text",
      { body: { kind: "text", text: "hello", bytes: 9, cut: false } },
      { signedIn: false, holds: false, gained: [] },
    ],
    [
      "with the id of its session",
      { json: { sessionId: OPAQUE } },
      { signedIn: true, holds: true, gained: ["sessionId"] },
    ],
    [
      "with the id of its session beside a cookie",
      { json: { sessionId: OPAQUE }, headers: { "set-cookie": "a=b" } },
      { signedIn: false, holds: false, gained: ["sessionId"] },
    ],
    [
      "with the id of a session that it did not begin",
      { json: { sessionId: OPAQUE }, signsIn: false },
      { signedIn: false, holds: false, gained: ["sessionId"] },
    ],
    [
      "with the token that was sent",
      { json: { accessToken: TOKEN }, call: { data: { token: TOKEN } } },
      { signedIn: false, holds: false, gained: ["accessToken"] },
    ],
    [
      "as a query of GraphQL",
      {
        operation: "query login",
        path: "/graphql",
        json: { data: { login: { accessToken: TOKEN } } },
        call: { method: "POST", graphql: { query: "" } },
      },
      { signedIn: false, holds: false, gained: ["accessToken"] },
    ],
    [
      "as a mutation of GraphQL",
      {
        operation: "mutation login",
        path: "/graphql",
        json: { data: { login: { accessToken: TOKEN } } },
        call: { method: "POST", graphql: { query: "" } },
      },
      { signedIn: true, holds: true, gained: ["accessToken"] },
    ],
  ])("%s", (_name, given, wanted) => {
    const { signedIn, holds, gained } = kept(given);
    expect({ signedIn, holds, gained }).toEqual(wanted);
  });

  test("takes no opaque value for a token where one is held", () => {
    const { values, credentials } = session();
    const keep = (json: Json) => {
      const { sent, result } = made({ json });
      return values.keep(1, sent, result, undefined, true, []);
    };
    expect([keep({ accessToken: TOKEN }), keep({ pass: OPAQUE })]).toEqual([true, false]);
    credentials.signOut("shop");
    expect(credentials.signedIn("shop")).toBe(false);
    keep({ accessToken: `${TOKEN}2` });
    expect(credentials.signedIn("shop")).toBe(true);
  });
});

test.each<[Json, string[]]>([
  [{ data: { order: { orderId: "o-1" } } }, ["orderId=o-1"]],
  [{ data: { order: { orderId: "o-1" }, cart: { cartId: "c-1" } } }, ["orderId=o-1", "cartId=c-1"]],
  [{ data: { orderId: "o-1" } }, ["orderId=o-1"]],
  [{ data: null, orderId: "o-1" }, ["orderId=o-1"]],
])("the payload of a GraphQL answer %j", (json, wanted) => {
  const { facts } = kept({
    operation: "mutation order",
    path: "/graphql",
    json,
    call: { method: "POST", graphql: { query: "" } },
  });
  expect(facts).toEqual(wanted.map((fact) => `${fact} (step 3 mutation order)`));
});

test("a secret is shown as its placeholder, also in the origin of others, with and without its scheme", () => {
  const { values, facts, secrets, memory } = session();
  const { sent, result } = made({
    operation: `POST /a/${OPAQUE}`,
    json: { accessToken: `Bearer ${OPAQUE}`, orderId: "o-1" },
  });
  values.keep(3, sent, result, undefined, true, []);
  expect(facts().sort()).toEqual([
    "accessToken={{accessToken}} (step 3 POST /a/***)",
    "orderId=o-1 (step 3 POST /a/***)",
  ]);
  expect(secrets.hide(`x ${OPAQUE}`)).toBe("x ***");
  expect(memory.read("accessToken")).toBe(`Bearer ${OPAQUE}`);
});

test.each<[string, Json, boolean]>([
  ["POST /login", { accountId: "u-1" }, true],
  ["POST /log-in", { accountId: "u-1" }, true],
  ["POST /signup", { accountId: "u-1" }, true],
  ["POST /sign-in", { accountId: "u-1" }, true],
  ["POST /session", { accountId: "u-1" }, true],
  ["POST /sessions", { accountId: "u-1" }, true],
  ["POST /token", { accountId: "u-1" }, true],
  ["POST /tokens", { accountId: "u-1" }, true],
  ["GET /me", { accountId: "u-1" }, true],
  ["GET /whoami", { accountId: "u-1" }, true],
  ["GET /media", { accountId: "u-1" }, false],
  ["POST /orders", { accountId: "u-1" }, false],
])("a value of %s is the session's own: %#", (operation, json, own) => {
  expect(kept({ operation, json, signsIn: false }).memory.isOwn("u-1")).toBe(own);
});

test.each<[string, string, boolean]>([
  ["nextToken", "x".repeat(48), true],
  ["nextCursor", "x".repeat(60), true],
  ["continuation", "x".repeat(48), false],
  ["nextCursor", "x".repeat(47), false],
  ["nextCursor", `/${"x".repeat(60)}`, false],
  ["nextCursor", `${"x".repeat(60)} y`, false],
  ["orderId", "x".repeat(60), false],
])("a long %s is shown as its placeholder: %#", (name, value, short) => {
  const { values, secrets } = session();
  const { sent, result } = made({ operation: "GET /orders", json: { [name]: value } });
  values.keep(3, sent, result, undefined, false, []);
  expect(secrets.hide(`see ${value}`)).toBe(short ? `see {{${name}}}` : `see ${value}`);
});

test.each<[string, string | string[], boolean]>([
  ["x-csrf-token", "12345678", true],
  ["csrf-token", "12345678", true],
  ["xsrftoken", "12345678", true],
  ["x-xsrf", "12345678", true],
  ["csrf", "12345678", true],
  ["x-csrf-token", "1234567", false],
  ["x-csrf-token", ["12345678"], false],
  ["my-csrf", "12345678", false],
  ["csrf-id", "12345678", false],
])("the header %s: %j is a token of requests: %s", (name, value, is) => {
  const { values, facts, secrets } = session();
  values.keepRequestToken(3, "shop", made({ operation: "GET /a", headers: { [name]: value } }).result);
  expect(facts()).toEqual(is ? [`${name}={{${name}}} (step 3 GET /a)`] : []);
  expect(secrets.hide(`see ${String(value)}!`)).toBe(is ? `see {{${name}}}!` : `see ${String(value)}!`);
});

test.each<[string, Given, string[]]>([
  [
    "a token",
    { json: { accessToken: TOKEN, orderId: "o-1" } },
    ["accessToken={{accessToken}} (step 3 POST /login)"],
  ],
  [
    "a token in a header",
    { body: { kind: "empty" }, headers: { "x-auth-token": OPAQUE } },
    ["x-auth-token={{x-auth-token}} (step 3 POST /login)"],
  ],
  [
    "a token as its text",
    { body: { kind: "text", text: OPAQUE, bytes: 9, cut: false } },
    ["token={{token}} (step 3 POST /login)"],
  ],
  [
    "a token as its text, of no login",
    { body: { kind: "text", text: OPAQUE, bytes: 9, cut: false }, signsIn: false },
    [],
  ],
  ["an id", { json: { orderId: "o-1" } }, []],
])("a failed answer that shows %s", (_name, given, wanted) => {
  const { values, facts, credentials } = session();
  const { sent, result } = made(given);
  values.keepSecretsOf(3, sent, { ...result, status: 401 }, given.signsIn ?? true);
  expect(facts()).toEqual(wanted);
  expect(credentials.holdsToken("shop")).toBe(false);
});

test("a name is gained once, and again with another value", () => {
  const { values } = session();
  const gained: string[] = [];
  const keep = (json: Json) => {
    const { sent, result } = made({ operation: "GET /orders", json });
    values.keep(1, sent, result, undefined, false, gained);
  };
  keep({ orderId: "o-1" });
  keep({ orderId: "o-1" });
  expect(gained).toEqual(["orderId"]);
  keep({ orderId: "o-2" });
  expect(gained).toEqual(["orderId", "orderId"]);
});

test("a token that states its end lapses with it", () => {
  const { values, credentials } = session();
  // An id beside the token has no end.
  const { sent, result } = made({ json: { orderId: "o-1", accessToken: TOKEN, expires_in: 60 } });
  values.keep(1, sent, result, undefined, true, []);
  expect(credentials.holdsToken("shop")).toBe(true);
  const isValidAfter = (ms: number): boolean => credentials.isStatedValid("shop", NOW + ms);
  expect([isValidAfter(0), isValidAfter(58_999), isValidAfter(59_000)]).toEqual([true, true, false]);
});
