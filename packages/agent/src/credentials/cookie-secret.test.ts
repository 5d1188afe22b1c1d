import { expect, test } from "vitest";
import { isSecretCookie } from "./cookie-secret.ts";

test.each([
  ["sessionid", "abc123def", true],
  ["sid", "0123456789", true],
  ["connect.sid", "s%3Aabcdef.ghijk", true],
  ["PHPSESSID", "r2t5uvjq435r4q7ib3vtdjq120", true],
  ["csrftoken", "x9Yz12", true],
  ["remember_user", "1!deadbeef", true],
  ["x", "8f14e45fceea167a5a36dedd4bea2543", true],
  ["lang", "en-gb", false],
  ["theme", "dark", false],
  ["view", "order", false],
  ["sid", "abc", false],
  ["currency", "EUR", false],
  ["page", "12", false],
  ["session_view", "order_list", false],
  ["consent", "2024-01-01", false],
])("the cookie %s=%s is a secret: %s", (name, value, wanted) => {
  expect(isSecretCookie({ name, value, httpOnly: false })).toBe(wanted);
});

test("what only the server reads is a secret where it is no word", () => {
  expect(isSecretCookie({ name: "x", value: "1a2b3c4d", httpOnly: true })).toBe(true);
  expect(isSecretCookie({ name: "lang", value: "en-gb", httpOnly: true })).toBe(false);
  expect(isSecretCookie({ name: "mode", value: "dark-mode", httpOnly: true })).toBe(false);
});
