import { type Client, clientOf, newTrace, type Read } from "../../../test/targets/client.ts";
import { credentialsAt } from "../src/credentials.ts";
import { DEFAULT_SEED, type Shop, type ShopOptions, startShop } from "../src/shop.ts";

/** A customer in a test: a client that is logged in and has a trace of its own. */
export interface Visitor {
  email: string;
  token: string;
  traceId: string;
  send: Client;
}

/** Runs a test against a shop of its own and closes the shop afterwards. */
export async function withShop(options: ShopOptions, use: (shop: Shop) => Promise<void>): Promise<void> {
  const shop = await startShop(options);
  try {
    await use(shop);
  } finally {
    await shop.close();
  }
}

/** Logs account number `index` in, in a new trace. */
export async function visit(shop: Shop, index = 0): Promise<Visitor> {
  const { traceId, traceparent } = newTrace();
  const credentials = credentialsAt(index, DEFAULT_SEED);
  const login = await clientOf(shop.url, { traceparent })("POST /login", credentials);
  const token = login.at("accessToken");
  const send = clientOf(shop.url, { traceparent, authorization: `Bearer ${token}` });
  return { email: credentials.email, token, traceId, send };
}

/** The id of a product that can be bought and costs less than 50 dollars; `nth` picks another one. */
export async function cheapProduct(send: Client, nth = 0): Promise<string> {
  const page = await send("GET /products?inStock=true&pageSize=50");
  const { items } = page.json() as { items: Array<{ productId: string; priceUsd: number }> };
  const found = items.filter(({ priceUsd }) => priceUsd < 50)[nth];
  if (found === undefined) throw new Error("nothing cheap");
  return found.productId;
}

/** Adds one cheap product and checks out. */
export async function buy(send: Client): Promise<Read> {
  await send("POST /cart/items", { productId: await cheapProduct(send), quantity: 1 });
  return send("POST /orders");
}
