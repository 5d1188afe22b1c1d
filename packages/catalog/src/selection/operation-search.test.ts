import type { ApiDescription, ApiOperation } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { clausesOf } from "../goal/clause.ts";
import { OperationIndex } from "./operation-index.ts";
import { searchOperations } from "./operation-search.ts";

const operation = (method: ApiOperation["method"], path: string, summary: string): ApiOperation => ({
  method,
  path,
  summary,
  secured: false,
  fields: [],
});

const THINGS = ["invoice", "quote", "customer", "refund", "product", "coupon"];
const api: ApiDescription = {
  target: "billing",
  title: "Billing",
  documented: true,
  auth: [],
  operations: [
    ...THINGS.flatMap((thing) => [
      operation("POST", `/${thing}s`, `Create a ${thing}.`),
      operation("GET", `/${thing}s/{id}`, `Retrieve a ${thing}.`),
    ]),
    operation("POST", "/invoices/{id}/send", "The settings say when customers are written to by themselves."),
    operation("POST", "/invoices/{id}/void", "Can never be undone."),
    operation("POST", "/quotes/{id}/accept", "The state of a quote."),
  ],
};

/** The best operation for the last clause of a goal. */
function best(goal: string): string | undefined {
  const index = new OperationIndex([api]);
  const clause = clausesOf(goal, new Set(index.catalog.verbs)).at(-1);
  if (clause === undefined) throw new Error("a goal has a clause");
  const [first] = searchOperations({ ...clause, makes: false, own: false }, clause.weights, index);
  return first === undefined ? undefined : `${first.source.method} ${first.source.path}`;
}

test.each([
  ["Create an invoice for the customer and send it.", "POST /invoices/{id}/send"],
  ["Send the invoice.", "POST /invoices/{id}/send"],
  ["Create an invoice and void it.", "POST /invoices/{id}/void"],
  ["Create a quote and accept it.", "POST /quotes/{id}/accept"],
  ["Create a coupon.", "POST /coupons"],
  ["Show the refund.", "GET /refunds/{id}"],
])("the operation that is called like the verb comes first: %s", (goal, wanted) => {
  expect(best(goal)).toBe(wanted);
});
