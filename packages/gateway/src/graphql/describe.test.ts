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
