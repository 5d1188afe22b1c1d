import type { ApiDescription, ApiField, ApiOperation } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { apiField } from "../../test/api-field.ts";
import { type Operation, OperationCatalog } from "./operation-catalog.ts";

type Given = Partial<ApiOperation> & Pick<ApiOperation, "method" | "path">;

const field = (place: ApiField["in"], name: string, more: Partial<ApiField> = {}): ApiField =>
  apiField(place, name, { required: place !== "answer", ...more });
const body = (name: string, more: Partial<ApiField> = {}) => field("body", name, more);
const answer = (name: string, description = "") => field("answer", name, { description });
const apiOf = (operations: Given[], more: Partial<ApiDescription> = {}): ApiDescription => ({
  target: "app",
  title: "t",
  documented: true,
  auth: [],
  operations: operations.map((one) => ({ summary: "", secured: false, fields: [], ...one })),
  ...more,
});
const catalogOf = (...apis: ApiDescription[]): OperationCatalog => new OperationCatalog(apis);
const onlyOf = (operation: Given, more: Partial<ApiDescription> = {}): Operation =>
  catalogOf(apiOf([operation], more)).operations[0] as Operation;

test.each<[login: boolean, Given]>([
  [true, { method: "POST", path: "/sessions", summary: "Log in" }],
  [true, { method: "POST", path: "/x", summary: "Sign in to the shop" }],
  [false, { method: "GET", path: "/sessions", summary: "Log in" }],
  [false, { method: "DELETE", path: "/sessions", summary: "Log in" }],
  [false, { method: "POST", path: "/sessions/end", summary: "Log out" }],
  [true, { method: "POST", path: "/x", summary: "Open the door", fields: [body("user"), body("password")] }],
  [
    false,
    { method: "POST", path: "/x", summary: "Open the door", secured: true, fields: [body("password")] },
  ],
  [
    false,
    { method: "POST", path: "/users", summary: "Register a user", fields: [body("user"), body("password")] },
  ],
  [
    false,
    { method: "POST", path: "/users", summary: "Create a user", fields: [body("user"), body("password")] },
  ],
  [
    false,
    { method: "POST", path: "/users", summary: "Update a user", fields: [body("user"), body("password")] },
  ],
  [
    true,
    {
      method: "POST",
      path: "/auth/token",
      summary: "Create a token",
      fields: [body("user"), body("password")],
    },
  ],
  [true, { method: "POST", path: "/sessions", summary: "Create a session", fields: [body("password")] }],
  [
    false,
    { method: "POST", path: "/vault", summary: "Unlock it", fields: [body("vaultId"), body("password")] },
  ],
  [
    true,
    { method: "POST", path: "/vault", summary: "Unlock it", fields: [body("userId"), body("password")] },
  ],
  [true, { method: "POST", path: "/vault", summary: "Unlock it", fields: [body("id"), body("password")] }],
  [
    true,
    {
      method: "POST",
      path: "/vault",
      summary: "Unlock it",
      fields: [body("vaultId", { required: false }), body("password")],
    },
  ],
  [false, { method: "POST", path: "/vault", summary: "Unlock it", fields: [field("query", "password")] }],
  [false, { method: "POST", path: "/orders", summary: "Order a lamp", fields: [body("sku")] }],
])("a login (%s): %j", (login, operation) => expect(onlyOf(operation).login).toBe(login));

test("a test of a token is no login where another operation is one", () => {
  const check: Given = { method: "POST", path: "/login/test", summary: "Log in with a token", secured: true };
  const login: Given = { method: "POST", path: "/login", summary: "Log in", fields: [body("password")] };
  expect(onlyOf(check).login).toBe(true);
  expect(catalogOf(apiOf([check, login])).operations.map((one) => one.login)).toEqual([false, true]);
  const secured: Given = { ...login, secured: true };
  expect(catalogOf(apiOf([check, secured])).operations.map((one) => one.login)).toEqual([false, true]);
});

