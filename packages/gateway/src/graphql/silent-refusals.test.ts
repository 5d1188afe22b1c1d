import type { Json } from "@ape/core/lib/json";
import { buildSchema } from "graphql";
import { describe, expect, test } from "vitest";
import { dataFailure } from "./data-failure.ts";
import { RequestReader } from "./request.ts";

const reader = new RequestReader(
  buildSchema(`
    type Order { id: ID! state: String status: String paymentStatus: String }
    type Outcome { code: String msg: String ok: Boolean }
    type Wrapped { payload: Outcome }
    type Nested { result: Wrapped }
    type Act { code: String errorCode: Int order: Order count: Int }
    type Query { order: Order }
    type Mutation { place: Order createOrder: Order updateOrder: Order cancelOrder: Order nested: Nested act: Act removeItems: Act importRows: Int chargeTotal: Int }
  `),
);

function refusal(query: string, data: Json): string | undefined {
  const read = reader.read(query, undefined);
  if (!read.ok) throw new Error(read.problem);
  return dataFailure(data, {
    ...read,
    isErrorType: reader.isErrorType,
    sends: RequestReader.sends(read.node, undefined),
  })?.message;
}

describe("a thing that was made and whose state is a failure", () => {
  test.each(["rejected", "REJECTED", "refused", "denied", "CANCELLED", "canceled", "aborted", "voided"])(
    "%s",
    (state) => {
      expect(refusal("mutation { place { id state } }", { place: { id: "1", state } })).toBeDefined();
      expect(
        refusal("mutation { createOrder { id status } }", { createOrder: { id: "1", status: state } }),
      ).toBeDefined();
      // A change of a thing that had failed before, and the deed itself.
      expect(
        refusal("mutation { updateOrder { id status } }", { updateOrder: { id: "1", status: state } }),
      ).toBeUndefined();
      expect(
        refusal("mutation { cancelOrder { id state } }", { cancelOrder: { id: "1", state } }),
      ).toBeUndefined();
    },
  );
});

test("the number of an error is a refusal, and 0 is none", () => {
  const query = "mutation { act { code errorCode order { id } } }";
  expect(refusal(query, { act: { code: "OK", errorCode: 7, order: null } })).toBeDefined();
  expect(refusal(query, { act: { code: null, errorCode: 0, order: { id: "1" } } })).toBeUndefined();
});

test("a count of 0 beside nothing else is a refusal, unless things are taken away", () => {
  const query = (name: string): string => `mutation { ${name} { count order { id } } }`;
  expect(refusal(query("act"), { act: { count: 0, order: null } })).toBe("no result: count: 0");
  expect(refusal(query("act"), { act: { count: 2, order: null } })).toBeUndefined();
  expect(refusal(query("act"), { act: { count: 0, order: { id: "1" } } })).toBeUndefined();
  expect(refusal(query("removeItems"), { removeItems: { count: 0, order: null } })).toBeUndefined();
});

test("a number below 0 is no number of things that were done", () => {
  expect(refusal("mutation { importRows }", { importRows: -1 })).toBeDefined();
  expect(refusal("mutation { importRows }", { importRows: 0 })).toBeDefined();
  expect(refusal("mutation { importRows }", { importRows: 3 })).toBeUndefined();
  expect(refusal("mutation { chargeTotal }", { chargeTotal: -1 })).toBeUndefined();
});

test("an outcome two objects below the root counts", () => {
  const query = "mutation { nested { result { payload { code msg ok } } } }";
  const nested = (payload: Json): Json => ({ nested: { result: { payload } } });
  expect(refusal(query, nested({ code: "NOT_FOUND", msg: "no", ok: null }))).toBeDefined();
  expect(refusal(query, nested({ code: "X", msg: "no", ok: false }))).toBeDefined();
  expect(refusal(query, nested({ code: "OK", msg: "done", ok: true }))).toBeUndefined();
});
