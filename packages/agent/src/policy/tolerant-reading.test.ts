import { isJsonObject, type JsonObject } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import type { ApiDescription, ApiField } from "@ape/core/protocol/api";
import { TARGET_KIND_TRAITS, TARGET_KINDS } from "@ape/core/protocol/target-kind";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Decision, readDecision } from "./decision.ts";
import { TARGET_ACTIONS } from "./target-actions.ts";

const field = (place: ApiField["in"], name: string, type = "string", required = false): ApiField => ({
  in: place,
  name,
  type,
  required,
  description: "",
});

const shop: ApiDescription = {
  target: "shop",
  title: "Shop",
  documented: true,
  auth: [],
  operations: [
    {
      method: "GET",
      path: "/products",
      id: "listProducts",
      summary: "List products",
      secured: false,
      fields: [field("query", "page", "integer"), field("query", "tags", "string[]"), field("query", "sort")],
    },
    {
      method: "POST",
      path: "/carts/{cartId}/items",
      id: "addItem",
      summary: "Add an item",
      secured: true,
      fields: [
        field("path", "cartId", "string", true),
        field("body", "productId", "string", true),
        field("body", "quantity", "integer", true),
        field("body", "gift", "boolean"),
        field("body", "options", "object"),
        field("body", "options.size"),
      ],
    },
  ],
};
const undocumented: ApiDescription = {
  target: "shop",
  title: "",
  documented: false,
  auth: [],
  operations: [],
};

function read(name: string, args: unknown, api: ApiDescription): Decision | string {
  return readDecision(name, typeof args === "string" ? args : JSON.stringify(args), [api]);
}

const ITEM = { cartId: "c1", data: { productId: "p1", quantity: 2 } };
const added = { method: "POST", path: "/carts/c1/items", data: ITEM.data };

test.each<[kind: string, name: string, args: unknown, expected: object]>([
  ["tool_name", "functions.addItem", ITEM, added],
  ["tool_name", "addItem:0", ITEM, added],
  ["tool_name", " addItem ", ITEM, added],
  ["tool_name", "add_item", ITEM, added],
  ["tool_name", "shop_addItem", ITEM, added],
  ["tool_name", "POST /carts/{cartId}/items", ITEM, added],
  ["tool_name", "GET /products", {}, { method: "GET", path: "/products" }],
  ["tool_name", "GET /products/p1", {}, { method: "GET", path: "/products/p1" }],
  ["tool_name", "addItem<|channel|>commentary", ITEM, added],
  ["tool_name", "assistant<|channel|>commentary to=functions.addItem", ITEM, added],
  ["tool_name", "commentary to=functions.addItem<|constrain|>json", ITEM, added],
  ["tool_name", "functions.addItem<|message|>", ITEM, added],
  ["tool_name", "<tool_call>addItem</tool_call>", ITEM, added],
  ["tool_name", "addItem<｜tool▁sep｜>", ITEM, added],
  ["arguments_text", "addItem", [ITEM], added],
  ["arguments_text", "addItem", "{'cartId': 'c1', 'data': {'productId': 'p1', 'quantity': 2}}", added],
  [
    "arguments_text",
    "addItem",
    '{"cartId": "c1", "data": {"productId": "p1", "quantity": 2, "gift": True}}',
    { ...added, data: { ...ITEM.data, gift: true } },
  ],
  ["arguments_text", "listProducts", '{"page": None, "sort": "True"}', { query: { sort: "True" } }],
  ["argument_name", "addItem", { name: "addItem", arguments: ITEM }, added],
  [
    "argument_name",
    "addItem",
    { name: "functions.addItem", parameters: JSON.stringify(ITEM), type: "function" },
    added,
  ],
  ["argument_name", "addItem", { addItem: ITEM }, added],
  ["argument_name", "addItem", { function: { name: "addItem", arguments: ITEM } }, added],
  ["argument_name", "addItem", { tool_call: { addItem: ITEM } }, added],
  ["arguments_text", "addItem", 'cartId="c1", data={"productId": "p1", "quantity": 2}', added],
  ["argument_name", "listProducts", { tool: "list_products", args: { page: 2 } }, { query: { page: 2 } }],
  ["arguments_text", "addItem", JSON.stringify(JSON.stringify(ITEM)), added],
  ["arguments_text", "addItem", `\`\`\`json\n${JSON.stringify(ITEM)}\n\`\`\``, added],
  ["argument_name", "addItem", { arguments: ITEM }, added],
  ["argument_name", "addItem", { cartId: "c1", product_id: "p1", quantity: 2 }, added],
  ["argument_name", "addItem", { path: { cartId: "c1" }, data: ITEM.data }, added],
  ["argument_name", "listProducts", { query: { page: 2 } }, { query: { page: 2 } }],
  ["argument_name", "addItem", { cartId: "c1", body: ITEM.data }, added],
  ["argument_name", "addItem", { cart_id: "c1", data: ITEM.data }, added],
  ["argument_type", "addItem", { cartId: "c1", data: JSON.stringify(ITEM.data) }, added],
  ["argument_type", "addItem", { cartId: "c1", data: { productId: "p1", quantity: "2" } }, added],
  [
    "argument_type",
    "addItem",
    { cartId: "c1", data: { productId: 7, quantity: 2 } },
    { data: { productId: "7", quantity: 2 } },
  ],
  [
    "argument_type",
    "addItem",
    { cartId: "c1", data: { ...ITEM.data, gift: "true" } },
    { data: { ...ITEM.data, gift: true } },
  ],
  [
    "argument_type",
    "addItem",
    { cartId: "c1", data: { ...ITEM.data, options: '{"size":"L"}' } },
    { data: { ...ITEM.data, options: { size: "L" } } },
  ],
  ["argument_type", "listProducts", { tags: "new" }, { query: { tags: ["new"] } }],
  ["argument_type", "listProducts", { tags: '["new","red"]' }, { query: { tags: ["new", "red"] } }],
  ["query_text", "listProducts", { query: "page=2&sort=name" }, { query: { page: 2, sort: "name" } }],
])("an operation's tool: %s is repaired in %s %j", (kind, name, args, expected) => {
  const decision = read(name, args, shop);
  expect(decision).toMatchObject({ kind: "action", ...expected });
  expect((decision as Decision).repairs).toContain(kind);
});

