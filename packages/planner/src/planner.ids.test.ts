import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const METHODS = ["m1", "m2"].map((id) => ({ id, code: `code-${id}` }));

/** What a session sends to a shop that ships and takes payments by methods of its own. */
async function calls(goal: string): Promise<string[]> {
  const method = [field("answer", "[].id", "string", ""), field("answer", "[].code", "string", "")];
  const { api, answer } = fake(
    "shop",
    [
      operation("GET /product", "Show a product by its id or slug", [
        field("query", "id", "string", "The id of the product"),
        field("query", "slug", "string", "The slug of the product"),
        field("answer", "variants[].productVariantId", "string", ""),
      ]),
      operation("GET /search", "Search products", [
        field("query", "term", "string", ""),
        field("answer", "items[].productVariantId", "string", ""),
      ]),
      operation("POST /order/items", "Add a product to the order", [
        field("body", "productVariantId", "string!", ""),
      ]),
      operation("GET /shippingMethods", "List the shipping methods", method),
      operation("PUT /order/shipping", "Set the shipping methods of the order", [
        field("body", "shippingMethodIds", "string[]!", "Ids of the shipping methods"),
      ]),
      operation("GET /paymentMethods", "List the payment methods", method),
      operation("POST /order/payments", "Add a payment to the order", [
        field("body", "method", "string!", "The code of a payment method"),
      ]),
    ],
    {
      "GET /product": ({ query }) =>
        query.id === undefined && query.slug === undefined
          ? reply(400, { error: "either id or slug is needed" })
          : reply(200, { variants: [{ productVariantId: "v1" }] }),
      "GET /search": () => reply(200, { items: [{ productVariantId: "v1" }] as Json }),
      "POST /order/items": () => reply(201, { ok: true }),
      "GET /shippingMethods": () => reply(200, METHODS),
      "PUT /order/shipping": () => reply(200, { ok: true }),
      "GET /paymentMethods": () => reply(200, METHODS),
      "POST /order/payments": () => reply(201, { ok: true }),
    },
  );
  return (await runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer })).calls;
}

test("an id comes from a search rather than from a read that itself needs one of several ids", async () => {
  expect(await calls("Add a product to the order.")).toEqual([
    "GET /search -> 200",
    'POST /order/items {"productVariantId":"v1"} -> 201',
  ]);
});

test("a required list of ids holds one that a list shows", async () => {
  expect((await calls("Set the shipping methods of the order.")).at(-1)).toMatch(
    /^PUT \/order\/shipping \{"shippingMethodIds":\["m[12]"\]\} -> 200$/,
  );
});

test("a text that the goal gives right behind the name of a field is no choice from a list", async () => {
  expect(await calls('Add a payment with the method "card" to the order.')).toEqual([
    'POST /order/payments {"method":"card"} -> 201',
  ]);
});
