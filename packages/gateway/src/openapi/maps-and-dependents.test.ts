import type { Json, JsonObject } from "@ape/core/lib/json";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, describe, expect, test } from "vitest";
import { Folder, operationsIn, posting } from "../../test/openapi.ts";
import { operationsOf } from "./describe.ts";
import { loadOpenApi } from "./document.ts";

const folder = new Folder();
afterEach(() => folder.remove());

const text: JsonObject = { type: "string" };
const ajv = new Ajv2020({ strict: false });
const exampleOf = (schema: JsonObject): Json | undefined =>
  posting({ type: "object", required: ["m"], properties: { m: schema } }).fields.find(
    ({ name, in: where }) => where === "body" && name === "m",
  )?.example;
const requiredOf = (schema: JsonObject): string[] =>
  posting({ type: "object", ...schema })
    .fields.filter(({ in: where, required }) => where === "body" && required)
    .map(({ name }) => name);

describe("a map that must have entries is shown with some", () => {
  test.each<JsonObject>([
    { type: "object", minProperties: 1, additionalProperties: { type: "integer" } },
    { type: "object", minProperties: 2, additionalProperties: text },
    { type: "object", minProperties: 1, patternProperties: { "^x-": text }, additionalProperties: false },
    { type: "object", minProperties: 1, propertyNames: { maxLength: 2 }, additionalProperties: true },
    { type: "array", minItems: 1, items: { type: "object", minProperties: 1, additionalProperties: text } },
    { type: "array", minItems: 1, items: { type: "object", additionalProperties: { type: "boolean" } } },
  ])("%j", (schema) => {
    const example = exampleOf(schema);
    expect(example).toBeDefined();
    expect(ajv.validate(schema, example), JSON.stringify(example)).toBe(true);
  });

  test.each<JsonObject>([
    { type: "object", additionalProperties: text },
    { type: "object", minProperties: 1, properties: { a: text } },
    { type: "array", items: { type: "object", properties: { a: text } } },
    { type: "array", items: text },
  ])("%j needs none", (schema) => {
    expect(exampleOf(schema)).toBeUndefined();
  });

  test("its own example is kept", () => {
    expect(exampleOf({ type: "object", minProperties: 1, example: { de: "ja" } })).toEqual({ de: "ja" });
  });
});

test("what a required name brings with it is required, and nothing else", () => {
  const properties = { card: text, cvv: text, bank: text, iban: text };
  const dependentRequired = { card: ["cvv"], cvv: ["bank"], iban: ["card"] };
  expect(requiredOf({ required: ["card"], properties, dependentRequired })).toEqual(["card", "cvv", "bank"]);
  expect(requiredOf({ properties, dependentRequired })).toEqual([]);
  expect(requiredOf({ required: ["bank"], properties, dependentRequired })).toEqual(["bank"]);
  const dependentSchemas = { card: { required: ["zip"], properties: { zip: { type: "integer" } } } };
  expect(requiredOf({ required: ["card"], properties, dependentSchemas })).toEqual(["card", "zip"]);
  expect(requiredOf({ properties, dependentSchemas })).toEqual([]);
  const ring = { a: ["b"], b: ["a"] };
  expect(requiredOf({ required: ["a"], properties: { a: text, b: text }, dependentRequired: ring })).toEqual([
    "a",
    "b",
  ]);
  const open: JsonObject = { type: "object", required: ["a"], properties: { a: text } };
  open.dependentSchemas = { a: open };
  expect(posting(open).fields.map(({ name }) => name)).toContain("a");
});

describe("what an optional name brings with it", () => {
  const properties = { card: text, cvv: text, bank: text };
  const broughtBy = (schema: JsonObject) =>
    posting({ type: "object", ...schema }).fields.find(({ name }) => name === "card")?.onlyWith;
  test.each<[JsonObject, string[] | undefined]>([
    [{ properties, dependentRequired: { card: ["cvv"] } }, ["cvv"]],
    [{ properties, dependentRequired: { card: ["cvv"], cvv: ["bank"] } }, ["cvv", "bank"]],
    [{ properties, dependencies: { card: ["cvv"] } }, ["cvv"]],
    [{ properties, dependentSchemas: { card: { required: ["bank"] } } }, ["bank"]],
    [{ properties, dependencies: { card: { required: ["bank"] } } }, ["bank"]],
    [{ properties, required: ["cvv"], dependentRequired: { card: ["cvv"] } }, undefined],
    [{ properties, required: ["card"], dependentRequired: { card: ["cvv"] } }, undefined],
    [{ properties, dependentRequired: { card: [] } }, undefined],
  ])("%j: %j", (schema, names) => {
    expect(broughtBy(schema)).toEqual(names);
  });

  test("has the schema that the dependent one gives it", () => {
    const { fields } = posting({
      type: "object",
      properties: { card: text },
      dependentSchemas: { card: { required: ["zip"], properties: { zip: { type: "integer" } } } },
    });
    expect(fields).toMatchObject([
      { name: "card", onlyWith: ["zip"] },
      { name: "zip", type: "integer", required: false },
    ]);
  });
});

test("what is required in the words of older documents brings others with it", () => {
  const properties = { card: text, cvv: text, bank: text };
  const dependencies = { card: ["cvv"], cvv: { required: ["bank"] } };
  expect(requiredOf({ required: ["card"], properties, dependencies })).toEqual(["card", "cvv", "bank"]);
});

