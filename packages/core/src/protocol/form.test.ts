import fc from "fast-check";
import { expect, test } from "vitest";
import { applyForm, buttonLabels, findForm, mainButton, sentLabel, submitForm } from "./form.ts";
import type { PageControl, PageForm } from "./page.ts";
import type { ToolCall } from "./tool-call.ts";

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

const dataOf = (controls: PageControl[], fields: object = {}, submit?: string): unknown => {
  const sent = submitForm(form(controls), { fields: fields as never, submit });
  return typeof sent === "string" ? sent : sent.data;
};

test.each<[string, PageControl[], object, string | undefined, unknown]>([
  ["an empty file", [control("f", { type: "file", value: "a.txt" })], {}, undefined, { f: "" }],
  ["a file that is given", [control("f", { type: "file" })], { f: "text" }, undefined, { f: "text" }],
  ["a number", [control("n")], { n: 5 }, undefined, { n: "5" }],
  ["a control without a name", [control("", { value: "x" })], {}, undefined, {}],
  ["a button without a name", [control("", { type: "submit", value: "x", label: "Go" })], {}, "go", {}],
  ["an image", [control("i", { type: "image", value: "x" }), control("a")], {}, undefined, { i: "x", a: "" }],
  ["a button by its value", [control("b", { type: "submit", value: "7" })], {}, " 7 ", { b: "7" }],
  ["a button by its name", [control("b", { type: "submit", value: "7" })], {}, "B", { b: "7" }],
  ["a form without a button", [control("a")], {}, "Go", { a: "" }],
  [
    "a label that is another's name",
    [control("a", { label: "b" }), control("b", { value: "1" })],
    { b: "2" },
    undefined,
    { a: "", b: "2" },
  ],
  ["a label that is empty", [control("a")], { "": "x" }, undefined, 'the form "f" has no field ""; it has a'],
  [
    "the same name three times",
    [control("a"), control("a"), control("a")],
    { a: "x" },
    undefined,
    {
      a: ["x", "x", "x"],
    },
  ],
  ["a name of every object", [control("toString", { value: "x" })], {}, undefined, { toString: "x" }],
  [
    "radio buttons of which two are given",
    [control("r", { type: "radio", options: [option("a"), option("b")] })],
    { r: ["b", "a"] },
    undefined,
    { r: "b" },
  ],
  [
    "a select of which two are given",
    [control("s", { type: "select", options: [option("a"), option("b")] })],
    { s: ["b", "a"] },
    undefined,
    { s: "b" },
  ],
  ["radio buttons untouched", [control("r", { type: "radio", options: [option("a")] })], {}, undefined, {}],
  ["an empty select", [control("s", { type: "select", options: [] })], {}, undefined, {}],
  [
    "a select of several untouched",
    [control("s", { type: "select", multiple: true, options: [option("a")] })],
    {},
    undefined,
    {},
  ],
  ["line ends of each kind", [control("t")], { t: "a\rb\nc\r\nd" }, undefined, { t: "a\r\nb\r\nc\r\nd" }],
])("%s: what is sent", (_name, controls, fields, submit, data) => {
  expect(dataOf(controls, fields, submit)).toEqual(data);
});

test("an unknown field is answered with those that can be filled in", () => {
  const controls = [
    control("csrf", { type: "hidden" }),
    control("a"),
    control(""),
    control("go", { type: "submit" }),
    control("pic", { type: "image" }),
    control("b"),
  ];
  expect(dataOf(controls, { ["x".repeat(61)]: 1 })).toBe(
    `the form "f" has no field "${"x".repeat(60)}"; it has a, b`,
  );
});

test("a choice of more than twenty is answered with the first twenty", () => {
  const options = Array.from({ length: 21 }, (_, n) => option(`o${n}`));
  const sent = dataOf([control("s", { type: "select", options })], { s: "y".repeat(61) });
  expect(sent).toMatch(/^"y{60}" is no choice of s; there is o0, .*o19$/);
});

test("a form with a charset says so, by GET too, and becomes the call", () => {
  const call: ToolCall = { target: "a", method: "POST", path: "/old", headers: { a: "1" } };
  const sent = submitForm(form([control("q")], { charset: "latin1" }), { fields: {} });
  if (typeof sent === "string") throw new Error(sent);
  applyForm(call, sent);
  expect(call).toEqual({
    target: "a",
    method: "POST",
    path: "/send?x=1",
    data: { q: "" },
    headers: { a: "1", "content-type": "application/x-www-form-urlencoded; charset=latin1" },
  });
  const read: ToolCall = { target: "a", method: "POST", path: "/old" };
  const get = form([control("q")], { method: "GET", path: "/s#top", charset: "latin1" });
  applyForm(read, submitForm(get, { fields: {} }) as never);
  expect(read).toEqual({
    target: "a",
    method: "GET",
    path: "/s",
    query: { q: "" },
    headers: { "content-type": "application/x-www-form-urlencoded; charset=latin1" },
  });
  const plain: ToolCall = { target: "a", method: "POST", path: "/old" };
  applyForm(plain, submitForm(form([], { method: "GET" }), { fields: {} }) as never);
  expect(plain).toEqual({ target: "a", method: "GET", path: "/send", query: {} });
});

test("a page of one form needs no name; of many the first twenty are named", () => {
  const one = form([], { label: "" });
  expect(findForm([one], undefined)).toBe(one);
  expect(findForm([one], "x".repeat(61))).toBe(`the last page has no form "${"x".repeat(60)}"; it has f`);
  const many = Array.from({ length: 21 }, (_, n) => form([], { id: `f${n}`, label: "" }));
  expect(findForm(many, undefined)).toMatch(/^the page has 21 forms: name one of f0, .*f19$/);
});

const buttons = (...labels: string[]): PageControl[] =>
  labels.map((label, index) =>
    control(label === "" ? "" : "do", { type: "submit", value: String(index), label }),
  );

test("a form is sent with the first button that does not lead back, if none is named", () => {
  expect(mainButton({ controls: buttons("Back", "Continue", "Cancel") })?.label).toBe("Continue");
  expect(mainButton({ controls: buttons("Zurück", "Abbrechen") })?.label).toBe("Zurück");
  expect(mainButton({ controls: buttons("Backup now") })?.label).toBe("Backup now");
  expect(mainButton({ controls: [] })).toBeUndefined();
  expect(dataOf(buttons("Cancel", "Save"))).toEqual({ do: "1" });
  expect(dataOf(buttons("Cancel", "Save"), {}, "cancel")).toEqual({ do: "0" });
});

test("several buttons are listed, the main one first, and each label once", () => {
  expect(buttonLabels({ controls: buttons("Back", "Approve", "Reject", "Approve") })).toEqual([
    "Approve",
    "Back",
    "Reject",
  ]);
  expect(buttonLabels({ controls: buttons("Save", "Save") })).toEqual([]);
  expect(buttonLabels({ controls: buttons("Save", "") })).toEqual([]);
});

test("a form is named by the button that it is sent with, else by its own label", () => {
  const both = { ...form(buttons("Back", "Approve", "Reject")), label: "Request" };
  expect(sentLabel(both, undefined)).toBe("Approve");
  expect(sentLabel(both, "reject")).toBe("Reject");
  expect(sentLabel(both, "publish")).toBe("Request");
  expect(sentLabel({ ...form([]), label: "Request" }, undefined)).toBe("Request");
});
