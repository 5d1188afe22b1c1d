import type { Json, JsonObject } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { pageIn, type SeenForm } from "../page-reader.ts";
import type { WebCall } from "../web-call.ts";
import { repairForm } from "./form-repair.ts";

const form = (fields: Json[]): SeenForm =>
  pageIn({
    links: [],
    forms: [{ form: "f", label: "Send", sends: "POST /f", fields }],
  })?.forms[0] as SeenForm;

const tried = (...all: Record<string, Json>[]): WebCall[] =>
  all.map((fields) => ({
    kind: "form",
    at: "f",
    about: "",
    label: "Send",
    fields,
    text: JSON.stringify(fields),
    cut: false,
    writes: true,
    status: 200,
    ok: false,
    page: undefined,
  }));

const text = (error?: string, more: JsonObject = {}): JsonObject => ({
  name: "a",
  type: "text",
  label: "A",
  ...(error === undefined ? {} : { error }),
  ...more,
});

const anew = (field: JsonObject, ...sent: Json[]): Json | undefined =>
  repairForm(form([field]), tried(...sent.map((value) => ({ a: value }))), {}, 7)?.a;

test.each([
  ["Enter a valid email address.", "x", /^\S+@\S+$/],
  ["Enter a valid date.", "soon", /^\d{4}-\d\d-\d\d$/],
  ["Enter a whole number.", "many", /^1$/],
  ["Must be 5 digits.", "x", /^\d{5}$/],
  ["Enter a valid URL.", "x", /^https:/],
  ["Ensure this value has at most 4 characters (it has 9).", "long-name", /^long$/],
  ["Must have at least 8 characters.", "abc", /^abc[0-9a-f]{5}$/],
  ["Group with this Name already exists.", "Night crew", /^Night crew [0-9a-f]{6}$/],
  ["That name is taken.", "ann", /^ann-[0-9a-f]{6}$/],
  ["This address is in use.", "a@b.example", /^a\.[0-9a-f]{6}@b\.example$/],
  ["This field is required.", "", /./],
])("%s: %s is sent as %s", (error, sent, expected) => {
  expect(anew(text(error, { value: sent }), sent)).toMatch(expected);
});

test("another choice, another number, a box that must be ticked", () => {
  expect(anew(text("Choose another.", { type: "select", options: ["x", "y"], value: "x" }), "x")).toBe("y");
  expect(anew(text("Must be at most 12.", { type: "number", value: "40" }), 40)).toBe(12);
  expect(
    anew({ name: "a", type: "checkbox", label: "Agree", options: ["1"], error: "You must agree." }),
  ).toBe(true);
});

test("what was tried is not tried again, and two sessions do not end up with the same name", () => {
  const taken = text("Already taken.", { value: "ann" });
  const first = anew(taken, "ann");
  const second = anew(text("Already taken.", { value: first ?? "" }), "ann", first ?? "");
  expect(new Set(["ann", first, second]).size).toBe(3);
  const other = repairForm(form([taken]), tried({ a: "ann" }), {}, 8)?.a;
  expect(other).not.toBe(first);
});

test("what the page kept stays, and a secret, which no page gives back, is filled in again", () => {
  const fields = [
    text("Already taken.", { value: "ann" }),
    { name: "b", type: "text", label: "B", value: "kept" },
    { name: "p", type: "password", label: "Password", required: true },
  ];
  const filled = repairForm(form(fields), tried({ a: "ann", b: "kept", p: "{{password}}" }), {}, 7);
  expect(filled).toEqual({ a: expect.stringMatching(/^ann-/), p: "{{password}}" });
});

test("where no field is marked, what was left empty is filled in; where nothing is left, nothing is sent", () => {
  const empty = { name: "b", type: "text", label: "Street" };
  const choice = { name: "c", type: "select", label: "Country", options: ["no", "se"] };
  const secret = { name: "p", type: "password", label: "Password" };
  const fields = [text(undefined, { value: "x" }), empty, choice, secret];
  expect(repairForm(form(fields), tried({ a: "x" }), { a: "x" }, 7)).toEqual({
    b: expect.any(String),
    c: "no",
  });
  expect(repairForm(form([text(undefined, { value: "x" })]), tried({ a: "x" }), {}, 7)).toBeUndefined();
  expect(
    repairForm(form([text("Wrong.", { type: "password" })]), tried({ a: "{{pin}}" }), {}, 7),
  ).toBeUndefined();
});

test("a password that is repeated gets the same new value", () => {
  const secret = (name: string, error?: string): JsonObject => ({
    name,
    type: "password",
    label: "Password",
    required: true,
    ...(error === undefined ? {} : { error }),
  });
  const fields = [secret("p", "Must have at least 12 characters."), secret("q", "Passwords must match.")];
  const filled = repairForm(form(fields), tried({ p: "abc", q: "abcd" }), {}, 7);
  expect(filled?.p).toMatch(/^.{12}/);
  expect(filled?.q).toBe(filled?.p);
});

const select = (name: string, label: string, more: JsonObject = {}): JsonObject => ({
  name,
  type: "select",
  label,
  options: ["x", "y", "z"],
  ...more,
});

test.each([
  ["The places must differ.", { a: "x", b: "x" }, {}, { b: "y" }],
  ["From and to are identical.", { a: "x", b: "x" }, { b: "x" }, { a: "y" }],
  [
    "The day must be in the future.",
    { a: "x", b: "y", day: "soon" },
    {},
    { day: expect.not.stringMatching("soon") },
  ],
  ["Start is closed today.", { a: "x", b: "y" }, {}, { a: "y" }],
])("a refusal without marks: %s", (said, sent, first, expected) => {
  const fields = [
    select("a", "Start", { value: "x" }),
    select("b", "End", { value: "x" }),
    ...("day" in sent ? [{ name: "day", type: "text", label: "Day", value: "soon" }] : []),
  ];
  expect(repairForm(form(fields), tried(sent), first, 7, said)).toEqual(expected);
});

test("a refusal that names nothing of the form changes nothing", () => {
  const fields = [select("a", "Start", { value: "x" })];
  expect(repairForm(form(fields), tried({ a: "x" }), {}, 7, "Come back tomorrow.")).toBeUndefined();
  expect(repairForm(form(fields), tried({ a: "x" }), {}, 7)).toBeUndefined();
});
