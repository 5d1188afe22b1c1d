import type { Json } from "@ape/core/lib/json";
import type { HttpMethod } from "@ape/core/protocol/operations/operation";
import { RouteTable } from "@ape/core/protocol/operations/route-table";
import { expect, test } from "vitest";
import { type OutgoingRequest, Permission, type PermissionRules } from "./permission.ts";

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
  expect(new Permission({ allow, deny }).permits(method, path)).toBe(wanted);
});

const refuses = (
  rules: Partial<PermissionRules>,
  method: string,
  path: string,
  more: Partial<OutgoingRequest> = {},
): boolean => {
  const { operations = [] } = rules;
  const routes = new RouteTable();
  for (const operation of operations) {
    const [verb, template] = operation.split(" ") as [HttpMethod, string];
    routes.add(verb, template);
  }
  const permission = new Permission({ allow: ["* /**"], deny: [], routes, ...rules });
  const template = routes.match(method as HttpMethod, path);
  const request = { method, path, query: "", headers: undefined, data: undefined, template, ...more };
  return permission.refuses(request) !== undefined;
};

test.each([
  [["DELETE /files/admin"], "DELETE", "/files/admin", true],
  [["DELETE /files/admin"], "DELETE", "/files/other", false],
  [["DELETE /files/admin"], "GET", "/files/admin", false],
  [["GET /files/secret*"], "GET", "/files/secret", true],
  [["GET /files/secret*"], "GET", "/files/secrets.txt", true],
  [["* /admin/**"], "GET", "/Admin/users", true],
  [["* /ADMIN/**"], "GET", "/admin", true],
  [["* /admin/**"], "GET", "/administer", false],
  [["* /admin/**"], "GET", "//admin//users", true],
  [["* /admin/**"], "GET", "/x/..%2fadmin/z", true],
  [["* /admin/**"], "GET", "/x/%252e%252e/admin", true],
  [["* /admin/**"], "GET", "/x/..;/admin", true],
  [["* /admin/**"], "GET", "/.;a=b/admin", true],
  [["* /admin/**"], "GET", "/%61dmin", true],
  [["* /admin/**"], "GET", "/%2561dmin", true],
  [["* /admin/**"], "GET", "/%u0061dmin", true],
  [["* /admin/**"], "GET", "/admin%2fx", true],
  [["* /admin/**"], "GET", "/admin%c0%afx", true],
  [["* /admin/**"], "GET", "/admin\\x", true],
  [["* /admin/**"], "GET", "/admin%5cx", true],
  [["* /admin/**"], "GET", "/admin;x=1/y", true],
  [["* /admin/**"], "GET", "/admin%3bx=1/y", true],
  [["* /admin/**"], "GET", "/admin%00.png", true],
  [["* /admin/**"], "GET", "/admin%20", true],
  [["* /admin/**"], "GET", "/admin.", true],
  [["* /admin/**"], "GET", "/admin::$DATA", true],
  [["* /admin/**"], "GET", "/admin%3fx", true],
  [["* /admin/**"], "GET", "/admin.json", true],
  [["* /admin/**"], "GET", "/\uff41dmin", true],
  [["* /straße"], "GET", "/stra%C3%9Fe", true],
  [["* /caf%C3%A9"], "GET", "/CAF%c3%89", true],
  [["* /caf%C3%A9"], "GET", "/cafe%CC%81", true],
  [["POST /orders"], "POST", "/orders/", true],
  [["POST /orders/"], "POST", "/orders", true],
  [["POST /orders?x=1"], "POST", "/orders", true],
  [["POST /orders"], "POST", "/orders/17", false],
  [["GET /files/*"], "GET", "/files/a%2fb", true],
  [["GET /files/{name}"], "GET", "/FILES/a/", true],
  [["GET /"], "GET", "/", true],
  [["GET /"], "GET", "/a", false],
  [["POST /jobs/{id}:cancel"], "POST", "/jobs/5%3Acancel", true],
  [["POST /jobs/{id}:cancel"], "POST", "/jobs/5:run", false],
  [["* /a**"], "PUT", "/abc/d/e", true],
] as const)("deny %j refuses %s %s: %s", (deny, method, path, refused) => {
  expect(refuses({ deny }, method, path)).toBe(refused);
});