test.each<[Given, Pick<Operation, "method" | "writes" | "verb">]>([
  [
    { method: "GET", path: "/a", summary: "List things" },
    { method: "GET", writes: false, verb: "~find" },
  ],
  [
    { method: "PUT", path: "/a", summary: "Paint. Find it." },
    { method: "PUT", writes: true, verb: undefined },
  ],
  [
    { method: "query", path: "things", summary: "Paint" },
    { method: "GET", writes: false, verb: undefined },
  ],
  [
    { method: "mutation", path: "paint", summary: "" },
    { method: "POST", writes: true, verb: undefined },
  ],
  [
    { method: "mutation", path: "orderMeal", summary: "" },
    { method: "POST", writes: true, verb: "~buy" },
  ],
  [
    { method: "tool", path: "find_boats", summary: "" },
    { method: "GET", writes: false, verb: "~find" },
  ],
  [
    { method: "tool", path: "boats", summary: "Show a boat" },
    { method: "GET", writes: false, verb: "~show" },
  ],
  [
    { method: "tool", path: "paint", summary: "" },
    { method: "POST", writes: true, verb: undefined },
  ],
  [
    { method: "tool", path: "paint", summary: "", reads: true },
    { method: "GET", writes: false, verb: undefined },
  ],
])("%j is %j", (operation, traits) => expect(onlyOf(operation)).toMatchObject(traits));

test("what reads has its arguments as a query has, and what signs a call is no input", () => {
  const inputs = (operation: Given) =>
    onlyOf(operation).inputs.map(({ in: place, name }) => `${place} ${name}`);
  expect(inputs({ method: "query", path: "things", fields: [body("first")] })).toEqual(["query first"]);
  expect(inputs({ method: "mutation", path: "paint", fields: [body("first")] })).toEqual(["body first"]);
  expect(inputs({ method: "GET", path: "/a", fields: [body("first")] })).toEqual(["body first"]);
  expect(
    inputs({
      method: "GET",
      path: "/a",
      fields: [field("header", "Authorization"), field("header", "Cookie"), field("header", "X-Kind")],
    }),
  ).toEqual(["header X-Kind"]);
});

test("fields of another form of a body are not required", () => {
  const { inputs } = onlyOf({
    method: "POST",
    path: "/a",
    fields: [body("a", { form: 1 }), body("b", { form: 2 }), body("c")],
  });
  expect(inputs.map(({ name, required }) => [name, required])).toEqual([
    ["a", true],
    ["b", false],
    ["c", true],
  ]);
});

test("the list of an answer is the one with the most fields", () => {
  const list = (...names: string[]) => {
    const found = onlyOf({ method: "GET", path: "/a", fields: names.map((name) => answer(name)) }).list;
    return found && [found.prefix, found.fields.map(({ name }) => name)];
  };
  expect(list("[].id", "[].name")).toEqual(["", ["[].id", "[].name"]]);
  expect(list("total", "items[].id", "tags[].a", "tags[].b")).toEqual(["tags", ["tags[].a", "tags[].b"]]);
  expect(list("a[].id", "b[].id")).toEqual(["a", ["a[].id"]]);
  expect(list("tags[]", "items[].id")).toEqual(["items", ["items[].id"]]);
  expect(list("tags[]", "id")).toBeUndefined();
});

test("without a document a read of what paths lead into shows ids and names, and a write is known by its path alone", () => {
  const bare = (operations: Given[], more: Partial<ApiDescription> = {}) =>
    catalogOf(apiOf(operations, { documented: false, ...more })).operations;
  const [list, item, make] = bare([
    { method: "GET", path: "/notes/" },
    { method: "GET", path: "/notes/{id}", fields: [field("path", "id")] },
    { method: "POST", path: "/notes" },
  ]);
  expect(list?.answers.map(({ name }) => name)).toEqual(["[].id", "[].name"]);
  expect(item?.answers).toEqual([]);
  expect([list?.undocumented, make?.undocumented]).toEqual([undefined, true]);
  const written = (method: Given["method"], fields: ApiField[] = []) =>
    bare([{ method, path: "/a/{id}", fields }])[0]?.undocumented;
  expect([
    written("PUT"),
    written("PATCH"),
    written("DELETE"),
    written("POST", [field("path", "id")]),
  ]).toEqual([true, true, undefined, true]);
  expect(written("POST", [body("a")])).toBeUndefined();
  expect(bare([{ method: "POST", path: "/a" }], { kind: "web" })[0]?.undocumented).toBeUndefined();
  expect(onlyOf({ method: "POST", path: "/a" }).undocumented).toBeUndefined();
});

