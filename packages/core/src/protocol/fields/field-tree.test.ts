import { expect, test } from "vitest";
import type { JsonObject } from "../../lib/json.ts";
import type { ApiField } from "./api-field.ts";
import { fieldTree, nodeSchema, objectSchema } from "./field-tree.ts";

const field = (name: string, type = "string", more: Partial<ApiField> = {}): ApiField => ({
  in: "body",
  name,
  type,
  required: false,
  description: "",
  ...more,
});
/** The schema of one field without its name. */
const schemaOf = (type: string, more: Partial<ApiField> = {}, name = "x"): unknown =>
  objectSchema(fieldTree([field(name, type, more)])).properties[name];

test.each<[string, string, Partial<ApiField>, JsonObject]>([
  ["a text", "string", {}, { type: "string" }],
  [
    "a text with companions",
    "string",
    { onlyWith: ["y"] },
    { type: "string", description: '<only with ["y"]>' },
  ],
  ["an unknown type", "file", {}, {}],
  ["any type", "string", { also: ["any"], nullable: true }, {}],
  [
    "two types and null",
    "string",
    { also: ["integer"], nullable: true },
    { type: "string", description: "<or integer; or null>" },
  ],
  ["choices", "string", { enum: ["a", "b"] }, { type: "string", enum: ["a", "b"] }],
  [
    "choices and null",
    "string",
    { enum: ["a", null], nullable: true },
    { type: "string", enum: ["a"], description: "<or null>" },
  ],
  ["mixed choices", "string", { enum: ["a", 1] }, { type: "string", description: '<one of ["a",1]>' }],
  ["no choices", "string", { enum: [] }, { type: "string", description: "<one of []>" }],
  ["choices of numbers", "integer", { enum: [1] }, { type: "integer", description: "<one of [1]>" }],
  ["a usual format", "string", { format: "date-time" }, { type: "string", format: "date-time" }],
  ["another format", "string", { format: "iban" }, { type: "string", description: '<format "iban">' }],
  ["a format of storage", "integer", { format: "int64" }, { type: "integer" }],
  ["a format of a number", "number", { format: "date" }, { type: "number", description: '<format "date">' }],
  ["bounds of a number", "number", { minimum: 0, maximum: 9 }, { type: "number", minimum: 0, maximum: 9 }],
  ["bounds of a whole number", "integer", { minimum: 0 }, { type: "integer", minimum: 0 }],
  ["bounds of a text's value", "string", { minimum: 0 }, { type: "string", description: "<min 0>" }],
  ["a length", "string", { minLength: 1, maxLength: 9 }, { type: "string", minLength: 1, maxLength: 9 }],
  ["a length of a number", "integer", { maxLength: 9 }, { type: "integer", description: "<length ..9>" }],
  ["a list", "array", {}, { type: "array", items: {} }],
  [
    "a list of texts",
    "string[]",
    { minItems: 1, maxItems: 3, maxLength: 5 },
    { type: "array", items: { type: "string", maxLength: 5 }, minItems: 1, maxItems: 3 },
  ],
  ["a list of lists", "array[]", {}, { type: "array", items: { type: "array", items: {} } }],
  ["items of what is no list", "object", { maxItems: 3 }, { type: "object", description: "<items ..3>" }],
  ["an example", "string", { example: "a" }, { type: "string", description: '<e.g. "a">' }],
  [
    "an example between bounds",
    "integer",
    { minimum: 1, maximum: 9, example: 5 },
    { type: "integer", minimum: 1, maximum: 9 },
  ],
  [
    "an example above a bound",
    "integer",
    { minimum: 1, example: 5 },
    { type: "integer", minimum: 1, description: "<e.g. 5>" },
  ],
  [
    "an example below a bound",
    "integer",
    { maximum: 9, example: 5 },
    { type: "integer", maximum: 9, description: "<e.g. 5>" },
  ],
  [
    "words and traits",
    "string",
    { description: "Colour of the roof", uniqueItems: true },
    { type: "string", description: "Colour of the roof <unique>" },
  ],
  [
    "long words",
    "string",
    { description: `${"word ".repeat(15)}abcde fgh` },
    { type: "string", description: `${"word ".repeat(15)}abcde` },
  ],
])("%s has its schema", (_name, type, more, schema) => {
  expect(schemaOf(type, more)).toEqual(schema);
});