test.each([
  [{ "x-http-method-override": "DELETE" }, "", undefined],
  [{ "X-HTTP-Method": "delete" }, "", undefined],
  [{ "x-method-override": "PUT, DELETE" }, "", undefined],
  [undefined, "_method=DELETE", undefined],
  [undefined, "a=1&%5Fmethod=delete", undefined],
  [undefined, "", { _method: "delete", name: "x" }],
  [undefined, "", { _method: ["delete"] }],
  [undefined, "", "a=b&_method=DELETE"],
  [undefined, "", '--x\r\nContent-Disposition: form-data; name="_method"\r\n\r\nDELETE\r\n--x--'],
] as const)("headers %j, query %j and data %j make a POST a DELETE", (headers, query, data) => {
  const more = { headers, query, data: data as Json | undefined };
  expect(refuses({ deny: ["DELETE /orders/*"] }, "POST", "/orders/1", more)).toBe(true);
  expect(refuses({ allow: ["POST /**"] }, "POST", "/orders/1", more)).toBe(true);
  expect(refuses({ allow: ["* /orders/*"] }, "POST", "/orders/1", more)).toBe(false);
  expect(refuses({ readOnly: true }, "GET", "/orders/1", more)).toBe(true);
});

test.each<[string, boolean]>([
  ["GET", false],
  ["POST", true],
  ["DELETE", true],
])("a target that may only be read refuses %s: %j", (method, refused) => {
  expect(refuses({ readOnly: true }, method, "/orders/1")).toBe(refused);
  expect(refuses({ readOnly: false }, method, "/orders/1")).toBe(false);
});

test.each<[string, string, boolean, boolean]>([
  ["/api", "/api/admin", true, true],
  ["/api/", "/api/admin", true, true],
  ["/api/", "/api/admin/", true, false],
  ["/api", "/api/order", false, false],
  ["/other", "/api/admin", false, true],
])("the prefix %s is taken off %s: denied %j, allowed %j", (prefix, path, denied, allowed) => {
  const more = { headers: { "x-forwarded-prefix": prefix } };
  expect(refuses({ deny: ["* /admin"] }, "GET", path, more)).toBe(denied);
  expect(refuses({ allow: ["GET /api/**", "GET /admin"] }, "GET", path, more)).toBe(!allowed);
});

test("a field called _method that names none is data of the API", () => {
  const data = { _method: "credit card" };
  expect(refuses({ allow: ["POST /payments"] }, "POST", "/payments", { data })).toBe(false);
});

test.each<Record<string, string>>([
  { "x-original-url": "/admin/x" },
  { "X-Rewrite-Url": "/api/ADMIN/x?a=b" },
  { "x-original-url": "http://other.example/admin" },
  { "x-rewrite-url": "admin" },
])("the path in %j counts as the request's own", (headers) => {
  const rules = { deny: ["* /admin/**"], base: "/api" };
  expect(refuses(rules, "GET", "/", { headers })).toBe(true);
  expect(refuses(rules, "GET", "/", { headers: { "x-original-url": "/a" } })).toBe(false);
  expect(refuses({ ...rules, headers }, "GET", "/")).toBe(true);
  expect(refuses({ allow: ["GET /"] }, "GET", "/", { headers })).toBe(true);
});

test("allow permits the documented templates that it names, not what their patterns would match besides", () => {
  const operations = [
    "POST /jobs/{id}:run",
    "POST /jobs/{id}:cancel",
    "GET /jobs/{id}",
    "GET /jobs/latest",
    "GET /projects/{id}",
  ];
  const rules = { operations, allow: ["POST /jobs/{job}:run", "GET /jobs/{id}", "GET /projects/{id}"] };
  expect(refuses(rules, "POST", "/jobs/5:run")).toBe(false);
  expect(refuses(rules, "POST", "/jobs/5:cancel")).toBe(true);
  expect(refuses(rules, "POST", "/jobs/5:delete-everything")).toBe(true);
  expect(refuses(rules, "GET", "/jobs/5")).toBe(false);
  expect(refuses(rules, "GET", "/jobs/latest")).toBe(true);
  expect(refuses(rules, "GET", "/JOBS/5")).toBe(true);
  expect(refuses(rules, "GET", "/projects/group%2Fname")).toBe(false);
  expect(refuses({ allow: ["GET /a/b"] }, "GET", "/a%2Fb")).toBe(true);
  expect(refuses({ allow: ["GET /a/b"] }, "GET", "/a/%62")).toBe(false);
});