test("targets without anything known, and web targets, are told apart", () => {
  const catalog = catalogOf(
    apiOf([], { target: "dark", documented: false }),
    apiOf([], { target: "empty" }),
    apiOf([], { target: "site", kind: "web", documented: false }),
    apiOf([{ method: "GET", path: "/" }], { target: "known", documented: false }),
  );
  expect(catalog.undocumented).toEqual(["dark"]);
  expect(catalog.web).toEqual(["site"]);
  expect(catalogOf().signsEachCall).toBe(false);
  const signed = apiOf([], { auth: [{ type: "bearer" }, { type: "basic" }] });
  expect(catalogOf(signed).signsEachCall).toBe(true);
  expect(catalogOf(signed, apiOf([])).signsEachCall).toBe(false);
});

test("verbs are the first words of summaries, and what paths say is done", () => {
  const { verbs } = catalogOf(
    apiOf([
      { method: "GET", path: "/a", summary: "Painting a fence" },
      { method: "GET", path: "/b", summary: "Do it" },
      { method: "POST", path: "/articles/{slug}/favorite" },
      { method: "GET", path: "/articles/{slug}/rating" },
    ]),
  );
  expect([...verbs]).toEqual(expect.arrayContaining(["paint", "favorit"]));
  expect([...verbs]).not.toContain("do");
  expect([...verbs]).not.toContain("rate");
});

test("an operation is found by a path or a name, within its target", () => {
  const catalog = catalogOf(
    apiOf([
      { method: "GET", path: "/notes/{id}" },
      { method: "query", path: "notes" },
    ]),
    apiOf([{ method: "GET", path: "/notes/{id}" }], { target: "other" }),
  );
  expect(catalog.at("app", "GET", "/notes/7")?.target).toBe("app");
  expect(catalog.at("other", "GET", "/notes/7")?.target).toBe("other");
  expect(catalog.at("app", "query", "notes")?.key).toBe("query notes");
  expect(catalog.at("app", "PUT", "/notes/7")).toBeUndefined();
  expect(catalog.at("app", "GET", "/other")).toBeUndefined();
  expect(catalog.at("none", "GET", "/notes/7")).toBeUndefined();
  expect(catalog.at("other", "query", "notes")).toBeUndefined();
});

test("a login is that of its target", () => {
  const catalog = catalogOf(
    apiOf([{ method: "POST", path: "/login", summary: "Log in" }]),
    apiOf([], { target: "other" }),
  );
  expect(catalog.login("app")?.path).toBe("/login");
  expect(catalog.login("other")).toBeUndefined();
});

/** Where an input's value can come from: `operation field` with `*` for one of a list, likeliest first. */
function sourcesOf(
  operations: Given[],
  owner: string,
  name: string,
  others: ApiDescription[] = [],
): string[] {
  const catalog = catalogOf(apiOf(operations), ...others);
  const own = catalog.operations.find(({ key }) => key === owner) as Operation;
  const input = own.inputs.find((one) => one.name === name);
  if (input === undefined) throw new Error(`no ${name}`);
  return catalog
    .sources(own, input)
    .map(
      ({ operation, field: from, listed }) =>
        `${operation.target} ${operation.key} ${from.name}${listed ? "*" : ""}`,
    );
}

test("ids of paths come from their collections, whatever they are called there", () => {
  const operations: Given[] = [
    { method: "GET", path: "/bikes/", fields: [answer("[].tag"), answer("[].colour")] },
    { method: "POST", path: "/bikes", fields: [answer("tag")] },
    { method: "GET", path: "/cars", fields: [answer("[].plate")] },
    { method: "GET", path: "/bikes/{tag}", fields: [field("path", "tag")] },
    { method: "PUT", path: "/bikes/{tag}/lock", fields: [field("path", "tag")] },
  ];
  const found = sourcesOf(operations, "PUT /bikes/{tag}/lock", "tag");
  expect(found).toEqual(expect.arrayContaining(["app GET /bikes/ [].tag*", "app POST /bikes tag"]));
  expect(found.join()).not.toContain("colour");
  expect(found.join()).not.toContain("cars");
});

