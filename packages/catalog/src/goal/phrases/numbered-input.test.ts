import { expect, test } from "vitest";
import { firstClause, onlyOperation, valuesStated } from "../../../test/first-clause.ts";
import { assignNumbered, isTakenAsNumber } from "./numbered-input.ts";
import { numberedFor, numberedThings } from "./numbered-thing.ts";

test.each([
  ["DELETE /orders/{id} | Cancel an order", { id: "2" }],
  ["DELETE /orders/{orderNo} | Cancel an order", { orderNo: "2" }],
  ["DELETE /orders/{uuid} | Cancel an order", { uuid: "2" }],
  ["DELETE /sales/{order_id} | Cancel", { order_id: "2" }],
  ["DELETE /{id} | Cancel an order", { id: "2" }],
  ["DELETE /lamps/{id} | Cancel", {}],
  ["POST /lamps/{id}/cancel | Cancel an order of a lamp", {}],
  ["tool cancel | Cancel an order | id#!", { id: 2 }],
  ["POST /cancellations | Cancel an order | orderId#! note", { orderId: 2 }],
  ["POST /cancellations | Cancel an order | ^orderId", {}],
  ["POST /cancellations | Cancel an order | orderId?", {}],
])("order 2 is the id of an order: %s", (line, values) => {
  expect(valuesStated("Cancel order 2", onlyOperation(line))).toEqual(values);
});

test.each([
  ["DELETE /tickets/{id} | Close a ticket", { id: "7" }],
  ["DELETE /boards/{boardId}/tickets/{ticketId} | Close a ticket", { ticketId: "7" }],
  ["POST /tickets/{id}/closings | Close a ticket | boardId!", { id: "7" }],
  ["POST /closings | Close a ticket | ticketId! note!", { ticketId: "7" }],
  ["POST /closings | Close a ticket | ticketId! boardId", { ticketId: "7" }],
  ["POST /closings | Close a ticket | boardId ticketId!", { ticketId: "7" }],
  ["POST /closings | Close a ticket | ticketId! boardId!", {}],
  ["POST /closings | Close a ticket | ticketId boardId", {}],
])("#7 is the id of the one thing that a call is about: %s", (line, values) => {
  expect(valuesStated("Close #7", onlyOperation(line))).toEqual(values);
});

const firstThing = (goal: string) => {
  const [thing] = numberedThings(firstClause(goal));
  if (thing === undefined) throw new Error(`no number in ${goal}`);
  return thing;
};

test.each([
  ["POST /rooms | Add a room | number name", { number: "12" }],
  ["POST /rooms | Add a room | name roomNo", { roomNo: "12" }],
  ["POST /rooms | Add a room | number# name", { number: 12 }],
])("room 12 has that number where it is made: %s", (line, values) => {
  const operation = onlyOperation(line);
  const clause = firstClause("Add room 12");
  const constraints = new Map();
  assignNumbered({ operation, clause, bindings: new Map() }, clause, constraints);
  expect(Object.fromEntries([...constraints].map(([{ name }, value]) => [name, value]))).toEqual(values);
  expect(isTakenAsNumber(firstThing("Add room 12"), operation)).toBe(true);
  expect(isTakenAsNumber(firstThing("Add lamp 12"), operation)).toBe(false);
});

test.each([
  "POST /rooms | Add a room | lampNumber name",
  "POST /rooms | Add a room | lampRoomNumber name",
  "POST /rooms | Add a room | &number name",
  "POST /rooms | Add a room | name",
  "PATCH /rooms | Change a room | number",
  "POST /rooms/{id}/clean | Clean a room | number",
  "POST /lamps | Add a lamp | number",
])("room 12 is no number of what is made: %s", (line) => {
  expect(isTakenAsNumber(firstThing("Add room 12"), onlyOperation(line))).toBe(false);
});

test.each(["POST /rooms | Add a room | roomNumber=11,12", "POST /rooms | Add a room | number?"])(
  "no option and no yes or no takes a number: %s",
  (line) => {
    const clause = firstClause("Add room 12");
    const constraints = new Map();
    assignNumbered({ operation: onlyOperation(line), clause, bindings: new Map() }, clause, constraints);
    expect(constraints).toEqual(new Map());
  },
);

test("what has a value already gets no number", () => {
  const clause = firstClause("Add room 12");
  const operation = onlyOperation("POST /rooms | Add a room | roomId number");
  const [roomId, number] = operation.inputs;
  if (roomId === undefined || number === undefined) throw new Error("no inputs");
  const given = (...names: (typeof number)[]) => {
    const constraints = new Map();
    const bindings = new Map(names.map((name) => [name, { value: 1 }])) as never;
    assignNumbered({ operation, clause, bindings }, clause, constraints);
    return [...constraints.keys()].map(({ name }) => name);
  };
  expect(given()).toEqual(["roomId"]);
  expect(given(roomId)).toEqual(["number"]);
  expect(given(roomId, number)).toEqual([]);
});

test("the thing whose id a field takes is the one of its noun", () => {
  const clause = firstClause("Assign pilot 2 to order 3");
  const operation = onlyOperation("POST /orders/{id}/assignments | Assign a pilot | pilotId! note");
  const of = (name: string) => {
    const field = operation.inputs.find((one) => one.name === name);
    return field && numberedFor(field, operation, clause)?.said;
  };
  expect([of("id"), of("pilotId"), of("note")]).toEqual(["order 3", "pilot 2", undefined]);
});
