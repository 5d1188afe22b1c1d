import type { JsonObject } from "@ape/core/lib/json";
import { operationTools } from "@ape/core/protocol/operations/operation-tools";
import { expect, test } from "vitest";
import { namesIn, operationsIn, posting } from "../../../test/openapi.ts";

/** The schema of a body as the tool of its operation has it. */
function bodyTool(schema: JsonObject, schemas: JsonObject = {}): JsonObject {
  const operation = posting(schema, schemas);
  const api = { target: "t", title: "T", documented: true, auth: [], operations: [operation] };
  const properties = operationTools([api])[0]?.definition.function.parameters.properties as JsonObject;
  return properties.data as JsonObject;
}

const A: JsonObject = { type: "object", properties: { a: { type: "integer" } }, required: ["a"] };
const B: JsonObject = { type: "object", properties: { b: { type: "string" } }, required: ["b"] };

test.each(["oneOf", "anyOf"])(
  "a body of %s has the properties of each form, none of them required",
  (key) => {
    expect(bodyTool({ [key]: [A, B] })).toEqual({
      type: "object",
      properties: {
        a: { type: "integer", description: "<needed in form 1>" },
        b: { type: "string", description: "<needed in form 2>" },
      },
      additionalProperties: false,
    });
  },
);

test("what all forms have and need stays required; choices of a discriminator are those of all", () => {
  const form = (kind: string, name: string): JsonObject => ({
    type: "object",
    properties: { kind: { type: "string", enum: [kind] }, [name]: { type: "string" } },
    required: ["kind", name],
  });
  expect(bodyTool({ oneOf: [form("card", "number"), form("bank", "iban")] })).toMatchObject({
    properties: {
      kind: { type: "string", enum: ["card", "bank"], description: "<chooses form 1,2>" },
      number: { description: "<needed in form 1>" },
      iban: { description: "<needed in form 2>" },
    },
    required: ["kind"],
  });
});

test.each<[string, JsonObject[], string | undefined]>([
  ["several values of a form", [{ enum: ["card", "debit"] }, { const: "bank" }], "<chooses form 1,1,2>"],
  ["a value of two forms", [{ enum: ["card", "bank"] }, { enum: ["bank"] }], undefined],
  ["a form that takes any", [{ enum: ["card"] }, {}], undefined],
])("the value tells forms apart where each is of one of them: %s", (_name, kinds, description) => {
  const forms = kinds.map((kind, at) => ({
    type: "object",
    properties: { kind: { type: "string", ...kind }, [`f${at}`]: { type: "string" } },
    required: ["kind", `f${at}`],
  }));
  const { kind } = bodyTool({ oneOf: forms }).properties as Record<string, JsonObject>;
  expect(kind?.description).toBe(description);
});

test("forms that differ only in what they require", () => {
  const schema: JsonObject = {
    type: "object",
    properties: { id: { type: "string" }, name: { type: "string" }, note: { type: "string" } },
    anyOf: [{ required: ["id"] }, { required: ["name"] }],
  };
  expect(bodyTool(schema)).toEqual({
    type: "object",
    properties: {
      id: { type: "string", description: "<needed in form 1>" },
      name: { type: "string", description: "<needed in form 2>" },
      note: { type: "string" },
    },
    additionalProperties: false,
  });
});

test("forms within a property and within the items of a list", () => {
  const body = bodyTool({
    type: "object",
    properties: {
      payment: { oneOf: [A, B] },
      lines: { type: "array", items: { anyOf: [A, B] } },
    },
  });
  expect(body.properties).toMatchObject({
    payment: { properties: { a: {}, b: {} } },
    lines: { items: { properties: { a: {}, b: {} } } },
  });
});

test("of an answer the first form is told", () => {
  const [operation] = operationsIn({
    "/x": {
      get: { responses: { "200": { content: { "application/json": { schema: { oneOf: [A, B] } } } } } },
    },
  });
  expect(operation === undefined ? [] : namesIn(operation, "answer")).toEqual(["a"]);
});

test("a property says every type that it may have", () => {
  const properties: JsonObject = {
    any: {},
    due: { type: ["string", "null"] },
    count: { type: "integer", nullable: true },
    milestone: { oneOf: [{ type: "string" }, { type: "integer" }] },
    labels: { anyOf: [{ type: "string" }, { type: "object", properties: { name: { type: "string" } } }] },
    open: { type: "object", additionalProperties: { type: "string" } },
  };
  expect(bodyTool({ type: "object", properties }).properties).toEqual({
    any: {},
    due: { type: "string", description: "<or null>" },
    count: { type: "integer", description: "<or null>" },
    milestone: { type: "string", description: "<or integer>" },
    labels: { type: "string", description: "<or object>" },
    open: { type: "object" },
  });
});

test.each<[string, JsonObject]>([
  ["a free object", { type: "object" }],
  ["an object of texts", { type: "object", additionalProperties: { type: "string" } }],
  ["anything", {}],
  ["an object of optional fields", { type: "object", properties: { a: { type: "string" } } }],
])("a required body that is %s is a required argument", (_, schema) => {
  for (const required of [true, false]) {
    const [operation] = operationsIn({
      "/x": {
        put: { requestBody: { required, content: { "application/json": { schema } } }, responses: {} },
      },
    });
    const api = {
      target: "t",
      title: "T",
      documented: true,
      auth: [],
      operations: operation ? [operation] : [],
    };
    const { parameters } = operationTools([api])[0]?.definition.function ?? {};
    expect(parameters?.properties).toHaveProperty("data");
    expect(parameters?.required).toEqual(required ? ["data"] : undefined);
  }
});
