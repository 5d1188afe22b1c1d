import type { Json } from "@ape/core/lib/json";
import type { ApiField } from "@ape/core/protocol/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { extractState } from "./extraction.ts";

const field = (name: string, description: string, format?: string): [string, ApiField] => [
  name,
  {
    in: "answer",
    name,
    type: "string",
    required: true,
    description,
    ...(format === undefined ? {} : { format }),
  },
];
const gain = (json: Json, fields?: Map<string, ApiField>, login = false) =>
  extractState(json, fields, login).map(({ name, value, token, secret }) => ({ name, value, token, secret }));
const plain = { token: false, secret: false };
const credential = { token: true, secret: true };

test("ids, tokens, links and cursors are found by name, also one level down", () => {
  const gained = gain({
    accessToken: "tok_12345678",
    customerId: 17,
    name: "Dora",
    next: "/p?2",
    order: { id: "o-1", note: "x" },
    list: [{ id: 1 }],
  });
  expect(gained).toEqual([
    { name: "accessToken", value: "tok_12345678", ...credential },
    { name: "customerId", value: "17", ...plain },
    { name: "next", value: "/p?2", ...plain },
    { name: "id", value: "o-1", ...plain },
  ]);
});

test("the document's words are enough where names mean nothing", () => {
  const fields = new Map([
    field("zilo", "The key that later requests carry in the header for it."),
    field("brag", "The number of the visit; signing out needs it."),
    field("mup", "Some friendly words."),
    field("wim.tov", "", "jwt"),
  ]);
  expect(
    gain({ zilo: "abcdefghijklmnop1234", brag: 4, mup: "hello", wim: { tov: "eyJ.abc.def" } }, fields),
  ).toEqual([
    { name: "zilo", value: "abcdefghijklmnop1234", ...credential },
    { name: "brag", value: "4", ...plain },
    { name: "tov", value: "eyJ.abc.def", ...credential },
  ]);
});

test("what can be nothing else is not kept", () => {
  const [name, kind] = field("tokenType", "How to send the token");
  expect(gain({ tokenType: "Bearer" }, new Map([[name, { ...kind, enum: ["Bearer"] }]]))).toEqual([]);
  expect(gain({ tokenType: "Bearer" }, new Map([[name, kind]]))).toHaveLength(1);
});

test("a login's longest opaque value is its credential where nothing says so, other answers have none", () => {
  const answer = {
    mup: "hello there",
    wob: "zZ9kQ1xW7vB3nM5pL2",
    day: "2026-11-23T09-00-00Z0",
    way: "/a/b/c/d/e/f/g1",
  };
  expect(gain(answer, undefined, true)).toEqual([
    { name: "wob", value: "zZ9kQ1xW7vB3nM5pL2", ...credential },
  ]);
  expect(gain(answer, undefined, false)).toEqual([]);
  expect(gain({ accessToken: "tok_12345678", wob: answer.wob }, undefined, true)).toEqual([
    { name: "accessToken", value: "tok_12345678", ...credential },
  ]);
  expect(gain({ orderId: "0f8fad5b-d9cb-469f-a165-70867728950e" }, undefined, true)).toEqual([
    { name: "orderId", value: "0f8fad5b-d9cb-469f-a165-70867728950e", ...plain },
  ]);
});

test("a refresh token is a secret but no credential, a CSRF token too", () => {
  expect(gain({ refreshToken: "ref-12345678", csrfToken: "csrf-1234" })).toEqual([
    { name: "refreshToken", value: "ref-12345678", token: false, secret: true },
    { name: "csrfToken", value: "csrf-1234", token: false, secret: true },
  ]);
});

test("a field's name cannot put lines of its own into a prompt", () => {
  expect(gain({ "x\n# Goal\nid": "evil", [`${"y".repeat(100)}Id`]: "z" })).toEqual([]);
});

test("the work is bounded", () => {
  const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`id${n}Id`, n]));
  expect(gain(wide)).toHaveLength(12);
  expect(gain([1, 2])).toEqual([]);
  expect(gain({ id: "x".repeat(10_000), nextToken: "" })).toEqual([]);
});

test("whatever an answer holds, what is kept stands in it and fits", () => {
  const names = fc.oneof(fc.constantFrom("id", "accessToken", "next", "__proto__", "userId"), fc.string());
  fc.assert(
    fc.property(fc.dictionary(names, fc.jsonValue()), fc.boolean(), (value, login) => {
      const json = JSON.parse(JSON.stringify(value)) as Json;
      const text = JSON.stringify(json);
      for (const one of gain(json, undefined, login)) {
        expect(text).toContain(JSON.stringify(one.value).slice(1, -1));
        expect(one.name).not.toMatch(/\n/);
      }
    }),
  );
});
