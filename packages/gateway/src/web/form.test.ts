import type { PageForm } from "@ape/core/protocol/page";
import { describe, expect, test } from "vitest";
import { readPage } from "./page.ts";
import { TargetUrl } from "./target-url.ts";

const place = new TargetUrl("http://app.test", "");
const forms = (html: string, encoding?: string): readonly PageForm[] =>
  readPage(html, place.url("/page"), place, { encoding }).forms;
const only = (html: string, encoding?: string): PageForm => {
  const [form] = forms(html, encoding);
  if (form === undefined) throw new Error(`no form in ${html}`);
  return form;
};
const names = (html: string): string[] => only(html).controls.map(({ name, type }) => `${name} ${type}`);

test("a form without anything is sent to its page, as a browser would", () => {
  expect(only("<form></form>")).toStrictEqual({
    id: "1",
    label: "",
    method: "GET",
    path: "/page",
    enctype: "application/x-www-form-urlencoded",
    controls: [],
  });
});

test.each<[string, string[]]>([
  ["<form id=f name=n><input name=a></form>", ["f"]],
  ["<form name=n><input name=a></form>", ["n"]],
  ["<form></form><form></form>", ["1", "2"]],
  ["<form id=f><input name=a><button>x</button></form>", ["f"]],
  ["<form id=f><input name=a><button formaction=/x>x</button></form>", ["f-1"]],
  ["<form id=f><input name=a><button formmethod=post>x</button></form>", ["f-1"]],
  ["<form id=f><input name=a><button>x</button><button formaction=/x>y</button></form>", ["f", "f-1"]],
  ["<form id=f><input type=submit formaction=/x><input type=image formaction=/y></form>", ["f-1", "f-2"]],
  ["<form id=f><input name=a formaction=/x></form>", ["f"]],
  ["<form id=f><select name=a type=submit formaction=/x></select></form>", ["f"]],
  ["<form id=f><button type=SUBMIT formaction=/x>y</button></form>", ["f-1"]],
  ["<form id=f><button type=button formaction=/x>y</button></form>", ["f"]],
  ["<form method=dialog></form>", []],
  ["<form action=http://other.test/></form>", []],
])("the forms of %s are %j", (html, ids) => {
  expect(forms(html).map(({ id }) => id)).toEqual(ids);
});

test("fifty forms of a page are read, however they are sent", () => {
  const many = (count: number, one: string) => forms(one.repeat(count)).length;
  expect([many(50, "<form></form>"), many(51, "<form></form>")]).toEqual([50, 50]);
  const two = "<form><button>a</button><button formaction=/x>b</button></form>";
  expect([many(24, two), many(25, two), many(26, two)]).toEqual([48, 50, 50]);
});

test("a control belongs to the first form that it names, else to the one around it", () => {
  const html =
    "<form id=f><input name=a><input name=b form=g></form><form id=g></form><form id=g></form>" +
    "<input name=c form=f><input name=d form=none><input name=e>";
  expect(forms(html).map(({ controls }) => controls.map(({ name }) => name))).toEqual([
    ["a", "c"],
    ["b"],
    [],
  ]);
});

test.each<[string, Partial<PageForm>]>([
  [
    "<form method=POST action=/x enctype=MULTIPART/FORM-DATA>",
    { method: "POST", path: "/x", enctype: "multipart/form-data" },
  ],
  ["<form enctype=text/plain>", { enctype: "text/plain" }],
  ["<form enctype=a/b>", { enctype: "application/x-www-form-urlencoded" }],
  ["<form method=put>", { method: "GET" }],
  ["<form method=post><button formmethod=get formaction=/y>x</button>", { method: "GET", path: "/y" }],
  ["<form aria-label=Find><input name=a>", { label: "Find" }],
  ["<form aria-label=Find><input name=a><button>Go</button>", { label: "Go" }],
  ...["legend", "h1", "h2", "h3", "h4", "h5", "h6"].map((name): [string, Partial<PageForm>] => [
    `<form><${name}>Find it</${name}><input name=a>`,
    { label: "Find it" },
  ]),
  ["<form><b>Find it</b><input name=a>", { label: "" }],
])("%s is read as %j", (html, wanted) => {
  expect(only(html)).toMatchObject(wanted);
});

