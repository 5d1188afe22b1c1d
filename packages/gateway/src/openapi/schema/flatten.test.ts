import type { JsonObject } from "@ape/core/lib/json";
import fc from "fast-check";
import { expect, test } from "vitest";
import { namesIn, operationsIn, posting } from "../../../test/openapi.ts";

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

test("a polymorphic schema whose choices extend it has the fields of both", () => {
  const operation = posting(ref("Pet"), {
    Pet: {
      type: "object",
      discriminator: { propertyName: "kind" },
      oneOf: [ref("Cat")],
      properties: { kind: { type: "string" } },
    },
    Cat: { allOf: [ref("Pet"), { type: "object", properties: { lives: { type: "integer" } } }] },
  });
  expect(namesIn(operation, "body")).toEqual(["kind", "lives"]);
  expect(operation.fields[0]?.enum).toEqual(["Cat"]);
});

test.each<[string, JsonObject, JsonObject, string[]]>([
  ["allOf itself", ref("A"), { A: { allOf: [ref("A")], properties: { a: {} } } }, ["a"]],
  [
    "oneOf itself",
    ref("A"),
    { A: { oneOf: [ref("A"), { properties: { b: {} } }], properties: { a: {} } } },
    ["a", "b"],
  ],
  ["a reference to itself", ref("A"), { A: ref("A") }, []],
  ["references in a ring", ref("A"), { A: ref("B"), B: ref("C"), C: ref("A") }, []],
  [
    "allOf in a ring",
    ref("A"),
    { A: { allOf: [ref("B")] }, B: { anyOf: [ref("A")], properties: { b: {} } } },
    ["b"],
  ],
  [
    "a reference with siblings",
    { ...ref("A"), properties: { b: {} }, required: ["b"] },
    { A: { properties: { a: {} } } },
    ["a", "b"],
  ],
  ["boolean schemas", { allOf: [true], properties: { a: true } } as JsonObject, {}, ["a"]],
  ["a choice of null", { oneOf: [{ type: "null" }, ref("A")] }, { A: { properties: { a: {} } } }, ["a"]],
  [
    "escapes in a pointer",
    { $ref: "#/components/schemas/a~1b%20%7Bc~0" },
    { "a/b {c~": { properties: { a: {} } } },
    ["a"],
  ],
  [
    "a malformed escape",
    { $ref: "#/components/schemas/50%off" },
    { "50%off": { properties: { a: {} } } },
    ["a"],
  ],
  ["a dangling reference", ref("None"), {}, []],
  [
    "local definitions",
    { $ref: "#/components/schemas/A/$defs/B" },
    { A: { $defs: { B: { properties: { b: {} } } } } },
    ["b"],
  ],
])("%s ends, with the fields that are known", (_, schema, schemas, names) => {
  expect(namesIn(posting(schema, schemas), "body")).toEqual(names);
});

test("recursive items, maps, parameters and references into paths end", () => {
  const [operation] = operationsIn(
    {
      "/trees": {
        get: {
          parameters: [{ name: "filter", in: "query", schema: ref("Tree") }],
          responses: { "200": { content: { "application/json": { schema: ref("Tree") } } } },
        },
      },
      "/copies": { $ref: "#/paths/~1trees" },
    },
    {
      components: {
        schemas: {
          Tree: {
            type: "object",
            properties: { name: {}, children: { type: "array", items: ref("Tree") } },
            additionalProperties: ref("Tree"),
          },
        },
      },
    },
  );
  expect(operation?.fields.length).toBeLessThan(60);
  expect(operation?.fields.map(({ name }) => name)).toContain("children[].name");
});

test("properties of the same name in several parts of allOf hold together", () => {
  const operation = posting({
    allOf: [
      { properties: { a: { type: "string", minLength: 3 } }, required: ["a"] },
      { properties: { a: { maxLength: 5 } } },
    ],
  });
  expect(operation.fields).toMatchObject([
    { name: "a", type: "string", required: true, minLength: 3, maxLength: 5 },
  ]);
});

