import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeRequestPath } from "./request-path.ts";

const check = (path: string, query?: Record<string, string | number | string[]>) =>
  encodeRequestPath({ target: "t", method: "GET", path, ...(query === undefined ? {} : { query }) });

test("paths and queries are encoded and merged", () => {
  expect(check("/a b/ü?x=1#f", { y: ["1", "2"], z: 3 })).toEqual({
    path: "/a%20b/%C3%BC",
    query: "x=1&y=1&y=2&z=3",
  });
  expect(check("/50%/a")).toEqual({ path: "/50%25/a", query: "" });
  expect(check("/")).toEqual({ path: "/", query: "" });
});

test("characters beyond the basic plane are one character, and a lone half of one is replaced", () => {
  expect(check("/a/😀?q=😀")).toEqual({ path: "/a/%F0%9F%98%80", query: "q=%F0%9F%98%80" });
  expect(check("/a/\ud83d")).toEqual({ path: "/a/%EF%BF%BD", query: "" });
});

test("a query is written as URLSearchParams does it, plain or not", () => {
  const word = fc.oneof(fc.constantFrom("", "page", "a b", "x=y&z", "a*b.c-_", "~", "1+1", "ü"), fc.string());
  const value = fc.oneof(word, fc.double(), fc.boolean());
  fc.assert(
    fc.property(fc.dictionary(word, value, { noNullPrototype: true }), (query) => {
      const pairs = Object.entries(query).map(([name, said]) => [name, String(said)]);
      expect(encodeRequestPath({ target: "t", method: "GET", path: "/", query })).toEqual({
        path: "/",
        query: new URLSearchParams(pairs).toString(),
      });
    }),
  );
});

test.each([
  "",
  "a",
  "http://evil/",
  "//evil/x",
  "/a/../b",
  "/a/%2e%2e/b",
  "/a/.%2E",
  "/%252e%252e/x",
  "/a\\..\\b",
  "/a%5c..",
  "/a\r\nHost: x",
  "/x/..;/y",
  "/./a",
  "/%2e%2e%2fetc",
  "/a%00b",
])("%j is refused", (path) => {
  expect(typeof check(path)).toBe("string");
});

test("nothing leads to another host or above the base path", () => {
  const part = fc.constantFrom(
    "..",
    ".",
    "%2e",
    "%2E%2e",
    "//",
    "/",
    "\\",
    "@",
    ":",
    "evil.com",
    "http:",
    "?",
    "#",
    "%2f",
    "%5c",
    "%25",
    ";",
    " ",
    "\t",
    "a",
    "ü",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(part).map((parts) => parts.join("")),
        fc.string(),
        fc.webUrl(),
      ),
      (path) => {
        const checked = check(path);
        if (typeof checked === "string") return;
        const url = new URL(
          `http://127.0.0.1:1/base${checked.path}${checked.query === "" ? "" : `?${checked.query}`}`,
        );
        expect(url.host).toBe("127.0.0.1:1");
        expect(url.pathname.startsWith("/base/")).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});

test("a list that is written in one value can be taken apart again, whatever its items hold", () => {
  const item = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      fc.array(item, { minLength: 1, maxLength: 5 }),
      item,
      fc.constantFrom(
        [",", "form"] as const,
        ["%7C", "pipeDelimited"] as const,
        ["%20", "spaceDelimited"] as const,
      ),
      (items, name, [separator, style]) => {
        // A bar is encoded as the separator is: OpenAPI leaves that to the items.
        fc.pre(style !== "pipeDelimited" || items.every((one) => !one.includes("|")));
        const call = { target: "t", method: "GET", path: "/a", query: { [name]: items, z: 1 } } as const;
        const wire = encodeRequestPath(call, new Map([[name, { name: style, explode: false }]]));
        if (typeof wire === "string") throw new Error(wire);
        expect(wire.query).toMatch(/^[\x21-\x7e]*$/);
        if (name === "z") return;
        const written = wire.query.split("&").find((pair) => !pair.startsWith("z="));
        const [key = "", value = ""] = written?.split("=") ?? [];
        const read = (text: string): string => decodeURIComponent(text.replaceAll("+", "%20"));
        expect(read(key)).toBe(name);
        expect(value.split(separator).map(read)).toEqual(items);
      },
    ),
  );
});

test.each([
  ["/orders/a%5Cb", "/orders/a%5Cb"],
  ["/orders/a%20b", "/orders/a%20b"],
  ["/orders/a%2Fb", "/orders/a%2Fb"],
  ["/orders/100%25", "/orders/100%25"],
  ["/orders/%255C%250a", "/orders/%255C%250a"],
])("the encoded segment of %s is sent as it is", (path, sent) => {
  expect(check(path)).toMatchObject({ path: sent });
});

test.each(["/orders/..%5Cadmin", "/orders/%2e%2e%5cadmin", "/orders/%25252e%25252e", "/orders/a%5C..%5Cb"])(
  "dot segments behind an encoded backslash are refused: %s",
  (path) => {
    expect(typeof check(path)).toBe("string");
  },
);