describe("how many properties an object may have", () => {
  const properties = { a: text, b: text, c: text };
  const wholeOf = (schema: JsonObject) =>
    posting({ type: "object", properties, ...schema }).fields.find(({ name }) => name === "");
  test.each<[JsonObject, object | undefined]>([
    [{ minProperties: 1 }, { minProperties: 1 }],
    [{ maxProperties: 2 }, { maxProperties: 2 }],
    [
      { minProperties: 2, maxProperties: 2 },
      { minProperties: 2, maxProperties: 2 },
    ],
    [{ required: ["a"], minProperties: 2 }, { minProperties: 2 }],
    [{ required: ["a"], minProperties: 1 }, undefined],
    [{ required: ["a"], dependentRequired: { a: ["b"] }, minProperties: 2 }, undefined],
    [{ minProperties: 0 }, undefined],
    [{ maxProperties: 3 }, undefined],
  ])("%j", (schema, bounds) => {
    const whole = bounds && {
      in: "body",
      name: "",
      type: "object",
      required: false,
      description: "",
      ...bounds,
    };
    expect(wholeOf(schema)).toEqual(whole);
  });

  test("is said of an inner one too", () => {
    const { fields } = posting({
      type: "object",
      properties: { m: { type: "object", properties, minProperties: 2 } },
    });
    expect(fields[0]).toMatchObject({ name: "m", minProperties: 2 });
  });
});

describe("what a schema excludes", () => {
  test.each<[JsonObject, object]>([
    [{ enum: ["a", "b", "c"], not: { enum: ["a", "b"] } }, { enum: ["c"] }],
    [{ type: "string", enum: ["a", "b"], not: { const: "a" } }, { enum: ["b"] }],
    [{ type: "boolean", not: { const: true } }, { enum: [false] }],
    [{ type: "integer", not: { const: 1 } }, { example: 2 }],
    [{ type: "integer", minimum: 4, multipleOf: 5, not: { enum: [5, 10] } }, { example: 15 }],
    [{ type: "integer", default: 7, not: { const: 1 } }, { example: 7 }],
    [{ enum: ["a"], not: { const: "a" } }, { enum: ["a"] }],
    [{ enum: ["a", "b"], not: { const: "a", minLength: 3 } }, { enum: ["a", "b"] }],
  ])("%j", (schema, shown) => {
    const { fields } = posting({ type: "object", properties: { m: schema } });
    expect(fields[0]).toMatchObject(shown);
  });
});

test("the items of a list that must hold an object of some kind are of it", () => {
  const kind = { enum: ["home", "work"] };
  const { fields } = posting({
    type: "object",
    properties: {
      m: {
        type: "array",
        items: { type: "object", required: ["kind"], properties: { kind, v: text } },
        contains: { properties: { kind: { const: "work" } } },
      },
    },
  });
  expect(fields.find(({ name }) => name === "m[].kind")).toMatchObject({ enum: ["work"], required: true });
  expect(fields.find(({ name }) => name === "m")?.example).toBeUndefined();
});

test("a required list of a path, a query, a header or a cookie has an item", () => {
  const list = { type: "array", items: { type: "integer" } };
  const parameter = (where: string, required: boolean): JsonObject => ({
    name: `${where}${required ? "" : "Optional"}`,
    in: where,
    required,
    schema: list,
  });
  const [operation] = operationsIn({
    "/things/{path}": {
      get: {
        parameters: ["path", "query", "header", "cookie"].flatMap((where) =>
          [true, false].filter((one) => one || where !== "path").map((one) => parameter(where, one)),
        ),
        responses: {},
      },
    },
  });
  for (const { name, required, minItems } of operation?.fields ?? [])
    expect([name, minItems]).toEqual([name, required ? 1 : undefined]);
  expect(operation?.fields).toHaveLength(7);
});

test("a body that is a sequence of items has the fields of one (OpenAPI 3.2)", () => {
  for (const type of ["application/jsonl", "application/x-ndjson", "application/json-seq"]) {
    const [operation] = operationsIn({
      "/things": {
        post: {
          requestBody: {
            required: true,
            content: { [type]: { itemSchema: { type: "object", required: ["a"], properties: { a: text } } } },
          },
          responses: {},
        },
      },
    });
    expect(operation?.fields.map(({ name }) => name)).toEqual(["a"]);
  }
});

describe("references to a document by its own address are references within it", () => {
  test.each([
    ["http://x.example/openapi", "http://x.example/openapi#/components/schemas/S"],
    ["http://x.example/api/openapi.json", "openapi.json#/components/schemas/S"],
    ["http://x.example/api/openapi.json", "/api/openapi.json#/components/schemas/S"],
    ["api.json", "api.json#/components/schemas/S"],
  ])("$self %s, $ref %s", async ($self, $ref) => {
    const dir = await folder.of({
      "o.json": {
        openapi: "3.2.0",
        $self,
        info: { title: "t", version: "1" },
        paths: { "/a": { post: { requestBody: { content: { "application/json": { schema: { $ref } } } } } } },
        components: { schemas: { S: { type: "object", properties: { inS: text } } } },
      },
    });
    const [operation] = operationsOf(await loadOpenApi("./o.json", dir));
    expect(operation?.fields.map(({ name }) => name)).toEqual(["inS"]);
  });

  test("another address is refused as before", async () => {
    const dir = await folder.of({
      "o.json": {
        openapi: "3.2.0",
        $self: "http://x.example/openapi",
        info: { title: "t", version: "1" },
        paths: {
          "/a": {
            post: {
              requestBody: { content: { "application/json": { schema: { $ref: "http://y.example/z#/S" } } } },
            },
          },
        },
      },
    });
    await expect(loadOpenApi("./o.json", dir)).rejects.toMatchObject({ code: "SPEC_INVALID" });
  });
});