test.each<[kind: string, name: string, args: unknown, expected: object]>([
  ["argument_type", "http_get", { path: "/a", query: null }, { path: "/a" }],
  ["argument_type", "http_get", { path: "/a", query: { page: null, size: 1 } }, { query: { size: 1 } }],
  [
    "query_text",
    "http_get",
    { path: "/a", query: "page=1&pageSize=5" },
    { query: { page: "1", pageSize: "5" } },
  ],
  ["query_text", "http_get", { path: "/a", query: "?tag=a&tag=b%20c" }, { query: { tag: ["a", "b c"] } }],
  ["argument_type", "http_get", { path: "/a", query: '{"page":1}' }, { query: { page: 1 } }],
  ["argument_name", "http_post", { path: "/a", body: { b: 1 } }, { data: { b: 1 } }],
  ["argument_name", "http_get", { url: "/a" }, { path: "/a" }],
  ["argument_type", "http_post", { path: "/a", data: '{"id":9007199254740993123}' }, {}],
  ["path", "http_get", { path: "products" }, { path: "/products" }],
  ["path", "http_get", { path: "GET /products" }, { path: "/products" }],
  ["path", "http_get", { path: " /products\n" }, { path: "/products" }],
  ["header", "http_get", { path: "/a", headers: { Authorization: "Bearer x" } }, { path: "/a" }],
  ["argument_type", "http_get", { path: "/a", headers: { "x-page": 3 } }, { headers: { "x-page": "3" } }],
  ["argument_type", "wait", { ms: "500" }, { kind: "wait", ms: 500 }],
])("a generic tool: %s is repaired in %s %j", (kind, name, args, expected) => {
  const decision = read(name, args, undocumented);
  expect(decision).toMatchObject(expected);
  expect((decision as Decision).repairs).toContain(kind);
});

test("an Authorization header is dropped and others stay", () => {
  const decision = read(
    "http_get",
    { path: "/a", headers: { authorization: "x", "x-a": "1" } },
    undocumented,
  );
  expect((decision as Decision & { kind: "action" }).headers).toEqual({ "x-a": "1" });
});

test("digits survive a body that was written as text", () => {
  const decision = read(
    "http_post",
    { path: "/a", data: '{"id":9007199254740993123,"price":1.10}' },
    undocumented,
  );
  expect(writeJson((decision as Decision & { kind: "action" }).data)).toBe(
    '{"id":9007199254740993123,"price":1.10}',
  );
});

