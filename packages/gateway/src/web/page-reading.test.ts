import { expect, test } from "vitest";
import { readPage } from "./page.ts";
import { TargetUrl } from "./target-url.ts";

const place = new TargetUrl("http://app.test", "");
const read = (html: string) => readPage(html, place.url("/dir/page"), place);
const links = (html: string): string[] => read(html).links.map(({ text, path }) => `${text}: ${path}`);

test.each([
  ["<title> A  page </title>", "A page"],
  ["<svg><title>Icon</title></svg><title>Page</title>", "Page"],
  [`<title>${"x".repeat(201)}</title>`, "x".repeat(200)],
  ["<p>x", ""],
])("the title of %s", (html, title) => {
  expect(read(html).title).toBe(title);
});

test("the text is that of the body, else of all of it", () => {
  expect(read("<html><p>a<body><p>b</body></html>").text).toBe("b");
  expect(read("<p>a<p>b").text).toBe("a\nb");
  expect(read(`<p>${"x".repeat(4_001)}`).text).toHaveLength(4_000);
});

test.each<[string, string | undefined]>([
  ["<h1>One <b>two</b></h1><h1>Three</h1>", "One two"],
  ["<h1 hidden>One</h1><h1> </h1><h1>Three</h1>", "Three"],
  [`${"<h1></h1>".repeat(4)}<h1>Five</h1>`, "Five"],
  [`${"<h1></h1>".repeat(5)}<h1>Six</h1>`, undefined],
  ["<h2>Two</h2>", undefined],
])("the heading of %s", (html, heading) => {
  expect(read(html).heading).toBe(heading);
  expect("heading" in read(html)).toBe(heading !== undefined);
});

test("messages stand in the page where it has any", () => {
  const plain = read("<p>x");
  expect(["alerts" in plain, "notices" in plain]).toEqual([false, false]);
  expect(read("<p role=alert>Oh no</p><p class='alert success'>Well done</p>")).toMatchObject({
    alerts: [{ text: "Oh no", isError: false }],
    notices: ["Well done"],
  });
});

test.each([
  ["<base href=/base/other/><a href=x>a</a>", ["a: /base/other/x"]],
  ["<base target=x><base href=/base/other/><a href=x>a</a>", ["a: /base/other/x"]],
  ["<base href='http://['><a href=x>a</a>", ["a: /dir/x"]],
  ["<a href=x>a</a>", ["a: /dir/x"]],
  ["<a href='#x'>a</a><a>b</a><a href=x hidden>c</a><a href=http://other.test/>d</a><b href=x>e</b>", []],
  ["<area href=x alt=a>", ["a: /dir/x"]],
  ["<a href=x aria-label=a title=b>", ["a: /dir/x"]],
  ["<a href=x title=b><img alt=c></a>", ["b: /dir/x"]],
  ["<a href=x><img alt=c></a>", ["c: /dir/x"]],
  ["<a href=x><img></a>", [": /dir/x"]],
  ["<a href=x>a</a><a href=x>a</a><a href=x>b</a>", ["a: /dir/x", "b: /dir/x"]],
])("the links of %s", (html, wanted) => {
  expect(links(html)).toEqual(wanted);
});

test("two hundred links are read, twenty of a path, with texts of 120 characters", () => {
  const many = (count: number, one: (at: number) => string) =>
    links(Array.from({ length: count }, (_, at) => one(at)).join(""));
  expect([200, 201].map((count) => many(count, (at) => `<a href=x${at}>a</a>`).length)).toEqual([200, 200]);
  expect([20, 21].map((count) => many(count, (at) => `<a href=x>a${at}</a>`).length)).toEqual([20, 20]);
  expect(links(`<a href=x aria-label=${"y".repeat(121)}></a>`)).toEqual([`${"y".repeat(120)}: /dir/x`]);
  const refresh = "<meta http-equiv=refresh content='0;url=z'>";
  expect(many(200, (at) => `${at === 0 ? refresh : ""}<a href=x${at}>a</a>`)).toHaveLength(200);
});

test.each([
  ["0;url=z", true],
  ["0; URL = 'z'", true],
  ["5,z", true],
  [" 12.5 ; z ", true],
  [";url=z", true],
  ['0;url="z"', true],
  ["0", false],
  ["x0;url=z", false],
  ["0x;url=z", false],
  ["", false],
  ["0;url=", false],
])("a refresh to %j leads on: %s", (content, leads) => {
  expect(links(`<meta http-equiv=" Refresh " content="${content.replaceAll('"', "&quot;")}">`)).toEqual(
    leads
      ? ["the page continues here by itself: /dir/z"]
      : content === "0;url="
        ? ["the page continues here by itself: /dir/url="]
        : [],
  );
});

test("only a refresh leads on", () => {
  expect(
    links("<meta http-equiv=x content='0;url=z'><meta content='0;url=z'><meta http-equiv=refresh>"),
  ).toEqual([]);
});

test("what stands around a link is told where it says more", () => {
  const [first, second, third] = read(
    "<ul><li>Lamp <a href=a>Buy</a><li><a href=b>Chair</a></ul><a href=c>x</a>",
  ).links;
  expect(first).toStrictEqual({ text: "Buy", path: "/dir/a", near: "Lamp Buy" });
  expect(second).toStrictEqual({ text: "Chair", path: "/dir/b" });
  expect(third).toStrictEqual({ text: "x", path: "/dir/c" });
});

test.each([
  ["<template><a href=/x>x</a></template><a href=/y>y</a>", ["y: /y"]],
  ["<template id=row><ul><li><template><a href=/x>x</a></template></ul></template>", []],
  ["<div><template shadowrootmode=open><a href=/x>x</a></template></div>", ["x: /x"]],
])("what a template holds is markup for scripts, and no link: %s", (html, shown) => {
  expect(links(html)).toEqual(shown);
});

test("a form and a control in a template are not on the page", () => {
  const control = "<template><input name=items-__prefix__-name><button>Remove</button></template>";
  const { forms } = read(
    `<template><form action=/x><input name=a></form></template><form action=/y><input name=b>${control}</form>`,
  );
  expect(forms.map(({ path, controls }) => [path, controls.map(({ name }) => name)])).toEqual([
    ["/y", ["b"]],
  ]);
});
