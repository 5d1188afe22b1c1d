import { expect, test } from "vitest";
import { field, operation } from "../../test/fake.ts";
import { column, nextCalls, type Past } from "../../test/next-call.ts";

const api = {
  target: "pad",
  title: "The pad",
  documented: true,
  auth: [{ type: "bearer" as const }],
  operations: [
    operation("POST /login", "Log in", [
      field("body", "user", "string!", ""),
      field("body", "password", "string!", ""),
    ]),
    operation("DELETE /login*", "Log out", []),
    operation("GET /notes*", "List the notes", [field("answer", "[].noteId", "string", "Id of the note")]),
    operation("POST /notes*", "Write a note", [
      field("body", "title", "string!", "Title of the note"),
      field("answer", "noteId", "string", "Id of the note"),
    ]),
    operation("DELETE /notes/{noteId}*", "Remove a note", [
      field("path", "noteId", "string!", "Id of the note"),
    ]),
  ],
};
const next = (goal: string, ...history: Past[]) =>
  nextCalls(api, goal, history, { facts: [column("user", "ann"), column("password", "{{password}}")] });

const LOGIN = 'POST /login {"user":"ann","password":"{{password}}"}';
const write = (title: string): string => `POST /notes {"title":"${title}"}`;
const DONE = "finish: Every part of the goal is done.";

test("calls that need no answer are decided together, up to the end", () => {
  expect(
    next('Log in, write a note with the title "Milk", write a note with the title "Eggs", log out.'),
  ).toEqual([LOGIN, write("Milk"), write("Eggs"), "DELETE /login", DONE]);
});

test("a list is read, and what is made is known, before anything follows", () => {
  expect(next('Log in, list the notes, write a note with the title "Milk".')).toEqual([LOGIN, "GET /notes"]);
  expect(next('Log in, write a note with the title "Milk", remove it, log out.')).toEqual([
    LOGIN,
    write("Milk"),
  ]);
  const made: Past = [write("Milk"), 201, { noteId: "n1" }];
  expect(next('Log in, write a note with the title "Milk", remove it, log out.', [LOGIN, 200], made)).toEqual(
    ["DELETE /notes/n1", "DELETE /login", DONE],
  );
});

test("after a failure, and for a step that was tried already, one call is decided alone", () => {
  const goal = 'Write a note with the title "Milk", write a note with the title "Eggs".';
  expect(next(goal, [LOGIN, 200])).toEqual([write("Milk"), write("Eggs"), DONE]);
  expect(next(goal, [LOGIN, 200], [write("Milk"), 503])).toEqual([write("Milk")]);
});

test("an answer that a later step chooses from stays in view", () => {
  const goal =
    'Log in, list the notes, write a note with the title "A", write a note with the title "B", write a note with the title "C", remove another note from the list.';
  const list: Past = ["GET /notes", 200, [{ noteId: "n1" }]];
  const calls = next(goal, [LOGIN, 200], list);
  expect(calls.length).toBeLessThan(4);
  expect(calls[0]).toBe(write("A"));
});
