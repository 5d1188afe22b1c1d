import { buildSchema, parse, validate } from "graphql";
import { expect, test } from "vitest";
import { describeSchema } from "./describe.ts";

const answersOf = (sdl: string) =>
  (describeSchema(buildSchema(sdl))[0]?.fields ?? [])
    .filter(({ in: place }) => place === "answer")
    .map(({ name, onTypes = [] }) =>
      [name, ...onTypes.map(({ at, types }) => `${at} on ${types.join("|")}`.trim())].join(" "),
    );

test("outer fields come before inner ones, so that the first inner object does not take all the room", () => {
  const wide = Array.from({ length: 70 }, (_, n) => `f${n}: Int`).join(" ");
  const answers =
    answersOf(`type Wide { ${wide} } type Item { id: ID! } type Found { first: Wide items: [Item] count: Int }
    type Query { search: Found }`);
  expect(answers.slice(0, 3)).toEqual(["count", "first.f0", "first.f1"]);
  expect(answers).toHaveLength(60);
  const deep = answersOf(`type Deep { ${wide} } type First { deep: Deep } type Item { id: ID! }
    type Found { first: First items: [Item] } type Query { search: Found }`);
  expect(deep[0]).toBe("items[].id");
});

test("fields of a union's members name the members", () => {
  const answers = answersOf(`
    type Single { value: Float! } type Range { min: Float! max: Float! } union Price = Single | Range
    type Item { id: ID! price: Price! } type Query { items: [Item!]! }`);
  expect(answers).toEqual([
    "[].id",
    "[].price.value [].price on Single",
    "[].price.min [].price on Range",
    "[].price.max [].price on Range",
  ]);
});

test("members that represent errors come last, with their own leaves only; a field of several is one", () => {
  const answers = answersOf(`
    interface ErrorResult { code: String! message: String! }
    type Owner { id: ID! }
    type StockError implements ErrorResult { code: String! message: String! left: Int! order: Order! }
    type LimitError implements ErrorResult { code: String! message: String! }
    type Order { id: ID! total: Int! owner: Owner! }
    union AddResult = StockError | LimitError | Order
    type Query { add: AddResult! }`);
  expect(answers).toEqual([
    "id on Order",
    "total on Order",
    "code on StockError|LimitError",
    "message on StockError|LimitError",
    "left on StockError",
    "owner.id on Order",
  ]);
});

test("what two members call alike and is of different types is selected of the first only", () => {
  const sdl = `type A { x: Int! y: [Int!] z: String } type B { x: String! y: Int z: A } union One = A | B type Query { one: One }`;
  const answers = answersOf(sdl);
  expect(answers).toEqual(["x on A", "y on A", "z on A"]);
  expect(validate(buildSchema(sdl), parse("{ one { ... on A { x } ... on B { x } } }"))).not.toEqual([]);
});

test("members of an interface add the fields that it lacks", () => {
  expect(
    answersOf(`interface Node { id: ID! } type Book implements Node { id: ID! pages: Int } type Map implements Node { id: ID! scale: Int }
      type Query { node: Node }`),
  ).toEqual(["id", "pages on Book", "scale on Map"]);
});

test("an answer without leaves is selected by its type's name", () => {
  expect(answersOf("type Void { at(day: Int!): Int } type Query { voids: [Void] }")).toEqual([
    "[].__typename",
  ]);
});
