import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { pageIn, type SeenField } from "./page-reader.ts";

const formsOf = (form: Json) => pageIn({ links: [], forms: [form] })?.forms ?? [];
const fieldsOf = (fields: Json, sends = "POST /group/7/add?x=1"): readonly SeenField[] =>
  formsOf({ form: "1", label: "Save", sends, fields })[0]?.fields ?? [];

test.each<Json>([
  null,
  "text",
  [],
  {},
  { links: [] },
  { forms: [] },
  { links: {}, forms: [] },
  { links: [], forms: "" },
])("%j is no page", (body) => expect(pageIn(body)).toBeUndefined());

test("a page has its texts, links and forms; what has another type is read as an empty text, or left out", () => {
  const links: Json[] = [{ text: "Next", path: "/n", near: "Things" }, { text: 3, path: null }, "no link"];
  const forms: Json[] = [{ form: "1", label: "Send", near: "Rug", sends: "POST /b", fields: [] }, 7];
  expect(pageIn({ title: "Shop", path: "/s", text: "Things\nRug", links, forms })).toEqual({
    title: "Shop",
    path: "/s",
    text: "Things\nRug",
    links: [
      { text: "Next", path: "/n", near: "Things" },
      { text: "", path: "", near: "" },
    ],
    forms: [{ id: "1", label: "Send", near: "Rug", writes: true, to: "/b", fields: [] }],
  });
  expect(pageIn({ title: 1, path: {}, text: null, links: [], forms: [] })).toEqual({
    title: "",
    path: "",
    text: "",
    links: [],
    forms: [],
  });
});

test("only a form that is sent with GET does not write", () => {
  const writes = (sends: Json) => formsOf({ form: "1", sends })[0]?.writes;
  expect(["GET /s", "POST /s", "GETTER /s", "PUT /GET ", undefined as never].map(writes)).toEqual([
    false,
    true,
    true,
    true,
    true,
  ]);
  expect(fieldsOf([{ name: "q" }], "GET /s")[0]?.in).toBe("query");
  expect(fieldsOf([{ name: "q" }], "POST /s")[0]?.in).toBe("body");
});

test("a form with several buttons is one for each, but those that lead back or do the same", () => {
  const buttons = ["Save", "Cancel", "Save and add another", "Delete it"];
  expect(
    formsOf({ form: "1", label: "Save", sends: "POST /g", buttons }).map(({ fields, ...form }) => form),
  ).toEqual([
    { id: "1", label: "Save", near: "", writes: true, to: "/g" },
    { id: "1", label: "Delete it", near: "", writes: true, to: "/g", submit: true },
  ]);
  expect(formsOf({ form: "1", label: "Save", buttons: "Save" })).toHaveLength(1);
});

test.each<[Json, Partial<SeenField>]>([
  [
    { name: "a", label: "A name", type: "text" },
    { name: "a", description: "A name", type: "string", required: false },
  ],
  [
    { name: "a", required: true },
    { required: true, filled: false, checkbox: false, error: undefined },
  ],
  [{ name: "a", required: "yes" }, { required: false }],
  [
    { name: "a", type: "number", min: 2, max: 9 },
    { type: "number", minimum: 2, maximum: 9 },
  ],
  [
    { name: "a", type: "range", min: 0 },
    { type: "number", minimum: 0 },
  ],
  [
    { name: "a", type: "email" },
    { type: "string", format: "email" },
  ],
  [{ name: "a", type: "password" }, { format: "password" }],
  [{ name: "a", type: "date" }, { format: "date" }],
  [{ name: "a", type: "url" }, { format: "uri" }],
  [{ name: "a", type: "datetime-local" }, { format: "date-time" }],
  [
    { name: "a", type: "checkbox" },
    { type: "boolean", checkbox: true },
  ],
  [
    { name: "a", type: "checkbox", options: ["on"] },
    { type: "boolean", checkbox: true },
  ],
  [
    { name: "a", type: "checkbox", options: ["x", "y"] },
    { type: "string", checkbox: false, enum: ["x", "y"] },
  ],
  [
    { name: "a", type: "radio", options: ["on"] },
    { type: "string", checkbox: false, enum: ["on"] },
  ],
  [
    {
      name: "a",
      type: "select",
      options: [{ value: "", label: "Choose" }, { value: "n", label: "Norway" }, "", "Chad", 5],
    },
    { type: "string", enum: ["Norway", "Chad"] },
  ],
  [{ name: "a", value: "x" }, { filled: true }],
  [{ name: "a", value: false }, { filled: true }],
  [{ name: "a", value: "" }, { filled: false }],
  [{ name: "a", error: "Too short." }, { error: "Too short." }],
  [{ name: "a", error: 5 }, { error: undefined }],
])("the field %j is read", (field, read) => {
  expect(fieldsOf([field])[0]).toMatchObject(read);
});

test("traits that a control does not have are absent, and its options too", () => {
  const [plain] = fieldsOf([{ name: "a", type: "text", min: "2", max: "9", options: "x" }]);
  for (const trait of ["format", "enum", "minimum", "maximum"]) expect(plain).not.toHaveProperty(trait);
  expect(fieldsOf([{ name: "a", type: "checkbox" }])[0]).not.toHaveProperty("enum");
  expect(fieldsOf("none")).toEqual([]);
  expect(fieldsOf([1, { name: "a" }])).toHaveLength(1);
});

test("a name without a noun of its own belongs to what its form is about, without ids and query", () => {
  const tokens = (sends: string) => [...(fieldsOf([{ name: "name" }], sends)[0]?.nameTokens.keys() ?? [])];
  expect(tokens("POST /group/add")).toEqual(tokens("POST /group/12/add?tab=user"));
  expect(tokens("POST /group/add")).not.toEqual(tokens("POST /user/add"));
});
