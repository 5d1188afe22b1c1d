import type { Json } from "@ape/core/lib/json";
import { buildSchema } from "graphql";
import { expect, test } from "vitest";
import { dataFailure } from "./data-failure.ts";
import { lackOfProof } from "./mutation-proof.ts";
import { RequestReader } from "./request.ts";

const reader = new RequestReader(
  buildSchema(`
    scalar JSON
    scalar Void
    type Err { message: String code: String }
    type Order { id: ID status: String note: String errors: [Err!] lastError: String error: String }
    type User { id: ID email: String active: Boolean }
    type Tx { id: ID status: String }
    type Event { type: String message: String }
    type Pull { id: ID merged: Boolean state: String }
    type Todo { id: ID title: String completed: Boolean }
    type Auth { token: String refreshToken: String user: User mfaRequired: Boolean }
    type Key { id: ID token: String }
    type Refund { id: ID transactions: [Tx!] }
    type Message { id: ID text: String }
    type Post { id: ID publishedAt: String canceledAt: String }
    type Cart { id: ID items: [Order] totalQuantity: Int }
    type Sending { message: Message }
    type Msg { type: String severity: String text: String }
    type Refused { message: String code: Int }
    type Receipt { message: String }
    union Made = Order | Refused
    union Sent = Order | Receipt
    type Rows { returning: [Order] affected_rows: Int }
    type Batch { count: Int }
    type Out {
      order: Order orders: [Order] user: User transaction: Tx event: Event refund: Refund pull: Pull todo: Todo
      deletedOrderId: ID status: Int httpStatus: Int outcome: String declineReason: String lastErrors: [String]
      errorCount: Int failedCount: Int successCount: Int failedItems: [Err!] errorMessages: [String] messages: [Msg!]
      voted: Boolean enabled: Boolean isValid: Boolean approved: Boolean sent: Boolean errors: [Err!] userErrors: [Err!]
      post: Post cart: Cart
      redirectUrl: String confirmationNeeded: Boolean clientMutationId: String quantity: Int message: String tags: [String]
    }
    type Query { me: ID }
    type Mutation {
      login: Auth signIn: String createAccessToken: Key tokenCreate: Auth logout: Out
      createOrder: Made placeOrder: Out updateOrder: Out deleteOrder: Out cancelOrder: Out submitOrder: Out run: Out
      sendOrder: Sent refundCreate: Out transactionInitialize: Out mergePull: Out completeTodo(value: Boolean): Out
      createTodo: Out acceptInvite: Out disableUser: Out toggleLike: Out approveOrder: Out sendInvoice: Out
      declineOffer: Out retryFailed: Out validateAddress: Out setTags(tags: [String]): Out setQuantity(n: Int): Out
      updateUser(email: String): User updateMany: Batch deleteMany: Batch update_orders: Rows importOrders: [Order]
      checkout: JSON purge: Void deleteAccount: ID resendEmail: Boolean setActive(on: Boolean): Boolean enable: Boolean
      archiveAll: [Order] reorder: [Order] note: String retry: Order cancelSubscription: Order clearErrors: Out enlist: Out logEvent: Out publishPost: Out addToCart: Out sendMessage: Sending updateSettings: Out payInvoice: Out
    }
  `),
);

function verdict(query: string, data: Json, variables?: { [name: string]: Json }): string {
  const read = reader.read(`mutation ${query}`, undefined);
  if (!read.ok) throw new Error(read.problem);
  const request = {
    ...read,
    isErrorType: reader.isErrorType,
    sends: RequestReader.sends(read.node, variables),
  };
  if (dataFailure(data, request) !== undefined) return "failed";
  return lackOfProof(data, request) === undefined ? "good" : "unproven";
}

