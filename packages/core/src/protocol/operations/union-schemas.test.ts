import { Ajv } from "ajv";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../lib/json.ts";
import type { ApiField } from "../api.ts";
import { operationTools } from "./operation-tools.ts";
import { promptTools } from "./prompt-tools.ts";
import { type UnionForm, withUnions } from "./union-schemas.ts";

const body = (name: string, more: Partial<ApiField>): ApiField => ({
  in: "body",
  name,
  type: "string",
  required: false,
  description: "",
  ...more,
});

const FIELDS = [
  body("count", { type: "integer", minimum: 1, nullable: true }),
  body("state", { enum: ["open", "paid"], nullable: true, description: "Which orders are meant" }),
  body("kind", { enum: ["a", null, "b"], nullable: true }),
  body("labels", { also: ["array"] }),
  body("due", { also: ["integer"], nullable: true, maxLength: 9 }),
  body("any", { also: ["any"] }),
  body("plain", { description: "May be <b>bold</b>" }),
  body("lines", { type: "object[]", nullable: true }),
  body("lines[].id", { type: "integer", also: ["string"] }),
];

/** The offered tools of operations that take the same fields. */
const toolsOf = (fields: readonly ApiField[], operations = 1) =>
  promptTools(
    operationTools([
      {
        target: "a",
        title: "A",
        documented: true,
        auth: [],
        operations: Array.from({ length: operations }, (_, index) => ({
          method: "POST" as const,
          path: `/orders${index}`,
          summary: "",
          secured: false,
          fields: [...fields],
        })),
      },
    ]),
  );

/** The schemas of the body's fields in the last tool. */
function fieldsIn(form: UnionForm, operations = 1): Record<string, JsonObject> {
  const tool = withUnions(toolsOf(FIELDS, operations), form).at(-1);
  return tool?.function.parameters.properties as Record<string, JsonObject>;
}

test.each([1, 3])(
  "a list of types says what a value may be, also where the description was given before: %i",
  (operations) => {
    expect(fieldsIn("types", operations)).toMatchObject({
      count: { type: ["integer", "null"], minimum: 1 },
      state: { type: ["string", "null"], enum: ["open", "paid", null] },
      labels: { type: ["string", "array"], items: {} },
      due: { type: ["string", "integer", "null"], maxLength: 9 },
      lines: { type: ["array", "null"], items: { properties: { id: { type: ["integer", "string"] } } } },
    });
  },
);

test("anyOf has one schema for each type, with the words beside it", () => {
  expect(fieldsIn("anyOf")).toMatchObject({
    count: { anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }] },
    state: {
      description: "Which orders are meant",
      anyOf: [{ type: "string", enum: ["open", "paid"] }, { type: "null" }],
    },
    labels: { anyOf: [{ type: "string" }, { type: "array", items: {} }] },
  });
});

test("nullable says null alone; other types stay in the description", () => {
  const fields = fieldsIn("nullable");
  expect(fields.count).toEqual({ type: "integer", minimum: 1, nullable: true });
  expect(fields.labels).toEqual({ type: "string", description: "<or array>" });
});

test("a type is said once: in the schema or in the description", () => {
  for (const form of ["types", "anyOf"] as const)
    expect(JSON.stringify(fieldsIn(form))).not.toMatch(/<or |; or /);
  expect(fieldsIn("types").plain).toEqual({ type: "string", description: "May be <b>bold</b>" });
  expect(fieldsIn("types").any).toEqual({});
});

test("tools without a union, and described ones, stay the same list; the same list gives the same result", () => {
  const plain = toolsOf([body("a", {})]);
  const tools = toolsOf(FIELDS);
  for (const form of ["types", "anyOf", "nullable", "described"] as const) {
    expect(withUnions(plain, form)).toBe(plain);
    expect(withUnions(tools, form)).toBe(withUnions(tools, form));
  }
  expect(withUnions(tools, "described")).toBe(tools);
});

const VALUES: Record<string, Json> = { null: null, integer: 7, string: "x", array: ["y"], boolean: true };

test("an enforced schema accepts a value of each type that a field has, and no other", () => {
  const types = ["integer", "string", "boolean"] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...types),
      fc.subarray(["integer", "string", "array", "boolean"]),
      fc.boolean(),
      fc.constantFrom<UnionForm>("types", "anyOf"),
      (type, others, nullable, form) => {
        const also = others.filter((other) => other !== type);
        const field = body("x", {
          type,
          ...(also.length > 0 ? { also } : {}),
          ...(nullable ? { nullable } : {}),
        });
        const tool = withUnions(toolsOf([field]), form)[0];
        const valid = new Ajv({ strict: false }).compile(tool?.function.parameters as object);
        const allowed = [type, ...also, ...(nullable ? ["null"] : [])];
        for (const [name, x] of Object.entries(VALUES))
          expect([name, valid({ x })]).toEqual([name, allowed.includes(name)]);
      },
    ),
    // Each compiles a schema; there are 192 cases in all.
    { numRuns: 40 },
  );
});
