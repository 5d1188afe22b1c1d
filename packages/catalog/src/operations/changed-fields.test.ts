import type { ApiField, ApiOperation } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { apiField } from "../../test/api-field.ts";
import { apiOf } from "../../test/api-lines.ts";
import { firstClause, onlyOperation } from "../../test/first-clause.ts";
import type { Clause } from "../goal/clause.ts";
import { isByOptionalId } from "./by-optional-id.ts";
import {
  changedFields,
  fieldsSetTo,
  isPlainUpdate,
  lacksChange,
  placeNamed,
  setsOwnNumber,
} from "./changed-fields.ts";
import { fieldOf } from "./field.ts";
import { type Operation, OperationCatalog } from "./operation-catalog.ts";

const body = (name: string, more: Partial<ApiField> = {}) => apiField("body", name, more);
const operationOf = (fields: ApiField[], more: Partial<ApiOperation> = {}): Operation => {
  const path = "/tasks/{id}";
  const own: ApiOperation = {
    method: "PATCH",
    path,
    summary: "Update a task",
    secured: false,
    fields: [apiField("path", "id", { required: true }), ...fields],
    ...more,
  };
  return new OperationCatalog([{ target: "app", title: "t", documented: true, auth: [], operations: [own] }])
    .operations[0] as Operation;
};
const clause = (goal: string): Clause => firstClause(goal);
const FIELDS = [
  body("title"),
  body("description"),
  body("priority", { type: "integer" }),
  body("done", { type: "boolean" }),
];
const TASK = operationOf(FIELDS);
const changed = (goal: string, operation = TASK): string[] =>
  changedFields(clause(goal), operation).map(({ name }) => name);

test.each<[boolean, string, Operation]>([
  [true, "Update the task.", TASK],
  [true, "Change its title.", TASK],
  [false, "Update the task.", operationOf([])],
  [false, "Update the task.", operationOf([body("")])],
  [false, "Read the task.", operationOf(FIELDS, { method: "GET", summary: "Show a task" })],
  [
    false,
    "Update the task.",
    operationOf(FIELDS, { method: "POST", path: "/tasks", summary: "Create a task" }),
  ],
])("a plain update (%s): %s", (plain, goal, operation) => {
  expect(isPlainUpdate(clause(goal), operation)).toBe(plain);
});

test.each([
  ["Change its description.", ["description"]],
  ["Change its title and its description.", ["title", "description"]],
  ["Change its colour.", []],
  ["Update the task.", ["title"]],
  ["Update the task again.", ["title"]],
  ["Prioritize it.", ["priority"]],
])("%s changes %j", (goal, fields) => expect(changed(goal)).toEqual(fields));

test("where nothing is named, what can be written freely is changed: texts first, required ones before others", () => {
  const update = (...fields: ApiField[]) => changed("Update the task.", operationOf(fields));
  expect(update(body("priority", { type: "integer" }), body("note"))).toEqual(["note"]);
  expect(update(body("size", { enum: ["a", "b"] }), body("note"))).toEqual(["note"]);
  expect(update(body("note"), body("text", { required: true }))).toEqual(["text"]);
  expect(
    update(
      body("ownerId"),
      body("password"),
      body("parts", { type: "array" }),
      body("tags", { type: "string[]" }),
      body("at", { type: "object" }),
      body("weight", { type: "number" }),
    ),
  ).toEqual(["weight"]);
  expect(update(body("ownerId"))).toEqual(["ownerId"]);
});

test("an update lacks a change where a clause says nothing that it could change", () => {
  expect(lacksChange(clause("Change its colour."), TASK)).toBe(true);
  expect(lacksChange(clause("Change its title."), TASK)).toBe(false);
  expect(
    lacksChange(clause("Read the task."), operationOf(FIELDS, { method: "GET", summary: "Show a task" })),
  ).toBe(false);
});

test("a read by one of several optional ids is one that needs any of them", () => {
  const input = (name: string, required = false) =>
    fieldOf(apiField("query", name, { required }), "products");
  expect(isByOptionalId({ writes: false, inputs: [input("id"), input("productSlug")] })).toBe(true);
  expect(isByOptionalId({ writes: true, inputs: [input("id")] })).toBe(false);
  expect(isByOptionalId({ writes: false, inputs: [] })).toBe(false);
  expect(isByOptionalId({ writes: false, inputs: [input("id", true)] })).toBe(false);
  expect(isByOptionalId({ writes: false, inputs: [input("id"), input("colour")] })).toBe(false);
});

const ENTRIES = "PATCH /entries/{id} | Change an entry | startNo# laneId note";

test.each([
  ["Change the start number of entry 4 to 12", ["startNo"], ["startNo"]],
  ["Set the start no to 12", ["startNo"], ["startNo"]],
  ["Set the note of entry 4 to late", ["note"], []],
  ["Change the start number of the entry", [], []],
  ["Change entry 4 to 12", [], []],
  ["Show the start number to 12", [], []],
])("%s sets %j, and of these as a number of its own %j", (goal, set, own) => {
  const catalog = new OperationCatalog([apiOf("rest", ENTRIES, "GET /entries | Entries | | [].id")]);
  const [update] = catalog.operations as [Operation];
  const said = clause(goal);
  expect(fieldsSetTo(said, update).map(({ leaf }) => leaf)).toEqual(set);
  const numbers = update.inputs.filter((field) => setsOwnNumber(said, update, field, catalog));
  expect(numbers.map(({ leaf }) => leaf)).toEqual(own);
});

test("the number of another thing that is listed is none of its own", () => {
  const catalog = new OperationCatalog([apiOf("rest", ENTRIES, "GET /starts | Starts | | [].id")]);
  const [update] = catalog.operations as [Operation];
  const said = clause("Change the start number of entry 4 to 12");
  expect(update.inputs.some((field) => setsOwnNumber(said, update, field, catalog))).toBe(false);
});

test.each([
  ["Change desk 4 to the Blue Room", "roomId note", "roomId"],
  ["Set the room of desk 4 to the Blue Room", "roomId", "roomId"],
  ["Change desk 4 to the Blue Room", "roomId room#", "roomId"],
  ["Change desk 4 to the Blue Room", "roomId hallId", undefined],
  ["Change desk 4 to the Blue Room", "roomId room", undefined],
  ["Change desk 4 to the Blue Room", "roomId state=blue_room,red_room", undefined],
  ["Change desk 4 to the Blue Room and to the Red Room", "roomId", undefined],
  ["Change the desk of the Blue Room", "roomId", undefined],
  ["Show the desk to the Blue Room", "roomId", undefined],
])("%s, of %s: the id of the place is %s", (goal, inputs, leaf) => {
  const update = onlyOperation(`PATCH /desks/{id} | Change a desk | ${inputs}`);
  expect(placeNamed(clause(goal), update)?.leaf).toBe(leaf);
});

test("without a path an id that is needed is that of the thing itself", () => {
  const said = clause("Change the desk to the Blue Room");
  const placed = (inputs: string) =>
    placeNamed(said, onlyOperation(`PATCH /desk | Change it | ${inputs}`))?.leaf;
  expect(placed("deskId! roomId")).toBe("roomId");
  expect(placed("deskId!")).toBeUndefined();
});
