import { RouteTable } from "@ape/core/protocol/operations/route-table";
import { expect, test } from "vitest";
import { Permission } from "./permission.ts";

const permission = new Permission({
  allow: ["* /**"],
  deny: ["* /admin/**", "DELETE /**", "* /wp-json/wp/v2/users/**"],
});
const refuses = (method: string, path: string, query = "", headers: Record<string, string> = {}) =>
  permission.refuses({ method, path, query, headers, data: undefined, template: undefined }) !== undefined;

test.each([
  "/index.php/admin/users",
  "/app_dev.php/admin/users",
  "/sub/index.cfm/admin/users".replace("/sub", ""),
  "/index.jsp/admin/users",
  "/(S(abc))/admin/users",
  "/(A(x)F(y))/admin/users",
  "/(s(abc))/index.php/admin/users",
  "/admin::$INDEX_ALLOCATION/users",
  "/admin:$i30:$INDEX_ALLOCATION/users",
  "/adm%e0%81%a9n/users",
  "/%f0%80%81%a1dmin/users",
  "/x%e0%80%af..%e0%80%afadmin/users",
])("deny holds for %s", (path) => {
  expect(refuses("GET", path)).toBe(true);
});

test.each([
  ["rest_route=/wp/v2/users/5"],
  ["rest_route=%2Fwp%2Fv2%2Fusers%2F5"],
  ["a=1&q=admin/users"],
  ["r=admin/users"],
])("deny holds for the route in ?%s", (query) => {
  expect(refuses("GET", "/index.php", query)).toBe(true);
  expect(refuses("GET", "/", query)).toBe(true);
});

test.each(["x-matched-path", "x-invoke-path", "x-url", "x-path", "x-uri", "x-route", "x-target-path"])(
  "deny holds for the path in the header %s",
  (name) => {
    expect(refuses("GET", "/", "", { [name]: "/admin/users" })).toBe(true);
    expect(refuses("GET", "/", "", { [name]: "/shop" })).toBe(false);
  },
);

test.each(["http_method", "httpMethod", "_verb", "requestMethod", "HTTP_X_HTTP_METHOD_OVERRIDE"])(
  "deny holds for the method that ?%s names",
  (name) => {
    expect(refuses("POST", "/users/5", `${name}=DELETE`)).toBe(true);
    expect(refuses("POST", "/users/5", `${name}=everything`)).toBe(false);
  },
);

test.each([
  ["/products", "q=desk+lamp"],
  ["/products", "q=a/b&page=2"],
  ["/index.php/shop", ""],
  ["/(S(abc))/shop", ""],
  ["/files/report:2026", ""],
])("what nothing denies is sent: %s?%s", (path, query) => {
  expect(refuses("GET", path, query)).toBe(false);
});

test("a parameter in the style matrix is what its document writes, and no path parameter that slips by", () => {
  const routes = new RouteTable();
  routes.add("GET", "/a/{id}");
  const rules = { allow: ["GET /a/{id}"], deny: [], operations: ["GET /a/{id}"], routes };
  const call = {
    method: "GET",
    path: "/a/;id=1;id=2",
    query: "",
    headers: {},
    data: undefined,
    template: "/a/{id}",
  };
  expect(new Permission({ ...rules, matrix: new Set(["GET /a/{id}"]) }).refuses(call)).toBeUndefined();
  expect(new Permission(rules).refuses(call)).toBeDefined();
});
