import { expect, test } from "vitest";
import { HtmlDocument } from "./html-document.ts";

const named = (document: HtmlDocument, name: string) => document.named(name);
const one = (document: HtmlDocument, id: string) => {
  const element = document.byId(id);
  if (element === undefined) throw new Error(`no ${id}`);
  return element;
};
const near = (html: string): string | undefined => {
  const document = new HtmlDocument(html);
  return document.nearOf(one(document, "x"));
};

test.each(["li", "tr", "article", "figure", "dd", "section", "div", "fieldset"])(
  "a <%s> beside another one holds an item",
  (name) => {
    const item = (inner: string) =>
      name === "tr" ? `<tr><td>${inner}</td></tr>` : `<${name}><b>${inner}</b></${name}>`;
    const around = (items: string) => (name === "tr" ? `<table>${items}</table>` : `<main>${items}</main>`);
    expect(near(around(item("Lamp <i id=x></i>") + item("Chair")))).toBe("Lamp");
    expect(near(around(item("Lamp <i id=x></i>")))).toBeUndefined();
  },
);

test("entries of lists and tables are alike whatever their classes, others by their class", () => {
  const two = (name: string, first: string, second: string) =>
    near(`<main><${name} ${first}>Lamp <i id=x></i></${name}><${name} ${second}>Chair</${name}></main>`);
  for (const name of ["li", "article", "dd"]) expect(two(name, "class=a", "class=b"), name).toBe("Lamp");
  expect(near("<table><tr class=a><td>Lamp <i id=x></i><tr class=b><td>Chair</table>")).toBe("Lamp");
  for (const name of ["section", "div", "figure"]) {
    expect(two(name, "class=a", "class=b"), name).toBeUndefined();
    expect(two(name, "class=a", "class=a"), name).toBe("Lamp");
    expect(two(name, "", ""), name).toBe("Lamp");
    expect(two(name, "", "class=b"), name).toBeUndefined();
  }
  expect(near("<main><p>Lamp <i id=x></i></p><p>Chair</p></main>")).toBeUndefined();
});

test("the nearest item counts, for everything in it, and its text is one line of 200 characters", () => {
  const document = new HtmlDocument(
    "<main><div><ul><li>Lamp<p>red <i id=a></i><b id=b></b></p><li>Chair <i id=c></i></ul></div><div id=d><i id=e></i></div></main>",
  );
  expect(["a", "b", "c", "e", "d"].map((id) => document.nearOf(one(document, id)))).toEqual([
    "Lamp red",
    "Lamp red",
    "Chair",
    undefined,
    undefined,
  ]);
  expect(near(`<ul><li>${"x".repeat(300)}<i id=x></i><li>y</ul>`)).toBe("x".repeat(200));
  expect(near("<i id=x></i>")).toBeUndefined();
});

test("elements are found by name, by their first id, and within one another", () => {
  const document = new HtmlDocument(
    "<p id=a><b id=c>1</b><i>2</i></p><p id=a class=second><b>3</b></p><u></u>",
  );
  expect(named(document, "b")).toHaveLength(2);
  expect(named(document, "s")).toEqual([]);
  const [first, second] = named(document, "p") as [never, never];
  expect(document.byId("a")).toBe(first);
  expect(document.byId("undefined")).toBeUndefined();
  const [b, other] = named(document, "b");
  const [i] = named(document, "i");
  expect([...document.allWithin(first, "b")]).toEqual([b]);
  expect([...document.allWithin(second, "b")]).toEqual([other]);
  expect([...document.allWithin(first, "p")]).toEqual([]);
  expect([...document.allWithin(second, "u")]).toEqual([]);
  expect(document.firstWithin(first, ["i", "b"])).toBe(b);
  expect(document.firstWithin(first, ["u", "i"])).toBe(i);
  expect(document.firstWithin(first, ["u"])).toBeUndefined();
  expect(document.contains(first, b as never)).toBe(true);
  expect(document.contains(first, first)).toBe(true);
  expect([document.contains(second, b as never), document.contains(b as never, first)]).toEqual([
    false,
    false,
  ]);
  const stranger = new HtmlDocument("<p><b>").named("b")[0] as never;
  expect([document.contains(first, stranger), document.contains(stranger, stranger)]).toEqual([false, false]);
  expect([...document.allWithin(stranger, "b")]).toEqual([]);
  expect(document.around(stranger, "form")).toBeUndefined();
});

test("a control has the nearest form, label, fieldset and list around it", () => {
  const document = new HtmlDocument(
    "<form id=f><fieldset id=s><label id=l><p id=x></p></label></fieldset><p id=y></p></form><p id=z></p>",
  );
  const around = (id: string) =>
    (["form", "label", "fieldset", "datalist"] as const).map(
      (name) => document.around(one(document, id), name)?.attribs.id,
    );
  expect(around("x")).toEqual(["f", "l", "s", undefined]);
  expect(around("y")).toEqual(["f", undefined, undefined, undefined]);
  expect(around("z")).toEqual([undefined, undefined, undefined, undefined]);
});

test("what is nested too deep stands side by side, and a form there has what follows it", () => {
  const deep = (levels: number) =>
    `${"<div>".repeat(levels)}<form id=f><p id=x></p></form><form id=g><p id=y></p></form>`;
  const forms = (levels: number) => {
    const document = new HtmlDocument(deep(levels));
    const inner = document.contains(one(document, "f"), one(document, "x"));
    return [
      inner,
      document.around(one(document, "x"), "form")?.attribs.id,
      document.around(one(document, "y"), "form")?.attribs.id,
    ];
  };
  expect(forms(3)).toEqual([true, "f", "g"]);
  expect(forms(510)).toEqual([true, "f", "g"]);
  expect(forms(511)).toEqual([true, "f", "g"]);
  expect(forms(512)).toEqual([false, "f", "g"]);
  const closed = new HtmlDocument(`${"<div></div>".repeat(600)}<form id=f><p id=x></p></form><p id=y></p>`);
  expect(closed.around(one(closed, "y"), "form")).toBeUndefined();
});
