import { expect, test } from "vitest";
import { AnswerReader, AnswerWriter } from "./answer-fields.ts";
import type { ApiField } from "./api-field.ts";

const field = (name: string, type = "string", more: Partial<ApiField> = {}): ApiField => ({
  in: "answer",
  name,
  type,
  required: false,
  description: "",
  ...more,
});
const written = (...fields: ApiField[]) => new AnswerWriter([{ fields }]).write("GET /a", fields);

test.each<[string, ApiField[], string]>([
  ["no field", [], ""],
  ["an input", [field("id", "string", { in: "body" })], ""],
  ["a text", [field("color")], "color"],
  ["a number", [field("size", "number")], "size:num"],
  ["a whole number", [field("size", "integer")], "size:int"],
  ["a flag", [field("on", "boolean")], "on:bool"],
  ["null", [field("on", "null")], "on:null"],
  ["a text with a format", [field("at", "string", { format: "date-time" })], "at:date-time"],
  ["a format that is a type's name", [field("at", "string", { format: "int" })], "at"],
  ["a format that is no word", [field("at", "string", { format: "x/1" })], "at"],
  ["choices of texts", [field("state", "string", { enum: ["open", "paid"] })], 'state="open"|"paid"'],
  ["choices of numbers", [field("size", "integer", { enum: [1, 2] })], "size:int=1|2"],
  [
    "ten choices",
    [field("n", "integer", { enum: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] })],
    "n:int=0|1|2|3|4|5|6|7|8|9",
  ],
  ["eleven choices", [field("n", "integer", { enum: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] })], "n:int"],
  ["a name with a blank", [field("the size")], '"the size"'],
  ["an empty object", [field("o", "object")], "o{}"],
  ["an empty list", [field("l", "array")], "l[]"],
  ["an object", [field("o", "object"), field("o.id")], "o{id}"],
  ["a list of objects", [field("l", "array"), field("l[].id"), field("l[].n", "number")], "l[]{id, n:num}"],
  ["a list of lists", [field("l", "array"), field("l[][].id")], "l[][]{id}"],
  ["a list alone", [field("[].id")], "[]{id}"],
  [
    "a description that says more",
    [field("x", "string", { description: "The colour of the roof." })],
    "x (colour of roof)",
  ],
  [
    "a description that repeats the name",
    [field("roofColor", "string", { description: "The color of the roof" })],
    "roofColor",
  ],
  ["a description with braces", [field("x", "string", { description: "a {roof} (flat)" })], "x (roof flat)"],
])("%s is written", (_name, fields, text) => {
  expect(written(...fields)).toBe(text === "" ? "" : ` -> ${text}`);
});

test("what was written is read back: names, types, choices and descriptions", () => {
  const fields = [
    field("id"),
    field("state", "string", { enum: ["open", 'a"b'] }),
    field("size", "integer", { enum: [-1, 2.5, true, null] as never }),
    field("at", "string", { format: "date" }),
    field("x", "string", { description: "colour of roof" }),
    field("empty", "array"),
    field("none", "object"),
    field("the name"),
    field("owner", "object"),
    field("owner.ok", "boolean"),
    field("lines", "array"),
    field("lines[].price", "number"),
    field("lines[].parts", "array"),
    field("lines[].parts[].x", "string", { description: "colour of roof" }),
  ];
  const text = written(...fields).slice(4);
  expect(new AnswerReader().read(text)).toEqual(fields);
  expect(new AnswerReader().read("[]{id, n:num}")).toEqual([field("[].id"), field("[].n", "number")]);
  expect(new AnswerReader().read("[][]{id}")).toEqual([field("[][].id")]);
});

test("what cannot be read ends the list", () => {
  expect(new AnswerReader().read("id, =x, b").map(({ name }) => name)).toEqual(["id"]);
  expect(new AnswerReader().read("")).toEqual([]);
  expect(new AnswerReader().read("a=, b").map(({ name, enum: choices }) => [name, choices])).toEqual([
    ["a", []],
    ["b", undefined],
  ]);
});

test("the same answer is written once; of one field it is repeated", () => {
  const two = [field("id"), field("color")];
  const one = [field("id")];
  const writer = new AnswerWriter([{ fields: two }, { fields: one }]);
  expect(writer.write("GET /a", two)).toBe(" -> id, color");
  expect(writer.write("GET /b", two)).toBe(" -> as GET /a");
  expect([writer.write("GET /c", one), writer.write("GET /d", one)]).toEqual([" -> id", " -> id"]);
});

