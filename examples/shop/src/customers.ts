import type { Credentials } from "./credentials.ts";
import { credentialsAt } from "./credentials.ts";
import { digest, opaqueId } from "./seeded.ts";
import type { Session } from "./sessions.ts";

/** Whoever sends requests, as faults see them: `turns[n]` counts its requests to operation number n. */
export interface Caller {
  readonly key: number;
  readonly turns: Uint32Array;
}

export interface OrderLine {
  productId: string;
  title: string;
  quantity: number;
  unitPriceUsd: number;
  lineTotalUsd: number;
}

export interface Order {
  id: string;
  state: "paid";
  totalUsd: number;
  lines: OrderLine[];
}

/** An account with all that belongs to it and to nobody else. */
export interface Customer extends Caller {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  /** Product id to quantity, in the order of adding. */
  readonly cart: Map<string, number>;
  /** The latest orders, newest last; at most {@link ORDERS_LISTED}. */
  readonly orders: Order[];
  orderCount: number;
  /** The latest login, live or not: it decides whether the next one finds the cart as it was. */
  session: Session | undefined;
}

/** How many orders `GET /orders` shows. */
export const ORDERS_LISTED = 50;

/** The accounts by e-mail address, made from the seed. */
export function openAccounts(count: number, seed: number, operations: number): Map<string, Customer> {
  const customers = new Map<string, Customer>();
  for (let index = 0; index < count; index += 1) {
    const { email, password }: Credentials = credentialsAt(index, seed);
    customers.set(email, {
      key: digest(email),
      turns: new Uint32Array(operations),
      id: opaqueId("cus", seed, index, 3),
      email,
      password,
      cart: new Map(),
      orders: [],
      orderCount: 0,
      session: undefined,
    });
  }
  return customers;
}
