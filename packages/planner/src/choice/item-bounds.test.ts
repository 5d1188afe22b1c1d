import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../../test/fake.ts";
import { runPlannerSession } from "../../test/session.ts";
import { createPlanner } from "../planner.ts";

/** The products that sessions of several seeds order at a shop that shows these items. */
async function ordered(goal: string, items: Json[], names: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (let seed = 1; seed <= 8; seed += 1) {
    const { api, answer } = fake(
      "shop",
      [
        operation(
          "GET /products",
          "List the products",
          ["id", ...names].map((name) =>
            field("answer", `items[].${name}`, /id$|currency/.test(name) ? "string" : "number", ""),
          ),
        ),
        operation("POST /orders", "Order a product", [
          field("body", "productId", "string!", "The id of the product"),
        ]),
      ],
      {
        "GET /products": () => reply(200, { items }),
        "POST /orders": ({ data }) => reply(201, { id: "o1", ...(data as object) }),
      },
    );
    const { calls } = await runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer, seed });
    for (const call of calls) {
      const id = /"productId":"(\w+)"/.exec(call)?.[1];
      if (id !== undefined) found.add(id);
    }
  }
  return found;
}

test("the amount of a price in an object of its own is compared", async () => {
  const items = [10, 40, 70, 90].map((value) => ({ id: `p${value}`, weight: 1, price: { value } }));
  const found = await ordered("Order a product under $50.", items, ["weight", "price.value"]);
  expect([...found].sort()).toEqual(["p10", "p40"]);
});

test("where an item has another field of the same price, that one is compared", async () => {
  const items: Json[] = [
    { id: "p1", price: { min: 20, max: 30 } },
    { id: "p2", price: { min: 70, max: 90 } },
    { id: "p3", price: { value: 80 } },
  ];
  const found = await ordered("Order a product under $50.", items, ["price.value", "price.min", "price.max"]);
  expect([...found]).toEqual(["p1"]);
});

test("whole numbers beside a currency are hundredths, where some then are within the bound and none else", async () => {
  const cents = [1000, 4000, 7000].map((price) => ({ id: `p${price}`, price, currencyCode: "USD" }));
  expect([...(await ordered("Order a product under $50.", cents, ["price", "currencyCode"]))].sort()).toEqual(
    ["p1000", "p4000"],
  );
  const dear = [120, 150.5].map((price) => ({ id: "p1", price, currencyCode: "USD" }));
  expect(await ordered("Order a product under $50.", dear, ["price", "currencyCode"])).toEqual(new Set());
  const plain = [1000, 7000].map((price) => ({ id: "p1", price }));
  expect(await ordered("Order a product under $50.", plain, ["price"])).toEqual(new Set());
});