test("a documented template does not lift what its concrete path is denied", () => {
  const rules = { operations: ["GET /{tenant}/users", "DELETE /files/{name}"] };
  expect(refuses({ ...rules, deny: ["* /admin/**"] }, "GET", "/admin/users")).toBe(true);
  expect(refuses({ ...rules, deny: ["* /admin/**"] }, "GET", "/acme/users")).toBe(false);
  expect(refuses({ ...rules, deny: ["DELETE /files/{file}"] }, "DELETE", "/files/x%2Fy")).toBe(true);
});

test("names of GraphQL and of tools are denied in any letter case", () => {
  const permission = new Permission({ allow: ["tool *"], deny: ["tool delete_*"] });
  expect(permission.permits("tool", "Delete_all")).toBe(false);
  expect(permission.permits("tool", "search")).toBe(true);
});

test.each<[string, string, string, boolean]>([
  ["GET /lit", "GET", "/lit/", true],
  ["GET /lit", "GET", "/lit", false],
  ["GET /lit/", "GET", "/lit", true],
  ["GET /x/{id}", "GET", "/x/1/", true],
  ["GET /x/{id}", "GET", "/x/1", false],
  ["GET /w/*", "GET", "/w/a%2fb", true],
  ["GET /w/*", "GET", "/w/a", false],
  ["GET /files/{name}", "GET", "/files/a%2Fb", false],
  ["POST /jobs/{id}:cancel", "POST", "/jobs/1:start;:cancel", true],
  ["POST /jobs/{id}:cancel", "POST", "/jobs/1:start%3B:cancel", true],
  ["POST /jobs/{id}:cancel", "POST", "/jobs/1:cancel", false],
  ["GET /docs/{id}", "GET", "/docs/1;v=2", false],
])("an allow of %s that a person wrote is exact: %s %s is refused: %s", (entry, method, path, refused) => {
  for (const operations of [[entry.includes("*") ? "GET /other" : entry], []])
    expect(refuses({ allow: [entry], operations, isExact: true }, method, path)).toBe(refused);
});

test("what a document lists is allowed with and without a slash at the end where nobody wrote an allow", () => {
  const operations = ["GET /lit"];
  expect(refuses({ allow: operations, operations }, "GET", "/lit/")).toBe(false);
});

const noDeletes = new Permission({ allow: ["* /**"], deny: ["DELETE /**"] });
const posted = (
  data: Json,
  { query = "", headers = {} }: { query?: string; headers?: Record<string, string> } = {},
) => noDeletes.refuses({ method: "POST", path: "/a", query, headers, data });

test.each<[string, Json]>([
  ["a plain name of a method", { http_method: "DELETE" }],
  ["another one", { requestMethod: "delete" }],
  ["a nested name", { user: { _method: "DELETE" } }],
  ["a name in a list", [{ _method: "DELETE" }]],
  ["a deep name", { a: { b: [{ c: { _method: "DELETE" } }] } }],
  ["a list as an object", { _method: { "0": "DELETE" } }],
  ["XML", "<x><_method>DELETE</_method></x>"],
  ["XML with attributes", '<?xml version="1.0"?><x><_method type="text"> DELETE </_method></x>'],
  ["YAML", "a: 1\n_method: DELETE\n"],
  ["YAML in quotes", '- "_method": "DELETE"'],
  ["UTF-16", [..."_method=DELETE"].map((mark) => `${mark}\0`).join("")],
  ["UTF-7", "+AF8-method=DELETE"],
  ["a request of a JSON batch", { requests: [{ id: "1", method: "DELETE", url: "/users/5" }] }],
  ["a request of a Graph batch", [{ method: "DELETE", relative_url: "users/5" }]],
  [
    "a request of a multipart batch",
    "--b\r\nContent-Type: application/http\r\n\r\nDELETE /users/5 HTTP/1.1\r\n\r\n--b--",
  ],
])("a body that names a denied method as %s is refused", (_, data) => {
  expect(posted(data)).toContain("DELETE");
});

test.each<[string, { query?: string; headers?: Record<string, string> }]>([
  ["a verb in the query", { query: "verb=DELETE" }],
  ["an index of a list in the query", { query: "_method%5B0%5D=DELETE" }],
  ["a cookie", { headers: { cookie: "a=1; _method=DELETE" } }],
])("a denied method in %s is refused", (_, more) => {
  expect(posted({}, more)).toContain("DELETE");
});

