import { describe, expect, test } from "vitest";
import { compileAllow, compileDeny, decodeSegments } from "./pattern.ts";

describe("allow", () => {
  test.each([
    ["* /**", "query x", true],
    ["* /**", "GET /", true],
    ["GET /**", "GET /", true],
    ["GET /", "GET /", true],
    ["GET /", "GET /a", false],
    ["GET /a", "GET /a", true],
    ["GET /a", "GET /a/", false],
    ["GET /a", "XGET /a", false],
    ["GET /a", "GET /a/b", false],
    ["GET /a", "POST /a", false],
    ["* /a", "DELETE /a", true],
    ["* /a", "delete /a", false],
    ["GET /a/*", "GET /a/b", true],
    ["GET /a/*", "GET /a/", false],
    ["GET /a/*", "GET /a/b%2Fc", false],
    ["GET /a/{id}", "GET /a/b%2Fc", true],
    ["GET /a/{id}", "GET /a/b/c", false],
    ["GET /a/v*.json", "GET /a/v12.json", true],
    ["GET /a/v*.json", "GET /a/v.json", false],
    ["GET /a/v*.json", "GET /a/v1xjson", false],
    ["GET /a/**/z", "GET /a/z", true],
    ["GET /a/**/z", "GET /a/b/c/z", true],
    ["GET /a/**/z", "GET /ab/z", false],
    ["GET /a%20b", "GET /a b", true],
    ["GET /a%2Fb", "GET /a%2Fb", true],
    ["query ord*", "query orders", true],
    ["query ord*", "QUERY orders", false],
    ["query *", "mutation x", false],
    ["tool a.b", "tool axb", false],
    ["GET", "GET /x/y", true],
    ["tool a", "tool A", false],
    ["tool a", "tool ab", false],
    ["tool *", "tool a", true],
    ["* /a", "DELETE /A", false],
  ])("%s matches %s: %j", (pattern, call, matches) => {
    expect(compileAllow(pattern).test(call)).toBe(matches);
  });
});

describe("deny", () => {
  test.each([
    ["* /**", "query x", true],
    ["* /", "GET /", true],
    ["* /", "GET /a", false],
    ["* /A/B", "GET /a/b", true],
    ["* /a", "GET /a.csv", true],
    ["* /a", "GET /a .csv", true],
    ["* /a", "GET /a.csv/b", false],
    ["* /a", "GET /ab", false],
    ["* /a*", "GET /a", true],
    ["* /a*", "GET /abc", true],
    ["* /a*", "GET /a/b", false],
    ["* /*", "GET /a", true],
    ["* /*", "GET /", false],
    ["* /a/**", "GET /a", true],
    ["* /a/**", "GET /a/b/c", true],
    ["* /a/**", "GET /a.csv", true],
    ["* /a/**/z", "GET /a/b/z", true],
    ["* /a/x**z", "GET /a/x/b/z", true],
    ["* /a/{id}", "GET /a/7", true],
    ["* /a/{id}", "GET /a/7.csv", true],
    ["* /a/{id", "GET /a/7", true],
    ["* /a/v{x}y", "GET /a/v1y", true],
    ["* /a/v{x}y", "GET /a/vy", true],
    ["* /a/../b", "GET /b", true],
    ["* /a/./b", "GET /a/b", true],
    ["* /a?x=1", "GET /a", true],
    ["* /a#x", "GET /a", true],
    ["* /a\\b", "GET /a/b", true],
    ["* /a%2e", "GET /a", true],
    ["GET /a", "POST /a", false],
    ["query Orders", "query orders", true],
    ["tool x*", "tool Xyz", true],
    ["tool x", "tool xy", false],
    ["* /*a", "GET /xa.csv", true],
    ["* /*a", "GET /xa.csv/b", false],
    ["* /a/*", "GET /a/b.csv", true],
    ["* /a*/**", "GET /ab/c", true],
    ["* /**/**", "GET /a/b", true],
    ["* /../a", "GET /a", true],
    ["* /a/b/../../c", "GET /c", true],
    ["* /a\u200bb", "GET /ab", true],
    ["* /a/{x}b}", "GET /a/1b", true],
    ["* /a/}", "GET /a/b", true],
  ])("%s matches %s: %j", (pattern, call, matches) => {
    expect(compileDeny(pattern).test(call)).toBe(matches);
  });
});

test.each([
  ["/a%20b/c", "/a b/c"],
  ["/a%2Fb", "/a%2Fb"],
  ["/a%2fb%41", "/a%2FbA"],
  ["/plain", "/plain"],
])("the segments of %s are decoded to %s", (path, decoded) => {
  expect(decodeSegments(path)).toBe(decoded);
});