test.each<[string, string | undefined, string | undefined]>([
  ["", undefined, undefined],
  ["", "windows-1252", "windows-1252"],
  ["", "utf-16le", undefined],
  ["", "replacement", undefined],
  ["accept-charset=utf-8", "windows-1252", undefined],
  ["accept-charset='unknown,  iso-8859-2'", undefined, "iso-8859-2"],
  ["accept-charset='unknown iso-8859-2 utf-8'", undefined, "iso-8859-2"],
  ["accept-charset=utf-16be", "windows-1252", undefined],
  ["accept-charset=unknown", "windows-1252", "windows-1252"],
])("a form with %s on a page in %s is sent in %s", (attributes, encoding, charset) => {
  const form = only(`<form ${attributes}></form>`, encoding);
  expect(form.charset).toBe(charset);
  expect("charset" in form).toBe(charset !== undefined);
});

test.each<[string, string[]]>([
  ["<form><output name=a></output><a name=b></a><object name=c></object><input name=d></form>", ["d text"]],
  [
    "<form><input name=a disabled><fieldset disabled><input name=b></fieldset><input name=c></form>",
    ["c text"],
  ],
  ["<form><fieldset><input name=b></fieldset></form>", ["b text"]],
  ["<form><datalist><label>or <select name=a></select></label></datalist><input name=b></form>", ["b text"]],
  [
    "<form><input name=a type=reset><button name=b type=button>x</button><input name=c type=button></form>",
    [],
  ],
  [
    "<form><input type=text><input type=image><input type=submit><input type=hidden></form>",
    [" image", " submit"],
  ],
  [
    "<form><input name=a type=EMAIL><select name=b></select><textarea name=c></textarea></form>",
    ["a email", "b select", "c textarea"],
  ],
  ["<form><button name=a>x</button><button name=b type=submit>y</button></form>", ["a submit", "b submit"]],
  [
    "<form><button formnovalidate name=a>Draft</button><input name=b><button name=c>Save</button></form>",
    ["b text", "c submit", "a submit"],
  ],
  ["<form><input formnovalidate name=a><input name=b></form>", ["a text", "b text"]],
])("the controls of %s are %j", (html, wanted) => {
  expect(names(html)).toEqual(wanted);
});

test("sixty controls, and two hundred options of each, are read", () => {
  const inputs = (count: number) => Array.from({ length: count }, (_, at) => `<input name=a${at}>`).join("");
  expect([names(`<form>${inputs(60)}</form>`).length, names(`<form>${inputs(61)}</form>`).length]).toEqual([
    60, 60,
  ]);
  const options = (count: number, one: string, around = "") =>
    only(`<form>${around}${one.repeat(count)}</form>`).controls[0]?.options?.length;
  for (const [one, around] of [
    ["<option>x</option>", "<select name=a>"],
    ["<input type=radio name=a>", ""],
    ["<input type=checkbox name=a>", ""],
  ] as const)
    expect([200, 201].map((count) => options(count, one, around))).toEqual([200, 200]);
});

describe("choices", () => {
  test("of one name and kind are one control", () => {
    const html =
      "<form><input type=radio name=a value=1 required><input type=radio name=a value=2 checked><input type=checkbox name=a>" +
      "<input type=checkbox name=b></form>";
    expect(only(html).controls).toEqual([
      {
        name: "a",
        type: "radio",
        label: "",
        value: "",
        required: true,
        options: [
          { value: "1", label: "", selected: false },
          { value: "2", label: "", selected: true },
        ],
      },
      {
        name: "a",
        type: "checkbox",
        label: "",
        value: "",
        required: false,
        options: [{ value: "on", label: "", selected: false }],
      },
      {
        name: "b",
        type: "checkbox",
        label: "",
        value: "",
        required: false,
        options: [{ value: "on", label: "", selected: false }],
      },
    ]);
  });

  test("are named by their group, and one checkbox by its label", () => {
    const label = (inner: string) =>
      only(`<form><fieldset><legend>Size</legend>${inner}</fieldset></form>`).controls[0]?.label;
    const box = (type: string, text: string) => `<label><input type=${type} name=a>${text}</label>`;
    expect(label(box("radio", "Small"))).toBe("Size");
    expect(label(box("checkbox", "Small"))).toBe("Small");
    expect(label(box("checkbox", "Small") + box("checkbox", "Large"))).toBe("Size");
    expect(only(`<form>${box("radio", "Small")}</form>`).controls[0]?.label).toBe("Small");
    expect(only(`<form><fieldset>${box("radio", "Small")}</fieldset></form>`).controls[0]?.label).toBe(
      "Small",
    );
  });

  test("of a list have their own values, else their texts, without disabled ones", () => {
    const html =
      "<form><select name=a multiple><option value=1>One<option selected>Two<option disabled>Three<option value=''>None</select></form>";
    expect(only(html).controls[0]).toStrictEqual({
      name: "a",
      type: "select",
      label: "",
      value: "",
      required: false,
      options: [
        { value: "1", label: "One", selected: false },
        { value: "Two", label: "Two", selected: true },
        { value: "", label: "None", selected: false },
      ],
      multiple: true,
    });
    expect(only("<form><select name=a></select></form>").controls[0]).not.toHaveProperty("multiple");
  });
});

