import fc from "fast-check";
import { expect, test } from "vitest";
import { findForm, submitForm } from "./form.ts";
import type { PageControl, PageForm } from "./page.ts";

const control = (name: string, more: Partial<PageControl> = {}): PageControl => ({
  name,
  type: "text",
  label: "",
  value: "",
  required: false,
  ...more,
});
const option = (value: string, selected = false) => ({ value, label: value.toUpperCase(), selected });
const form = (controls: PageControl[], more: Partial<PageForm> = {}): PageForm => ({
  id: "f",
  label: "Send",
  method: "POST",
  path: "/send?x=1",
  enctype: "application/x-www-form-urlencoded",
  controls,
  ...more,
});
const FULL = form([
  control("csrf", { type: "hidden", value: "abc" }),
  control("name", { label: "Your name" }),
  control("color", { type: "select", options: [option("red"), option("blue")] }),
  control("sizes", {
    type: "select",
    multiple: true,
    options: [option("s"), option("m", true), option("l")],
  }),
  control("kind", { type: "radio", options: [option("a"), option("b", true)] }),
  control("news", { type: "checkbox", options: [option("on", true)] }),
  control("tags", { type: "checkbox", options: [option("x"), option("y")] }),
  control("text", { type: "textarea", value: "1\n2" }),
  control("go", { type: "submit", value: "1", label: "Go" }),
  control("save", { type: "submit", value: "2", label: "Save" }),
]);

test("what a browser sends of a form that nobody touched: defaults, the first button, nothing that is not checked", () => {
  expect(submitForm(FULL, { fields: {} })).toEqual({
    method: "POST",
    path: "/send?x=1",
    contentType: "application/x-www-form-urlencoded",
    data: { csrf: "abc", name: "", color: "red", sizes: "m", kind: "b", news: "on", text: "1\r\n2", go: "1" },
  });
});

test("what is filled in, by name or label, value or words of a choice; another button", () => {
  const sent = submitForm(FULL, {
    fields: {
      "Your name": "Ann",
      color: "BLUE",
      sizes: ["s", "l"],
      kind: "a",
      news: false,
      tags: ["x", "y"],
    },
    submit: "Save",
  });
  expect(sent).toMatchObject({
    data: {
      csrf: "abc",
      name: "Ann",
      color: "blue",
      sizes: ["s", "l"],
      kind: "a",
      tags: ["x", "y"],
      save: "2",
    },
  });
  expect((sent as { data: object }).data).not.toHaveProperty("news");
});

test("a form sent by GET replaces the query of its action", () => {
  expect(submitForm(form([control("q")], { method: "GET" }), { fields: { q: "lamp" } })).toEqual({
    method: "GET",
    path: "/send",
    query: { q: "lamp" },
  });
});

test.each([
  [{ fields: { nope: 1 } }, 'has no field "nope"; it has name, color'],
  [{ fields: { color: "green" } }, '"green" is no choice of color; there is red, blue'],
  [{ fields: {}, submit: "Delete" }, 'no button "Delete"; it has Go, Save'],
])("%j is explained", (order, words) => {
  expect(submitForm(FULL, order)).toContain(words);
});

test("forms are found by id, label or number", () => {
  const forms = [form([], { id: "a", label: "Log in" }), form([], { id: "b", label: "Search" })];
  expect([findForm(forms, "b"), findForm(forms, "log in"), findForm(forms, "2")]).toEqual([
    forms[1],
    forms[0],
    forms[1],
  ]);
  expect(findForm(forms, undefined)).toContain("name one of a (Log in), b (Search)");
  expect(findForm(forms, "c")).toContain("no form");
  expect(findForm([], undefined)).toBe("the last page has no form");
});

test("any text in any field goes out under its name, line ends made CRLF, whatever the names are", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 6 }),
      fc.string(),
      (names, value) => {
        const fields = Object.fromEntries(names.map((name) => [name, value]));
        const sent = submitForm(form(names.map((name) => control(name))), { fields });
        if (typeof sent === "string") throw new Error(sent);
        const wanted = value.replaceAll(/\r\n|\r|\n/g, "\r\n");
        for (const name of Object.keys(fields))
          expect((sent.data as Record<string, unknown>)[name]).toBe(wanted);
      },
    ),
  );
});

test.each([
  [true, "on"],
  ["on", "on"],
  ["true", "on"],
  ["ON", "on"],
  [false, undefined],
  ["off", undefined],
  ["false", undefined],
  ["", undefined],
  [[], undefined],
])("one checkbox that is given %j is sent as %j", (given, value) => {
  const sent = submitForm(FULL, { fields: { news: given } });
  expect((sent as { data: { news?: string } }).data.news).toBe(value);
});

test.each([
  ["", '"" is no choice of tags; there is x, y'],
  ["on", '"on" is no choice of tags; there is x, y'],
  ["false", '"false" is no choice of tags; there is x, y'],
])("of several checkboxes %j names none", (given, words) => {
  expect(submitForm(FULL, { fields: { tags: given } })).toBe(words);
});

test.each([
  [true, ["x", "y"]],
  [false, undefined],
  ["y", "y"],
])("several checkboxes that are given %j are sent as %j", (given, value) => {
  const sent = submitForm(FULL, { fields: { tags: given } });
  expect((sent as { data: { tags?: string } }).data.tags).toEqual(value);
});