test("a description is written with the first field of its name only, and again where it changes", () => {
  const x = (description: string) => [field("x", "string", { description }), field("y")];
  const writer = new AnswerWriter([{ fields: x("colour of roof") }]);
  expect(writer.write("a", x("colour of roof"))).toBe(" -> x (colour of roof), y");
  expect(writer.write("b", [field("x", "string", { description: "colour of roof" }), field("z")])).toBe(
    " -> x, z",
  );
  expect(writer.write("c", [field("x", "string", { description: "colour of wall" }), field("z")])).toBe(
    " -> x (colour of wall), z",
  );
  expect(writer.write("d", [field("x"), field("w")])).toBe(" -> x (), w");
});

test("of a long answer ids, states, inputs of others, amounts and names are kept, and what they are in", () => {
  const plain = Array.from({ length: 12 }, (_, n) => field(`note${n}`));
  const asked = field("note11", "string", { in: "query" });
  const answers = [
    ...plain,
    field("orderId"),
    field("deep", "object"),
    field("deep.inner", "object"),
    field("deep.inner.id"),
    field("phase", "string", { enum: ["a"] }),
    field("at", "string", { format: "date" }),
    field("fullName"),
    field("ready", "boolean"),
    field("other", "object"),
    field("other.text"),
  ];
  const fields = [asked, ...answers];
  const text = new AnswerWriter([{ fields }]).write("GET /a", fields);
  expect(text).toBe(
    ' -> note0, note1, note2, note3, note4, note11, orderId, deep{inner{id}}, phase="a", at:date, fullName, ready:bool',
  );
});

test("an answer of twelve fields is written whole", () => {
  const fields = [...Array.from({ length: 12 }, (_, n) => field(`note${n}`)), field("o", "object")];
  expect(written(...fields).split(", ")).toHaveLength(13);
});

test("of fields of one weight the outer ones are kept, lists count as one level", () => {
  const outer = Array.from({ length: 11 }, (_, n) => field(`note${n}`));
  const inner = [field("lines", "array"), field("lines[].text"), field("o", "object"), field("o.text")];
  const deep = [field("p", "object"), field("p.q", "object"), field("p.q.text")];
  const fields = [...deep, ...inner, ...outer];
  expect(written(...fields)).toBe(` -> lines[]{text}, ${outer.map(({ name }) => name).join(", ")}`);
});

test.each<[string, string, string]>([
  ["total", "Total number of rows", "total"],
  ["total", "Total of the rows after tax", "total"],
  ["qty", "How many of them", "qty"],
  ["orderQuantity", "Amount of goods", "orderQuantity"],
  ["totalize", "How many of them", "totalize (How many of them)"],
  ["qty", "Weight of them", "qty (Weight of them)"],
  ["createdAt", "Moment of birth", "createdAt"],
  ["shade", "Shade of the roof", "shade"],
  ["shade", "Id of the roof", "shade (Id of roof)"],
  ["tone", "The tint, an odd one", "tone (tint, odd one)"],
  ["tone", "Theory and anatomy;", "tone (Theory and anatomy)"],
])("the description of %s, %j, is written as %j", (name, description, text) => {
  // A field whose name says nothing keeps the API from counting as one with meaningful names.
  const odd = Array.from({ length: 9 }, (_, n) =>
    field(`x${n}`, "string", { in: "answer", description: "Colour" }),
  );
  const one = field(name, "string", { description });
  expect(new AnswerWriter([{ fields: [...odd, one] }]).write("GET /a", [one])).toBe(` -> ${text}`);
});

test("where names are meaningful, only generic ones and kinds of values are described", () => {
  const clear = field("shade", "string", { description: "Shade of the roof" });
  const others = [
    field("id", "string", { description: "Of the owner" }),
    field("tone", "string", { description: "Tint" }),
    field("mark", "string", { description: "Date of birth" }),
  ];
  expect(new AnswerWriter([{ fields: [clear, ...others] }]).write("GET /a", others)).toBe(
    " -> id (Of owner), tone, mark (Date of birth)",
  );
});

test.each([
  "orderId",
  "order_id",
  "uuid",
  "user-guid",
  "sortKey",
  "page_token",
  "nextCursor",
  "etag",
  "rowVersion",
  "sku",
  "orderStatus",
  "state",
  "refNumber",
])("%s identifies, and is kept of a long answer", (name) => {
  const plain = Array.from({ length: 13 }, (_, n) => field(`note${n}`));
  expect(written(...plain, field(name))).toContain(`, ${name}`);
  expect(written(...plain, field(`${name}x`))).not.toContain(name);
});
