import { clausesOf } from "@ape/catalog/goal/clause";
import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { pageIn, type SeenForm } from "../page-reader.ts";
import { fillIn, isLogin } from "./form-values.ts";

const formOf = (fields: Json[], label = "Save", sends = "POST /things"): SeenForm =>
  pageIn({ links: [], forms: [{ form: "1", label, sends, fields }] })?.forms[0] as SeenForm;
const password = (name = "pw"): Json => ({ name, type: "password", label: "Password", required: true });
const data = (row: Record<string, string>) =>
  Object.entries(row).map(([name, value]) => ({ name, value, origin: "data" }));

/** The values that a form gets for a goal of one clause. */
function filled(fields: Json[], goal = "", row: Record<string, string> = {}) {
  const [clause, ...later] = clausesOf(goal, new Set());
  const around = clause === undefined ? [] : [clause];
  return fillIn(formOf(fields), { clause, later, around, title: "", own: undefined }, data(row), 1);
}

test.each<[string, Json[], string, string, boolean]>([
  ["one password", [password()], "Enter", "POST /in", true],
  ["no password", [{ name: "user" }], "Log in", "POST /in", false],
  ["two passwords", [password(), password("again")], "Enter", "POST /in", false],
  ["a button that registers", [password()], "Register", "POST /in", false],
  ["a form that only asks", [password()], "Enter", "GET /in", false],
])("a form with %s is a login or not", (_, fields, label, sends, login) => {
  expect(isLogin(formOf(fields, label, sends))).toBe(login);
});

test("what is required and empty gets a value of its kind, the rest is left alone", () => {
  const options = ["red", "blue"];
  expect(
    filled([
      { name: "note", type: "text" },
      { name: "kept", type: "text", required: true, value: "x" },
      { name: "agree", type: "checkbox", required: true },
      { name: "gift", type: "checkbox" },
      { name: "colour", type: "select", required: true, options },
      { name: "mail", type: "email", required: true },
      { name: "count", type: "number", required: true, min: 4 },
    ]),
  ).toEqual({
    agree: true,
    colour: "red",
    mail: expect.stringContaining("@"),
    count: expect.any(Number),
  });
});

test("columns of the data row go before what the goal says, and that before anything plausible", () => {
  const title = { name: "title", type: "text", label: "Title", required: true };
  expect(filled([title], 'Add a note with the title "Milk".', { title: "Eggs" })).toEqual({ title: "Eggs" });
  expect(filled([title], 'Add a note with the title "Milk".')).toEqual({ title: "Milk" });
  expect(filled([{ ...title, required: false }], 'Add a note with the title "Milk".')).toEqual({
    title: "Milk",
  });
  expect(filled([{ ...title, value: "Old" }], 'Add a note with the title "Milk".')).toEqual({
    title: "Milk",
  });
});

test("values are given in the types of their fields", () => {
  const seats = { name: "seats", type: "number", label: "Seats", required: true };
  expect(filled([seats], "", { seats: "4" })).toEqual({ seats: 4 });
});

test("a password is the secret of the data row wherever it is asked for, else one that is made up once", () => {
  const both = [password(), password("again")];
  expect(filled(both, "", { password: "{{password}}" })).toEqual({
    pw: "{{password}}",
    again: "{{password}}",
  });
  const made = filled(both);
  expect(made.pw).toEqual(expect.stringMatching(/.{4}/));
  expect(made.again).toBe(made.pw);
  expect(filled([{ ...(password() as object), required: false }])).toEqual({});
});

test("a secret of the row that no field takes is not sent", () => {
  expect(
    filled([{ name: "city", label: "City", required: true }], "", { api_token: "{{api_token}}" }).city,
  ).not.toContain("{{");
});
