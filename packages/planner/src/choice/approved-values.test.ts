import { join } from "node:path";
import { fieldOf } from "@ape/catalog/operations/field";
import type { Json } from "@ape/core/lib/json";
import type { ApiField } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { boundedList, clampValue } from "./bounded-value.ts";
import { coerce, defaultFor } from "./default-value.ts";
import { setAtPath } from "./step-call.ts";

/** Fields by name, with their traits: what a session sends where neither the goal nor an answer names a value. */
const FIELDS: readonly [name: string, more?: Partial<ApiField>][] = [
  ...[
    "name title slug username login email phone password url website address street city zip country language locale timezone",
    "currency description note text comment message subject reason color sku code isbn tag uuid id ownerId date due_date startTime",
    "birthday time year month hours percent rating price amount quantity count size limit offset page latitude lat lng age weight",
    "firstName last_name full_name company domain ip token avatar image file iban card_number cvv expiry query q search",
  ]
    .join(" ")
    .split(" ")
    .map((name): [string] => [name]),
  ...[
    "date",
    "date-time",
    "time",
    "email",
    "uuid",
    "uri",
    "hostname",
    "ipv4",
    "ipv6",
    "password",
    "byte",
    "binary",
    "duration",
    "regex",
    "odd",
  ].map((format): [string, Partial<ApiField>] => [`of_${format}`, { format }]),
  ["rating", { type: "integer" }],
  ["rating", { type: "integer", minimum: 1, maximum: 10 }],
  ["price", { type: "number" }],
  ["price", { type: "number", minimum: 2.5, maximum: 2.6 }],
  ["quantity", { type: "integer" }],
  ["quantity", { type: "integer", minimum: 10 }],
  ["seats", { type: "integer", maximum: 4 }],
  ["year", { type: "integer" }],
  ["month", { type: "integer" }],
  ["percent", { type: "integer" }],
  ["x", { type: "integer", exclusiveMinimum: 3, maximum: 4 }],
  ["x", { type: "integer", multipleOf: 5, minimum: 7 }],
  ["accepted", { type: "boolean" }],
  ["newsletter", { type: "boolean", required: false }],
  ["state", { enum: ["open", "closed"] }],
  ["size", { enum: ["S", "M", "L"] }],
  ["code", { minLength: 12 }],
  ["code", { maxLength: 3 }],
  ["code", { pattern: "^[A-Z]{2}-\\d{3}$" }],
  ["slug", { pattern: "^[a-z-]+$" }],
  ["name", { example: "my_variable" }],
  ["title", { example: "Great news", maxLength: 12 }],
  ["name", { example: 5 }],
  ["tags", { type: "array" }],
  ["tags[]", {}],
  ["address", { type: "object" }],
  ["address.city", {}],
  ["thing", { type: "" }],
  ["from", { in: "query", type: "integer" }],
];

const read = (name: string, more: Partial<ApiField> = {}) =>
  fieldOf({ in: "body", name, type: "string", required: true, description: "", ...more }, "things");

const told = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

test("values that sessions make up for fields, as they were reviewed", async () => {
  const lines = FIELDS.map(([name, more]) => {
    const field = read(name, more);
    const made = [1, 2, 3].map((seed) => told(defaultFor(field, 0, seed)));
    const traits = more === undefined ? "" : ` ${JSON.stringify(more)}`;
    return `${name}${traits}: ${[...made, told(defaultFor(field, 1, 1)), told(defaultFor(field, 0, 1, 9))].join("  ")}`;
  });
  const values: Json[] = ["5", "2.6", "true", "false", "x", "", 5, 2.6, true, null, ["a"], { a: 1 }];
  const types = ["string", "integer", "number", "boolean", "array", "object", ""];
  for (const type of types)
    lines.push(`as ${type}: ${values.map((value) => told(coerce(value, read("x", { type })))).join("  ")}`);
  const bounds: Partial<ApiField>[] = [
    { type: "integer", minimum: 3, maximum: 7 },
    { type: "number", exclusiveMinimum: 3, exclusiveMaximum: 7 },
    { type: "integer", multipleOf: 4 },
    { maxLength: 3 },
    { minLength: 3 },
    { enum: ["a", "b"] },
    { format: "date" },
  ];
  for (const bound of bounds)
    lines.push(
      `within ${JSON.stringify(bound)}: ${[0, 3, 5.5, 7, 9, "x", "long text", "a", true, null].map((value) => told(clampValue(read("x", bound), value, 1))).join("  ")}`,
    );
  for (const bound of [
    {},
    { minItems: 2 },
    { maxItems: 1 },
    { minItems: 3, maxItems: 2 },
    { minItems: 3, uniqueItems: true },
    { minItems: 99 },
  ] as Partial<ApiField>[])
    lines.push(
      `lists ${JSON.stringify(bound)}: ${told(boundedList(read("x", { type: "array", ...bound }), (index) => index % 2))}`,
    );
  for (const [name, into] of [
    ["a", undefined],
    ["a.b", undefined],
    ["a.b", { a: { c: 1 } }],
    ["a[]", undefined],
    ["a[].b", undefined],
    ["[].b", undefined],
    ["[]", undefined],
    ["a.b[].c", { a: { b: [{ d: 1 }] } }],
  ] as [string, Json | undefined][])
    lines.push(`${name} into ${told(into)}: ${told(setAtPath(into, name, 5))}`);
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/values.txt"),
  );
});
