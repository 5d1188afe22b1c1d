import type { Json, JsonObject } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { posting } from "../../../test/openapi.ts";

/** The fields of a body by name: whether they are required, and in which form. */
function fieldsOf(schema: JsonObject, schemas: JsonObject = {}): Record<string, string> {
  const fields = posting(schema, schemas).fields.filter((field) => field.in === "body");
  return Object.fromEntries(
    fields.map(({ name, required, form, neededInForm, enum: options }) => [
      name,
      [
        required ? "required" : "optional",
        ...(form === undefined ? [] : [`${neededInForm === true ? "needed in" : "of"} form ${form}`]),
        ...(options === undefined ? [] : [options.join("|")]),
      ].join(", "),
    ]),
  );
}

/** A condition of a schema. */
const condition = (asked: Json, met: JsonObject, otherwise?: JsonObject): JsonObject => ({
  if: asked,
  // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema
  then: met,
  ...(otherwise === undefined ? {} : { else: otherwise }),
});

const payment: JsonObject = {
  type: "object",
  required: ["method"],
  properties: {
    method: { type: "string", enum: ["cash", "card", "transfer"] },
    number: { type: "string" },
    iban: { type: "string" },
  },
};
const when = (method: string, name: string): JsonObject =>
  condition({ properties: { method: { const: method } }, required: ["method"] }, { required: [name] });

test("what is required under a condition on a value is needed in the form of that value", () => {
  expect(fieldsOf({ ...payment, ...when("card", "number") })).toEqual({
    method: "required, cash|transfer|card",
    number: "optional, needed in form 2",
    iban: "optional",
  });
});

test("several conditions on one property are a form each, and its other values one more", () => {
  expect(fieldsOf({ ...payment, allOf: [when("card", "number"), when("transfer", "iban")] })).toEqual({
    method: "required, cash|card|transfer",
    number: "optional, needed in form 2",
    iban: "optional, needed in form 3",
  });
});

test("the form of the first value comes first: its fields are what a caller without a preference sends", () => {
  const schema = { ...payment, allOf: [when("transfer", "iban"), when("cash", "number")] };
  const fields = fieldsOf(schema);
  expect(fields.method).toBe("required, cash|transfer|card");
  expect(fields.number).toBe("required, needed in form 1");
  expect(fields.iban).toBe("optional, needed in form 2");
});

test("`else` holds for the other values, and brings properties of its own", () => {
  const schema: JsonObject = {
    type: "object",
    required: ["gift"],
    properties: { gift: { type: "boolean" } },
    ...condition(
      { properties: { gift: { const: true } } },
      { required: ["note"], properties: { note: { type: "string" } } },
      { required: ["invoice"], properties: { invoice: { type: "string" } } },
    ),
  };
  const fields = fieldsOf(schema);
  expect(fields.invoice).toBe("required, needed in form 1");
  expect(fields.note).toBe("optional, needed in form 2");
});

test("a property without listed values keeps them all", () => {
  const schema: JsonObject = {
    type: "object",
    properties: { country: { type: "string" }, state: { type: "string" } },
    ...condition(
      { properties: { country: { enum: ["US", "CA"] } }, required: ["country"] },
      { required: ["state"] },
    ),
  };
  expect(fieldsOf(schema)).toEqual({ country: "optional", state: "optional, needed in form 2" });
});

test("a condition on what is there requires what goes with it", () => {
  const schema: JsonObject = {
    type: "object",
    required: ["from"],
    properties: { from: { type: "string" }, to: { type: "string" } },
    ...condition({ required: ["from"] }, { required: ["to"] }),
  };
  expect(fieldsOf(schema).to).toBe("required");
});

test.each<[string, Json]>([
  ["a negation", { not: { required: ["a"] } }],
  ["two properties", { properties: { a: { const: 1 }, b: { const: 2 } } }],
  ["a range", { properties: { a: { minimum: 1 } } }],
  ["no schema", true],
  ["nothing", {}],
])("a condition on %s changes nothing", (_, asked) => {
  const schema = { type: "object", properties: { a: { type: "integer" }, b: { type: "integer" } } };
  expect(fieldsOf({ ...schema, ...condition(asked, { required: ["b"] }) })).toEqual({
    a: "optional",
    b: "optional",
  });
});

test("conditions within a schema that contains itself end", () => {
  const A: JsonObject = {
    type: "object",
    properties: { kind: { enum: ["x", "y"] }, inner: { $ref: "#/components/schemas/A" } },
    ...condition(
      { properties: { kind: { const: "x" } } },
      { properties: { inner: { $ref: "#/components/schemas/A" } }, required: ["inner"] },
    ),
  };
  expect(Object.keys(fieldsOf({ $ref: "#/components/schemas/A" }, { A }))).toContain("kind");
});