const no = [{ message: "no" }];
test.each<[string, Json]>([
  // A login that issues nothing.
  ["{ login { token user { id } } }", { login: { token: null, user: null } }],
  ["{ login { token } }", { login: { token: "" } }],
  ["{ tokenCreate { token refreshToken } }", { tokenCreate: { token: null, refreshToken: null } }],
  ["{ signIn }", { signIn: "Invalid credentials" }],
  ["{ signIn }", { signIn: "Wrong password." }],
  // Things that were made and failed.
  [
    "{ refundCreate { refund { id transactions { id status } } userErrors { message } } }",
    { refundCreate: { refund: { id: "1", transactions: [{ id: "2", status: "FAILURE" }] }, userErrors: [] } },
  ],
  [
    "{ transactionInitialize { transaction { id } event { type message } errors { message } } }",
    {
      transactionInitialize: {
        transaction: { id: "1" },
        event: { type: "CHARGE_FAILURE", message: "x" },
        errors: [],
      },
    },
  ],
  [
    "{ submitOrder { order { id status } } }",
    { submitOrder: { order: { id: "1", status: "PAYMENT_DECLINED" } } },
  ],
  // The verb's own flag.
  [
    "{ mergePull { pull { id merged state } } }",
    { mergePull: { pull: { id: "1", merged: false, state: "OPEN" } } },
  ],
  ["{ completeTodo { todo { id completed } } }", { completeTodo: { todo: { id: "1", completed: false } } }],
  ["{ approveOrder { order { id } approved } }", { approveOrder: { order: { id: "1" }, approved: false } }],
  ["{ sendInvoice { sent } }", { sendInvoice: { sent: false } }],
  ["{ resendEmail }", { resendEmail: false }],
  ["{ sendMessage { message { id } } }", { sendMessage: { message: null } }],
  // Nothing was changed or taken away.
  ["{ updateMany { count } }", { updateMany: { count: 0 } }],
  ["{ deleteMany { count } }", { deleteMany: { count: 0 } }],
  ["{ update_orders { returning { id } } }", { update_orders: { returning: [] } }],
  ["{ deleteOrder { deletedOrderId } }", { deleteOrder: { deletedOrderId: null } }],
  ["{ updateOrder { order { id } } }", { updateOrder: { order: null } }],
  // Counts and lists of what failed.
  ["{ placeOrder { status } }", { placeOrder: { status: 409 } }],
  ["{ placeOrder { httpStatus } }", { placeOrder: { httpStatus: 503 } }],
  ["{ placeOrder { errorCount } }", { placeOrder: { errorCount: 2 } }],
  ["{ placeOrder { successCount failedCount } }", { placeOrder: { successCount: 0, failedCount: 3 } }],
  [
    "{ placeOrder { order { id } failedItems { message } } }",
    { placeOrder: { order: null, failedItems: no } },
  ],
  ["{ placeOrder { errorMessages } }", { placeOrder: { errorMessages: ["x"] } }],
  ["{ run { messages { type text } } }", { run: { messages: [{ type: "ERROR", text: "is bad" }] } }],
  [
    "{ run { messages { severity } } }",
    { run: { messages: [{ severity: "fatal" }, { severity: "error" }] } },
  ],
  // JSON without a type.
  ["{ checkout }", { checkout: { error: "no stock" } }],
  ["{ checkout }", { checkout: { status: "error", message: "x" } }],
  ["{ checkout }", { checkout: { success: false } }],
  // A union's member that only describes an error.
  ["{ createOrder { ... on Order { id } ... on Refused { message } } }", { createOrder: { message: "x" } }],
  ["{ createOrder { __typename } }", { createOrder: { __typename: "Refused" } }],
])("%s failed where it answers %j", (query, data) => {
  expect(verdict(query, data)).toBe("failed");
});

