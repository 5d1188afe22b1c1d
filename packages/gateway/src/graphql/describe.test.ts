import { buildSchema } from "graphql";
import { expect, test } from "vitest";
import { describeSchema } from "./describe.ts";

test("arguments of GraphQL's own scalars have no text but their own; others have their type's", () => {
  const [operation] = describeSchema(
    buildSchema(`
      "A day as text, such as 2031-05-01."
      scalar Day
      input In { id: ID!, note: String, day: Day, "How many" count: Int }
      type Query { rooms(id: ID!, name: String, price: Float, open: Boolean, in: In): Int }
    `),
  );
  const words = operation?.fields
    .filter(({ in: place }) => place === "body")
    .map(({ name, description }) => [name, description]);
  expect(words).toEqual([
    ["id", ""],
    ["name", ""],
    ["price", ""],
    ["open", ""],
    ["in", ""],
    ["in.id", ""],
    ["in.note", ""],
    ["in.day", "A day as text, such as 2031-05-01."],
    ["in.count", "How many"],
  ]);
});

test("a long enumeration is told by a few of its values", () => {
  const values = Array.from({ length: 500 }, (_, n) => `COUNTRY_${n}`);
  const [operation] = describeSchema(
    buildSchema(`enum Country { ${values.join(" ")} } type Query { rooms(country: Country): Int }`),
  );
  const [field] = operation?.fields ?? [];
  expect(field).toMatchObject({
    name: "country",
    description: "one of 500 values, such as COUNTRY_0, COUNTRY_1, COUNTRY_2",
    example: "COUNTRY_0",
  });
  expect(field?.enum).toBeUndefined();
});

test("what an input cannot do without is described however deep it is, and nothing else", () => {
  const [operation] = describeSchema(
    buildSchema(`
      input A { b: B!, o: B }
      input B { c: C! }
      input C { d: D! }
      input D { e: E! }
      input E { f: F!, g: F }
      input F { n: Int!, kids: [F!]! }
      type Query { rooms(a: A!): Int }
    `),
  );
  const names = operation?.fields.filter(({ in: place }) => place === "body").map(({ name }) => name);
  expect(names).toContain("a.b.c.d.e.f.n");
  expect(names).toContain("a.b.c.d.e.f.kids");
  expect(names?.filter((name) => /^a\.o(\.\w+){4}|kids\[\]|\.g\./.test(name))).toEqual([]);
});

test.each([
  ["JSONObject", { type: "object" }],
  ["jsonb", { type: "object" }],
  ["Long", { type: "integer" }],
  ["NonNegativeInt", { type: "integer", minimum: 0 }],
  ["Latitude", { type: "number", minimum: -90, maximum: 90 }],
  ["float8", { type: "number" }],
  ["timestamptz", { type: "string", format: "date-time" }],
  ["LocalTime", { type: "string", format: "time" }],
  ["IPv6", { type: "string", format: "ipv6" }],
  ["Colour", { type: "string" }],
])("the scalar %s is %j, and an answer has no bounds", (scalar, type) => {
  const [operation] = describeSchema(
    buildSchema(`scalar ${scalar} type Room { x: ${scalar} } type Query { rooms(x: ${scalar}): Room }`),
  );
  const [input, answer] = operation?.fields ?? [];
  expect(input).toEqual({ in: "body", name: "x", required: false, description: "", ...type });
  const { minimum: _, maximum: __, ...rest } = type as { minimum?: number; maximum?: number };
  expect(answer).toMatchObject({ in: "answer", name: "x", ...rest });
  expect(answer).not.toHaveProperty("minimum");
});
