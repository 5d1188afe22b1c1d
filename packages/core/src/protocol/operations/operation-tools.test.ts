import fc from "fast-check";
import { expect, test } from "vitest";
import { isJsonObject, type Json, type JsonObject } from "../../lib/json.ts";
import type { ApiDescription, ApiField, ApiOperation } from "../api.ts";
import { fieldTree, objectSchema } from "../fields/field-tree.ts";
import { readOperationArguments } from "./operation-arguments.ts";
import { hasOperationTools, operationTools } from "./operation-tools.ts";
import { withUnions } from "./union-schemas.ts";

const field = (
  place: ApiField["in"],
  name: string,
  type: string,
  more: Partial<ApiField> = {},
): ApiField => ({ in: place, name, type, required: false, description: "", ...more });

const operation = (method: ApiOperation["method"], path: string, more: Partial<ApiOperation> = {}) => ({
  method,
  path,
  summary: "",
  secured: false,
  fields: [],
  ...more,
});

const api = (target: string, ...operations: ApiOperation[]): ApiDescription => ({
  target,
  title: "",
  documented: true,
  auth: [],
  operations,
});

const namesOf = (...apis: ApiDescription[]) =>
  operationTools(apis).map(({ definition }) => definition.function.name);

test("tools are named by the document, else by method and path", () => {
  expect(
    namesOf(
      api(
        "a",
        operation("POST", "/orders", { id: "orders.place/now" }),
        operation("GET", "/orders/{orderId}"),
        operation("POST", "/orders/{id}:cancel"),
        operation("GET", "/"),
        operation("GET", "/x", { id: "2fa" }),
        operation("GET", "/y", { id: "finish" }),
      ),
    ),
  ).toEqual([
    "orders_place_now",
    "get_orders_by_orderId",
    "post_orders_by_id_cancel",
    "get",
    "op_2fa",
    "finish_2",
  ]);
});

test("tools of the same name have their target's name before it, or a number behind it", () => {
  const list = operation("GET", "/items", { id: "list" });
  expect(namesOf(api("a", list), api("b", list, operation("GET", "/b", { id: "only" })))).toEqual([
    "a_list",
    "b_list",
    "only",
  ]);
  expect(namesOf(api("a", list, operation("GET", "/others", { id: "list" })))).toEqual(["list", "list_2"]);
});

test("whatever a document calls its operations, names are unique and fit", () => {
  const id = fc.option(fc.oneof(fc.string(), fc.string({ minLength: 60, maxLength: 90 }), fc.constant("a")), {
    nil: undefined,
  });
  const one = fc.record({ method: fc.constantFrom("GET", "POST", "tool"), path: fc.string(), id });
  fc.assert(
    fc.property(fc.array(fc.array(one, { maxLength: 8 }), { maxLength: 3 }), (all) => {
      const apis = all.map((operations, index) =>
        api(
          `t${index}`,
          ...operations.map(({ method, path, id: given }) =>
            operation(method as "GET", `/${path}`, given === undefined ? {} : { id: given }),
          ),
        ),
      );
      const names = namesOf(...apis);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/);
    }),
  );
});

test("a tool has parameters by their names, headers and the body each in an object", () => {
  const [tool] = operationTools([
    api(
      "a",
      operation("POST", "/carts/{cartId}/items", {
        id: "addItem",
        summary: "Add an item. It is put at the end.",
        fields: [
          field("path", "cartId", "string", { required: true, description: "The id of the cart" }),
          field("query", "notify", "boolean", { description: "Whether to send a mail" }),
          field("query", "data", "string"),
          field("header", "If-Match", "string", { required: true }),
          field("body", "lines", "array", { required: true, minItems: 1 }),
          field("body", "lines[].sku", "string", { required: true, minLength: 1 }),
          field("body", "lines[].count", "integer", {
            exclusiveMinimum: 0,
            maximum: 9,
            description: "How many",
          }),
          field("body", "lines[].gift", "object"),
          field("body", "lines[].gift.card", "string", { enum: ["red", "blue"] }),
          field("body", "tags", "string[]", { maxItems: 3, maxLength: 20, uniqueItems: true }),
          field("answer", "id", "string"),
        ],
      }),
    ),
  ]);
  expect(tool?.definition.function).toEqual({
    name: "addItem",
    description: "POST /carts/{cartId}/items: Add an item",
    parameters: {
      type: "object",
      properties: {
        cartId: { type: "string" },
        notify: { type: "boolean", description: "Whether to send a mail" },
        query_data: { type: "string" },
        headers: {
          type: "object",
          properties: { "If-Match": { type: "string" } },
          required: ["If-Match"],
          additionalProperties: false,
        },
        data: {
          type: "object",
          properties: {
            lines: {
              type: "array",
              minItems: 1,
              items: {
                type: "object",
                properties: {
                  sku: { type: "string", minLength: 1 },
                  count: { type: "integer", maximum: 9, description: "How many <above 0>" },
                  gift: {
                    type: "object",
                    properties: { card: { type: "string", enum: ["red", "blue"] } },
                    additionalProperties: false,
                  },
                },
                required: ["sku"],
                additionalProperties: false,
              },
            },
            tags: {
              type: "array",
              items: { type: "string", maxLength: 20 },
              maxItems: 3,
              description: "<unique>",
            },
          },
          required: ["lines"],
          additionalProperties: false,
        },
      },
      required: ["cartId", "headers", "data"],
      additionalProperties: false,
    },
  });
});

