import fc from "fast-check";
import { expect, test } from "vitest";
import { RouteTable, templateValues } from "./route-table.ts";

test("a fixed segment wins over a parameter, and backs off where it leads nowhere", () => {
  const routes = new RouteTable();
  for (const template of [
    "/",
    "/orders",
    "/orders/{id}",
    "/orders/latest",
    "/orders/{id}/lines",
    "/{any}/latest/x",
  ])
    routes.add("GET", template);
  expect(routes.match("GET", "/")).toBe("/");
  expect(routes.match("GET", "/orders")).toBe("/orders");
  expect(routes.match("GET", "/orders/latest")).toBe("/orders/latest");
  expect(routes.match("GET", "/orders/17")).toBe("/orders/{id}");
  expect(routes.match("GET", "/orders/latest/lines")).toBe("/orders/{id}/lines");
  expect(routes.match("GET", "/orders/latest/x")).toBe("/{any}/latest/x");
  expect(routes.match("POST", "/orders")).toBeUndefined();
});

test("a filled template is always found again", () => {
  const segment = fc.stringMatching(/^[a-z]{1,8}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(segment, fc.boolean()), { minLength: 1, maxLength: 6 }), (parts) => {
      const template = `/${parts.map(([name, variable]) => (variable ? `{${name}}` : name)).join("/")}`;
      const routes = new RouteTable();
      routes.add("PUT", template);
      expect(routes.match("PUT", template.replaceAll(/\{(\w+)\}/g, "value-$1"))).toBe(template);
    }),
  );
});

test("a slash at the end is let pass, unless the document has a path of its own there", () => {
  const table = new RouteTable();
  table.add("GET", "/users");
  table.add("GET", "/users/{name}");
  expect(table.match("GET", "/users/")).toBe("/users");
  expect(table.match("GET", "/users/a/")).toBe("/users/{name}");
  expect(table.match("GET", "/users//")).toBeUndefined();
  table.add("GET", "/users/");
  expect(table.match("GET", "/users/")).toBe("/users/");
});

const MIXED = [
  "/jobs/{id}",
  "/jobs/{id}:cancel",
  "/jobs/{id}:run",
  "/jobs/latest:run",
  "/jobs:search",
  "/files/{name}.json",
  "/files/{name}.tar.gz",
  "/files/{name}.gz",
  "/files/{name}",
  "/days/{year}-{month}-{day}",
  "/days/{from}..{to}",
  "/compare/{base}...{head}",
  "/v{version}/users",
  "/@{user}",
  "/{any}",
  "/sets/{a}{b}",
];

test.each([
  ["/jobs/5", "/jobs/{id}"],
  ["/jobs/5:cancel", "/jobs/{id}:cancel"],
  ["/jobs/5%3Acancel", "/jobs/{id}:cancel"],
  ["/jobs/5:run", "/jobs/{id}:run"],
  ["/jobs/a:b:run", "/jobs/{id}:run"],
  ["/jobs/latest:run", "/jobs/latest:run"],
  ["/jobs/5:delete-everything", "/jobs/{id}"],
  ["/jobs/:run", "/jobs/{id}"],
  ["/jobs:search", "/jobs:search"],
  ["/jobs:other", "/{any}"],
  ["/files/a.json", "/files/{name}.json"],
  ["/files/a.tar.gz", "/files/{name}.tar.gz"],
  ["/files/a.gz", "/files/{name}.gz"],
  ["/files/.json", "/files/{name}"],
  ["/days/2026-01-31", "/days/{year}-{month}-{day}"],
  ["/days/2026-01-01..2026-01-31", "/days/{from}..{to}"],
  ["/days/2026--31", undefined],
  ["/compare/main...next", "/compare/{base}...{head}"],
  ["/v2/users", "/v{version}/users"],
  ["/v/users", undefined],
  ["/@ada", "/@{user}"],
  ["/@", "/{any}"],
  ["/sets/xy", "/sets/{a}{b}"],
  ["/sets/x", undefined],
])("%s belongs to %s", (path, template) => {
  for (const order of [MIXED, [...MIXED].reverse()]) {
    const routes = new RouteTable();
    for (const one of order) routes.add("POST", one);
    // Both orders of `{year}-{month}-{day}` and `{from}..{to}` have two characters of text.
    const found = routes.match("POST", path);
    if (path === "/days/2026-01-01..2026-01-31") expect(found).toMatch(/^\/days\/\{(?:from|year)\}/);
    else expect(found).toBe(template);
  }
});

test.each([
  ["/jobs/{id}:cancel", "/jobs/5:cancel", { id: "5" }],
  ["/jobs/{id}:cancel", "/jobs/a%2Fb:cancel", { id: "a/b" }],
  ["/files/{name}.json", "/files/a.b.json", { name: "a.b" }],
  ["/{a}-{b}", "/x-y-z", { a: "x", b: "y-z" }],
  ["/{a}..{b}", "/1..2", { a: "1", b: "2" }],
  ["/a/{b}/c/{d}", "/a/1/c/caf%C3%A9", { b: "1", d: "café" }],
  ["/a/{b}", "/a", {}],
  ["/a", "/a", {}],
])("the parameters of %s in %s are %j", (template, path, values) => {
  expect(templateValues(template, path)).toEqual(values);
});

test("a template with literal text is found again, and its values are those that filled it", () => {
  const literal = fc.stringMatching(/^[:.~@-]{1,2}[a-z]{0,6}$/);
  const value = fc.stringMatching(/^[A-Z0-9]{1,6}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(literal, value), { minLength: 1, maxLength: 4 }), (parts) => {
      const template = `/x/${parts.map(([text], index) => `{p${index}}${text}`).join("")}`;
      const path = `/x/${parts.map(([text, filled]) => `${filled}${text}`).join("")}`;
      const routes = new RouteTable();
      routes.add("GET", "/x/{all}");
      routes.add("GET", template);
      expect(routes.match("GET", path)).toBe(template);
      expect(Object.values(templateValues(template, path))).toEqual(parts.map(([, filled]) => filled));
    }),
  );
});

test.each([
  ["/{a}-{b}", "/x-"],
  ["/{a}-{b}", "/-x"],
  ["/{a}-{b}", "/xy"],
  ["/{a}{b}", "/x"],
  ["/a{b}", "/a"],
  ["/{a}b", "/b"],
  ["/a{b}c", "/ac"],
])("of %s no parameter is empty: %s does not fit", (template, path) => {
  expect(templateValues(template, path)).toEqual({});
});
