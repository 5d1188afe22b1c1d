import { submitForm } from "@ape/core/protocol/form";
import type { Page } from "@ape/core/protocol/page";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readPage } from "./page.ts";
import { TargetUrl } from "./target-url.ts";

const place = new TargetUrl("http://app.test", "/base");
const read = (html: string, path = "/dir/page?x=1"): Page => readPage(html, place.url(path), place);

test("title, text by blocks, and what nobody sees left out", () => {
  const page =
    read(`<html><head><title> A &amp; B </title><style>p{}</style></head><body><h1>Hi <b>you</b></h1>
    <script>evil()</script><p hidden>no</p><p style="display: none">no</p><p>One<br>Two&nbsp;three</p><noscript>no</noscript>
    <table><tr><td>a</td><td>b</td></tr></table><textarea>no</textarea></body></html>`);
  expect(page).toMatchObject({ title: "A & B", path: "/dir/page?x=1", text: "Hi you\nOne\nTwo three\na b" });
});

test.each([
  ["next", "/dir/next"],
  ["?page=2", "/dir/page?page=2"],
  ["/base/a?b=c#d", "/a?b=c"],
  ["../up", "/up"],
  ["http://app.test/base", "/"],
  ["//app.test/base/x", "/x"],
  ["/elsewhere", undefined],
  ["/basement", undefined],
  ["../../../x", undefined],
  ["https://app.test/base/x", undefined],
  ["http://other.test/base/x", undefined],
  ["http://user:pw@app.test/base/x", undefined],
  ["javascript:alert(1)", undefined],
  ["mailto:a@b.test", undefined],
  ["#top", undefined],
  ["http://[", undefined],
])("the link %s leads to %s", (href, path) => {
  expect(read(`<a href="${href}">go</a>`).links).toEqual(path === undefined ? [] : [{ text: "go", path }]);
});

test("a base counts for links and actions, not for an action that is missing", () => {
  const page = read('<base href="/base/other/"><a href="x">x</a><form action="y"></form><form></form>');
  expect(page.links[0]?.path).toBe("/other/x");
  expect(page.forms.map(({ path }) => path)).toEqual(["/other/y", "/dir/page?x=1"]);
  expect(read('<base href="http://evil.test/"><a href="x">x</a>').links).toEqual([]);
});

test("links are told with the item that they are in", () => {
  const { links } =
    read(`<nav><a href=a>Home</a></nav><ul><li><a href=1>Lamp</a> $20</li><li><a href=2>Desk</a> $90</li></ul>
    <a href=3 aria-label="Cart"><svg><title>no</title></svg></a><a href=4><img alt="Logo" src=x></a>`);
  expect(links).toEqual([
    { text: "Home", path: "/dir/a" },
    { text: "Lamp", path: "/dir/1", near: "Lamp $20" },
    { text: "Desk", path: "/dir/2", near: "Desk $90" },
    { text: "Cart", path: "/dir/3" },
    { text: "Logo", path: "/dir/4" },
  ]);
});

test("a form with all kinds of controls is sent as a browser sends it", () => {
  const { forms } = read(`<form id=f method=POST action=/base/send enctype=multipart/form-data>
    <input name=a value=1><input type=hidden name=h value=secret><input name=off disabled value=x><input value=unnamed>
    <label>Mail <input type=email name=mail required></label><label for=p>Word</label><input id=p type=password name=pw>
    <select name=s><option value=1>One<option value=2 selected>Two<option disabled>Three</select>
    <select name=m multiple><option selected>x<option>y<option selected>z</select>
    <fieldset><legend>Size</legend><label><input type=radio name=r value=s>Small</label><label><input type=radio name=r value=l checked>Large</label></fieldset>
    <input type=checkbox name=c checked><input type=checkbox name=d value=7><textarea name=t>
line</textarea><fieldset disabled><input name=never value=1></fieldset><input type=file name=file>
    <button type=button name=no>No</button><button type=reset>No</button><button name=go value=yes>Go on</button></form><input name=out form=f value=2>`);
  expect(forms).toHaveLength(1);
  const [form] = forms;
  expect(form).toMatchObject({
    id: "f",
    label: "Go on",
    method: "POST",
    path: "/send",
    enctype: "multipart/form-data",
  });
  expect(form?.controls.find(({ name }) => name === "mail")).toMatchObject({ label: "Mail", required: true });
  expect(form?.controls.find(({ name }) => name === "pw")?.label).toBe("Word");
  expect(form?.controls.find(({ name }) => name === "r")).toMatchObject({
    label: "Size",
    options: [{ label: "Small" }, { label: "Large", selected: true }],
  });
  if (form === undefined) throw new Error("no form");
  expect(submitForm(form, { fields: {} })).toEqual({
    method: "POST",
    path: "/send",
    contentType: "multipart/form-data",
    data: {
      a: "1",
      h: "secret",
      mail: "",
      pw: "",
      s: "2",
      m: ["x", "z"],
      r: "l",
      c: "on",
      t: "line",
      file: "",
      go: "yes",
      out: "2",
    },
  });
});

