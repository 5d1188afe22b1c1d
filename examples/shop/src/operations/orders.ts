import { type Answer, problem } from "../answer.ts";
import { ORDERS_LISTED, type Order } from "../customers.ts";
import { opaqueId } from "../seeded.ts";
import type { Session } from "../sessions.ts";
import { guarded, hit, type Operation, type Visit } from "../visit.ts";
import { OUT_OF_STOCK, priced } from "./cart.ts";

/** Orders that can be read by id; past it the oldest is forgotten. */
const MAX_ORDERS = 200_000;

function checkOut(visit: Visit, { customer }: Session): Answer {
  const { catalogue, faults, ledger, orders, plan } = visit.world;
  if (customer.cart.size === 0) return problem(409, "empty_cart", "The cart is empty: add a product first.");
  for (const [productId, quantity] of customer.cart) {
    if ((catalogue.get(productId)?.stock ?? 0) < quantity) return OUT_OF_STOCK;
  }
  if (faults.outOfStock?.at === "checkout" && hit(visit, "outOfStock", faults.outOfStock))
    return OUT_OF_STOCK;

  const { lines, cents } = priced(customer, catalogue);
  for (const line of lines) {
    const product = catalogue.get(line.productId);
    if (product !== undefined) catalogue.sell(product, line.quantity);
  }
  customer.cart.clear();
  customer.orderCount += 1;
  // Out of the account and its own count alone: what other customers do at the same time cannot change an id.
  const id = opaqueId("ord", plan.seed, customer.key, customer.orderCount);
  const order: Order = { id, state: "paid", totalUsd: cents / 100, lines };
  customer.orders.push(order);
  if (customer.orders.length > ORDERS_LISTED) customer.orders.shift();
  if (orders.size >= MAX_ORDERS) orders.delete(orders.keys().next().value as string);
  orders.set(id, { order, owner: customer });
  ledger.ordered(visit.page, customer, order);
  return { status: 201, body: order };
}

function listOrders(_visit: Visit, { customer }: Session): Answer {
  const items = customer.orders.map(({ id, state, totalUsd }) => ({ id, state, totalUsd })).reverse();
  return { status: 200, body: { items, total: customer.orderCount } };
}

function showOrder(visit: Visit, { customer }: Session): Answer {
  const { faults, ledger, orders } = visit.world;
  const found = orders.get(visit.params.orderId ?? "");
  if (found === undefined) return problem(404, "order_not_found", "There is no order with this id.");
  if (found.owner !== customer) {
    const leaked = faults.crossAccount === true;
    ledger.crossRead(visit.page, customer, found.owner, found.order.id, leaked);
    if (!leaked) return problem(403, "not_your_order", "This order belongs to another customer.");
    ledger.injected(visit.page, "crossAccount", visit);
  }
  return { status: 200, body: found.order };
}

export const ORDER_OPERATIONS: readonly Operation[] = [
  guarded("POST /orders", checkOut),
  guarded("GET /orders", listOrders),
  guarded("GET /orders/{orderId}", showOrder),
];
