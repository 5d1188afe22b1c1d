import { clausesOf } from "@ape/catalog/goal/clause";
import type { Json, JsonObject } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { pageIn, type SeenForm } from "../page-reader.ts";
import { fillIn } from "./form-values.ts";

const form = (sends: string, fields: Json[]): SeenForm =>
  pageIn({ links: [], forms: [{ form: "1", label: "Send", sends, fields }] })?.forms[0] as SeenForm;

/** What a form gets for the first clause of a goal; the others come later. */
function filled(
  goal: string,
  fields: Json[],
  more: { sends?: string; title?: string; own?: string; today?: string; shown?: string } = {},
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

const radio = (name: string, label: string, options: string[], value: string): JsonObject => ({
  name,
  type: "radio",
  label,
  options,
  value,
});

test("options are known by words that only they have", () => {
  const fields = [
    radio("way", "How do you get it?", ["I collect it", "By courier (€9)"], "I collect it"),
    { name: "extras", type: "checkbox", label: "Extras", options: ["Wig", "Shoes", "Stage make-up"] },
    select("slot", "Firing", ["Raku firing, 12 May, 980 °C", "Bisque firing, 14 May"]),
  ];
  expect(filled("Book the cloak by courier with the wig and the shoes, in the raku firing", fields)).toEqual({
    way: "By courier (€9)",
    extras: ["Wig", "Shoes"],
    slot: "Raku firing, 12 May, 980 °C",
  });
  expect(filled("Book the cloak", fields)).toEqual({});
});

test.each([
  ["cancel the booking", ["No, keep it", "Yes, cancel it"], "Continue", { sure: "Yes, cancel it" }],
  ["cancel the booking", ["No", "Yes"], "Cancel booking 7", { sure: "Yes" }],
  ["change the name to Ann", ["No", "Yes"], "Profile", {}],
  ["cancel the booking", ["No", "Yes", "Later"], "Cancel booking 7", {}],
])("%s, asked %s on %s", (goal, options, title, expected) => {
  expect(filled(goal, [radio("sure", "", options, options[0] ?? "")], { title })).toEqual(expected);
});

test.each([
  ["Give blood with no new tattoo", { tattoo: "No" }],
  ["Give blood and have no fresh black tattoo", { tattoo: "No" }],
  ["Give blood without a cake and with a new tattoo", { tattoo: "Yes" }],
  ["Give blood with a new tattoo", { tattoo: "Yes" }],
  ["Give blood", {}],
])("%s: a question is answered as the goal says", (goal, expected) => {
  expect(filled(goal, [radio("tattoo", "New tattoo", ["Yes", "No"], "")], { title: "Give blood" })).toEqual(
    expected,
  );
});

test("a day of birth is no other day, and an address is told by its form", () => {
  const fields = [
    { name: "dob", type: "date", label: "Date of birth" },
    { name: "day", type: "date", label: "Day" },
    { name: "mail", type: "email", label: "Email" },
  ];
  expect(
    filled("Book a visit, born on 4 July 1988, email lena@x.test, on 9 June 2031", fields),
  ).toMatchObject({});
  expect(
    filled("Book a visit for somebody born on 4 July 1988 on 9 June 2031 with lena@x.test", fields),
  ).toEqual({
    dob: "1988-07-04",
    day: "2031-06-09",
    mail: "lena@x.test",
  });
  expect(filled("Book a visit on 9 June 2031", fields)).toEqual({ day: "2031-06-09" });
});

test("a choice that only shows a prompt is to be made", () => {
  const prompt = { value: "", label: "Choose one" };
  expect(filled("Plan a match", [select("side", "Side", [prompt, "red", "blue"])])).toEqual({ side: "red" });
  expect(filled("Plan a match", [select("side", "Side", [{ value: "", label: "any" }, "red"])])).toEqual({});
});

test("a day without a year gets that of a shown date, else it is the next such day; without a day to count from it is left out", () => {
  const fields: Json[] = [{ name: "day", type: "date", label: "Day" }];
  const goal = "Book a visit on 5 December";
  expect(filled(goal, fields, { today: "Monday, 2026-11-30" })).toEqual({ day: "2026-12-05" });
  expect(filled(goal, fields, { today: "2026-12-24" })).toEqual({ day: "2027-12-05" });
  expect(filled(goal, fields, { today: "2026-11-30", shown: "2029-12-05, two places" })).toEqual({
    day: "2029-12-05",
  });
  expect(filled(goal, fields)).toEqual({});
});