test("forms that leave the target or only close a dialog are none; a button with its own action is a form of its own", () => {
  const { forms } = read(`<form action="http://evil.test/x"></form><form method=dialog></form>
    <form method=post action=a><input name=n value=1><button>Save</button><button formaction=b name=del value=1>Delete</button></form>`);
  expect(forms.map(({ id, label, path }) => [id, label, path])).toEqual([
    ["3", "Save", "/dir/a"],
    ["3-1", "Delete", "/dir/b"],
  ]);
  expect(forms[1]?.controls.map(({ name }) => name)).toEqual(["n", "del"]);
});

test("what is nested deeper than browsers nest it stands side by side, and what follows is read", () => {
  for (const piece of ["<div>", "<a href=/base/x>", "<label><form><fieldset>", "<a></b>", "<b>"]) {
    const page = read(`${piece.repeat(50_000)}<p>after</p><a href="/base/after">After</a>`);
    expect(page.text).toContain("after");
    expect(page.links.at(-1)).toMatchObject({ path: "/after" });
  }
});

test("a page with many links to one place shows the others, too", () => {
  const same = '<a href="/base/x">again</a>';
  expect(read(`${same.repeat(5_000)}<a href="/base/y">y</a>`).links.map(({ path }) => path)).toEqual([
    "/x",
    "/y",
  ]);
});

test("radio buttons beyond the bound of a list are left out", () => {
  const radios = Array.from({ length: 300 }, (_, index) => `<input type=radio name=r value=${index}>`);
  const { forms } = read(`<form>${radios.join("")}<input name=after></form>`);
  expect(forms[0]?.controls[0]?.options).toHaveLength(200);
  expect(forms[0]?.controls[1]?.name).toBe("after");
});

test("no text breaks the reader, whatever it holds, and nothing leads away from the target", () => {
  const piece = fc.constantFrom(
    "<a href=",
    "'//evil.test'",
    "<form action=",
    "<base href=",
    ">",
    "</",
    "<li>",
    "<table><form>",
    "<input name=a",
    "<select>",
    "<option",
    "&#x",
    "\u0000",
    "</form>",
    "\\..\\",
    "<button formaction=//evil.test>",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }), (pieces) => {
      const page = read(pieces.join(""));
      for (const { path } of [...page.links, ...page.forms]) {
        expect(path.startsWith("/")).toBe(true);
        expect(place.url(path).href.startsWith("http://app.test/base")).toBe(true);
      }
    }),
  );
});

test("a page as deep as it likes is read", () => {
  expect(read(`${"<div>".repeat(20_000)}deep<a href=x>x</a>`).text).toContain("deep");
});

test.each([
  ['<meta http-equiv="refresh" content="0; url=/base/next?a=1">', "/next?a=1"],
  ["<META HTTP-EQUIV=Refresh CONTENT=\"5;URL='next'\">", "/dir/next"],
  ['<meta http-equiv="refresh" content="0;/base/next">', "/next"],
])("a page that leads on by itself shows where: %s", (html, path) => {
  expect(read(html).links).toEqual([{ text: "the page continues here by itself", path }]);
});

test.each([
  '<meta http-equiv="refresh" content="30">',
  '<meta http-equiv="refresh" content="0; url=https://elsewhere.test/">',
  '<meta name="refresh" content="0; url=/next">',
])("a page that leads nowhere within the target shows no link: %s", (html) => {
  expect(read(html).links).toEqual([]);
});

test.each(["<div>", "<b>", "<span><i>"])("a form behind thousands of %s keeps its controls", (opening) => {
  const { forms } = read(
    `${opening.repeat(5_000)}<form action="/base/ok" method=post><p><label>A<input name=a></label></p><button>Go</button></form>`,
  );
  expect(forms).toMatchObject([{ method: "POST", path: "/ok" }]);
  expect(forms[0]?.controls.map(({ name }) => name)).toContain("a");
});

test("two forms behind thousands of elements have their own controls", () => {
  const { forms } = read(
    `${"<div>".repeat(5_000)}<form action=x><input name=a></form><form action=y><input name=b></form>`,
  );
  expect(forms.map(({ controls }) => controls.map(({ name }) => name))).toEqual([["a"], ["b"]]);
});
