import type { Json, JsonObject } from "@ape/core/lib/json";
import type { Answered, Line } from "./right-refusals.ts";

const say =
  (call: ReturnType<Line>["call"], data?: Json, headers?: Record<string, string>): Line =>
  () => ({
    call,
    ...(data === undefined ? {} : { data }),
    ...(headers === undefined ? {} : { headers }),
  });
/** A value of the answer with an index; negative ones count from the last. */
const of = (answers: readonly Answered[], at: number, ...keys: (string | number)[]): string => {
  let value: unknown = answers.at(at)?.json;
  for (const key of keys) value = (value as JsonObject | undefined)?.[key];
  return String(value);
};
const login = say("POST /login", { user: "{{user}}", password: "{{password}}" });
const bob = say("POST /login", { user: "bob", password: "hopper-1906" });
const ticket = say("POST /tickets", { title: "The lamp is broken" });
const products = say("GET /products");

/** Sessions with an action that the office refuses rightly, after steps that succeed. */
export const SCENARIOS: Readonly<Record<string, readonly Line[]>> = {
  "a ticket is closed before it is resolved": [
    login,
    ticket,
    (a) => ({ call: `POST /tickets/${of(a, 1, "id")}/close` }),
  ],
  "a ticket is reopened while it is open, after it was read": [
    login,
    ticket,
    (a) => ({ call: `GET /tickets/${of(a, 1, "id")}` }),
    (a) => ({ call: `POST /tickets/${of(a, 1, "id")}/reopen` }),
  ],
  "a ticket is resolved twice": [
    login,
    ticket,
    (a) => ({ call: `POST /tickets/${of(a, 1, "id")}/resolve` }),
    (a) => ({ call: `POST /tickets/${of(a, 1, "id")}/resolve` }),
  ],
  "a ticket is closed too early, and its state has left the memory": [
    login,
    ticket,
    products,
    products,
    products,
    (a) => ({ call: `POST /tickets/${of(a, 1, "id")}/close` }),
  ],
  "a precondition is invented": [
    login,
    say("POST /documents", { text: "First draft" }),
    (a) => ({
      call: `PUT /documents/${of(a, 1, "id")}`,
      data: { text: "Second" },
      headers: { "if-match": "*" },
    }),
    (a) => ({
      call: `PUT /documents/${of(a, 1, "id")}`,
      data: { text: "Second" },
      headers: { "if-match": '"1"' },
    }),
  ],
  "a precondition is missing": [
    login,
    say("POST /documents", { text: "First draft" }),
    (a) => ({ call: `PUT /documents/${of(a, 1, "id")}`, data: { text: "Second" } }),
  ],
  "a precondition has been overtaken by the session's own write": [
    login,
    say("POST /documents", { text: "First draft" }),
    (a) => ({
      call: `PUT /documents/${of(a, 1, "id")}`,
      data: { text: "Second" },
      headers: { "if-match": a[1]?.etag ?? "" },
    }),
    (a) => ({
      call: `PUT /documents/${of(a, 1, "id")}`,
      data: { text: "Third" },
      headers: { "if-match": a[1]?.etag ?? "" },
    }),
  ],
  "an idempotency key is missing, and then used for two requests": [
    login,
    say("POST /payments", { amount: 5 }),
    say("POST /payments", { amount: 5 }, { "idempotency-key": "key-1" }),
    say("POST /payments", { amount: 6 }, { "idempotency-key": "key-1" }),
  ],
  "a task is asked for below another project": [
    login,
    say("POST /projects"),
    say("POST /projects"),
    (a) => ({ call: `GET /projects/${of(a, 1, "id")}/tasks` }),
    (a) => ({ call: `GET /projects/${of(a, 2, "id")}/tasks/${of(a, 3, "tasks", 0, "id")}` }),
    (a) => ({ call: `DELETE /projects/${of(a, 2, "id")}/tasks/${of(a, 3, "tasks", 1, "id")}` }),
  ],
  "a task is asked for after the session deleted it": [
    login,
    say("POST /projects"),
    (a) => ({ call: `GET /projects/${of(a, 1, "id")}/tasks` }),
    (a) => ({ call: `DELETE /projects/${of(a, 1, "id")}/tasks/${of(a, 2, "tasks", 0, "id")}` }),
    (a) => ({ call: `GET /projects/${of(a, 1, "id")}/tasks/${of(a, 2, "tasks", 0, "id")}` }),
  ],
  "the id of a run's state is taken for the run's": [
    login,
    say("POST /runs"),
    (a) => ({ call: `GET /runs/${of(a, 1, "state", "id")}` }),
    (a) => ({ call: `POST /runs/${of(a, 1, "state", "id")}/start` }),
  ],
  "ids are invented": [
    login,
    say("GET /products/prd-99"),
    say("GET /tickets/tic-0001"),
    say("POST /tickets/12345678/close"),
  ],
  "a product's id is taken for a ticket's": [
    login,
    products,
    (a) => ({ call: `GET /tickets/${of(a, 1, "items", 0, "id")}` }),
  ],
  "a title is too short, an age too low, a name missing": [
    login,
    say("POST /tickets", { title: "abc" }),
    say("POST /accounts", { name: "carol", age: 12 }),
    say("POST /accounts", { age: 40 }),
    say("POST /payments", { amount: -1 }, { "idempotency-key": "key-2" }),
  ],
  "a name is taken": [
    login,
    say("POST /accounts", { name: "root" }),
    say("POST /accounts", { name: "dora-17" }),
    say("POST /accounts", { name: "dora-17" }),
  ],
  "a password of the data row is wrong": [
    say("POST /login", { user: "{{user}}", password: "{{wrong}}" }),
    login,
  ],
  "nobody has logged in": [say("GET /tickets"), ticket],
  "the token has expired": [login, say("POST /clock"), say("GET /tickets"), login, ticket],
  "the session has logged out": [login, say("POST /logout"), say("GET /tickets")],
  "a changed password has ended the token": [
    login,
    say("PUT /password", { password: "countess-1843" }),
    say("GET /tickets"),
  ],
  "a new password is too short": [login, say("PUT /password", { password: "abc" })],
  "a rate limit was announced": [
    say("GET /reports"),
    say("GET /reports"),
    say("GET /reports"),
    say("GET /reports"),
    say("GET /reports"),
  ],
  "a ticket belongs to another user": [
    bob,
    ticket,
    login,
    say("GET /tickets"),
    (a) => ({ call: `DELETE /tickets/${of(a, 3, "tickets", 0, "id")}` }),
    (a) => ({ call: `POST /tickets/${of(a, 3, "tickets", 0, "id")}/resolve` }),
  ],
  "a ticket of another user is hidden from writes": [
    bob,
    ticket,
    login,
    say("GET /tickets"),
    (a) => ({ call: `POST /tickets/${of(a, 3, "tickets", 0, "id")}/watch` }),
  ],
  "what is below a ticket is missing, and the ticket is not": [
    login,
    ticket,
    (a) => ({ call: `DELETE /tickets/${of(a, 1, "id")}/label` }),
    (a) => ({ call: `POST /tickets/${of(a, 1, "id")}/label` }),
  ],
  "a cart is missing, and the product is not": [
    login,
    products,
    (a) => ({ call: "POST /cart/items", data: { productId: of(a, 1, "items", 0, "id") } }),
  ],
  "an error has a status of its own": [
    login,
    ticket,
    (a) => ({ call: `POST /tickets/${of(a, 1, "id")}/merge` }),
  ],
  "a role is missing, whatever login is tried": [
    login,
    say("GET /audit"),
    login,
    say("GET /audit"),
    login,
    say("GET /audit"),
  ],
  "a weak version is used as a precondition": [
    login,
    say("POST /notes"),
    (a) => ({ call: "PUT /notes/not-1a", data: {}, headers: { "if-match": a[1]?.etag ?? "" } }),
  ],
  "a method is not offered, and a path does not exist": [
    login,
    say("PUT /products", { name: "x" }),
    say("GET /nowhere"),
  ],
};
