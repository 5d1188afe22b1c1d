import type { ToolResult } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { issuedCredentials, soleCredential } from "./issued-credentials.ts";

const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
const OPAQUE = "Zk9+qW/3x==aB7yTr5uVnM2";

function answer(
  body: ToolResult["body"] = { kind: "empty" },
  headers: ToolResult["headers"] = {},
): ToolResult {
  return { status: 200, headers, body, operation: "POST /login" } as unknown as ToolResult;
}
const text = (said: string) => answer({ kind: "text", text: said, bytes: said.length } as never);
const json = (said: string) => answer({ kind: "json", json: said, bytes: said.length } as never);

test.each<[string, ToolResult, object]>([
  ["a bare JSON text", json(OPAQUE), { name: "token", value: OPAQUE, token: true }],
  ["a plain text", text(` ${OPAQUE}\n`), { value: OPAQUE, secret: true }],
  ["a text with its scheme", text(`Bearer ${OPAQUE}`), { value: OPAQUE }],
  [
    "a header for tokens",
    answer(undefined, { "x-auth-token": OPAQUE }),
    { value: OPAQUE, auth: { type: "header", name: "x-auth-token" } },
  ],
  [
    "the header of OpenStack",
    answer(undefined, { "x-subject-token": OPAQUE }),
    { value: OPAQUE, auth: { type: "header", name: "x-auth-token" } },
  ],
  [
    "an Authorization header",
    answer(undefined, { authorization: `Bearer ${OPAQUE}` }),
    { value: OPAQUE, auth: { type: "bearer" } },
  ],
  [
    "a location with a query",
    answer(undefined, { location: "/me?access_token=a%2Bb1234567890" }),
    { name: "access_token", value: "a+b1234567890", token: true },
  ],
  [
    "a location with a fragment",
    answer(undefined, { location: "https://a.test/#id=1&access_token=abc12345" }),
    { value: "abc12345" },
  ],
])("a login issues a credential in %s", (_, result, wanted) => {
  expect(issuedCredentials(result, true)).toMatchObject([wanted]);
});

test.each<[string, ToolResult]>([
  ["words", text("You are logged in")],
  ["a number", text("123456789012345678")],
  ["a word", json("authenticated")],
  ["a page token", answer(undefined, { location: "/list?page_token=abcdef123456" })],
  ["the id of a request", answer(undefined, { "x-request-id": OPAQUE, etag: OPAQUE, "x-trace-id": OPAQUE })],
  ["a challenge", answer(undefined, { "www-authenticate": "Bearer realm=x" })],
  ["a list of allowed headers", answer(undefined, { "access-control-allow-headers": "Authorization" })],
])("%s is no credential", (_, result) => {
  expect(issuedCredentials(result, true)).toEqual([]);
});

test("without a login only a JSON Web Token is a whole body that is a credential", () => {
  expect(issuedCredentials(text(OPAQUE), false)).toEqual([]);
  expect(issuedCredentials(json(JWT), false)).toMatchObject([{ value: JWT, secret: true }]);
});

test("a login without a token is for its one secret", () => {
  const field = (name: string, more: object = {}) =>
    ({ name, value: OPAQUE, token: false, secret: true, words: "", within: "", ...more }) as const;
  expect(soleCredential([field("ticket")])?.name).toBe("ticket");
  expect(soleCredential([field("secret"), field("id", { secret: false })])?.name).toBe("secret");
  expect(soleCredential([field("ticket"), field("token", { token: true })])).toBeUndefined();
  expect(soleCredential([field("ticket"), field("secret")])).toBeUndefined();
  expect(soleCredential([field("refresh_token"), field("password")])).toBeUndefined();
});
