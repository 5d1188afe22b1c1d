import { Ledger } from "./books.ts";
import { Catalogue } from "./catalogue.ts";
import { type Customer, type Order, openAccounts } from "./customers.ts";
import type { Faults } from "./faults.ts";
import { Sessions } from "./sessions.ts";

/** What the shop is made from. */
export interface Plan {
  seed: number;
  accounts: number;
  products: number;
  /** Entries on a page of a list, unless the request says otherwise. */
  pageSize: number;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Everything that the operations read and change. */
export interface World {
  readonly plan: Plan;
  readonly customers: Map<string, Customer>;
  readonly catalogue: Catalogue;
  readonly sessions: Sessions;
  readonly orders: Map<string, { order: Order; owner: Customer }>;
  readonly ledger: Ledger;
  faults: Faults;
}

/** A new world: nobody logged in, all carts empty, the books blank. */
export function createWorld(plan: Plan, faults: Faults, operations: readonly string[]): World {
  return {
    plan,
    customers: openAccounts(plan.accounts, plan.seed, operations.length),
    catalogue: new Catalogue(plan.products, plan.seed),
    sessions: new Sessions(plan.now),
    orders: new Map(),
    ledger: new Ledger(operations, plan.now),
    faults,
  };
}
