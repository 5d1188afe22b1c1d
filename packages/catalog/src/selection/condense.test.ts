import type { ApiField, ApiOperation } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { weightedTokens } from "../words/words.ts";
import { condense } from "./condense.ts";

const answer = (name: string, description = ""): ApiField => ({
  in: "answer",
  name,
  type: "string",
  required: false,
  description,
});

const operation = (fields: ApiField[]): ApiOperation => ({
  method: "POST",
  path: "/runs",
  summary: "Create a run",
  fields,
  secured: false,
});

const cost = ({ fields }: ApiOperation): number => fields.length;

test("the own id of what an operation makes stays, however many fields the goal's words mention", () => {
  for (const id of ["id", "data.id", "items[].id", "uuid"]) {
    const many = Array.from({ length: 40 }, (_, index) => answer(`run_name_${index}`, "The name of the run"));
    const { fields } = condense(operation([...many, answer(id)]), weightedTokens("run name"), 4, cost);
    expect(fields.map(({ name }) => name)).toContain(id);
    expect(fields.length).toBeLessThanOrEqual(4);
  }
});

test("the id of a thing further inside does not go before what the goal mentions", () => {
  const fields = [
    answer("a.b.c.id"),
    ...["state", "total", "name"].map((name) => answer(name, "Of the run")),
  ];
  const kept = condense(operation(fields), weightedTokens("run"), 3, cost).fields.map(({ name }) => name);
  expect(kept).not.toContain("a.b.c.id");
});

test("required inputs stay; an operation that costs no more is the same", () => {
  const input: ApiField = { ...answer("flow_id"), in: "body", required: true };
  const small = operation([input]);
  expect(condense(small, new Map(), 1, cost)).toBe(small);
  const { fields } = condense(
    operation([input, ...Array.from({ length: 20 }, (_, n) => answer(`x${n}`))]),
    new Map(),
    4,
    cost,
  );
  expect(fields).toContain(input);
});

test("a price in an object and its currency go before ids and pictures of parts that the goal's words are in", () => {
  const kept = condense(
    operation(
      [
        "items[].productId",
        "items[].productAsset.id",
        "items[].productAsset.preview",
        "items[].productGroup.id",
        "items[].productGroup.text",
        "items[].price.value",
        "items[].currencyCode",
      ].map((name) => answer(name)),
    ),
    weightedTokens("product"),
    3,
    cost,
  ).fields.map(({ name }) => name);
  expect(kept).toEqual(["items[].productId", "items[].price.value", "items[].currencyCode"]);
});
