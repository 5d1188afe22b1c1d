import { expect, test } from "vitest";
import { Permission } from "./permission.ts";

test.each([
  [["GET /**"], [], "GET", "/", true],
  [["GET /**"], [], "GET", "/a/b", true],
  [["GET /**"], [], "POST", "/a", false],
  [["* /cart/*"], [], "DELETE", "/cart/7", true],
  [["* /cart/*"], [], "DELETE", "/cart/7/x", false],
  [["* /cart/**"], [], "POST", "/cart", true],
  [["* /cart/**"], [], "POST", "/cartoon", false],
  [["* /**"], ["* /admin/**"], "GET", "/admin/users", false],
  [["* /**"], ["* /admin/**"], "GET", "/administer", true],
  [["GET /orders/{id}"], [], "GET", "/orders/17", true],
  [["GET /a.b"], [], "GET", "/aXb", false],
] as const)("allow %j deny %j: %s %s is %s", (allow, deny, method, path, wanted) => {
  expect(new Permission(allow, deny).permits(method, path)).toBe(wanted);
});
