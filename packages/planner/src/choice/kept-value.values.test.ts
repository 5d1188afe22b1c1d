import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { expect, test } from "vitest";
import { contextOf } from "../../test/context.ts";
import { field, operation } from "../../test/fake.ts";
import type { Past } from "../../test/next-call.ts";
import { keptValue, sentBefore } from "./kept-value.ts";

const id = field("path", "id", "string!", "Id of the note");
const title = field("body", "title", "string!", "Title of the note");
const path = field("body", "path", "string!", "Path of the file");
const api = {
  target: "pad",
  title: "The pad",
  documented: true,
  auth: [],
  operations: [
    operation("POST /notes", "Write a note", [title]),
    operation("GET /notes/{id}", "Show a note", [id, field("query", "title", "string", "")]),
    operation("PUT /notes/{id}", "Change a note", [id, title, field("query", "title", "string", "")]),
    operation("PUT /pages/{id}", "Change a page", [id, title]),
    operation("POST /files", "Write a file", [path, field("body", "size", "integer!", "Size")]),
    operation("POST /files/copies", "Copy a file", [
      field("body", "source", "string!", "Path of the file to copy"),
    ]),
    operation("GET /files", "Read a file", [
      field("query", "path", "string!", "Path of the file"),
      field("query", "size", "string", "Size"),
      field("header", "path", "string", ""),
    ]),
  ],
};

/** What an input of an operation keeps after these calls. */
function kept(key: string, place: string, name: string, ...history: Past[]) {
  const context = contextOf(api, "", history);
  const own = context.catalog.operations.find((one) => one.key === key) as Operation;
  const input = own.inputs.find((one) => one.in === place && one.name === name);
  if (input === undefined) throw new Error(`no input ${name}`);
  return keptValue({ operation: own, clause: undefined, bindings: new Map() }, input, context);
}
const PUT = "PUT /notes/{id}";

test.each<[history: Past[], value: unknown]>([
  [[['POST /notes {"title":"A"}', 201]], "A"],
  [
    [
      ['POST /notes {"title":"A"}', 201],
      ['PUT /notes/1 {"title":"B"}', 200],
    ],
    "B",
  ],
  [
    [
      ['POST /notes {"title":"A"}', 201],
      ['PUT /notes/1 {"title":"B"}', 422],
    ],
    "A",
  ],
  [[["GET /notes/1", 200, { title: "C" }]], "C"],
  [[['POST /notes {"title":"A"}', 201, { title: "C" }]], "A"],
  [[["GET /notes/1?title=x", 200, { other: 1 }]], undefined],
  [[['POST /notes {"title":null}', 201]], undefined],
  [[['POST /notes {"title":["A"]}', 201]], undefined],
  [[['POST /notes {"title":0}', 201]], 0],
  [[['PUT /pages/1 {"title":"A"}', 200]], undefined],
  [[['POST /unknown {"title":"A"}', 200]], undefined],
  [[], undefined],
])("after %j an update keeps %j", (history, value) => {
  expect(kept(PUT, "body", "title", ...history)).toEqual(value);
});

test("only inputs of a body of an update are kept", () => {
  const made: Past = ['POST /notes {"title":"A"}', 201];
  expect(kept(PUT, "query", "title", made)).toBeUndefined();
  expect(kept("POST /notes", "body", "title", made)).toBeUndefined();
});

/** What an input of the last step of a goal takes from the steps before. */
function before(goal: string, name: string, history: Past[] = [], place = "query") {
  const context = contextOf(api, goal, history);
  const step = context.plan.steps.at(-1);
  const input = step?.operation.inputs.find((one) => one.in === place && one.name === name);
  if (step === undefined || input === undefined) throw new Error("no such input");
  return sentBefore(step, input, context);
}

test("a read takes what the write before it sent under the same name, and in the same type", () => {
  const goal = "Write a file, then read the file.";
  const written: Past = ['POST /files {"path":"/a.txt","size":3}', 201];
  expect(before(goal, "path", [written])).toBe("/a.txt");
  expect(before(goal, "path", [written, ['POST /files {"path":"/b.txt","size":3}', 500]])).toBe("/a.txt");
  expect(before(goal, "size", [written])).toBeUndefined();
  expect(before(goal, "path", [written], "header")).toBeUndefined();
  expect(before(goal, "path", [['POST /files {"path":{"a":1},"size":3}', 201]])).toBeUndefined();
  expect(before("Read the file.", "path", [written])).toBeUndefined();
});

test("steps that are decided together take what the goal says", () => {
  expect(before('Write a file with the path "/c.txt", then read the file.', "path")).toBe("/c.txt");
  expect(before("Write a file, then read the file.", "path")).toBeUndefined();
});

test("a write takes places alone", () => {
  const goal = "Write a file, then copy the file.";
  const written: Past = ['POST /files {"path":"/a.txt","size":3}', 201];
  expect(before(goal, "source", [written], "body")).toBe("/a.txt");
});
