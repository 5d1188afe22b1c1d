import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../../lib/json.ts";
import type { ApiDescription, ApiField, ApiOperation } from "../api.ts";
import { operationTools } from "./operation-tools.ts";
import { PropertyWords, promptTools } from "./prompt-tools.ts";

const query = (name: string, description = "", more: Partial<ApiField> = {}): ApiField => ({
  in: "query",
  name,
  type: "string",
  required: false,
  description,
  ...more,
});

const toolsOf = (...operations: Pick<ApiOperation, "method" | "path" | "summary" | "fields" | "id">[]) => {
  const api: ApiDescription = { target: "a", title: "A", documented: true, auth: [], operations: [] };
  return operationTools([{ ...api, operations: operations.map((one) => ({ secured: false, ...one })) }]);
};

const described = (id: string, summary: string, method: "GET" | "POST" = "GET", path = "/orders") =>
  promptTools(toolsOf({ id, method, path, summary, fields: [] }))[0]?.function.description;

test("a summary that repeats name, method and path is left out", () => {
  expect(described("listOrders", "List the orders")).toBe("GET /orders");
  expect(described("getOrders", "Returns orders.")).toBe("GET /orders");
  expect(described("get_orders", "Lists orders.")).toBe("GET /orders");
  expect(described("get_orders", "Read the orders")).toBe("GET /orders: Read the orders");
  expect(described("orders", "Find the orders")).toBe("GET /orders: Find the orders");
  expect(described("op1", "Creates an order", "POST")).toBe("POST /orders: Creates an order");
  expect(described("createOrder", "Creates an order", "POST")).toBe("POST /orders");
  expect(described("listOrders", "List the orders that are overdue")).toBe(
    "GET /orders: List the orders that are overdue",
  );
  expect(described("orders-b", "Check out", "POST")).toBe("POST /orders: Check out");
});

test("an argument is described once where every tool says the same of it", () => {
  const region = query("region", "Where the goods are stored");
  const [first, second] = promptTools(
    toolsOf(
      { method: "GET", path: "/goods", summary: "", fields: [region] },
      { method: "GET", path: "/stock", summary: "", fields: [region] },
    ),
  );
  expect(first?.function.parameters.properties).toMatchObject({
    region: { description: "Where the goods are stored" },
  });
  expect(second?.function.parameters.properties).toEqual({ region: { type: "string" } });
});

test("an argument that is described in several ways keeps each", () => {
  const tools = toolsOf(
    { method: "GET", path: "/goods", summary: "", fields: [query("region", "Where the goods are stored")] },
    { method: "GET", path: "/stock", summary: "", fields: [query("region", "Who sells")] },
    { method: "GET", path: "/more", summary: "", fields: [query("region")] },
  );
  const words = promptTools(tools).map(({ function: { parameters } }) => {
    const properties = parameters.properties as Record<string, JsonObject>;
    return properties.region?.description;
  });
  expect(words).toEqual(["Where the goods are stored", "Who sells", ""]);
});

test("what is left out reads back", () => {
  const field = fc.record({
    name: fc.constantFrom("alpha", "beta", "description"),
    description: fc.constantFrom("", "Where the goods are stored", "Who sells"),
    type: fc.constantFrom("string", "integer"),
  });
  const operations = fc.array(fc.uniqueArray(field, { selector: ({ name }) => name }), { maxLength: 5 });
  fc.assert(
    fc.property(operations, (lists) => {
      const tools = toolsOf(
        ...lists.map((fields, index) => ({
          method: "GET" as const,
          path: `/p${index}`,
          summary: "",
          fields: fields.map(({ name, description, type }) => query(name, description, { type })),
        })),
      );
      const words = new PropertyWords();
      const read = promptTools(tools).map(({ function: offered }) => words.complete(offered.parameters));
      const full = tools.map(({ definition }) => {
        const { additionalProperties: _, ...parameters } = definition.function.parameters;
        return parameters;
      });
      expect(read).toEqual(full);
    }),
  );
});
