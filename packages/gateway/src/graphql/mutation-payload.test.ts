import type { Json } from "@ape/core/lib/json";
import { buildSchema } from "graphql";
import { expect, test } from "vitest";
import { dataFailure } from "./data-failure.ts";
import { RequestReader } from "./request.ts";

const reader = new RequestReader(
  buildSchema(`
    scalar JSON
    enum State { SUCCESS FAILED INSUFFICIENT_FUNDS PENDING }
    type Issue { field: String message: String }
    type Node { userErrors: [Issue!] order: Order }
    type Edge { node: Node }
    type Address { street: String }
    type Order { id: ID state: String shipping: Address errors: [Issue!] }
    type SoldOut { id: ID }
    union Placed = Order | SoldOut
    type Payload {
      order: Order orders: [Order] id: ID token: String state: State status: String message: String code: String result: State
      valid: Boolean accepted: Boolean done: Boolean created: Boolean ok: Int success: Int notFound: Boolean
      rejected: Boolean denied: Boolean rowsAffected: Int modifiedCount: Int deletedCount: Int updated: Int
      validationMessages: [String] errorList: [String] errorMap: JSON reasons: [String] rejectReason: String
      errMsg: String error_msg: String issues: [Issue!] invalid: [Issue!] userErrors: [Issue!] warnings: [Issue!]
      payload: Payload result2: Payload edges: [Edge] completed: Boolean flagged: Boolean
    }
    type Query { me: ID }
    type Mutation {
      pay: Payload placeOrder: Payload deleteOrder: Payload updateOrder: Payload createTodo: Payload
      checkHealth: Payload setFailed: Payload validateCoupon: Payload logIssue: Payload rejectOffer: Payload
      placeEither: Placed insertOrders: [Order] removeOrders: [Order] note: String end: State cancelAll: Int
      updateOrders: Int setQuantity: Int updateQuantity: Int describe: String
    }
  `),
);

function failed(query: string, data: Json) {
  const read = reader.read(`mutation ${query}`, undefined);
  if (!read.ok) throw new Error(read.problem);
  return dataFailure(data, {
    ...read,
    isErrorType: reader.isErrorType,
    sends: RequestReader.sends(read.node, undefined),
  });
}

const no = [{ message: "no" }];
test.each<[string, Json]>([
  ["{ placeOrder { order { id } } }", { placeOrder: { order: null } }],
  ["{ placeOrder { order { id } message } }", { placeOrder: { order: null, message: "Out of stock" } }],
  ["{ pay { order { id } message } }", { pay: { order: null, message: "Card declined" } }],
  ["{ pay { orders { id } message } }", { pay: { orders: [null], message: "x" } }],
  ["{ insertOrders { id } }", { insertOrders: [] }],
  ["{ insertOrders { id } }", { insertOrders: [null] }],
  ["{ placeEither { ... on Order { id } } }", { placeEither: {} }],
  ["{ end }", { end: "FAILED" }],
  ["{ end }", { end: "INSUFFICIENT_FUNDS" }],
  ["{ note }", { note: "Sorry, out of stock" }],
  ["{ note }", { note: "Order not found" }],
  ["{ note }", { note: "You cannot buy more than 5" }],
  ["{ updateOrders }", { updateOrders: 0 }],
  ["{ cancelAll }", { cancelAll: 0 }],
  ["{ pay { order { id } errorList } }", { pay: { order: null, errorList: ["no"] } }],
  ["{ pay { order { id } errorMap } }", { pay: { order: null, errorMap: { a: "no" } } }],
  ["{ pay { order { id } errMsg } }", { pay: { order: null, errMsg: "no" } }],
  ["{ pay { error_msg } }", { pay: { error_msg: "no" } }],
  ["{ pay { rejectReason } }", { pay: { rejectReason: "no" } }],
  ["{ pay { order { id } validationMessages } }", { pay: { order: null, validationMessages: ["no"] } }],
  ["{ pay { order { id } issues { message } } }", { pay: { order: null, issues: no } }],
  ["{ pay { order { id } invalid { message } } }", { pay: { order: null, invalid: no } }],
  ["{ pay { order { id } reasons } }", { pay: { order: null, reasons: ["no"] } }],
  [
    "{ pay { edges { node { userErrors { message } order { id } } } } }",
    { pay: { edges: [{ node: { userErrors: no, order: null } }] } },
  ],
  [
    "{ pay { payload { result2 { order { id } userErrors { message } } } } }",
    { pay: { payload: { result2: { order: null, userErrors: no } } } },
  ],
  ["{ pay { accepted } }", { pay: { accepted: false } }],
  ["{ pay { valid message } }", { pay: { valid: false, message: "x" } }],
  ["{ pay { done } }", { pay: { done: false } }],
  ["{ pay { created order { id } } }", { pay: { created: false, order: null } }],
  ["{ pay { ok } }", { pay: { ok: 0 } }],
  ["{ pay { success message } }", { pay: { success: 0, message: "x" } }],
  ["{ pay { notFound } }", { pay: { notFound: true } }],
  ["{ pay { rejected } }", { pay: { rejected: true } }],
  ["{ pay { denied message } }", { pay: { denied: true, message: "x" } }],
  ["{ pay { rowsAffected } }", { pay: { rowsAffected: 0 } }],
  ["{ pay { modifiedCount } }", { pay: { modifiedCount: 0 } }],
  ["{ deleteOrder { deletedCount } }", { deleteOrder: { deletedCount: 0 } }],
  ["{ pay { updated } }", { pay: { updated: 0 } }],
  ["{ pay { code message } }", { pay: { code: "1001", message: "Coupon expired" } }],
  ["{ pay { a: id message } }", { pay: { a: null, message: "no" } }],
])("%s is a failure where it answers %j", (query, data) => {
  expect(failed(query, data)).toMatchObject({ code: "failure" });
});

