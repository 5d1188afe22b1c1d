import { clausesOf } from "@ape/catalog/goal/clause";
import type { Json, JsonObject } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { fillIn } from "./form-values.ts";
import { pageIn, type SeenForm } from "./page-reader.ts";

const form = (sends: string, fields: Json[]): SeenForm =>
  pageIn({ links: [], forms: [{ form: "1", label: "Send", sends, fields }] })?.forms[0] as SeenForm;

/** What a form gets for the first clause of a goal; the others come later. */
function filled(
  goal: string,
  fields: Json[],
  more: { sends?: string; title?: string; own?: string } = {},
): JsonObject {
  const [clause, ...later] = clausesOf(goal, new Set());
  const purpose = {
    clause,
    later,
    around: clause === undefined ? [] : [clause],
    title: "",
    own: undefined,
    ...more,
  };
  return fillIn(form(more.sends ?? "POST /f", fields), purpose, [], 1);
}

const text = (name: string, label = name, more: JsonObject = {}): JsonObject => ({
  name,
  type: "text",
  label,
  ...more,
});
const select = (name: string, label: string, options: Json[], more: JsonObject = {}): JsonObject => ({
  name,
  type: "select",
  label,
  options,
  ...more,
});
const box = (name: string, label: string): JsonObject => ({ name, type: "checkbox", label, options: ["1"] });

test("of several fields each gets what is said for it, and no other the same", () => {
  const shelf = [text("place", "Stored at", { value: "Hall" }), text("shelf", "Shelf", { value: "A1" })];
  expect(filled("Change its shelf to C7", shelf)).toEqual({ shelf: "C7" });
  const ports = ["Kiel", "Oslo", "Riga"];
  const trip = [select("a", "From", ports), select("b", "To", ports)];
  expect(filled("Book a crossing from Riga to Kiel", trip)).toEqual({ a: "Riga", b: "Kiel" });
  expect(filled("Book a crossing to Oslo", trip)).toEqual({ b: "Oslo" });
});

test("required choices of the same options differ", () => {
  const sides = ["red", "blue"];
  const fields = [
    select("home", "Home", sides, { required: true }),
    select("guest", "Guest", sides, { required: true }),
  ];
  expect(filled("Plan a match", fields)).toEqual({ home: "red", guest: "blue" });
});

test.each([
  ["Order a cake with gift wrapping", { wrap: true }],
  ["Order a cake without gift wrapping", { wrap: false }],
  ["Order a cake", {}],
])("%s: boxes are ticked by their labels", (goal, expected) => {
  expect(filled(goal, [box("wrap", "Gift wrapping"), box("news", "Send me offers")])).toEqual(expected);
});

test("clauses right behind give values to the same form, where they do not come after what it makes", () => {
  const fields = [text("colour"), text("note", "Note"), text("size", "Size", { value: "M" })];
  expect(filled('Change its colour to green, add the note "torn" and set its size to XL', fields)).toEqual({
    colour: "green",
    note: "torn",
    size: "XL",
  });
  expect(filled('Order a shirt, leave the note "as a gift", then change its size to XL', fields)).toEqual({
    note: "as a gift",
  });
  expect(filled('Order a shirt, cancel it, and add the note "late"', fields)).toEqual({});
});

test("what a thing is and where, for fields that ask so", () => {
  const fields = [text("what", "What is it?", { required: true }), text("at", "Where?", { required: true })];
  expect(filled("Report a broken lamp in the corridor", fields, { title: "Report a fault" })).toEqual({
    what: "broken lamp",
    at: "corridor",
  });
  expect(filled("Report a fault in the corridor", fields, { title: "Report a fault" }).what).not.toBe(
    "fault",
  );
});

test("a search for what the session has made takes its name", () => {
  const search = [text("q", "Search")];
  expect(filled("Search for it", search, { sends: "GET /s", own: "Blue kite" })).toEqual({ q: "Blue kite" });
  expect(filled("Search for a drum", search, { sends: "GET /s", own: "Blue kite" })).not.toEqual({
    q: "Blue kite",
  });
});
