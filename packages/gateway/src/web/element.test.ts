import { expect, test } from "vitest";
import { attribute, has, isAside, isHidden, visibleText } from "./element.ts";
import { HtmlDocument } from "./html-document.ts";

const first = (html: string, name = "i") => {
  const [element] = new HtmlDocument(html).named(name);
  if (element === undefined) throw new Error(`no ${name} in ${html}`);
  return element;
};
const text = (html: string, limit = 1_000, nodes?: number) =>
  visibleText(new HtmlDocument(html).root, limit, nodes);

test("an attribute counts where it says something", () => {
  expect(attribute(first("<i title=' a '>"), "title")).toBe("a");
  expect(attribute(first("<i title=' '>"), "title")).toBeUndefined();
  expect(attribute(first("<i>"), "title")).toBeUndefined();
  expect([has(first("<i hidden>"), "hidden"), has(first("<i>"), "hidden")]).toEqual([true, false]);
});

test.each([
  ["<i hidden>", true],
  ["<i style='display:none'>", true],
  ["<i style='color: red; DISPLAY :  none'>", true],
  ["<i style='visibility:hidden'>", true],
  ["<i style='visibility :  hidden'>", true],
  ["<i style='display: inline'>", false],
  ["<i style='visibility: visible'>", false],
  ["<i>", false],
])("%s is hidden: %s", (html, hidden) => {
  expect(isHidden(first(html))).toBe(hidden);
});

test.each(
  "script style noscript template head svg math object iframe title select textarea datalist".split(" "),
)("what a %s holds is no text of its page", (name) => {
  expect(text(`<p>a</p><${name}>b</${name}><p>c</p>`).replaceAll("\n", " ")).toBe("a c");
});

test.each([
  ["<p>a<p>b", "a\nb"],
  ["<p>a <b>b</b>  c\u00a0\u00a0d\n\ne", "a b c d e"],
  ["<div><div>a</div></div><div>b</div>", "a\nb"],
  ["a<b>b</b>c<br>d", "abc\nd"],
  ["<table><tr><td>a<td>b<tr><th>c<th>d</table>", "a b\nc d"],
  ["<p>a<p hidden>b<p> <p>c", "a\nc"],
  ["<!-- x -->a", "a"],
])("the text of %s is %j", (html, wanted) => {
  expect(text(html)).toBe(wanted);
});

test("of a text so many characters are read, and so many nodes looked at", () => {
  expect(text(`<p>${"a".repeat(50)}`, 10)).toBe("a".repeat(10));
  expect(text(`<p>${" ".repeat(150)}b`, 10)).toBe("b");
  expect(text(`<p>${" x ".repeat(60)}b`, 200)).toBe(`${"x ".repeat(60)}b`);
  expect(text("<p>a<p>b<p>c<p>d", 100, 4)).toBe("a\nb");
  expect(text("<p>a<p>b<p>c<p>d", 100, 0)).toBe("");
  // Eight nodes without a text for each character.
  const empty = (count: number) => `${"<p></p>".repeat(count)}<p>z`;
  expect([text(empty(77), 10), text(empty(80), 10)]).toEqual(["z", ""]);
});

test("a text that is long enough ends the reading", () => {
  const parts = (count: number) => Array.from({ length: count }, () => "<p>     </p>").join("");
  expect(text(`<p>abcd</p>${parts(3)}<p>e</p>`, 4, 1_000)).toBe("abcd");
  expect(text("<p>a</p><p>b</p><p>c</p><p>d</p><p>e</p>", 1, 1_000)).toBe("a");
});

test.each(
  (
    "class=sidebar class=side-bar id=widget class=widgets class=navbar class=nav-bar class=topbar class=top-bar id=footer " +
    "class=header class=dropdown class=drop-down class=offcanvas class=off-canvas class=modal class=popup class=popover " +
    "class='a_modal-b' role=complementary role=navigation role=banner role=contentinfo"
  ).match(/\w+=(?:'[^']*'|\S+)/g) ?? [],
)("what is in an element with %s stands beside the content", (mark) => {
  expect(isAside(first(`<div ${mark}><p><i>x`))).toBe(true);
  expect(isAside(first(`<i ${mark}>x`))).toBe(true);
});

test.each(["aside", "nav", "header", "footer"])("so does what is in <%s>", (name) => {
  expect(isAside(first(`<${name}><i>x`))).toBe(true);
});

test.each(["class=modality", "class=unpopup", "role=navigations", "role=subnavigation", "class=main"])(
  "what is in an element with %s does not",
  (mark) => {
    expect(isAside(first(`<div ${mark}><p><i>x`))).toBe(false);
  },
);

test("what is around the main part of a page or its body says nothing, nor what is far away", () => {
  expect(isAside(first("<nav><main><i>x"))).toBe(false);
  expect(isAside(first("<html class=modal><body class=modal><i>x"))).toBe(false);
  const within = (levels: number) => `<nav>${"<div>".repeat(levels)}<i>x`;
  expect([isAside(first(within(10))), isAside(first(within(11)))]).toEqual([true, false]);
});