test.each<[string, Json]>([
  ["{ pay { result order { id } } }", { pay: { result: "PENDING", order: { id: "1" } } }],
  ["{ pay { order { id } warnings { message } } }", { pay: { order: { id: "1" }, warnings: no } }],
  ["{ checkHealth { status message } }", { checkHealth: { status: "FAILED", message: "database down" } }],
  ["{ validateCoupon { valid message } }", { validateCoupon: { valid: false, message: "expired" } }],
  ["{ setFailed { status message } }", { setFailed: { status: "FAILED", message: "as you asked" } }],
  ["{ logIssue { id message } }", { logIssue: { id: null, message: "stored" } }],
  ["{ logIssue { message } }", { logIssue: { message: "stored" } }],
  ["{ rejectOffer { rejected } }", { rejectOffer: { rejected: true } }],
  ["{ createTodo { id done } }", { createTodo: { id: "1", done: false } }],
  ["{ createTodo { id completed flagged } }", { createTodo: { id: "1", completed: false, flagged: false } }],
  ["{ pay { token order { id } } }", { pay: { token: "abc", order: null } }],
  ["{ deleteOrder { order { id } } }", { deleteOrder: { order: null } }],
  ["{ deleteOrder { ok order { id } } }", { deleteOrder: { ok: 1, order: null } }],
  ["{ pay { ok order { id } } }", { pay: { ok: 1, order: null } }],
  ["{ removeOrders { id } }", { removeOrders: [] }],
  [
    "{ placeOrder { order { id shipping { street } } } }",
    { placeOrder: { order: { id: "1", shipping: null } } },
  ],
  [
    "{ placeOrder { order { shipping { street } } } }",
    { placeOrder: { order: { shipping: { street: null } } } },
  ],
  ["{ setQuantity }", { setQuantity: 0 }],
  ["{ updateQuantity }", { updateQuantity: 0 }],
  ["{ note }", { note: "created" }],
  ["{ describe }", { describe: "How errors are found" }],
  ["{ end }", { end: "SUCCESS" }],
  ["{ pay { id code message } }", { pay: { id: "1", code: "OK", message: "done" } }],
  ["{ pay { code message } }", { pay: { code: "0", message: "success" } }],
  ["{ pay { modifiedCount } }", { pay: { modifiedCount: 2 } }],
])("%s is none where it answers %j", (query, data) => {
  expect(failed(query, data)).toBeUndefined();
});
