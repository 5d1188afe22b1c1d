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
