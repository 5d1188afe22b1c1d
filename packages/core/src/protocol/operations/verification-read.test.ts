import { expect, test } from "vitest";
import type { ApiOperation } from "../api.ts";
import { readBack } from "./verification-read.ts";

const operation = (method: "GET" | "POST", path: string, ...answers: string[]): ApiOperation => ({
  method,
  path,
  summary: "",
  secured: false,
  fields: answers.map((name) => ({
    in: "answer",
    name,
    type: name === "lines" ? "array" : "string",
    required: true,
    description: "",
  })),
});

test.each([
  ["the parameter's own name", ["id", "orderId"], "orderId"],
  ["id", ["state", "id", "orderKey"], "id"],
  ["what is an id by its name", ["state", "orderKey"], "orderKey"],
])("the capture is taken from %s", (_, answers, field) => {
  const made = operation("POST", "/orders", ...answers);
  const read = operation("GET", "/orders/{orderId}", "state", "lines");
  expect(readBack(made, [operation("GET", "/orders"), read])).toEqual({
    operation: "GET /orders/{orderId}",
    capture: "orderId",
    field,
    says: ["state"],
  });
});

test("what cannot be read back, or answers no id, has none", () => {
  const made = operation("POST", "/orders", "id");
  expect(
    readBack(made, [operation("GET", "/orders/{a}/lines"), operation("GET", "/orders")]),
  ).toBeUndefined();
  expect(readBack(operation("POST", "/orders", "state"), [operation("GET", "/orders/{a}")])).toBeUndefined();
  expect(readBack(operation("GET", "/orders", "id"), [operation("GET", "/orders/{a}")])).toBeUndefined();
});