test("an own target's answers come before those of others", () => {
  const shop: Given = { method: "GET", path: "/wares", fields: [answer("[].wareId", "Id of the ware")] };
  const order: Given = {
    method: "POST",
    path: "/orders",
    fields: [body("wareId", { description: "Id of the ware" })],
  };
  const found = sourcesOf([order, shop], "POST /orders", "wareId", [apiOf([shop], { target: "abroad" })]);
  expect(found).toEqual(["app GET /wares [].wareId*", "abroad GET /wares [].wareId*"]);
});

test("an identifier with a name of its own comes from the only list that has it", () => {
  const order: Given = { method: "POST", path: "/orders", fields: [body("isbn")] };
  const books: Given = { method: "GET", path: "/books", fields: [answer("[].isbn"), answer("[].title")] };
  const found = (...more: Given[]) => sourcesOf([order, books, ...more], "POST /orders", "isbn");
  expect(found()).toContain("app GET /books [].isbn*");
  const named = (name: string, list: Given) =>
    sourcesOf([{ method: "POST", path: "/orders", fields: [body(name)] }, list], "POST /orders", name);
  expect(named("ref", { method: "GET", path: "/zz", fields: [answer("[].ref", "Xyz")] })).toEqual([
    "app GET /zz [].ref*",
  ]);
});

test("a thing's name in a body is an id of the list of such things", () => {
  const rent = (more: Partial<ApiField> = {}): Given => ({
    method: "POST",
    path: "/rentals",
    fields: [body("vehicle", more)],
  });
  const vehicles: Given = { method: "GET", path: "/vehicles", fields: [answer("[].id"), answer("[].name")] };
  const listFor = (owner: Given, ...others: Given[]) => {
    const catalog = catalogOf(apiOf([owner, ...others]));
    const [own] = catalog.operations as [Operation];
    const input = own.inputs.at(-1);
    if (input === undefined) throw new Error("no input");
    expect(catalog.takesListed(own, input)).toBe(catalog.thingList(own, input) !== undefined);
    return catalog.thingList(own, input)?.key;
  };
  expect(listFor(rent(), vehicles)).toBe("GET /vehicles");
  expect(listFor(rent({ type: "integer" }), vehicles)).toBe("GET /vehicles");
  expect(listFor(rent({ required: false }), vehicles)).toBeUndefined();
  expect(listFor(rent({ enum: ["a"] }), vehicles)).toBeUndefined();
  expect(listFor(rent({ type: "boolean" }), vehicles)).toBeUndefined();
  expect(listFor(rent({ format: "date" }), vehicles)).toBeUndefined();
  expect(listFor(rent({ format: "time" }), vehicles)).toBeUndefined();
  expect(listFor(rent({ in: "query" }), vehicles)).toBeUndefined();
  expect(
    listFor({ method: "POST", path: "/rentals", fields: [body("a.vehicle")] }, vehicles),
  ).toBeUndefined();
  expect(
    listFor({ method: "POST", path: "/rentals", fields: [body("vehicleKind")] }, vehicles),
  ).toBeUndefined();
  expect(listFor(rent(), { ...vehicles, path: "/vehicle" })).toBeUndefined();
  expect(
    listFor(rent(), { ...vehicles, fields: [...(vehicles.fields ?? []), field("query", "day")] }),
  ).toBeUndefined();
  expect(listFor(rent(), { ...vehicles, method: "POST" })).toBeUndefined();
  expect(listFor(rent(), { ...vehicles, fields: [answer("id")] })).toBeUndefined();
  const abroad = new OperationCatalog([apiOf([rent()]), apiOf([vehicles], { target: "abroad" })]);
  const [own] = abroad.operations as [Operation];
  expect(own.inputs.map((input) => abroad.thingList(own, input))).toEqual([undefined]);
});
