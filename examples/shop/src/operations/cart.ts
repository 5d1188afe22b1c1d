import { type Answer, type FieldErrors, invalid, problem } from "../answer.ts";
import type { Catalogue } from "../catalogue.ts";
import type { Customer, OrderLine } from "../customers.ts";
import type { Session } from "../sessions.ts";
import { guarded, hit, type Operation, part, type Visit } from "../visit.ts";

/** Pieces of one product that a cart takes. */
const MAX_QUANTITY = 10;
/** Different products that a cart takes. */
const MAX_LINES = 50;

export const OUT_OF_STOCK = problem(409, "out_of_stock", "Too few pieces are left: choose another product.");

/** What is in a cart, line by line, and what it costs together (cents). */
export function priced(customer: Customer, catalogue: Catalogue): { lines: OrderLine[]; cents: number } {
  const lines: OrderLine[] = [];
  let cents = 0;
  for (const [productId, quantity] of customer.cart) {
    const product = catalogue.get(productId);
    if (product === undefined) continue;
    const lineCents = product.cents * quantity;
    cents += lineCents;
    lines.push({
      productId,
      title: product.title,
      quantity,
      unitPriceUsd: product.cents / 100,
      lineTotalUsd: lineCents / 100,
    });
  }
  return { lines, cents };
}

function cartOf(customer: Customer, catalogue: Catalogue): unknown {
  const { lines, cents } = priced(customer, catalogue);
  return { items: lines, totalUsd: cents / 100 };
}

function showCart(visit: Visit, { customer }: Session): Answer {
  return { status: 200, body: cartOf(customer, visit.world.catalogue) };
}

function addItem(visit: Visit, { customer }: Session): Answer {
  const { catalogue, faults, ledger } = visit.world;
  const productId = part(visit.body, "productId");
  const quantity = part(visit.body, "quantity");
  const quantityFits =
    Number.isInteger(quantity) && Number(quantity) >= 1 && Number(quantity) <= MAX_QUANTITY;
  if (typeof productId !== "string" || productId === "" || !quantityFits) {
    const fields: FieldErrors = {};
    if (typeof productId !== "string" || productId === "") fields.productId = "must be the id of a product";
    if (!quantityFits) fields.quantity = `must be a whole number from 1 to ${MAX_QUANTITY}`;
    return invalid(fields);
  }
  const product = catalogue.get(productId);
  if (product === undefined) return problem(404, "product_not_found", "The shop sells nothing with this id.");
  const total = (customer.cart.get(productId) ?? 0) + Number(quantity);
  if (total > MAX_QUANTITY) {
    return invalid({ quantity: `must not bring the cart above ${MAX_QUANTITY} pieces of a product` });
  }
  if (product.stock < total) return OUT_OF_STOCK;
  if (faults.outOfStock?.at === "add" && hit(visit, "outOfStock", faults.outOfStock)) return OUT_OF_STOCK;
  if (customer.cart.size >= MAX_LINES && !customer.cart.has(productId)) {
    return problem(409, "cart_full", `A cart takes ${MAX_LINES} different products.`);
  }
  customer.cart.set(productId, total);
  ledger.added(visit.page, customer, productId, Number(quantity), product.cents / 100);
  return { status: 201, body: cartOf(customer, catalogue) };
}

function removeItem(visit: Visit, { customer }: Session): Answer {
  if (!customer.cart.delete(visit.params.productId ?? "")) {
    return problem(404, "not_in_cart", "The cart does not hold this product.");
  }
  return { status: 200, body: cartOf(customer, visit.world.catalogue) };
}

export const CART_OPERATIONS: readonly Operation[] = [
  guarded("GET /cart", showCart),
  guarded("POST /cart/items", addItem),
  guarded("DELETE /cart/items/{productId}", removeItem),
];
