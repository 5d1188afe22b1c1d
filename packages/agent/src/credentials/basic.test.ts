import { expect, test } from "vitest";
import { asksForUser, basicCredentials } from "./basic.ts";

test("a user and a password are sent as UTF-8 in Base64", () => {
  expect(basicCredentials("Aladdin", "open sesame")).toBe("QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  expect(basicCredentials("test", "123\u00a3")).toBe("dGVzdDoxMjPCow==");
});

test.each([
  ['Basic realm="studio"', true],
  ["basic", true],
  ['Bearer realm="x", Basic realm="y"', true],
  ["Negotiate", false],
  ['Bearer realm="basic-x"', false],
  [undefined, false],
])("a 401 with %j asks for a user: %s", (challenge, asks) => {
  expect(asksForUser(challenge === undefined ? {} : { "www-authenticate": challenge })).toBe(asks);
});
