import { type Field, fieldOf } from "@ape/catalog/operations/field";
import { type Operation, OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import type { ApiField } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { contextOf } from "../test/context.ts";
import { field, operation } from "../test/fake.ts";
import { type PastCall, parseCall } from "./goal/past-call.ts";
import { factFor, noteName, repeatCall, sentText, sentValue, successfulCalls } from "./planning-context.ts";

const api = {
  target: "app",
  title: "The app",
  documented: true,
  auth: [],
  operations: [
    operation("GET /notes", "List the notes", [field("answer", "[].noteId", "string", "Id of the note")]),
    operation("POST /notes", "Write a note", [
      field("body", "title", "string!", "Title of the note"),
      field("answer", "noteId", "string", "Id of the note"),
    ]),
    operation("PUT /notes/{noteId}", "Change a note", [
      field("path", "noteId", "string!", "Id of the note"),
      field("query", "day", "string", "Day"),
      field("body", "title", "string!", "Title of the note"),
    ]),
  ],
};
const catalog = new OperationCatalog([api]);
const call = (text: string): PastCall => ({
  ...parseCall(text, "app", catalog),
  step: 1,
  target: "app",
  text,
  status: 200,
  note: "",
  answer: undefined,
  ok: true,
});
const input = (place: ApiField["in"], name: string): Field =>
  fieldOf({ in: place, name, type: "string", required: true, description: "" }, "notes");

test("a call is repeated with all that it sent, unless the history has only a part of it", () => {
  expect(repeatCall(call('PUT /notes/n1?day=1 {"title":"x"}'))).toEqual({
    kind: "call",
    request: { target: "app", method: "PUT", path: "/notes/n1", query: { day: "1" }, data: { title: "x" } },
  });
  expect(repeatCall(call("GET /notes"))).toEqual({
    kind: "call",
    request: { target: "app", method: "GET", path: "/notes" },
  });
  expect(repeatCall(call('POST /notes {"title":"x...'))).toBeUndefined();
  expect(repeatCall(call("wait 3"))).toBeUndefined();
});

test.each<[string, ApiField["in"], string, unknown]>([
  ["PUT /notes/n1?day=1 {}", "path", "noteId", "n1"],
  ["PUT /notes/n1?day=1 {}", "query", "day", "1"],
  ["PUT /notes/n1?day=1 {}", "query", "noteId", undefined],
  ["PUT /notes/n1?day=1 {}", "header", "day", undefined],
  ['POST /notes {"title":"x"}', "body", "title", "x"],
  ['POST /notes {"note":{"title":"x"}}', "body", "note.title", "x"],
  ['POST /notes {"lines":[{"id":"a"},{"id":"b"}]}', "body", "lines[].id", "a"],
  ['POST /notes {"lines":[]}', "body", "lines[].id", undefined],
  ['POST /notes {"lines":"none"}', "body", "lines[].id", undefined],
  ['POST /notes {"title":"x"}', "body", "note.title", "x"],
  ["POST /notes [1]", "body", "title", undefined],
  ["POST /notes", "body", "title", undefined],
  ['GET /notes?filter={"colour":"red"}', "query", "filter.colour", "red"],
  ['GET /notes?filter={"colour":{"name":"red"}}', "query", "filter.colour.name", "red"],
  ["GET /notes?filter={broken", "query", "filter.colour", undefined],
  ["GET /notes?filter=red", "query", "filter.colour", undefined],
  ["GET /notes?filter.colour=red", "query", "filter.colour", "red"],
])("%s sent for %s %s: %j", (text, place, name, value) => {
  expect(sentValue(call(text), input(place, name))).toEqual(value);
});

test.each<[string, string | undefined]>([
  ['{"title":"x"}', "x"],
  ['{"title":7}', "7"],
  ['{"title":false}', "false"],
  ['{"title":["x"]}', "x"],
  ['{"title":["x","y"]}', undefined],
  ['{"title":null}', undefined],
  ['{"title":{"a":1}}', undefined],
  ["{}", undefined],
])("%s has the text %j", (body, text) => {
  expect(sentText(call(`POST /notes ${body}`), input("body", "title"))).toBe(text);
});

test("only calls of an operation that succeeded count, latest last", () => {
  const context = contextOf(api, "List the notes.", [
    ["GET /notes", 200, []],
    ["GET /notes", 500],
    ['POST /notes {"title":"x"}', 201],
    ["GET /notes", 200, []],
  ]);
  const [list] = context.catalog.operations as Operation[];
  expect(successfulCalls(context, list as Operation).map(({ step }) => step)).toEqual([1, 4]);
});

/** The fact that a value of the answer to `POST /notes` is found in. */
function found(facts: { name: string; origin: string }[], source: { made?: boolean; leaf?: string } = {}) {
  const context = contextOf(
    api,
    "",
    [],
    facts.map((fact, index) => ({ ...fact, value: String(index) })),
  );
  const making = context.catalog.operations[1] as Operation;
  const { leaf = "noteId", made } = source;
  const answer = fieldOf(
    { in: "answer", name: leaf, type: "string", required: false, description: "" },
    "notes",
  );
  return factFor(context, {
    operation: making,
    field: answer,
    listed: false,
    score: 1,
    ...(made && { made }),
  })?.value;
}

test("a value that was kept under its name, or gained by the session, is found among the facts", () => {
  expect(found([{ name: "noteId_of_POST_notes", origin: "step 4" }])).toBe("0");
  expect(found([{ name: "noteId", origin: "step 2 POST /notes" }])).toBe("0");
  expect(found([{ name: "noteId", origin: "step 2 POST /notes?a=b" }])).toBe("0");
  expect(found([{ name: "noteId", origin: "step 2 PUT /notes/n1" }])).toBeUndefined();
  expect(found([{ name: "noteId", origin: "data" }])).toBeUndefined();
  expect(found([{ name: "noteId", origin: "some step 2 POST /notes" }])).toBeUndefined();
  expect(found([{ name: "title", origin: "step 2 POST /notes" }])).toBeUndefined();
  expect(found([{ name: "noteId", origin: "step 2 nothing" }])).toBeUndefined();
});

test("the latest fact counts, and for what was made any own id", () => {
  const facts = [
    { name: "noteId", origin: "step 2 POST /notes" },
    { name: "noteId", origin: "step 9 POST /notes" },
    { name: "noteId", origin: "step 5 POST /notes" },
  ];
  expect(found(facts)).toBe("1");
  expect(found([{ name: "id", origin: "step 2 POST /notes" }])).toBeUndefined();
  expect(found([{ name: "id", origin: "step 2 POST /notes" }], { made: true })).toBe("0");
  expect(found([{ name: "title", origin: "step 2 POST /notes" }], { made: true })).toBeUndefined();
  expect(found([{ name: "id", origin: "step 2 POST /notes" }], { leaf: "note.id" })).toBe("0");
});

test("a note's name is made of words, of 60 characters at most", () => {
  const [, making] = catalog.operations as [Operation, Operation];
  const source = (name: string) => ({
    operation: making,
    field: fieldOf({ in: "answer", name, type: "string", required: false, description: "" }, "notes"),
    listed: false,
    score: 1,
  });
  expect(noteName(source("note.id"))).toBe("note_id_of_POST_notes");
  expect(noteName(source("x".repeat(80)))).toBe("x".repeat(60));
});