test("a body can be a list, and one that the document does not describe takes anything", () => {
  const data = (more: Partial<ApiOperation>): Json | undefined => {
    const [tool] = operationTools([api("a", operation("POST", "/x", more))]);
    return (tool?.definition.function.parameters.properties as JsonObject | undefined)?.data;
  };
  expect(data({ fields: [field("body", "[]", "integer", { required: true })] })).toEqual({
    type: "array",
    items: { type: "integer" },
  });
  expect(data({ fields: [field("body", "[].id", "string", { required: true })] })).toEqual({
    type: "array",
    items: {
      type: "object",
      properties: { id: { type: "string" } },
      required: ["id"],
      additionalProperties: false,
    },
  });
  expect(data({ openBody: true })).toEqual({});
  expect(data({})).toBeUndefined();
});

test("a dot divides a name only where what stands before it is a field", () => {
  const fields = [
    field("body", "a", "object"),
    field("body", "a.b", "string"),
    field("body", "c.d", "string"),
  ];
  const { properties } = objectSchema(fieldTree(fields));
  expect(Object.keys(properties)).toEqual(["a", "c.d"]);
});

test("arguments of an MCP tool stay what they are", () => {
  const search = operation("tool", "search", {
    fields: [field("body", "headers", "string", { required: true })],
  });
  const [tool] = operationTools([{ ...api("m", search), kind: "mcp" }]);
  expect(tool?.definition.function.parameters).toMatchObject({
    properties: { headers: { type: "string" } },
    required: ["headers"],
  });
  expect(tool && readOperationArguments(tool, { headers: "x" })).toEqual({
    path: "search",
    data: { headers: "x" },
  });
});

test("every list has a schema of its items, whatever the document says of them", () => {
  const fields = [
    field("body", "area", "array[]"),
    field("body", "tags", "array"),
    field("body", "points", "object[]"),
    field("body", "points[].at", "array"),
    field("body", "either", "string", { also: ["array"] }),
  ];
  const api = {
    target: "maps",
    title: "Maps",
    documented: true,
    auth: [],
    operations: [{ method: "POST", path: "/areas", id: "postArea", summary: "", secured: false, fields }],
  } as unknown as ApiDescription;
  const lists: JsonObject[] = [];
  const look = (schema: Json | undefined): void => {
    if (Array.isArray(schema)) for (const one of schema) look(one);
    if (!isJsonObject(schema as Json)) return;
    const { type } = schema as JsonObject;
    if (type === "array" || (Array.isArray(type) && type.includes("array"))) lists.push(schema as JsonObject);
    for (const inner of Object.values(schema as JsonObject)) look(inner);
  };
  for (const form of ["described", "types", "anyOf"] as const)
    for (const { function: made } of withUnions(
      operationTools([api]).map(({ definition }) => definition),
      form,
    ))
      look(made.parameters);
  expect(lists.length).toBeGreaterThan(10);
  expect(lists.filter(({ items }) => !isJsonObject(items as Json))).toEqual([]);
});

test("only documented operations of kinds that have such tools get one", () => {
  const list = operation("GET", "/a");
  expect([
    hasOperationTools(api("a", list)),
    hasOperationTools({ ...api("a", list), documented: false }),
    hasOperationTools({ ...api("a", list), kind: "graphql" }),
    hasOperationTools({ ...api("a", list), kind: "graphql", documented: false }),
  ]).toEqual([true, false, false, false]);
});

test.each<[string, ApiField[], object, string[]]>([
  ["a field of it is", [field("body", "a", "string", { required: true })], {}, ["data"]],
  ["none of its fields is", [field("body", "a", "string")], {}, []],
  ["a field of each item is", [field("body", "[].a", "string", { required: true })], {}, ["data"]],
  ["a field of one form of several is", [field("body", "a", "string", { required: true, form: 1 })], {}, []],
  ["the document says so", [field("body", "a", "string")], { needsBody: true }, ["data"]],
  ["the document says so of an open one", [], { needsBody: true, openBody: true }, ["data"]],
  ["the document says so of none", [], { needsBody: true }, []],
])("a body is needed where %s", (_why, fields, more, required) => {
  const [tool] = operationTools([api("a", operation("POST", "/x", { fields, ...more }))]);
  expect(tool?.definition.function.parameters.required ?? []).toEqual(required);
});
