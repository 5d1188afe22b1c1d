import type { Books } from "./books.ts";
import { buildControl } from "./control.ts";
import { buildDoor } from "./door.ts";
import { type Faults, readFaults } from "./faults.ts";
import { readContract } from "./openapi.ts";
import { CART_OPERATIONS } from "./operations/cart.ts";
import { LOGIN_OPERATIONS } from "./operations/login.ts";
import { ORDER_OPERATIONS } from "./operations/orders.ts";
import { PRODUCT_OPERATIONS } from "./operations/products.ts";
import type { Operation } from "./visit.ts";
import { createWorld, type Plan, type World } from "./world.ts";

/** Everything that the shop can do, each under `METHOD /template`. */
export const OPERATIONS: readonly Operation[] = [
  ...LOGIN_OPERATIONS,
  ...PRODUCT_OPERATIONS,
  ...CART_OPERATIONS,
  ...ORDER_OPERATIONS,
];

const NAMES: readonly string[] = OPERATIONS.map(({ name }) => name);

/** How many accounts `accounts.csv` holds, and the seed they come from. */
export const DEFAULT_ACCOUNTS = 200;
export const DEFAULT_SEED = 1;

export interface ShopOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Loopback unless told otherwise; the control port is always on loopback. */
  host?: string;
  /** The control port; 0, the default, takes a free one. */
  control?: number;
  /** Whole number; decides accounts, products, ids and which requests faults hit. */
  seed?: number;
  accounts?: number;
  products?: number;
  pageSize?: number;
  faults?: Faults;
  /** The time of day in milliseconds. */
  now?: () => number;
}

/** A running shop. */
export interface Shop {
  readonly url: string;
  readonly controlUrl: string;
  books(): Books;
  /** Can be set while the shop runs; setting throws when they make no sense. */
  faults: Faults;
  /** Back to the start: blank books, carts, orders and logins. Faults stay. */
  reset(): void;
  close(): Promise<void>;
}

/**
 * Opens a shop: the API on one port, its truth on another.
 * @throws Error when the faults make no sense or a port is taken.
 */
export async function startShop(options: ShopOptions = {}): Promise<Shop> {
  const plan: Plan = {
    seed: options.seed ?? DEFAULT_SEED,
    accounts: options.accounts ?? DEFAULT_ACCOUNTS,
    products: options.products ?? 120,
    pageSize: options.pageSize ?? 10,
    now: options.now ?? Date.now,
  };
  let world: World = createWorld(plan, readFaults(options.faults ?? {}, NAMES), NAMES);
  const truth = {
    books: () => world.ledger.snapshot(),
    get faults() {
      return world.faults;
    },
    set faults(faults: Faults) {
      world.faults = structuredClone(readFaults(faults, NAMES));
    },
    reset: () => {
      world = createWorld(plan, world.faults, NAMES);
    },
  };
  const door = buildDoor(OPERATIONS, readContract(), () => world);
  const control = buildControl(truth);
  const close = async () => {
    await Promise.all([door.close(), control.close()]);
  };
  try {
    const url = await door.listen({ host: options.host ?? "127.0.0.1", port: options.port ?? 0 });
    const controlUrl = await control.listen({ host: "127.0.0.1", port: options.control ?? 0 });
    return Object.assign(truth, { url, controlUrl, close });
  } catch (error) {
    await close();
    throw error;
  }
}