test.each<[string, string]>([
  ["<input name=a value=' x '>", " x "],
  ["<input name=a>", ""],
  [`<input name=a value=${"x".repeat(4_001)}>`, "x".repeat(4_000)],
  ["<textarea name=a>\n\nx\ny</textarea>", "\nx\ny"],
  ["<textarea name=a>\r\nx</textarea>", "x"],
  ["<textarea name=a>x\ny</textarea>", "x\ny"],
  ["<textarea name=a></textarea>", ""],
  [`<textarea name=a>${"x".repeat(4_001)}</textarea>`, "x".repeat(4_000)],
])("the value of %s", (control, value) => {
  expect(only(`<form>${control}</form>`).controls[0]?.value).toBe(value);
});

test.each<[string, string]>([
  ["<label for=x>Name</label><input id=x name=a>", "Name"],
  ["<label>Name <input name=a></label>", "Name"],
  ["<label for=x></label><label>Own <input id=x name=a></label>", "Own"],
  ["<input name=a aria-label=' Name '>", "Name"],
  ["<input name=a placeholder=Name title=Other>", "Name"],
  ["<input name=a title=Name>", "Name"],
  ["<input name=a>", ""],
  ["<button>Send <b>it</b></button>", "Send it"],
  ["<button aria-label=Send></button>", "Send"],
  ["<button title=Send></button>", "Send"],
  ["<button></button>", "Submit"],
  ["<input type=submit value=Send>", "Send"],
  ["<input type=image alt=Send>", "Send"],
  ["<input type=submit>", "Submit"],
])("%s is called %j", (control, label) => {
  expect(only(`<form>${control}</form>`).controls[0]?.label).toBe(label);
});

test("bounds are numbers, and what is required says so", () => {
  expect(only("<form><input type=number name=a min=1 max=9.5 required></form>").controls[0]).toStrictEqual({
    name: "a",
    type: "number",
    label: "",
    value: "",
    required: true,
    min: 1,
    max: 9.5,
  });
  expect(only("<form><input type=date name=a min=2026-01-01 max=''></form>").controls[0]).toStrictEqual({
    name: "a",
    type: "date",
    label: "",
    value: "",
    required: false,
  });
});

test("a message stands with its control, not with a button or a hidden one", () => {
  const html = (control: string) => only(`<form><p>${control}<i class=error>No.</i></p></form>`).controls[0];
  expect(html("<input name=a>")).toMatchObject({ error: "No." });
  expect(html("<input type=radio name=a>")).toMatchObject({ error: "No." });
  for (const one of ["<input type=hidden name=a>", "<button name=a>x</button>", "<input type=submit name=a>"])
    expect(html(one)).not.toHaveProperty("error");
});

test("what stands around a form is told with it", () => {
  const html =
    "<ul><li>Lamp <form id=a></form><li>Chair <form id=b></form></ul><aside><form id=c></form></aside>";
  expect(forms(html)).toMatchObject([{ near: "Lamp" }, { near: "Chair" }, { aside: true }]);
  expect(forms(html)[0]).not.toHaveProperty("aside");
  expect(forms(html)[2]).not.toHaveProperty("near");
});
