import fc from "fast-check";
import { expect, test } from "vitest";
import { operationPatternFault } from "./operation-pattern.ts";
import { operationPattern } from "./scalar.ts";

const faultOf = (pattern: string): string | undefined =>
  operationPattern
    .safeParse(pattern)
    .error?.issues.map(({ message }) => message)
    .join("; ");

test.each([
  ["GET /v1/x/../secret", "a pattern has no . and no .. segment: write `GET /v1/secret`"],
  ["GET /v1/%2e%2E/secret", "a pattern has no . and no .. segment: write `GET /secret`"],
  ["GET /v1/%252e%252e/secret", "a pattern has no . and no .. segment: write `GET /secret`"],
  ["GET /v1/..;a=b/secret", "a pattern has no . and no .. segment: write `GET /secret`"],
  ["* /./a", "a pattern has no . and no .. segment: write `* /a`"],
  ["* //admin/**", "a pattern has no empty segment: write `* /admin/**`"],
  ["* /a//b/", "a pattern has no empty segment: write `* /a/b`"],
  ["* /a\\b", "a pattern has no backslash: write `* /a/b`"],
  [
    "DELETE /x?force=true",
    "permissions are given for a path without its query and fragment: write `DELETE /x`",
  ],
  ["GET /x#a", "permissions are given for a path without its query and fragment: write `GET /x`"],
  ["GET /x/{id", "a brace in a pattern opens or closes a parameter such as {id}: write `GET /x/{id}`"],
  ["GET /y/id}", "a brace in a pattern opens or closes a parameter such as {id}: write `GET /y/{id}`"],
  ["GET /z/{}", "a parameter has a name between its braces, as in {id}: write `GET /z/{id}`"],
  ["GET /a/{{id}}", "a brace in a pattern opens or closes a parameter such as {id}: write `GET /a/{id}`"],
  ["GET /a/{b/c}", "a brace in a pattern opens or closes a parameter such as {id}: write `GET /a/{b}/{c}`"],
  ["GET /a%zz", "a percent sign in a pattern is followed by two hexadecimal digits: write `GET /a%25zz`"],
  ["GET /a%00", "a pattern has no invisible character"],
  ["GET /ad\u200bmin", "a pattern has no invisible character"],
  ["delete /x", "a pattern such as `GET /**` is expected"],
  ["GET  /x", "a pattern such as `GET /**` is expected"],
  ["query a/b", "a pattern such as `GET /**` is expected"],
])("%s is refused: %s", (pattern, message) => {
  expect(faultOf(pattern)).toBe(message);
});

test.each([
  "GET /",
  "* /**",
  "GET /a/",
  "POST /jobs/{id}:cancel",
  "GET /{a}-{b}/**",
  "GET /files/secret*",
  "GET /caf%C3%A9",
  "GET /straße",
  "GET /a%2Fb",
  "GET /a..b/.well-known",
  "query add*",
  "tool a/b.c",
])("%s is a pattern", (pattern) => {
  expect(faultOf(pattern)).toBeUndefined();
});

test("what a message says to write instead is a pattern", () => {
  const pieces = [
    "/",
    "//",
    "a",
    "b",
    "..",
    ".",
    "{",
    "}",
    "{}",
    "{id}",
    "*",
    "**",
    "%2e",
    "%zz",
    "?",
    "#",
    "\\",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
      const instead = / write `(.*)`$/.exec(operationPatternFault(`GET /${parts.join("")}`) ?? "")?.[1];
      if (instead !== undefined) expect(faultOf(instead)).toBeUndefined();
    }),
    { numRuns: 2_000 },
  );
});

test("what is no pattern has no fault of its own", () => {
  expect([operationPatternFault("delete //x"), operationPatternFault("//x")]).toEqual([undefined, undefined]);
});