test.each<[string, Json, { query?: string }?]>([
  ["a webhook's own method", { url: "https://x.example", http_method: "POST" }],
  ["a word of the API", { verb: "DELETE" }],
  ["a verb of another protocol", {}, { query: "verb=ListRecords" }],
  ["a request of a batch that is allowed", { requests: [{ method: "GET", url: "/users/5" }] }],
  ["words about a method", { note: "use _method: DELETE" }],
  ["a text about a request", "GET /users/5 HTTP/1.1"],
  ["a nested method of payment", { payment: { method: "card", url: "/x" } }],
])("%s is data", (_, data, more) => {
  expect(posted(data, more)).toBeUndefined();
});

test("a field that may be data never needs permission of its own", () => {
  const permission = new Permission({ allow: ["POST /webhooks"], deny: [] });
  const data = { url: "https://x.example", http_method: "DELETE" };
  expect(
    permission.refuses({ method: "POST", path: "/webhooks", query: "", headers: {}, data }),
  ).toBeUndefined();
});

test.each([
  ["/admin/x", false],
  ["/api/admin/x", false],
  ["/apiadmin/x", true],
  ["/api", true],
])(
  "the path %s that a header names is read with the base path and without it: refused %j",
  (path, refused) => {
    const rules = { allow: ["GET /", "GET /admin/x"], base: "/api" };
    expect(refuses(rules, "GET", "/", { headers: { "x-original-url": path } })).toBe(refused);
  },
);

test("an entry with a parameter permits what it matches only where no document has it", () => {
  const entry = { allow: ["GET /a/{x}"] };
  expect(refuses(entry, "GET", "/a/b")).toBe(false);
  expect(refuses({ ...entry, operations: ["GET /a/{y}"] }, "GET", "/a/b")).toBe(false);
  expect(refuses({ ...entry, operations: ["GET /a/{y}", "GET /a/b"] }, "GET", "/a/b")).toBe(true);
});

test.each([
  ["* /admin/**", "GET", "/foo", "admin/x"],
  ["* /admin/**", "GET", "/index.php", "admin/x&page=2"],
  ["POST /admin/users", "POST", "/", "admin%2Fusers"],
  ["* /admin/**", "GET", "/adm%C4%B0n/x", ""],
  ["* /admin/**", "GET", "/adm\u0131n/x", ""],
  ["* /foo/admin/**", "GET", "/foo\uff0fadmin/x", ""],
  ["GET /a/{x}:run", "GET", "/a/:run", ""],
  ["GET /a/{x}:run", "GET", "/a/7:run", ""],
  ["GET /a/v{x}", "GET", "/a/v", ""],
])("deny %s holds for %s %s?%s", (deny, method, path, query) => {
  expect(refuses({ deny: [deny] }, method, path, { query })).toBe(true);
});

test.each([
  ["* /admin/**", "GET", "/foo", "admin"],
  ["* /admin/**", "GET", "/foo", "next=home/admin/x"],
  ["GET /a/{x}:run", "GET", "/a/7:stop", ""],
  ["GET /a/{x}", "GET", "/a", ""],
])("deny %s says nothing of %s %s?%s", (deny, method, path, query) => {
  expect(refuses({ deny: [deny] }, method, path, { query })).toBe(false);
});

test.each<[string[], string, boolean]>([
  [["GET /files/{name}"], "/files/a%2Fraw", true],
  [["GET /files/{name}"], "/files/a%252fraw", true],
  [["GET /files/{name}"], "/files/a%5Craw", true],
  [["GET /files/{name}"], "/files/a%2Fb", false],
  [["GET /files/{name}"], "/files/a%2Fb%2Fc", false],
  [["GET /files/{name}"], "/files/raw", false],
  [["GET /files/*"], "/files/a%2Fraw", true],
  [["GET /files/{name}", "GET /files/{name}/raw"], "/files/a%2Fraw", false],
  [["GET /files/**"], "/files/a%2Fraw", false],
])(
  "allow %j: %s leads to another operation behind a server that decodes slashes: %j",
  (allow, path, refused) => {
    const operations = ["GET /files/{name}", "GET /files/{name}/raw", "POST /files/{name}/b"];
    expect(refuses({ allow, operations }, "GET", path)).toBe(refused);
  },
);
