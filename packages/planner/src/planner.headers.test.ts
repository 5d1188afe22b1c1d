import type { JsonObject } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { requestFor } from "../test/session.ts";
import { createPlanner } from "./planner.ts";
import type { ViewResult } from "./prompt/view-reader.ts";

const id = field("path", "noteId", "string!", "");
const shown = [field("answer", "id", "string", ""), field("answer", "text", "string", "")];
const { api } = fake(
  "notes",
  [
    operation("POST /notes", "Create a note", [
      field("header", "Idempotency-Key", "string!", "Makes repeated requests safe"),
      field("body", "text", "string!", ""),
      ...shown,
    ]),
    operation("GET /notes/{noteId}", "Show a note", [id, ...shown]),
    operation("PUT /notes/{noteId}", "Replace a note", [
      id,
      field("header", "If-Match", "string!", "Version that the caller has seen"),
      field("body", "text", "string!", ""),
      ...shown,
    ]),
  ],
  { "POST /notes": () => reply(201, {}) },
);
const GOAL = 'Create a note, then set its text to "Second".';

const call = (step: number, text: string, status: number, etag?: string): ViewResult => ({
  step,
  target: "notes",
  call: text,
  status,
  body: { id: "n1", text: "First" },
  ...(etag === undefined ? {} : { headers: { etag } }),
});

/** The first call that the planner makes after these. */
function next(...past: ViewResult[]): { name: string; headers?: JsonObject } {
  const facts = past.length === 0 ? [] : [{ name: "id", value: "n1", origin: "step 1 POST /notes" }];
  const [first] = createPlanner().plan(requestFor({ apis: [api], goal: GOAL }, facts, past)).toolCalls;
  const { headers } = JSON.parse(first?.arguments ?? "{}") as { headers?: JsonObject };
  return { name: first?.name ?? "", ...(headers === undefined ? {} : { headers }) };
}

const MADE = call(1, 'POST /notes {"text":"First"}', 201);
const REFUSED = call(2, 'PUT /notes/n1 {"text":"Second"}', 412);

test("a version comes from the last answer of the same path that told one", () => {
  expect(next(MADE)).toEqual({ name: "get_notes_by_noteId" });
  expect(next(MADE, call(2, "GET /notes/n1", 200, '"v1"'))).toEqual({
    name: "put_notes_by_noteId",
    headers: { "If-Match": '"v1"' },
  });
});

test("after a version was refused, the thing is read again", () => {
  expect(next(MADE, REFUSED).name).toBe("get_notes_by_noteId");
  expect(next(MADE, REFUSED, call(4, "GET /notes/n1", 200, '"v2"')).headers).toEqual({
    "If-Match": '"v2"',
  });
});

test("a key that makes repetitions safe is no sentence", () => {
  expect(next().headers?.["Idempotency-Key"]).toMatch(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
});
