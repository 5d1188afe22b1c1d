import { clampNumber } from "@ape/catalog/operations/clamp-number";
import { fieldOf } from "@ape/catalog/operations/field";
import type { Json } from "@ape/core/lib/json";
import type { ApiField } from "@ape/core/protocol/api";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultFor } from "./default-value.ts";

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const KEYS =
  "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern enum".split(" ");
const LIST_KEYS = ["minItems", "maxItems", "uniqueItems"];

const valueFor = (traits: Partial<ApiField>, seed = 1): Json =>
  defaultFor(
    fieldOf({ in: "body", name: "x", type: "string", required: true, description: "", ...traits }, ""),
    0,
    seed,
  );

/** The JSON Schema that a field was read from. */
function schemaOf(traits: Partial<ApiField>): object {
  const all = Object.entries(traits).filter(([, value]) => value !== undefined);
  const type = traits.type ?? "string";
  const own = Object.fromEntries(all.filter(([key]) => KEYS.includes(key)));
  if (!type.endsWith("[]")) return { type, ...own };
  return {
    type: "array",
    items: { type: type.slice(0, -2), ...own },
    ...Object.fromEntries(all.filter(([key]) => LIST_KEYS.includes(key))),
  };
}

const holds = (traits: Partial<ApiField>, value: Json): boolean => ajv.compile(schemaOf(traits))(value);

test.each<Partial<ApiField>>([
  { minLength: 10 },
  { minLength: 400, maxLength: 400 },
  { maxLength: 3 },
  { name: "username", maxLength: 8 },
  { format: "email", maxLength: 12 },
  { format: "email", minLength: 40 },
  { pattern: "^[A-Z]{3}-\\d{4}$" },
  { pattern: "^\\+?[1-9]\\d{1,14}$" },
  { pattern: "^(?:red|green)$" },
  { pattern: "^[a-z0-9]+(?:-[a-z0-9]+)*$", minLength: 20, maxLength: 30 },
  { pattern: "^\\S+$" },
  { pattern: "^[\\w.]+@[\\w.]+\\.\\w{2,}$" },
  { example: "short", minLength: 10 },
  { example: "no match", pattern: "^\\d+$" },
  { type: "integer", minimum: 5 },
  { type: "integer", exclusiveMinimum: 0, maximum: 1 },
  { type: "integer", multipleOf: 25, minimum: 30 },
  { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 0.5 },
  { type: "number", multipleOf: 0.25, minimum: 0.3 },
  { type: "number", maximum: -3 },
  { type: "string[]", minItems: 2, uniqueItems: true },
  { type: "string[]", minItems: 2, pattern: "^[a-f]{4}$" },
  { type: "integer[]", minItems: 3, uniqueItems: true, minimum: 4 },
  { type: "string[]", minItems: 1, enum: ["a", "b"] },
])("a value within %j", (traits) => {
  for (const seed of [1, 2, 3])
    expect([traits, holds(traits, valueFor(traits, seed))]).toEqual([traits, true]);
});

test("a bounded text is within its length, whatever the bounds", () => {
  fc.assert(
    fc.property(
      fc.nat(300),
      fc.nat(300),
      fc.constantFrom("x", "username", "title", "note"),
      (low, more, name) => {
        const traits = { name, minLength: low, maxLength: low + more };
        expect(holds(traits, valueFor(traits))).toBe(true);
      },
    ),
  );
});

test("a bounded number is within its bounds, in every form that they have", () => {
  const step = fc.constantFrom(undefined, 1, 5, 0.25);
  fc.assert(
    fc.property(
      fc.integer({ min: -1000, max: 1000 }),
      fc.integer({ min: 11, max: 500 }),
      step,
      fc.boolean(),
      fc.boolean(),
      (low, span, multipleOf, openLow, openHigh) => {
        const traits = {
          type: multipleOf === 0.25 ? "number" : "integer",
          ...(openLow ? { exclusiveMinimum: low } : { minimum: low }),
          ...(openHigh ? { exclusiveMaximum: low + span } : { maximum: low + span }),
          ...(multipleOf === undefined ? {} : { multipleOf }),
        };
        expect(holds(traits, valueFor(traits))).toBe(true);
      },
    ),
  );
});

test("patterns that cannot be met end, with some text", () => {
  for (const pattern of ["(", "^(?=a)b$", "(a{9999}){9999}", "[^\\s\\S]", "^\\p{Lu}{2}$", "(?<y>\\d)\\k<y>"])
    expect(typeof valueFor({ pattern })).toBe("string");
});

test("a number that the goal gives keeps its fraction where it fits", () => {
  const field = fieldOf(
    { in: "body", name: "price", type: "number", required: true, description: "", multipleOf: 0.01 },
    "",
  );
  expect(clampNumber(field, 19.99)).toBe(19.99);
  expect(clampNumber(field, 19.995)).toBe(20);
});

test.each([
  "^\\p{Lu}\\p{Ll}+$",
  "^[\\p{L}\\p{Nd} ]{5,9}$",
  "^\\p{Script=Latin}{3}-\\p{N}{2}$",
  "^[\\p{Lu}_]+\\d$",
])("a text has the Unicode classes of the pattern %s", (pattern) => {
  for (const seed of [1, 2, 3]) expect(valueFor({ pattern }, seed)).toMatch(new RegExp(pattern, "u"));
});
