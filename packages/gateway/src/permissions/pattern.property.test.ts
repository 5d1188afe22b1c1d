import { targetSchema } from "@ape/core/config/target";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Permission } from "./permission.ts";

const PIECES = [
  "/",
  "a",
  "B",
  "{",
  "}",
  "{id}",
  "*",
  "**",
  ".",
  "..",
  "%2e",
  "%41",
  "%aa",
  "%2F",
  "%",
  "é",
  "?",
  "#",
  "\\",
  ";v",
  ":x",
];
const entry = fc
  .tuple(fc.constantFrom("*", "GET", "POST"), fc.array(fc.constantFrom(...PIECES), { maxLength: 10 }))
  .map(([method, pieces]) => `${method} /${pieces.join("")}`);

const accepts = (key: "allow" | "deny", pattern: string): boolean =>
  targetSchema.safeParse({ baseUrl: "http://127.0.0.1", [key]: [pattern] }).success;

/** A path that a pattern names, by what the documentation says of its wildcards. */
const named = (pattern: string): { method: string; path: string } => {
  const [method, path] = pattern.split(" ") as [string, string];
  return {
    method: method === "*" ? "POST" : method,
    path: path
      .replaceAll(/\{[^{}]+\}/g, "v")
      .replaceAll(/\*+/g, (stars) => (stars.length === 1 ? "v" : "v/w")),
  };
};
const request = (pattern: string) => ({ ...named(pattern), query: "", headers: undefined, data: undefined });

test("an entry of `deny` that is accepted denies what it names", () => {
  fc.assert(
    fc.property(entry, (pattern) => {
      fc.pre(accepts("deny", pattern));
      const permission = new Permission({ allow: ["* /**"], deny: [pattern] });
      expect(permission.refuses(request(pattern))).toBeDefined();
    }),
    { numRuns: 3_000 },
  );
});

test("an entry of `allow` that is accepted permits what it names", () => {
  fc.assert(
    fc.property(entry, (pattern) => {
      fc.pre(accepts("allow", pattern) && !/[^/]\*\*|\*\*[^/]|\*{3}/.test(pattern));
      const permission = new Permission({ allow: [pattern], deny: [] });
      expect(permission.refuses(request(pattern))).toBeUndefined();
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  ["GET /v1/x/../secret", "/v1/secret"],
  ["GET //v1//secret", "/v1/secret"],
  ["GET /x/{id", "/x/1"],
  ["GET /y/id}", "/y/1"],
  ["GET /z/{}", "/z/1"],
  ["GET /ad\u200bmin?a=b", "/admin"],
])("where nothing has validated it, %s denies %s", (pattern, path) => {
  const permission = new Permission({ allow: ["* /**"], deny: [pattern] });
  expect(permission.denies("GET", path)).toBe(true);
});

test("percent-encoding of `allow` is undone, but for slashes and wildcards", () => {
  const permission = new Permission({ allow: ["GET /caf%C3%A9", "GET /a%2fb/{id}", "GET /c%2Ad"], deny: [] });
  for (const path of ["/caf%c3%a9", "/a%2Fb/1", "/c%2ad", "/c*d"])
    expect(permission.refuses({ ...request("GET /"), path })).toBeUndefined();
  for (const path of ["/a/b/1", "/cxd"])
    expect(permission.refuses({ ...request("GET /"), path })).toBeDefined();
});
