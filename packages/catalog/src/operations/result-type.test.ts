import { expect, test } from "vitest";
import { resultTypeNoun } from "./result-type.ts";

test.each([
  ["(plotId: ID!): Tenancy!", "tenanc"],
  ["(input: CreateVisitInput!): CreateVisitPayload", "visit"],
  [": [Meeting!]!", "meet"],
  ["(id: ID!): Boolean!", undefined],
  ["", undefined],
])("what returns %j returns %s", (signature, noun) => {
  expect(resultTypeNoun({ signature })).toBe(noun);
});

test("tools and REST operations have no type", () => {
  expect(resultTypeNoun({ signature: undefined })).toBeUndefined();
});