test.each<[string, Json]>([
  ["{ acceptInvite { voted } }", { acceptInvite: { voted: false } }],
  ["{ run { enabled } }", { run: { enabled: false } }],
  ["{ deleteAccount }", { deleteAccount: null }],
  ["{ note }", { note: null }],
  ["{ note }", { note: "" }],
  ["{ enable }", { enable: false }],
  ["{ signIn }", { signIn: "Please try the second factor" }],
  ["{ login { token mfaRequired } }", { login: { token: null, mfaRequired: true } }],
  ["{ createAccessToken { id token } }", { createAccessToken: { id: "1", token: null } }],
  ["{ reorder { id } }", { reorder: [] }],
  ["{ importOrders { id } }", { importOrders: [{ id: "1" }, null] }],
  [
    "{ importOrders { id errors { message } } }",
    {
      importOrders: [
        { id: "1", errors: [] },
        { id: null, errors: no },
      ],
    },
  ],
  [
    "{ placeOrder { order { id } failedItems { message } } }",
    { placeOrder: { order: { id: "1" }, failedItems: no } },
  ],
  ["{ run { errorCount successCount } }", { run: { errorCount: 1, successCount: 4 } }],
  [
    "{ run { order { id status errors { message } } } }",
    { run: { order: { id: "1", status: "OPEN", errors: no } } },
  ],
  ["{ setTags { tags } }", { setTags: { tags: [] } }],
  ["{ publishPost { post { id publishedAt } } }", { publishPost: { post: { id: "1", publishedAt: null } } }],
  ["{ addToCart { cart { id items { id } } } }", { addToCart: { cart: { id: "1", items: [] } } }],
  ["{ addToCart { cart { id totalQuantity } } }", { addToCart: { cart: { id: "1", totalQuantity: 0 } } }],
  ["{ enlist { event { type } } }", { enlist: { event: { type: "CHARGE_FAILURE" } } }],
  ["{ enlist { order { id status } } }", { enlist: { order: { id: "1", status: "FAILED" } } }],
])("%s proves nothing where it answers %j", (query, data) => {
  expect(verdict(query, data)).toBe("unproven");
});

test.each<[string, Json, { [name: string]: Json }?]>([
  // A state of the record, not of the call.
  [
    "{ cancelSubscription { id status lastError } }",
    { cancelSubscription: { id: "1", status: "CANCELED", lastError: "card declined in March" } },
  ],
  ["{ retry { id status lastError } }", { retry: { id: "1", status: "QUEUED", lastError: "out of memory" } }],
  ["{ run { order { id } lastErrors } }", { run: { order: { id: "1" }, lastErrors: ["old"] } }],
  [
    "{ updateOrder { order { id status note } } }",
    { updateOrder: { order: { id: "1", status: "FAILED", note: "x" } } },
  ],
  ["{ logEvent { event { type } } }", { logEvent: { event: { type: "CHARGE_FAILURE" } } }],
  // What was asked for.
  [
    "{ declineOffer { outcome declineReason } }",
    { declineOffer: { outcome: "DECLINED", declineReason: "too low" } },
  ],
  ["{ setActive(on: false) }", { setActive: false }],
  [
    "{ completeTodo(value: false) { todo { id completed } } }",
    { completeTodo: { todo: { id: "1", completed: false } } },
  ],
  ["($n: Int) { setQuantity(n: $n) { quantity } }", { setQuantity: { quantity: 0 } }, { n: 0 }],
  // The answer to a question.
  ["{ validateAddress { isValid errors { message } } }", { validateAddress: { isValid: false, errors: no } }],
  ["{ validateAddress { isValid } }", { validateAddress: { isValid: false } }],
  ["{ publishPost { post { id canceledAt } } }", { publishPost: { post: { id: "1", canceledAt: null } } }],
  ["{ updateSettings { cart { id items { id } } } }", { updateSettings: { cart: { id: "1", items: [] } } }],
  ["{ sendMessage { message { id text } } }", { sendMessage: { message: { id: "1", text: "hi" } } }],
  ["{ updateSettings { enabled } }", { updateSettings: { enabled: false } }],
  // Flags that may be off.
  ["{ disableUser { enabled } }", { disableUser: { enabled: false } }],
  ["{ toggleLike { enabled } }", { toggleLike: { enabled: false } }],
  ["{ createTodo { todo { title completed } } }", { createTodo: { todo: { title: "x", completed: false } } }],
  // Nothing against it.
  ["{ deleteOrder { clientMutationId } }", { deleteOrder: { clientMutationId: null } }],
  ["{ run { userErrors { message } } }", { run: { userErrors: [] } }],
  ["{ run { order { id } userErrors { message } } }", { run: { order: { id: "1" }, userErrors: [] } }],
  ["{ run { errorCount } }", { run: { errorCount: 0 } }],
  ["{ placeOrder { redirectUrl order { id } } }", { placeOrder: { redirectUrl: "/pay", order: null } }],
  ["{ login { token user { id } } }", { login: { token: null, user: { id: "1" } } }],
  ["{ login { token } }", { login: { token: "abc" } }],
  ["{ signIn }", { signIn: "eyJhbGciOi.x.y" }],
  ["{ signIn }", { signIn: "Signed in successfully" }],
  ["{ updateUser { email } }", { updateUser: { email: null } }],
  ["{ archiveAll { id } }", { archiveAll: [] }],
  ["{ purge }", { purge: null }],
  ["{ checkout }", { checkout: { id: "1", errors: [] } }],
  ["{ checkout }", { checkout: null }],
  ["{ logout { message } }", { logout: { message: null } }],
  ["{ sendOrder { ... on Receipt { message } } }", { sendOrder: { message: "sent" } }],
  [
    "{ run { messages { type text } order { id } } }",
    { run: { messages: [{ type: "INFO" }], order: { id: "1" } } },
  ],
])("%s is good where it answers %j", (query, data, variables) => {
  expect(verdict(query, data, variables)).toBe("good");
});

