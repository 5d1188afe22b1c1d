import type { Json } from "@ape/core/lib/json";
import { buildSchema } from "graphql";
import { expect, test } from "vitest";
import { dataFailure } from "./data-failure.ts";
import { RequestReader } from "./request.ts";

const reader = new RequestReader(
  buildSchema(`
    interface ErrorResult { errorCode: String! message: String! }
    type CouponCodeInvalidError implements ErrorResult { errorCode: String! message: String! }
    type TooLate implements ErrorResult { errorCode: String! message: String! }
    type Order { id: ID! state: String errors: [UserError!] }
    type UserError { field: String message: String! code: String }
    type ErrorLog { id: ID! message: String! }
    union ApplyResult = Order | CouponCodeInvalidError | TooLate
    type Wrapped { result: ApplyResult order: Order }
    type Payload { order: Order errors: [UserError!] userErrors: [UserError!] ok: Boolean success: Boolean error: String errorCount: Int }
    type OutOfStock { sku: String available: Int }
    type CardDeclined { last4: String }
    type NotifyReceipt { id: ID! }
    union PlaceResult = Order | OutOfStock | CardDeclined
    type Answered { status: String code: Int message: String failure: String failed: Boolean affected_rows: Int order: Order state: OrderState result: String }
    type Status { code: String message: String }
    type Problem { title: String }
    type Quiz { id: ID error: Status problems: [Problem!] failure: Problem errs: [String!] message: String response: Responded outcome: String }
    type Responded { status: Status }
    type RejectedOffer { id: ID }
    union OfferResult = RejectedOffer | Order
    enum OrderState { OPEN REJECTED }
    scalar Void
    type LogPayload { errors: [ErrorLog!] error: ErrorLog }
    type ErrorInData { order: Order errors: [UserError!] }
    type Query {
      order(id: ID): ApplyResult
      errorLogs: [ErrorLog!]!
      errorLog: ErrorLog
      job: Order
      find: ErrorInData
      health: Payload
    }
    type Mutation {
      applyCouponCode(code: String): ApplyResult
      wrapped: Wrapped
      create: Payload
      place: PlaceResult
      answered: Answered
      notify: NotifyReceipt
      cancelOrder(id: ID): Boolean
      toggleFavourite: Boolean
      setNewsletter(on: Boolean): Boolean
      note: String
      purge: Void
      rejectOrder: Order
      rejectOffer: OfferResult
      quiz: Quiz
      reportFailure: Quiz
      updateVisibility(on: Boolean): Boolean
      setOrderStatus(on: Boolean): Boolean
      clearErrors: LogPayload
      many: [ApplyResult!]
    }
  `),
);

function failed(query: string, data: Json) {
  const read = reader.read(query, undefined);
  if (!read.ok) throw new Error(read.problem);
  return dataFailure(data, {
    ...read,
    isErrorType: reader.isErrorType,
    sends: RequestReader.sends(read.node, undefined),
  });
}
const invalid = {
  __typename: "CouponCodeInvalidError",
  errorCode: "COUPON_CODE_INVALID",
  message: "no such code",
};