test("what a name or its bounds say is not said again", () => {
  expect(schemaOf("string", { example: "a@b.c" }, "eMail")).toEqual({ type: "string" });
  expect(schemaOf("string", { example: "a@b.c" }, "work_e-mail")).toEqual({ type: "string" });
  expect(schemaOf("string", { description: "The roof id" }, "roofId")).toEqual({ type: "string" });
  expect(schemaOf("integer", { description: "At most 50 results", maximum: 50 }, "limit")).toEqual({
    type: "integer",
    maximum: 50,
  });
  expect(schemaOf("integer", { description: "Default 20 results", example: 20 }, "limit")).toEqual({
    type: "integer",
    description: "<e.g. 20>",
  });
  expect(schemaOf("integer", { description: "From 1 on", minimum: 1 }, "page")).toEqual({
    type: "integer",
    minimum: 1,
  });
});

test("an object and a list say what they allow besides, and what of them is needed", () => {
  const tree = fieldTree([
    field("lines", "array", { minItems: 1, maxItems: 2, uniqueItems: true, nullable: true, required: true }),
    field("lines[].sku", "string", { required: true }),
    field("lines[].gift", "object", { also: ["string"], form: 2, neededInForm: true, required: true }),
    field("lines[].gift.card"),
    field("note", "string", { required: true, form: 1 }),
  ]);
  expect(objectSchema(tree)).toEqual({
    properties: {
      lines: {
        type: "array",
        description: "<unique; or null>",
        items: {
          type: "object",
          properties: {
            sku: { type: "string" },
            gift: {
              type: "object",
              description: "<needed in form 2; or string>",
              properties: { card: { type: "string" } },
              additionalProperties: false,
            },
          },
          required: ["sku"],
          additionalProperties: false,
        },
        minItems: 1,
        maxItems: 2,
      },
      note: { type: "string", description: "<of form 1>" },
    },
    required: ["lines"],
  });
});

test.each<[string[], unknown]>([
  [["[]"], { "[]": {} }],
  [["[].id"], { "[]": { id: {} } }],
  [["a", "a.b"], { a: { b: {} } }],
  [["a.b"], { "a.b": {} }],
  [["a", "a[]"], { a: { "[]": {} } }],
  [["a", "a[][].b"], { a: { "[]": { "[]": { b: {} } } } }],
  [["a[].b"], { "a[].b": {} }],
  [["a.b", "a.b.c"], { "a.b": { c: {} } }],
  [["a", "a.b", "a.b.c.d"], { a: { b: { "c.d": {} } } }],
  [[".a"], { ".a": {} }],
])("the names %j are the tree %j", (names, tree) => {
  interface Shape {
    properties: Map<string, Shape>;
    items: Shape | undefined;
  }
  const shape = ({ properties, items }: Shape): unknown => ({
    ...(items === undefined ? {} : { "[]": shape(items) }),
    ...Object.fromEntries([...properties].map(([name, inner]) => [name, shape(inner)])),
  });
  expect(shape(fieldTree(names.map((name) => field(name))))).toEqual(tree);
});

test("a value that no field describes takes anything", () => {
  expect(nodeSchema(fieldTree([]))).toEqual({});
  expect(nodeSchema(fieldTree([field("[]", "integer")]))).toEqual({
    type: "array",
    items: { type: "integer" },
  });
});

test("an object says how many properties it may have, the whole one too", () => {
  const fields = [
    field("", "object", { minProperties: 1 }),
    field("a", "object", { maxProperties: 2, onlyWith: ["b"] }),
    field("a.c"),
    field("b"),
  ];
  expect(nodeSchema(fieldTree(fields))).toMatchObject({
    type: "object",
    description: "<properties 1..>",
    properties: { a: { type: "object", description: '<properties ..2; only with ["b"]>' } },
  });
});
