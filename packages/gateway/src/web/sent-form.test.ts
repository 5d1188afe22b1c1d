import type { Page, PageControl, PageForm } from "@ape/core/protocol/page";
import { describe, expect, test } from "vitest";
import {
  asksOnly,
  failure,
  hasValue,
  isSame,
  isSearchForm,
  keepsTexts,
  keepsValues,
  passwordsOf,
  sendsText,
  sentPasswords,
  showsSent,
  showsText,
  unproven,
  withoutSent,
  wroteText,
} from "./sent-form.ts";

const control = (name: string, more: Partial<PageControl> = {}): PageControl => ({
  name,
  type: "text",
  label: "",
  value: "",
  required: false,
  ...more,
});
const form = (controls: PageControl[], more: Partial<PageForm> = {}): PageForm => ({
  id: "1",
  label: "Post",
  method: "POST",
  path: "/items",
  enctype: "application/x-www-form-urlencoded",
  controls,
  ...more,
});
const page = (text: string): Page => ({ title: "", path: "/", text, links: [], forms: [] });
const OPTIONS = { options: [] };

test("a failure is told in 300 characters, with what it is read as", () => {
  expect(failure("x".repeat(301), 422)).toStrictEqual({
    code: "failure",
    message: "x".repeat(300),
    like: 422,
  });
  expect(failure("no", 401, "signed_out")).toStrictEqual({
    code: "failure",
    message: "no",
    like: 401,
    reading: "signed_out",
  });
  expect(unproven("x".repeat(301))).toStrictEqual({
    code: "failure",
    message: "x".repeat(300),
    reading: "unproven",
  });
});

test.each<[string, PageForm, string, Record<string, string>, boolean]>([
  ["the same address and fields", form([control("a"), control("b")]), "/items", { a: "1" }, true],
  ["another query", form([control("a")], { path: "/items/?x=1" }), "/items", { a: "1" }, true],
  ["another address", form([control("a")]), "/things", { a: "1" }, false],
  ["another method", form([control("a")], { method: "GET" }), "/items", { a: "1" }, false],
  ["a field that was not there", form([control("a")]), "/items", { a: "1", b: "2" }, false],
  ["nothing sent", form([control("a")]), "/items", {}, false],
  ["nothing to fill in", form([control("a", { type: "hidden" })]), "/items", { a: "1" }, false],
])("a form with %s", (_name, one, path, data, same) => {
  expect(isSame(one, path, data)).toBe(same);
});

test.each<[PageForm, boolean]>([
  [form([control("a")], { label: "Search" }), true],
  [form([control("a")], { id: "filter" }), true],
  [form([control("a")], { label: "Research" }), false],
  [form([control("a"), control("b", { type: "search" })]), true],
  [form([control("a"), control("q")]), true],
  [form([control("keyword")]), true],
  [form([control("keywords")]), true],
  [form([control("q", { type: "hidden" }), control("a")]), false],
  [form([control("faq"), control("queryx")]), false],
  [form([]), false],
])("%j is there to search: %s", (one, searches) => {
  expect(isSearchForm(one)).toBe(searches);
});

test.each(
  (
    "quote quotes calculate calculator convert converter estimate estimation preview previews translate translation compare " +
    "lookup look-up check simulate simulation generate generator validate validation compute computation solve rechner calcul calcule"
  ).split(" "),
)("a form to %s only asks", (word) => {
  expect(asksOnly(form([], { label: `${word} it` }))).toBe(true);
  expect(asksOnly(form([], { id: word }))).toBe(true);
  expect(asksOnly(form([], { path: `/a/${word}?x` }))).toBe(true);
  expect(asksOnly(form([], { label: `x${word}` }))).toBe(false);
  expect(asksOnly(form([], { path: `/a?${word}` }))).toBe(false);
});

test("a value counts where it is not empty", () => {
  const sent: Record<string, string>[] = [{ a: "1" }, { a: "" }, {}];
  expect(sent.map((data) => hasValue(data, control("a")))).toEqual([true, false, false]);
  expect(sentPasswords({ password: "x", pwd: "", user: "y" })).toEqual(["password"]);
  const passwords = form([control("pw", { type: "password" }), control("password"), control("a")]);
  expect(passwordsOf(passwords, { pw: "x", password: "", a: "y" }).map(({ name }) => name)).toEqual(["pw"]);
});

