import { expect, test } from "vitest";
import { graphqlSelection } from "./graphql-selection.ts";

const on = (at: string, ...types: string[]) => ({ at, types });

test.each<[Parameters<typeof graphqlSelection>[0], string]>([
  [[], ""],
  [[{ name: "id" }], " { id }"],
  [[{ name: "id" }, { name: "price.net" }, { name: "price.tax" }], " { id price { net tax } }"],
  [[{ name: "[].id" }, { name: "[].lines[].sku" }], " { id lines { sku } }"],
  [[{ name: "id", onTypes: [on("", "Boat")] }], " { __typename ... on Boat { id } }"],
  [
    [
      { name: "id", onTypes: [on("", "Boat", "Cabin")] },
      { name: "hull", onTypes: [on("", "Boat")] },
    ],
    " { __typename ... on Boat { id hull } ... on Cabin { id } }",
  ],
  [
    [{ name: "offer.prices[].value", onTypes: [on("offer.prices[]", "Fixed")] }],
    " { offer { prices { __typename ... on Fixed { value } } } }",
  ],
  [
    [{ name: "a.b", onTypes: [on("", "X", "Y"), on("a", "Z")] }],
    " { __typename ... on X { a { __typename ... on Z { b } } } ... on Y { a { __typename ... on Z { b } } } }",
  ],
  [[{ name: "__typename" }, { name: "id", onTypes: [on("", "Boat")] }], " { __typename ... on Boat { id } }"],
  [[{ name: "a.b", onTypes: [on("other", "X")] }], " { a { b } }"],
])("the fields %j are selected as %j", (fields, selection) =>
  expect(graphqlSelection(fields)).toBe(selection),
);