test.each<[name: string, args: unknown, problem: RegExp]>([
  ["http_get", { path: "POST /orders" }, /write the path from/],
  ["http_get", { path: "shop.test:8080/api/products" }, /write the path from/],
  ["http_get", { path: "../admin" }, /write the path from \//],
  ["http_get", { path: "list of products" }, /write the path from \//],
  ["http_get", { path: "/a", data: { b: 1 } }, /no argument "data"/],
  ["http_get", { path: "/a", query: "all of them" }, /query of http_get must be an object/],
  ["http_get", '{"path":"/a"', /not JSON/],
  ["http_get", "", /needs path, the path from/],
  ["buy", {}, /no tool "buy"/],
])("%s %j is not guessed at", (name, args, problem) => {
  expect(read(name, args, undocumented)).toMatch(problem);
});

test.each<[args: JsonObject, kept: object]>([
  [
    { cartId: "c1", data: { productId: "p1", quantity: "two" } },
    { data: { productId: "p1", quantity: "two" } },
  ],
  [
    { cartId: "c1", data: { productId: "p1", quantity: "2.5" } },
    { data: { productId: "p1", quantity: "2.5" } },
  ],
  [{ cartId: "c1", data: { productId: "007", quantity: 1 } }, { data: { productId: "007", quantity: 1 } }],
  [
    { cartId: "c1", data: { productId: "{{id}}", quantity: 1 } },
    { data: { productId: "{{id}}", quantity: 1 } },
  ],
  [
    { cartId: "c1", data: { productId: "p1", quantity: 1, note: "5" } },
    { data: { productId: "p1", quantity: 1, note: "5" } },
  ],
])("values that could mean something else stay as they are: %j", (args, kept) => {
  const decision = read("addItem", args, shop);
  expect(decision).toMatchObject(kept);
  expect((decision as Decision).repairs).toBeUndefined();
});

test("a name that could be of two operations is not resolved", () => {
  const twice: ApiDescription = {
    ...shop,
    operations: ["get_item", "getItem"].map((id, at) => ({
      method: "GET" as const,
      path: `/${at}`,
      id,
      summary: "",
      secured: false,
      fields: [],
    })),
  };
  expect(read("GetItem", {}, twice)).toMatch(/no tool/);
  expect(read("get_item", {}, twice)).toMatchObject({ path: "/0" });
});

test.each<[string, unknown]>([
  ["addItem", { name: "listProducts", arguments: {} }],
  ["addItem", { listProducts: {} }],
  ["addItem", { name: "addItem", arguments: ITEM, cartId: "c1" }],
  ["addItem", [ITEM, ITEM]],
  ["listProducts<|channel|>addItem", {}],
])("the call of %s with %j is not guessed", (name, args) => {
  expect(read(name, args, shop)).toBeTypeOf("string");
});

test("an argument that has the name of a part of a call is meant", () => {
  const named: ApiDescription = {
    ...shop,
    operations: [
      {
        method: "POST",
        path: "/search",
        id: "search",
        summary: "",
        secured: false,
        fields: [field("query", "name"), field("query", "parameters"), field("query", "search")],
      },
    ],
  };
  for (const query of [{ name: "search", parameters: "{}" }, { search: "pen" }])
    expect(read("search", query, named)).toMatchObject({ query });
});

test("whatever a model writes is a decision or one sentence, and right calls are not repaired", () => {
  const value = fc.oneof(fc.jsonValue(), fc.constant({ page: "1" }), fc.constant("a=b"), fc.constant("[1]"));
  fc.assert(
    fc.property(
      fc.constantFrom("http_get", "http_post", "addItem", "listProducts", "wait", "finish", "state_update"),
      fc.dictionary(
        fc.constantFrom("path", "query", "data", "headers", "cartId", "body", "tags", "__proto__"),
        value,
      ),
      (name, args) => {
        const decision = read(name, args, shop);
        if (typeof decision === "string") expect(decision.split("\n")).toHaveLength(1);
        else expect(isJsonObject(decision.args)).toBe(true);
      },
    ),
  );
  expect((read("addItem", ITEM, shop) as Decision).repairs).toBeUndefined();
});

test.each(TARGET_KINDS)("every generic tool of %s does something", (kind) => {
  for (const {
    function: { name },
  } of TARGET_KIND_TRAITS[kind].tools)
    expect(TARGET_ACTIONS).toHaveProperty(name);
});

test.each<[string, string]>([
  ["a mark of a chat template behind them", '{"page": 2}<|im_end|>'],
  ["several marks", '{"page": 2}</tool_call><|eot_id|>'],
  ["a byte order mark before them", '\uFEFF{"page": 2}'],
])("arguments are read with %s", (_what, text) => {
  expect(readDecision("listProducts", text, [shop])).toMatchObject({
    kind: "action",
    path: "/products",
    query: { page: 2 },
  });
});

test.each([
  ['{"reason": "done", "status": "ok"}', "done"],
  ['{"summary": "all bought", "ok": true}', "all bought"],
  ['{"ok": true}', ""],
])("the end of a session takes what is written beside its reason: %s", (text, reason) => {
  expect(readDecision("finish", text, [shop])).toMatchObject({ kind: "finish", reason });
});