describe("values that stand in the form again", () => {
  const keeps = (more: Partial<PageControl>, sent: unknown = "lamp", value = "lamp"): boolean[] => {
    const one = form([control("a", { value, ...more })]);
    return [keepsValues(one, { a: sent as never }), keepsTexts(one, { a: sent as never })];
  };
  test.each<[string, boolean[], boolean[]]>([
    ["a text", keeps({}), [true, true]],
    ["a text with blanks around it", keeps({}, " lamp ", " lamp"), [true, true]],
    ["another text", keeps({}, "chair"), [false, false]],
    ["a hidden text", keeps({ type: "hidden" }), [false, false]],
    ["a choice", keeps(OPTIONS), [false, false]],
    ["a password", keeps({ type: "password" }), [false, false]],
    ["a number", keeps({ type: "number" }, 1234, "1234"), [true, false]],
    ["a range", keeps({ type: "range" }, 1234, "1234"), [true, false]],
    ["a date", keeps({ type: "date" }, "2026-01-01", "2026-01-01"), [true, false]],
    ["a colour", keeps({ type: "color" }, "#ff0000", "#ff0000"), [true, false]],
    ["a text of two letters", keeps({}, "ab", "ab"), [true, false]],
    ["a text of two letters and blanks", keeps({}, " ab ", " ab "), [true, false]],
    ["a text of three letters", keeps({}, "abc", "abc"), [true, true]],
    ["nothing", keeps({}, "", ""), [false, false]],
    ["what was not sent", keeps({ name: "b" }), [false, false]],
  ])("%s", (_name, kept, wanted) => {
    expect(kept).toEqual(wanted);
  });
});

describe("what was sent, on the page", () => {
  const shows = (more: Partial<PageControl>, sent: unknown = "Desk lamp", text = "A Desk lamp here") =>
    showsSent(page(text), form([control("a", more)]), { a: sent as never });
  test.each<[string, boolean, boolean]>([
    ["a text", shows({}), true],
    ["a text with blanks around it", shows({}, "  Desk lamp "), true],
    ["a text that the form still holds", shows({ value: " Desk lamp " }), false],
    ["a text that the page does not show", shows({}, "Chair"), false],
    ["a choice", shows(OPTIONS), false],
    ["a hidden text", shows({ type: "hidden" }), false],
    ["a number", shows({}, 1234, "1234"), false],
    ["a text of three letters", shows({}, "abc", "abc"), false],
    ["a text of four letters", shows({}, "abcd", "abcd"), true],
    ["blanks", shows({}, "     ", "a     b"), false],
  ])("stands beside the form: %s", (_name, shown, wanted) => {
    expect(shown).toBe(wanted);
  });

  test.each<[Record<string, unknown>, boolean, boolean]>([
    [{ name: "Desk lamp" }, true, true],
    [{ name: " Desk lamp  " }, true, true],
    [{ name: "abc" }, false, false],
    [{ name: " abc " }, false, false],
    [{ name: "abcd" }, true, false],
    [{ name: "12 34" }, false, false],
    [{ name: "12 ab" }, false, false],
    [{ password: "Desk lamp" }, false, true],
    [{ csrf_token: "Desk lamp" }, false, false],
    [{ _method: "Desk lamp" }, false, false],
    [{ first_name: "Desk lamp" }, true, true],
    [{ commit: "Desk lamp", nonce: "Desk lamp", submit: "Desk lamp", utf8: "Desk lamp" }, false, false],
    [{ name: 12345 }, false, false],
  ])("%j is a text that could be shown: %s, and is: %s", (data, wrote, shown) => {
    expect([wroteText(data as never), showsText(page("A Desk lamp here"), data as never)]).toEqual([
      wrote,
      shown,
    ]);
  });

  test.each<[Partial<PageControl>, unknown, boolean]>([
    [{}, "Desk lamp", true],
    [{ type: "hidden" }, "Desk lamp", false],
    [OPTIONS, "Desk lamp", false],
    [{}, 12345, false],
    [{}, "abc", false],
    [{}, " abc ", false],
    [{}, "abcd", true],
  ])("of a control %j the value %j is a text: %s", (more, sent, sends) => {
    expect(sendsText(form([control("a", more)]), { a: sent as never })).toBe(sends);
  });
});

test("what was sent is taken out of a text, the longest first, line by line", () => {
  const without = (data: Record<string, unknown>, text: string) => withoutSent(data as never)(text);
  expect(without({ a: "lamp", b: "Desk lamp" }, "A Desk lamp, a lamp")).toBe("A  , a  ");
  expect(without({ b: "Desk lamp", a: "lamp" }, "A Desk lamp")).toBe("A  ");
  expect(without({ a: "one line \n  two lines" }, "one line, two lines!")).toBe(" ,  !");
  expect(without({ a: "one line\ntwo lines" }, "one line, two lines!")).toBe(" ,  !");
  expect(without({ a: "  abc " }, "abc")).toBe(" ");
  expect(without({ a: "ab", b: 1234 }, "ab 1234")).toBe("ab 1234");
  expect(without({}, "ab")).toBe("ab");
  const many = Object.fromEntries(Array.from({ length: 41 }, (_, at) => [`a${at}`, `value${at + 100}`]));
  expect(without(many, "value139 value140")).toBe("  value140");
});
