import type { Json } from "@ape/core/lib/json";
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
  ["rest%5Froute=/admin/users"],
  ["rest.route=/admin/users"],
  ["+rest_route=/admin/users"],
  ["rest_route[]=/admin/users"],
  ["s=/admin/users"],
  ["/admin/users"],
  ["%2Fadmin%2Fusers"],
  ["a=1&/admin/users="],
])("deny holds for the route in ?%s", (query) => {
  expect(refuses("GET", "/index.php", query)).toBe(true);
  expect(refuses("GET", "/", query)).toBe(true);
});

const posts = (data: Json) =>
  permission.refuses({ method: "POST", path: "/", query: "", headers: {}, data }) !== undefined;

test.each<[Json]>([
  ["rest_route=/admin/users"],
  ["a=1&rest.route=%2Fadmin%2Fusers"],
  [{ rest_route: "/wp/v2/users/5" }],
  [{ "rest.route": ["/admin/users"] }],
])("deny holds for the route in the form %j", (data) => {
  expect(posts(data)).toBe(true);
});

test.each<[Json]>([
  ["rest_route=/shop"],
  [{ rest_route: "/wp/v2/posts", route: "/admin/users" }],
  [{ text: "the rest_route=/admin/users is closed" }],
  ["q=admin/users"],
])("the form %j names no denied route", (data) => {
  expect(posts(data)).toBe(false);
});

test.each<[Json]>([
  [{ Requests: [{ Method: "DELETE", Url: "/x" }] }],
  [{ batch: '[{"method":"DELETE","relative_url":"x"}]' }],
  [`batch=${encodeURIComponent('[{"method":"DELETE","relative_url":"x"}]')}`],
  ['{"operations":[{"verb":"DELETE","resource":"/x"}]}'],
  [{ operations: [{ op: "DELETE", path: "/x" }] }],
  [{ requests: ["DELETE /x"] }],
  [{ requests: [{ request: "GET /admin/users HTTP/1.1" }] }],
])("deny holds for the requests of the batch %j", (data) => {
  expect(posts(data)).toBe(true);
});

test.each<[Json]>([
  [[{ op: "move", from: "/a", path: "/b" }]],
  [[{ op: "replace", path: "/admin", value: 1 }]],
  [{ title: "DELETE /x", note: '["DELETE"]' }],
  [{ requests: [{ method: "GET", url: "/shop" }, "GET /shop"] }],
  [{ payment: { Method: "delete me", Url: "/x" } }],
])("%j is no batch with a denied request", (data) => {
  expect(posts(data)).toBe(false);
});

test.each([
  "<x><_method>&#68;ELETE</_method></x>",
  "<x><_method>&#x44;ELETE</_method></x>",
  "{_method: DELETE}",
  "a: {b: 1, _method: DELETE}",
  "_method: !!str DELETE",
  "? _method\n: DELETE",
])("deny holds for the method that %j names", (data) => {
  expect(posts(data)).toBe(true);
});

test.each(["note: use {_method} or DELETE", "<x>&#68;ELETE</x>", "method: DELETE me", "&#99999999;"])(
  "%j names no method",
  (data) => {
    expect(posts(data)).toBe(false);
  },
);

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

test.each<[deny: string, path: string, refused: boolean]>([
  ["GET /a%20b", "/a+b", true],
  ["GET /a%20b/**", "/a+b/c", true],
  ["GET /big%20%20one", "/big++one", true],
  ["GET /a+b", "/a%20b", true],
  ["GET /a+b", "/a%2Bb", true],
  ["GET /files/year+*", "/files/year%20end", true],
  ["GET /c", "/c++", false],
  ["GET /c++", "/c", false],
  ["GET /c++", "/c%2B%2B", true],
  ["GET /ab", "/a+b", false],
])("deny %s holds for %s, whose plus some servers read as a blank: %s", (deny, path, refused) => {
  const rules = new Permission({ allow: ["* /**"], deny: [deny] });
  const request = { method: "GET", path, query: "", headers: {}, data: undefined };
  expect(rules.refuses(request) !== undefined).toBe(refused);
});

test("a method that only a path parameter names is none: frameworks read it from the query and from the body", () => {
  // Rack, Symfony, Laravel, Express' method-override, and Spring's filter, whose containers give it no path parameters.
  for (const path of ["/items/5;_method=DELETE", "/items;_method=DELETE/5", "/items/5;a=b;_method=delete"])
    expect(refuses("POST", path, "")).toBe(false);
  for (const query of ["x=1;_method=DELETE", "_method=DELETE", "%5fmethod=delete", "_method[]=DELETE"])
    expect(refuses("POST", "/items/5", query)).toBe(true);
  // What the parameter hides of the path itself does not matter.
  expect(refuses("POST", "/admin;_method=GET/users", "")).toBe(true);
});