test("a wide body keeps what is required when there is no room for all", () => {
  const many = Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`x${index}`, {}]));
  const operation = posting({
    required: ["last"],
    properties: { first: { type: "object", properties: many }, last: { type: "string" } },
  });
  expect(operation.fields).toHaveLength(60);
  expect(namesIn(operation, "body")).toContain("last");
});

test("whatever schemas refer to one another how, describing ends", () => {
  const names = ["A", "B", "C", "D"];
  const leaf = fc.oneof(
    fc.constantFrom(...names).map(ref),
    fc.constant<JsonObject>({ type: "string" }),
    fc.constant(true as unknown as JsonObject),
  );
  const schema = fc.oneof(
    leaf,
    fc
      .record(
        {
          allOf: fc.array(leaf, { maxLength: 3 }),
          oneOf: fc.array(leaf, { maxLength: 3 }),
          anyOf: fc.array(leaf, { maxLength: 2 }),
          items: leaf,
          properties: fc.dictionary(fc.constantFrom("p", "q", "r"), leaf),
          required: fc.constant(["p"]),
          discriminator: fc.constant({ propertyName: "p" }),
        },
        { requiredKeys: [] },
      )
      .map((made) => made as JsonObject),
  );
  fc.assert(
    fc.property(fc.record({ A: schema, B: schema, C: schema, D: schema }), (schemas) => {
      expect(posting(ref("A"), schemas as JsonObject).fields.length).toBeLessThanOrEqual(60);
    }),
    { numRuns: 500 },
  );
});

test.each<[JsonObject[], JsonObject]>([
  [[{ minimum: 5 }, { minimum: 1 }], { minimum: 5 }],
  [[{ maximum: 5 }, { maximum: 9 }], { maximum: 5 }],
  [
    [
      { type: "string", minLength: 3, maxLength: 9 },
      { minLength: 1, maxLength: 5 },
    ],
    { minLength: 3, maxLength: 5 },
  ],
  [[{ type: "integer", not: { minimum: 9 } }, { not: { const: 1 } }], { exclusiveMaximum: 9, example: 2 }],
])("of bounds that all hold the strictest counts: %j", (allOf, bounds) => {
  const [field] = posting({ type: "object", required: ["n"], properties: { n: { allOf } } }, {}).fields;
  expect(field).toMatchObject(bounds);
});

test("forms that lead to one another over a whole document end, each with its own value", () => {
  const [size, width] = [60, 20];
  const schemas = Object.fromEntries(
    Array.from({ length: size }, (_, at) => [
      `S${at}`,
      {
        type: "object",
        required: ["kind"],
        properties: {
          kind: { allOf: [{ const: `k${at}` }] },
          ...Object.fromEntries(
            Array.from({ length: width }, (_, by) => [
              `p${by}`,
              { oneOf: [ref(`S${(at * 7 + by) % size}`), ref(`S${(at * 3 + by + 1) % size}`)] },
            ]),
          ),
        },
      },
    ]),
  );
  for (const at of [0, 7, 31, 59]) {
    const fields = posting({ oneOf: [ref(`S${at}`), ref(`S${(at + 1) % size}`)] }, schemas).fields;
    expect(fields.find(({ name }) => name === "kind")?.enum).toEqual([`k${at}`, `k${(at + 1) % size}`]);
  }
});

test.each<[string, (next: JsonObject) => JsonObject]>([
  ["references", (next) => next],
  ["allOf", (next) => ({ allOf: [next], properties: { a: {} } })],
  ["oneOf", (next) => ({ oneOf: [next, { type: "null" }] })],
  // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema
  ["conditions", (next) => ({ if: { properties: { a: { const: 1 } } }, then: next })],
  ["dependentSchemas", (next) => ({ required: ["a"], properties: { a: {} }, dependentSchemas: { a: next } })],
])("a chain of 3,000 schemas ends (%s)", (_, link) => {
  const schemas = Object.fromEntries(
    Array.from({ length: 3_000 }, (_, at) => [`S${at}`, link(ref(`S${at + 1}`))]),
  );
  expect(() => posting(ref("S0"), schemas)).not.toThrow();
});
