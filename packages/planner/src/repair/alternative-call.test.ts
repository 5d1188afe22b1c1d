import { OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import { apiField } from "@ape/catalog/test/api-field";
import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { parseCall } from "../goal/past-call.ts";
import { alternativeCall } from "./alternative-call.ts";

const field = (place: "body" | "answer", name: string, type = "string") => apiField(place, name, { type });
const api: ApiDescription = {
  target: "t",
  kind: "graphql",
  title: "t",
  documented: true,
  auth: [],
  operations: [
    {
      method: "query",
      path: "offer",
      signature: ": Offer",
      summary: "Show the offer",
      secured: false,
      fields: [
        { ...field("answer", "id"), onTypes: [{ at: "", types: ["Boat", "Cabin"] }] },
        {
          ...field("answer", "prices[].value", "number"),
          onTypes: [
            { at: "", types: ["Boat"] },
            { at: "prices[]", types: ["Fixed"] },
          ],
        },
      ],
    },
    {
      method: "query",
      path: "boats",
      signature: "(first: Int, filter: BoatFilter): [Boat!]!",
      summary: "List boats",
      secured: false,
      fields: [
        field("body", "first", "integer"),
        field("body", "filter.size", "number"),
        field("answer", "[].id"),
        field("answer", "[].owner.name"),
      ],
    },
    { method: "tool", path: "rent", summary: "Rent a boat", secured: false, fields: [field("body", "boat")] },
  ],
};
const catalog = new OperationCatalog([api]);

test("a query becomes a document with typed variables and all known fields", () => {
  const request = {
    target: "t",
    method: "query",
    path: "boats",
    query: { first: "3", "filter.size": 2 },
  } as const;
  const { name, arguments: text } = alternativeCall(request, catalog.at("t", "query", "boats"));
  expect(name).toBe("graphql");
  expect(JSON.parse(text)).toEqual({
    api_name: "t",
    query:
      "query boats($first: Int, $filter: BoatFilter) { boats(first: $first, filter: $filter) { id owner { name } } }",
    variables: { first: 3, filter: { size: 2 } },
    operation_name: "boats",
  });
});

test("what only some types have is selected within fragments on them", () => {
  const request = { target: "t", method: "query", path: "offer" } as const;
  const { arguments: text } = alternativeCall(request, catalog.at("t", "query", "offer"));
  expect(JSON.parse(text).query).toBe(
    "query offer { offer { __typename ... on Boat { id prices { __typename ... on Fixed { value } } } ... on Cabin { id } } }",
  );
});

test("a tool is called with its arguments", () => {
  const { name, arguments: text } = alternativeCall(
    { target: "t", method: "tool", path: "rent", data: { boat: "b1" } },
    catalog.at("t", "tool", "rent"),
  );
  expect([name, JSON.parse(text)]).toEqual([
    "call_tool",
    { api_name: "t", name: "rent", arguments: { boat: "b1" } },
  ]);
});

test("texts of past calls are read back: what reads has a query, what writes has data", () => {
  expect(parseCall('query boats {"first":3,"filter":{"size":2}}', "t", catalog)).toMatchObject({
    method: "query",
    path: "boats",
    query: { first: "3", "filter.size": "2" },
    operation: { key: "query boats" },
  });
  expect(parseCall('tool rent {"boat":"b1"}', "t", catalog)).toMatchObject({
    method: "tool",
    data: { boat: "b1" },
  });
  expect(parseCall('tool rent {"boat":"b1","long":"aaa...', "t", catalog)).toMatchObject({
    data: { boat: "b1" },
    cut: true,
  });
});
