import { fieldOf } from "@ape/catalog/operations/field";
import { expect, test } from "vitest";
import { field, operation } from "../../test/fake.ts";
import { nextCall, type Past } from "../../test/next-call.ts";
import type { PlanningContext } from "../planning-context.ts";
import { idempotencyKey, isPrecondition } from "./precondition.ts";

const header = (name: string, place: "header" | "query" = "header") =>
  fieldOf({ in: place, name, type: "string", required: true, description: "" }, "notes");

test.each([
  ["If-Match", true],
  ["if-unmodified-since", true],
  ["If-None-Match", false],
  ["X-If-Match", false],
  ["If-Match-Any", false],
])("%s is a precondition: %s", (name, is) => {
  expect(isPrecondition(header(name))).toBe(is);
  expect(isPrecondition(header(name, "query"))).toBe(false);
});

const context = (session: number) => ({ session }) as PlanningContext;

test.each([
  ["Idempotency-Key", true],
  ["X-Idempotency-Key", true],
  ["idempotencykey", true],
  ["X-Request-Id", true],
  ["Transaction-Token", true],
  ["X-Api-Key", false],
  ["Idempotency-Key-Version", false],
  ["My-Request-Id", false],
])("%s makes a call repeatable: %s", (name, is) => {
  expect(idempotencyKey(header(name), 0, context(1)) !== undefined).toBe(is);
  expect(idempotencyKey(header(name, "query"), 0, context(1))).toBeUndefined();
});

test("a key is a UUID, the same for a step of a session, and another for any other", () => {
  const key = (step: number, session: number) =>
    idempotencyKey(header("Idempotency-Key"), step, context(session));
  expect(key(1, 1)).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/);
  expect(key(1, 1)).toBe(key(1, 1));
  expect(
    new Set([key(1, 1), key(2, 1), key(1, 2), idempotencyKey(header("X-Request-Id"), 1, context(1))]).size,
  ).toBe(4);
});

const id = field("path", "id", "string!", "Id of the note");
const shown = [field("answer", "id", "string", "Id of the note")];

/** An API with a read of a note, or without one, and an update that has a precondition. */
const apiWith = (name: string, type: "string!" | "string", reads = true) => ({
  target: "pad",
  title: "The pad",
  documented: true,
  auth: [],
  operations: [
    operation("POST /notes", "Write a note", [
      field("body", "title", "string!", "Title of the note"),
      ...shown,
    ]),
    ...(reads ? [operation("GET /notes/{id}", "Show a note", [id, ...shown])] : []),
    operation("PUT /notes/{id}", "Change a note", [
      id,
      field("header", name, type, ""),
      field("body", "title", "string!", "Title of the note"),
    ]),
  ],
});
const KEPT = { facts: [{ name: "id_of_POST_notes", value: "n1", origin: "step 2" }] };
const GOAL = 'Write a note with the title "Milk", then change its title to "Eggs".';
const written = (headers: Record<string, string> = {}): Past => [
  'POST /notes {"title":"Milk"}',
  201,
  { id: "n1" },
  { headers },
];
const read = (headers: Record<string, string> = {}): Past => [
  "GET /notes/n1",
  200,
  { id: "n1" },
  { headers },
];
const refused = (status: number): Past => ['PUT /notes/n1 {"title":"Eggs"}', status];
const PUT = 'PUT /notes/n1 {"title":"Eggs"}';

test.each([
  ["If-Match", "etag", '"v1"'],
  ["If-Unmodified-Since", "last-modified", "Sat, 28 Nov 2026 10:00:00 GMT"],
])("the version for %s is what the last answer told as %s", (name, told, value) => {
  const api = apiWith(name, "string!");
  expect(nextCall(api, GOAL, [written()], KEPT)).toBe("GET /notes/n1");
  expect(nextCall(api, GOAL, [written(), read({ [told]: value })], KEPT)).toBe(`${PUT} [${name}: ${value}]`);
  expect(
    nextCall(api, GOAL, [written(), read({ [told === "etag" ? "last-modified" : "etag"]: value })]),
  ).toBe(PUT);
});

test("an optional precondition is left out until it is demanded", () => {
  const api = apiWith("If-Match", "string");
  expect(nextCall(api, GOAL, [written()], KEPT)).toBe(PUT);
  expect(nextCall(api, GOAL, [written(), refused(428)], KEPT)).toBe("GET /notes/n1");
  expect(nextCall(api, GOAL, [written(), refused(428), read({ etag: "v1" })], KEPT)).toBe(
    `${PUT} [If-Match: v1]`,
  );
  expect(nextCall(api, GOAL, [written(), read({ etag: "v1" })], KEPT)).toBe(`${PUT} [If-Match: v1]`);
});

test("a version that was refused is read again, and a read that tells none is not repeated", () => {
  const api = apiWith("If-Match", "string!");
  const stale: Past[] = [written(), read({ etag: "v1" }), refused(412)];
  expect(nextCall(api, GOAL, stale, KEPT)).toBe("GET /notes/n1");
  expect(nextCall(api, GOAL, [...stale, read({ etag: "v2" })], KEPT)).toBe(`${PUT} [If-Match: v2]`);
  expect(nextCall(api, GOAL, [written(), read()], KEPT)).toBe(PUT);
});

test("without a read the call goes out as it can", () => {
  const api = apiWith("If-Match", "string!", false);
  expect(nextCall(api, GOAL, [written()], KEPT)).toBe(PUT);
});