test.each<[string, Json]>([
  ["{ placeOrder { user { id } order { id } } }", { placeOrder: { user: { id: "u1" }, order: null } }],
  ["{ placeOrder { cart { id } order { id } } }", { placeOrder: { cart: { id: "c1" }, order: null } }],
  ["{ submitOrder { todo { id } order { id } } }", { submitOrder: { todo: { id: "1" }, order: null } }],
  [
    "{ payInvoice { order { id status } } }",
    { payInvoice: { order: { id: "1", status: "REQUIRES_PAYMENT_METHOD" } } },
  ],
  [
    "{ submitOrder { order { id status } } }",
    { submitOrder: { order: { id: "1", status: "action_required" } } },
  ],
])("%s is not proven where what it makes is missing or unfinished: %j", (query, data) => {
  expect(verdict(query, data)).toBe("unproven");
});

test.each<[string, Json]>([
  ["{ submitOrder { outcome } }", { submitOrder: { outcome: "soft_decline" } }],
  ["{ payInvoice { outcome message } }", { payInvoice: { outcome: "HARD_DECLINED", message: "no" } }],
])("%s failed where the outcome declines: %j", (query, data) => {
  expect(verdict(query, data)).toBe("failed");
});

test.each<[string, Json]>([
  ["{ placeOrder { user { id } order { id } } }", { placeOrder: { user: null, order: { id: "1" } } }],
  [
    "{ placeOrder { redirectUrl user { id } order { id } } }",
    { placeOrder: { redirectUrl: "/pay", user: { id: "1" }, order: null } },
  ],
  ["{ deleteOrder { user { id } order { id } } }", { deleteOrder: { user: { id: "1" }, order: null } }],
  [
    "{ updateOrder { order { id status } } }",
    { updateOrder: { order: { id: "1", status: "action_required" } } },
  ],
  ["{ declineOffer { outcome } }", { declineOffer: { outcome: "declined" } }],
])("%s is good as before: %j", (query, data) => {
  expect(verdict(query, data)).toBe("good");
});
