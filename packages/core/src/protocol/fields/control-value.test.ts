import { expect, test } from "vitest";
import { isBox, valueOfControl } from "./control-value.ts";

test.each([
  ["checkbox", undefined, true],
  ["checkbox", 1, true],
  ["checkbox", 2, false],
  ["checkbox", 0, false],
  ["radio", 1, false],
])("a control of type %s with %s options is a box: %s", (type, options, box) => {
  expect(isBox(type, options)).toBe(box);
});

test.each([
  ["checkbox", true, { type: "boolean" }],
  ["checkbox", false, { type: "string" }],
  ["number", false, { type: "number" }],
  ["range", false, { type: "number" }],
  ["text", false, { type: "string" }],
  ["email", false, { type: "string", format: "email" }],
  ["password", false, { type: "string", format: "password" }],
  ["date", false, { type: "string", format: "date" }],
  ["url", false, { type: "string", format: "uri" }],
  ["datetime-local", false, { type: "string", format: "date-time" }],
])("a control of type %s (box: %s) takes %j", (type, box, value) => {
  expect(valueOfControl(type, box)).toEqual(value);
});
