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

test.each([
  [": Lamp", "lamp"],
  [":Lamp!", "lamp"],
  [": [Lamp!]!", "lamp"],
  [": LampResult", "lamp"],
  [": LampResponse", "lamp"],
  [": LampOutput", "lamp"],
  [": LampAnswer", "lamp"],
  [": LampConnection", "lamp"],
  [": LampPayloadResult", "lamp"],
  [": Result", undefined],
  [": String", undefined],
  [": [ID!]!", undefined],
  [": Int", undefined],
  [": Float!", undefined],
  [": Lamp x", undefined],
  ["Lamp", undefined],
])("what returns %j returns the thing %s", (signature, noun) => {
  expect(resultTypeNoun({ signature })).toBe(noun);
});