test.each([
  ["", "a path begins with /"],
  ["a/b", "a path begins with /"],
  ["//a", "a path does not begin with //"],
  ["/a\\b", "a path has no backslash, no space and no control character"],
  ["/a\x1fb", "a path has no backslash, no space and no control character"],
  ["/a\x7fb", "a path has no backslash, no space and no control character"],
  ["/a%1Fb", "a path has no backslash, no space and no control character"],
  ["/a%7fb", "a path has no backslash, no space and no control character"],
  ["/a/.", "a path has no . and no .. segments"],
  ["/a/..;x", "a path has no . and no .. segments"],
  ["/a/b%2f..", "a path has no . and no .. segments"],
  ["/a/b%2f..;c", "a path has no . and no .. segments"],
  [`/${"a".repeat(4_000)}`, "a path is at most 4000 characters long"],
  [`/a?${"a".repeat(3_998)}`, "a path is at most 4000 characters long"],
])("what is wrong with %j is said: %s", (path, fault) => {
  expect(check(path)).toBe(fault);
});

test.each([
  ["/...", "/...", ""],
  ["/a..b/..c/d..", "/a..b/..c/d..", ""],
  ["/%80", "/%80", ""],
  ["/a#b?c", "/a", ""],
  ["/a?b#c", "/a", "b"],
  ["/a?b?c", "/a", "b?c"],
  ["/a?b=%zz&c=<", "/a", "b=%25zz&c=%3C"],
  ["/a<b>", "/a%3Cb%3E", ""],
  [`/${"a".repeat(3_999)}`, `/${"a".repeat(3_999)}`, ""],
])("%s is sent as %s?%s", (path, sent, query) => {
  expect(check(path)).toEqual({ path: sent, query });
});

test("a query has at most 4,000 characters, with names and values", () => {
  expect(check("/a", { q: "a".repeat(3_998) })).toMatchObject({ path: "/a" });
  expect(check("/a", { q: "a".repeat(3_999) })).toBe("a query is at most 4000 characters long");
  expect(check("/a b", { q: "ü".repeat(700) })).toBe("a query is at most 4000 characters long");
});

test("objects of a query are written in their style, other values as they are", () => {
  const query = { filter: { a: 1 }, tags: ["x", "y"], n: null as never };
  const call = { target: "t", method: "GET", path: "/a", query } as const;
  const written = encodeRequestPath(call, new Map([["tags", { name: "form", explode: false }]]));
  expect(written).toMatchObject({ path: "/a" });
  const { query: text } = written as { query: string };
  expect(text.split("&").sort()).toEqual(["filter%5Ba%5D=1", "n=null", "tags=x,y"]);
});

test("plain pairs are joined, and values that are not plain are written as they have to be", () => {
  expect(check("/a", { x: "1", y: "2", z: 3 })).toEqual({ path: "/a", query: "x=1&y=2&z=3" });
  expect(check("/a", { "x y": "1", z: "a b" })).toEqual({ path: "/a", query: "x+y=1&z=a+b" });
  expect(check("/a?q=a:b|c", { x: "1" })).toEqual({ path: "/a", query: "q=a:b%7Cc&x=1" });
  expect(check("/a?", {})).toEqual({ path: "/a", query: "" });
});

test("a path and a query have 4,000 characters each", () => {
  const path = (length: number): string => `/${"a".repeat(length - 1)}`;
  expect(check(path(4_000))).toEqual({ path: path(4_000), query: "" });
  expect(check(path(4_001))).toBe("a path is at most 4000 characters long");
  expect(check(`${path(3_998)}?x`)).toEqual({ path: path(3_998), query: "x" });
  expect(check(`${path(3_999)}?x`)).toBe("a path is at most 4000 characters long");
  expect(check("/a", { x: "y".repeat(3_998) })).toMatchObject({ path: "/a" });
  expect(check("/a", { x: "y".repeat(3_999) })).toBe("a query is at most 4000 characters long");
});

test.each([
  ["/a#b?c", { path: "/a", query: "" }],
  ["/a?b#c?d", { path: "/a", query: "b" }],
  ["/a%", { path: "/a%25", query: "" }],
  ["/a%2", { path: "/a%252", query: "" }],
  ["/a?b=%zz", { path: "/a", query: "b=%25zz" }],
  ['/a<b>"^`{|}', { path: "/a%3Cb%3E%22%5E%60%7B%7C%7D", query: "" }],
  ["/a!$&'()*+,;=:@~-._", { path: "/a!$&'()*+,;=:@~-._", query: "" }],
  ["/a?<", { path: "/a", query: "%3C" }],
  ["/...", { path: "/...", query: "" }],
  ["/a..b", { path: "/a..b", query: "" }],
])("%s is sent as %j", (path, expected) => {
  expect(check(path)).toEqual(expected);
});

test.each([
  ["a", "a path begins with /"],
  ["//a", "a path does not begin with //"],
  ["/a\u001f", "a path has no backslash, no space and no control character"],
  ["/a\u007f", "a path has no backslash, no space and no control character"],
  ["/a%1F", "a path has no backslash, no space and no control character"],
  ["/a%7f", "a path has no backslash, no space and no control character"],
  ["/..", "a path has no . and no .. segments"],
  ["/%25252525252e", "a path has no . and no .. segments"],
])("%j is refused: %s", (path, why) => {
  expect(check(path)).toBe(why);
});

test("dots are found in up to seven encodings of one another", () => {
  const encoded = (times: number) => `/%${"25".repeat(times)}2e`;
  expect([1, 7, 8].map((times) => check(encoded(times)))).toEqual([
    "a path has no . and no .. segments",
    "a path has no . and no .. segments",
    { path: encoded(8), query: "" },
  ]);
});
