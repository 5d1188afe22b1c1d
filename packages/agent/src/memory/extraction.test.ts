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

test.each<[string, Json, boolean]>([
  ["nextCursor", "c", true],
  ["callbackUrl", "u", true],
  ["nextlink", "l", true],
  ["linked", "l", false],
  ["href", "/a", true],
  ["order.id", "o", false],
  ["an id", "o", false],
  ["id", "", false],
  ["id", true, false],
  ["id", "x".repeat(400), true],
  ["id", "x".repeat(401), false],
  [`${"a".repeat(58)}Id`, 1, true],
  [`${"a".repeat(59)}Id`, 1, false],
])("a value under %s, %j, is kept: %j", (name, value, kept) => {
  expect(gain({ [name]: value })).toHaveLength(kept ? 1 : 0);
});

test.each<[string, string, string | undefined, string]>([
  ["zilo", "The bearer of it", undefined, "secret"],
  ["zilo", "An access token", undefined, "secret"],
  ["zilo", "", "api-key", "secret"],
  ["zilo", "", "apikeys", "nothing"],
  ["zilo", "The reference", undefined, "kept"],
  ["zilo", "Preferences", undefined, "nothing"],
  ["csrfZilo", "The token", undefined, "kept"],
  ["expires", "Of the token", undefined, "kept"],
])("%s described as %j with the format %j is %s", (name, description, format, how) => {
  const found = gain({ [name]: "abcdefgh" }, new Map([field(name, description, format)]));
  expect(found.map(({ secret }) => (secret ? "secret" : "kept"))).toEqual(how === "nothing" ? [] : [how]);
  expect(gain({ [name]: "abcdefg" }, new Map([field(name, description, format)]))[0]?.token ?? false).toBe(
    false,
  );
});

test.each([
  ["wob", "zZ9kQ1xW7vB3nM5p", true],
  ["wob", "zZ9kQ1xW7vB3nM5", false],
  ["wob", "zZzkQzxWzvBznMzp", false],
  ["wob", "1234567890123456", false],
  ["wob", "2026-11-23-x1y2z3", false],
  ["wob", "/zZ9kQ1xW7vB3nM5p", false],
  ["wob", "zZ9kQ1xW7vB3 nM5p", false],
  ["traceWob", "zZ9kQ1xW7vB3nM5p", false],
  ["etag", "zZ9kQ1xW7vB3nM5p", false],
])("a login's %s, %s, is its credential: %j", (name, value, is) => {
  expect(gain({ [name]: value }, undefined, true).some(({ token }) => token)).toBe(is);
  expect(gain({ inner: { [name]: value } }, undefined, true).some(({ token }) => token)).toBe(is);
  expect(gain({ in: { ner: { [name]: value } } }, undefined, true)).toEqual([]);
});

test.each(["key", "memberKey", "member_key", "code", "accessCode"])(
  "a login's %s is its credential where it looks like one",
  (name) => {
    const value = "9f3c2a7be1d84650aa17c3e2b95d4f01";
    expect(gain({ [name]: value, id: "m-1" }, undefined, true)).toContainEqual({
      name,
      value,
      ...credential,
    });
    expect(gain({ data: { [name]: value } }, undefined, true)).toContainEqual({ name, value, ...credential });
    expect(gain({ [name]: value }, undefined, false).some(({ token }) => token)).toBe(false);
    expect(gain({ [name]: "AB-12" }, undefined, true).some(({ token }) => token)).toBe(false);
  },
);

test("a value at the top is a login's credential before a longer one below it", () => {
  const answer = { user: { wob: "zZ9kQ1xW7vB3nM5pL2aa" }, key: "zZ9kQ1xW7vB3nM5p" };
  expect(gain(answer, undefined, true).filter(({ token }) => token)).toEqual([
    { name: "key", value: "zZ9kQ1xW7vB3nM5p", ...credential },
  ]);
});

test("of several such values the longest is the credential", () => {
  const [shorter, longer] = ["zZ9kQ1xW7vB3nM5p", "aA9kQ1xW7vB3nM5pL"];
  expect(gain({ a: shorter, b: longer, c: shorter }, undefined, true)).toMatchObject([{ value: longer }]);
});

test("sixty fields are looked at, those of inner objects too", () => {
  const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, n]));
  expect(gain({ ...fields(59), id: 1 })).toHaveLength(1);
  expect(gain({ ...fields(60), id: 1 })).toHaveLength(0);
  expect(gain({ inner: { ...fields(58), id: 1 } })).toHaveLength(1);
  expect(gain({ inner: { ...fields(59), id: 1 } })).toHaveLength(0);
});
