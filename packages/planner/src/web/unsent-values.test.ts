import { clausesOf } from "@ape/catalog/goal/clause";
import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { unsentValues } from "./unsent-values.ts";
import type { WebCall } from "./web-call.ts";

const call = (kind: "link" | "form", label: string, fields: Record<string, Json> = {}): WebCall => ({
  kind,
  at: "1",
  label,
  about: "",
  fields,
  text: "",
  cut: false,
  writes: kind === "form",
  status: 200,
  ok: true,
  page: undefined,
});
const unsent = (goal: string, ...calls: WebCall[]) => unsentValues(clausesOf(goal, new Set()), calls);
const send = (fields: Record<string, Json>) => call("form", "Send", fields);

test.each<[string, WebCall[], string[]]>([
  ["Report a boat, phone 0151 220011.", [send({ text: "x" })], ["0151 220011"]],
  ["Report a boat, phone 0151 220011.", [send({ phone: "0151 220011" })], []],
  ["Change the height of the mast at Old Mill to 7.", [send({ height: 7 })], []],
  ["Cancel all orders.", [send({ sure: true })], ["all orders"]],
  ["Cancel the order.", [send({ sure: true })], []],
  ["Cancel order 12 for Ada Birk.", [send({ sure: true })], ["for Ada Birk"]],
  ['Add a note with the text "Buy milk".', [send({ text: "Eggs" })], ["Buy milk"]],
  ['Add a note with the text "Buy milk".', [send({ text: "buy MILK" })], []],
  ['Add a note with the text "Buy milk".', [send({ text: "buy milkshakes" })], ["Buy milk"]],
  ['Add a note with the text "Buy milk".', [call("link", "Buy milk")], []],
  ['Add a note with the tags "a1" and "b2".', [send({ tags: ["a1", "b2"] })], []],
  ['Add a note with the tags "a1" and "b2".', [send({ tags: "a1" })], ["b2"]],
  ['Add a note with the text "{{remark}}".', [send({ text: "x" })], []],
  ["Add a room for 3 people.", [send({ people: 3 })], []],
  ["Add a room for 3 people.", [send({ people: 2 })], ["3"]],
  ["Add a voucher of $30.", [send({ code: "x" })], []],
  ["Send a parcel from Lima to Oslo.", [send({ from: "Lima" })], ["to Oslo"]],
  ['Add a note "A", add a note "A".', [send({ text: "x" })], ["A"]],
])("%s of which %j was sent leaves %j", (goal, calls, left) => {
  expect(unsent(goal, ...calls)).toEqual(left);
});

test("clauses that look, and those that a button without fields did, need no value", () => {
  expect(unsent('Find the note "Milk".', send({ text: "x" }))).toEqual([]);
  expect(unsent('Add the note "Milk".', call("form", "Add note"))).toEqual([]);
  expect(unsent('Add the note "Milk".', call("link", "Add note"))).toEqual(["Milk"]);
  expect(unsent('Add the note "Milk".', call("form", "Add note", { text: "x" }))).toEqual(["Milk"]);
  expect(unsent('Add the note "Milk".', call("form", "Delete note"))).toEqual(["Milk"]);
});

test("a code that was sent stands for what it is the code of", () => {
  expect(unsent("set my language to German", send({ language: "de" }))).toEqual([]);
  expect(unsent("set my country to Austria", send({ country: "at" }))).toEqual([]);
  expect(unsent("set my language to German", send({ language: "fr" }))).toEqual(["to German"]);
  expect(unsent("set my language to German", send({ size: "de" }))).toEqual(["to German"]);
});

const pageOf = (text: string): WebCall => ({
  ...call("link", "It"),
  page: { title: "It", path: "/it", text, links: [], forms: [] },
});

test.each<[string, WebCall[], string[]]>([
  ["Cancel my outing of 1 May.", [pageOf("Outing\nfrom 2027-05-01 to 2027-05-04"), send({})], []],
  ["Cancel my outing of 1 May.", [pageOf("Outing\non 2 May"), send({})], ["1 May"]],
  ["Cancel my outing of 1 May.", [pageOf("1 May\n2 May\n3 May\n4 May"), send({})], ["1 May"]],
  ["Reserve a hut for two. We bring a dog.", [send({ people: 2, dog: true })], []],
])(
  "the day of the one thing that was chosen is known, and no pronoun is a name: %s %j",
  (goal, calls, left) => {
    expect(unsent(goal, ...calls)).toEqual(left);
  },
);