test.each<[string, string, Json]>([
  [
    "a member of a union",
    "mutation { applyCouponCode { __typename ... on ErrorResult { errorCode message } } }",
    { applyCouponCode: invalid },
  ],
  [
    "an aliased field and type name",
    "mutation { r: applyCouponCode { kind: __typename } }",
    { r: { kind: "CouponCodeInvalidError" } },
  ],
  [
    "a type that implements an interface of errors",
    "mutation { applyCouponCode { __typename } }",
    { applyCouponCode: { __typename: "TooLate" } },
  ],
  [
    "fields that only an error has",
    "mutation { applyCouponCode { ... on Order { id } ... on CouponCodeInvalidError { text: message } } }",
    { applyCouponCode: { text: "no such code" } },
  ],
  [
    "fields of a named fragment on an error",
    "mutation { applyCouponCode { ...E } } fragment E on TooLate { message }",
    { applyCouponCode: { message: "too late" } },
  ],
  [
    "an error one level below",
    "mutation { wrapped { result { __typename } } }",
    { wrapped: { result: { __typename: "TooLate" } } },
  ],
  [
    "a list of errors",
    "mutation { create { order { id } errors { message } } }",
    { create: { order: null, errors: [{ message: "bad" }] } },
  ],
  [
    "an aliased list of errors",
    "mutation { create { e: userErrors { message } } }",
    { create: { e: [{ message: "bad" }] } },
  ],
  ["a text", "mutation { create { error } }", { create: { error: "out of stock" } }],
  ["a result that is not ok", "mutation { create { ok } }", { create: { ok: false } }],
  [
    "a result without success",
    "mutation { create { order { id } success } }",
    { create: { order: null, success: false } },
  ],
  [
    "several results that all failed",
    "mutation { many { __typename } }",
    { many: [{ __typename: "TooLate" }, { __typename: "TooLate" }] },
  ],
  [
    "a query for one of a union",
    "{ order { __typename } }",
    { order: { __typename: "CouponCodeInvalidError" } },
  ],
  [
    "a query with errors in place of its subject",
    "{ find { order { id } errors { message } } }",
    { find: { order: null, errors: [{ message: "bad" }] } },
  ],
  [
    "a refusal among the members of a mutation's union",
    "mutation { place { __typename ... on OutOfStock { sku available } } }",
    { place: { __typename: "OutOfStock", sku: "a", available: 0 } },
  ],
  [
    "a refusal without its type's name",
    "mutation { place { ... on Order { id } ... on CardDeclined { last4 } } }",
    { place: { last4: "4242" } },
  ],
  [
    "a status of an error beside nothing",
    "mutation { answered { status order { id } } }",
    { answered: { status: "ERROR", order: null } },
  ],
  [
    "a status of an error and its message",
    "mutation { answered { status message } }",
    { answered: { status: "FAILED", message: "no such account" } },
  ],
  [
    "a code of HTTP beside nothing",
    "mutation { answered { code message order { id } } }",
    { answered: { code: 422, message: "bad", order: null } },
  ],
  [
    "a result in words",
    "mutation { answered { result order { id } } }",
    { answered: { result: "NOT_FOUND", order: null } },
  ],
  [
    "a reason of failure",
    "mutation { answered { order { id } failure } }",
    { answered: { order: null, failure: "out of stock" } },
  ],
  ["a result alone", "mutation { answered { result } }", { answered: { result: "FAILURE" } }],
  ["an outcome alone", "mutation { quiz { id outcome } }", { quiz: { id: "1", outcome: "DECLINED" } }],
  [
    "a status two levels below",
    "mutation { quiz { response { status { code } } } }",
    { quiz: { response: { status: { code: "400" } } } },
  ],
  ["a short word for errors", "mutation { quiz { errs } }", { quiz: { errs: ["no"] } }],
  [
    "a message in place of an id",
    "mutation { quiz { id message } }",
    { quiz: { id: null, message: "Out of stock" } },
  ],
  [
    "problems with words about them",
    "mutation { quiz { problems { title } } answered { failure } }",
    { quiz: { problems: [{ message: "bad" }] }, answered: {} },
  ],
  ["a flag of failure", "mutation { answered { failed } }", { answered: { failed: true } }],
  ["no row that was changed", "mutation { answered { affected_rows } }", { answered: { affected_rows: 0 } }],
  ["a text of an error", "mutation { note }", { note: "ERROR: out of stock" }],
  ["nothing in place of an object", "mutation { create { ok } }", { create: null }],
  ["false of a mutation that does something", "mutation { cancelOrder(id: 1) }", { cancelOrder: false }],
])("%s is a failure", (_, query, data) => {
  expect(failed(query, data)).toMatchObject({ code: "failure" });
});

