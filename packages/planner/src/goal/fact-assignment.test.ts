import { type Field, fieldOf } from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import type { ApiField } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { assignFacts, credentialsIn, isData, isPlaceholder } from "./fact-assignment.ts";

type Input = [name: string, traits?: Partial<ApiField>];

const inputOf = ([name, traits = {}]: Input): Field =>
  fieldOf({ in: "body", name, type: "string", required: true, description: "", ...traits }, "things");
const columns = (row: Record<string, string>) =>
  Object.entries(row).map(([name, value]) => ({ name, value, origin: "data" }));

/** Which column each input gets. */
function assigned(inputs: Input[], row: Record<string, string>, login = false): Record<string, string> {
  const operation = { inputs: inputs.map(inputOf), login } as unknown as Operation;
  const facts = assignFacts(operation, columns(row));
  return Object.fromEntries([...facts].map(([{ name }, fact]) => [name, fact]));
}

test("data are the columns of the row; placeholders are whole values", () => {
  expect(isData({ name: "a", value: "", origin: "data" })).toBe(true);
  expect(isData({ name: "a", value: "", origin: "step 1 GET /data" })).toBe(false);
  expect(["{{a}}", "{{}}", "x{{a}}", "{{a}}x", "a"].map(isPlaceholder)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});

test.each<[string, Input, Record<string, string>, string | undefined]>([
  ["the same name", ["city"], { city: "Rome" }, "city"],
  ["the same name in another spelling", ["homeTown"], { home_town: "Rome" }, "home_town"],
  ["the last part of a nested name", ["address.city"], { city: "Rome" }, "city"],
  ["words of the description", ["x", { description: "City of the member" }], { city: "Rome" }, "city"],
  [
    "a description that only mentions it",
    ["x", { description: "When the city was built" }],
    { city: "Rome" },
    undefined,
  ],
  ["nothing in common", ["x"], { city: "Rome" }, undefined],
  ["only a word that all fields have", ["petId"], { id: "7" }, undefined],
  [
    "a filter that only mentions it",
    ["by", { in: "query", required: false, description: "City of the member" }],
    { city: "Rome" },
    undefined,
  ],
  ["a filter of that name", ["city", { in: "query", required: false }], { city: "Rome" }, "city"],
  ["a header", ["city", { in: "header" }], { city: "Rome" }, undefined],
  ["an object", ["city", { type: "object" }], { city: "Rome" }, undefined],
  ["a number for a number", ["age", { type: "integer" }], { age: "30" }, "age"],
  ["a text for a number", ["age", { type: "integer" }], { age: "old" }, undefined],
  ["a blank for a number", ["age", { type: "integer" }], { age: " " }, undefined],
  ["an option", ["size", { enum: ["S", "M"] }], { size: "M" }, "size"],
  ["a numeric option", ["size", { type: "integer", enum: [1, 2] }], { size: "2" }, "size"],
  ["no option", ["size", { enum: ["S", "M"] }], { size: "L" }, undefined],
  ["a day", ["day", { format: "date" }], { day: "2031-02-03" }, "day"],
  ["no day", ["day", { format: "date" }], { day: "Monday" }, undefined],
  ["a day and more", ["day", { format: "date" }], { day: "2031-02-03T10:00" }, undefined],
  ["a placeholder for anything", ["age", { type: "integer" }], { age: "{{age}}" }, "age"],
  [
    "most of its words in a required field",
    ["x", { description: "Voucher" }],
    { voucher_code: "A" },
    "voucher_code",
  ],
  [
    "most of its words in an optional one",
    ["x", { required: false, description: "Voucher" }],
    { voucher_code: "A" },
    undefined,
  ],
])("%s", (_, input, row, column) => {
  expect(assigned([input], row)[input[0]]).toBe(column);
});

test("each column is used once, by the field that it fits best", () => {
  expect(assigned([["x", { description: "City" }], ["city"]], { city: "Rome" })).toEqual({ city: "city" });
  expect(assigned([["city"], ["x", { description: "City" }]], { city: "Rome" })).toEqual({ city: "city" });
  expect(assigned([["city"], ["name"]], { name: "Ann", city: "Rome" })).toEqual({
    city: "city",
    name: "name",
  });
});

test("a value that looks like the field's example, or like its format, goes before another", () => {
  const numbered: Input = ["x", { description: "Member card", example: "M-0000" }];
  expect(assigned([numbered], { member_note: "fine", member_card: "M-0042" })).toEqual({ x: "member_card" });
  const mail: Input = ["to", { format: "email", description: "Address of the member" }];
  expect(assigned([mail], { member_street: "Mill Lane", member_address: "a@b.example" })).toEqual({
    to: "member_address",
  });
});

test.each<[string, Input[], Record<string, string>, Record<string, string>]>([
  [
    "user name and password",
    [["username"], ["password"]],
    { username: "ann", password: "{{password}}" },
    { username: "username", password: "password" },
  ],
  [
    "other names",
    [["login"], ["secret"]],
    { user: "ann", pass: "{{pass}}" },
    { login: "user", secret: "pass" },
  ],
  [
    "a mail address where that is asked for",
    [["email"], ["password"]],
    { username: "ann", mail: "a@b.example", password: "{{password}}" },
    { email: "mail", password: "password" },
  ],
  [
    "a user name rather than a mail address for a handle",
    [["handle"], ["password"]],
    { mail: "a@b.example", username: "ann", password: "{{password}}" },
    { handle: "username", password: "password" },
  ],
  [
    "a phone number where that is asked for",
    [["phone"], ["pin", { format: "password" }]],
    { username: "ann", mobile: "0123", pin: "{{pin}}" },
    { phone: "mobile", pin: "pin" },
  ],
  [
    "no secret for who logs in, and none but a secret for a password",
    [["user"], ["password"]],
    { token: "{{token}}", city: "Rome" },
    { password: "token", user: "city" },
  ],
  [
    "what looks like the example, for a field without a name of its own",
    [["x1", { example: "AB-12" }], ["password"]],
    { city: "Rome", card: "CD-34", password: "{{password}}" },
    { x1: "card", password: "password" },
  ],
  [
    "optional inputs where none is required, by their names alone",
    [
      ["user", { required: false }],
      ["password", { required: false }],
      ["remark", { required: false }],
    ],
    { username: "ann", password: "{{password}}", city: "Rome" },
    { user: "username", password: "password" },
  ],
  [
    "no optional inputs where others are required",
    [["user"], ["password"], ["remark", { required: false }]],
    { username: "ann", password: "{{password}}", city: "Rome" },
    { user: "username", password: "password" },
  ],
  ["only what is there", [["user"], ["password"]], {}, {}],
  ["nothing for inputs elsewhere", [["x1", { in: "query" }]], { city: "Rome" }, {}],
  ["nothing for a number", [["x1", { type: "integer" }]], { city: "Rome" }, {}],
])("a login gets %s", (_, inputs, row, fields) => {
  expect(assigned(inputs, row, true)).toEqual(fields);
});

test("who logs in is given by secrets and by names that say so", () => {
  const row = { username: "a", city: "b", pin: "{{pin}}", e_mail: "c", api_key: "d", password: "x" };
  expect(credentialsIn(columns(row)).map(({ name }) => name)).toEqual([
    "username",
    "pin",
    "e_mail",
    "password",
  ]);
});
