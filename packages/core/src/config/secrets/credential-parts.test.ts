import { expect, test } from "vitest";
import { credentialParts, isAuthorization, secretsOfUser } from "./credential-parts.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

test.each([
  ["Bearer abc==", [{ value: "abc" }]],
  [`Basic ${base64("ada:p:w")}`, [{ value: base64("ada:p:w").replace(/=+$/, "") }, { value: "p:w" }]],
  [`basic ${base64("ada")}`, [{ value: "YWRh" }]],
  ["Basic a", [{ value: "a" }]],
  [
    'Digest username="Mufasa", uri="/a\\"b", nc=00000001',
    [
      { name: "username", value: "Mufasa" },
      { name: "uri", value: '/a"b' },
      { name: "nc", value: "00000001" },
    ],
  ],
  ["Scheme two words", []],
  ["only-a-token", []],
  ["", []],
])("%s has the parts %j", (value, parts) => {
  expect(credentialParts(value)).toEqual(parts);
});

test.each([
  ["ada", "hunter22", ["hunter22"]],
  ["key-1", "", ["key-1"]],
  ["key-1", "x", ["x", "key-1"]],
  ["9Kx7Qp2Vb9Lm4Rt6Yw8Zn", "api_token", ["api_token", "9Kx7Qp2Vb9Lm4Rt6Yw8Zn"]],
  ["", "", []],
])("of the user %s with the password %s %j is secret", (user, password, secrets) => {
  expect(secretsOfUser(user, password)).toEqual(secrets);
});

test.each([
  ["Bearer abcdefgh", true],
  ["Bearer abcdefg", false],
  ["Bearer of good news", false],
  [`Basic ${base64("a:b")}`, true],
  [`Basic ${base64("ab")}`, false],
  ["Basic plan", false],
])("%s is the value of an Authorization header: %s", (value, is) => {
  expect(isAuthorization(value)).toBe(is);
});
