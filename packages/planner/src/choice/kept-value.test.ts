import { expect, test } from "vitest";
import { field, operation } from "../../test/fake.ts";
import { nextCall, type Past } from "../../test/next-call.ts";

const id = field("path", "id", "string!", "Id of the note");
const shown = (prefix = "") => [
  field("answer", `${prefix}id`, "string", "Id of the note"),
  field("answer", `${prefix}title`, "string", "Title of the note"),
];
const sent = [
  field("body", "title", "string!", "Title of the note"),
  field("body", "colour", "string!", "Colour of the note"),
];
const api = {
  target: "pad",
  title: "The pad",
  documented: true,
  auth: [],
  operations: [
    operation("POST /notes", "Write a note", [...sent, ...shown()]),
    operation("GET /notes/{id}", "Show a note", [id, ...shown()]),
    operation("PUT /notes/{id}", "Change a note", [id, ...sent, ...shown()]),
    operation("POST /files", "Write a file", [
      field("body", "path", "string!", "Path of the file"),
      field("body", "content", "string!", "What is in it"),
    ]),
    operation("GET /files", "Read a file", [field("query", "path", "string!", "Path of the file")]),
  ],
};
const next = (goal: string, ...history: Past[]) => nextCall(api, goal, history);

const GOAL = 'Write a note with the title "Milk", then change its colour to "red".';
const WRITTEN: Past = ['POST /notes {"title":"Milk","colour":"blue"}', 201, { id: "n1", title: "Milk" }];

test("an update keeps what an earlier call sent", () => {
  expect(next(GOAL, WRITTEN)).toBe('PUT /notes/n1 {"title":"Milk","colour":"red"}');
});

test("it keeps what was sent last, and what was answered where nothing was sent", () => {
  const changed: Past = [
    'PUT /notes/n1 {"title":"Eggs","colour":"grey"}',
    422,
    { colour: "must be one of red, green" },
  ];
  expect(next(GOAL, WRITTEN, changed)).toBe('PUT /notes/n1 {"title":"Eggs","colour":"red"}');
  const read: Past = ["GET /notes/n1", 200, { id: "n1", title: "Bread" }];
  expect(next('Look at the note, then change its colour to "red".', read)).not.toContain("Milk");
  const goal = 'Write a note, show the note, then change its colour to "red".';
  expect(next(goal, ['POST /notes {"title":"A","colour":"b"}', 201, { id: "n1" }], read)).toBe(
    'PUT /notes/n1 {"title":"Bread","colour":"red"}',
  );
});

test("a call about the same thing takes what an earlier one sent under that name", () => {
  const goal = "Write a file, then read that file.";
  expect(next(goal, ['POST /files {"path":"/a.txt","content":"x"}', 201])).toBe("GET /files?path=/a.txt");
});