test.each<[string, string, Json]>([
  [
    "an empty list of errors",
    "mutation { create { order { id } errors { message } } }",
    { create: { order: { id: "1" }, errors: [] } },
  ],
  [
    "no list of errors",
    "mutation { create { errors { message } userErrors { message } } }",
    { create: { errors: null, userErrors: [] } },
  ],
  ["an empty error", "mutation { create { error ok } }", { create: { error: "", ok: true } }],
  ["a number of errors", "mutation { create { errorCount } }", { create: { errorCount: 0 } }],
  [
    "another member of the union",
    "mutation { applyCouponCode { __typename } }",
    { applyCouponCode: { __typename: "Order" } },
  ],
  [
    "a query for errors",
    "{ errorLogs { __typename id message } }",
    { errorLogs: [{ __typename: "ErrorLog", id: "1", message: "x" }] },
  ],
  ["a query for one error", "{ errorLog { id message } }", { errorLog: { id: "1", message: "x" } }],
  [
    "a job that had errors",
    "{ job { id errors { message } } }",
    { job: { id: "1", errors: [{ message: "x" }] } },
  ],
  [
    "a query for a health that is bad",
    "{ health { ok success } }",
    { health: { ok: false, success: false } },
  ],
  [
    "a mutation about errors",
    "mutation { clearErrors { errors { id } error { id } } }",
    { clearErrors: { errors: [{ id: "1" }], error: { id: "1" } } },
  ],
  [
    "one failure of several",
    "mutation { many { __typename } }",
    { many: [{ __typename: "Order" }, { __typename: "TooLate" }] },
  ],
  [
    "no failure",
    "mutation { answered { failed affected_rows } }",
    { answered: { failed: false, affected_rows: 1 } },
  ],
  [
    "an error that says that all is well",
    "mutation { quiz { id error { code message } } }",
    { quiz: { id: "1", error: { code: "OK", message: "" } } },
  ],
  [
    "an error of code 0",
    "mutation { quiz { id error { code message } } }",
    { quiz: { id: "1", error: { code: "0", message: null } } },
  ],
  [
    "the problems of a quiz",
    "mutation { quiz { id problems { title } } }",
    { quiz: { id: "1", problems: [{ title: "2+2" }] } },
  ],
  [
    "a failure that was reported",
    "mutation { reportFailure { id failure { title } } }",
    { reportFailure: { id: "1", failure: { title: "pump" } } },
  ],
  [
    "an offer that was to be rejected, by a fragment",
    "mutation { rejectOffer { ... on RejectedOffer { id } ... on Order { state } } }",
    { rejectOffer: { id: "1" } },
  ],
  [
    "an offer that was to be rejected",
    "mutation { rejectOffer { __typename } }",
    { rejectOffer: { __typename: "RejectedOffer" } },
  ],
  ["a visibility that is off", "mutation { updateVisibility(on: false) }", { updateVisibility: false }],
  ["a message beside an id", "mutation { quiz { id message } }", { quiz: { id: "1", message: "made" } }],
  ["a text about errors", "mutation { note }", { note: "Errors are human" }],
  ["a void mutation", "mutation { purge }", { purge: null }],
  ["a new state that is false", "mutation { toggleFavourite }", { toggleFavourite: false }],
  ["a setting that is off", "mutation { setNewsletter(on: false) }", { setNewsletter: false }],
  ["a query that finds nothing", "{ order(id: 1) { __typename } }", { order: null }],
  [
    "a type of another name that begins like a refusal",
    "mutation { notify { __typename id } }",
    { notify: { __typename: "NotifyReceipt", id: "1" } },
  ],
  [
    "an order that was to be rejected",
    "mutation { rejectOrder { id state } }",
    { rejectOrder: { id: "1", state: "REJECTED" } },
  ],
  [
    "a code of success",
    "mutation { answered { code message order { id } } }",
    { answered: { code: 200, message: "ok", order: { id: "1" } } },
  ],
])("%s is none", (_, query, data) => {
  expect(failed(query, data)).toBeUndefined();
});

test("a code of HTTP is the status of the failure", () => {
  const like = (code: number) =>
    failed("mutation { answered { code message order { id } } }", {
      answered: { code, message: "x", order: null },
    })?.like;
  expect([like(404), like(409), like(503)]).toEqual([404, 409, 503]);
});

test("the status is that of the code or the words", () => {
  const like = (error: object): number | undefined =>
    failed("mutation { create { errors { message code } } }", { create: { errors: [error as Json] } })?.like;
  expect(like({ message: "x", code: "NOT_FOUND" })).toBe(404);
  expect(like({ message: "Log in first" })).toBe(401);
  expect(like({ message: "is bad" })).toBe(422);
});
