import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { problemText, type ShopClient } from "./shop-client.ts";

const ACCOUNT = {
  email: z.string().describe("The address of the account"),
  password: z.string().describe("The password of the account"),
};

const PRODUCT = z.object({
  productId: z.string(),
  title: z.string(),
  category: z.string(),
  priceUsd: z.number().describe("Price of one piece in US dollars"),
  inStock: z.boolean(),
});
const PRODUCTS = z.object({
  items: z.array(PRODUCT),
  page: z.int(),
  pageCount: z.int(),
  total: z.int(),
});
const LINE = z.object({
  productId: z.string(),
  title: z.string(),
  quantity: z.int(),
  unitPriceUsd: z.number(),
  lineTotalUsd: z.number(),
});
const ORDER = z.object({ id: z.string(), state: z.string(), totalUsd: z.number(), lines: z.array(LINE) });
const ORDERS = z.object({ items: z.array(ORDER.omit({ lines: true })), total: z.int() });

/** Answers requests of MCP's streamable HTTP: tools that need no login of their own, made from the shop's REST API. */
export function createShopMcp(shop: ShopClient): (request: Request) => Promise<Response> {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: "shop", version: "1" });
    const reads = { readOnlyHint: true };
    server.registerTool(
      "list_products",
      {
        description: "List products, 10 per page, optionally by a word of their title",
        inputSchema: z.object({ search: z.string().optional(), page: z.int().min(1).optional() }),
        outputSchema: PRODUCTS,
        annotations: reads,
      },
      async ({ search, page }) => {
        const query = new URLSearchParams();
        if (search !== undefined) query.set("search", search);
        if (page !== undefined) query.set("page", String(page));
        return result(await shop.call("GET", `/products?${query}`));
      },
    );
    server.registerTool(
      "get_product",
      {
        description: "Show one product",
        inputSchema: z.object({ productId: z.string() }),
        outputSchema: PRODUCT,
        annotations: reads,
      },
      async ({ productId }) => result(await shop.call("GET", `/products/${encodeURIComponent(productId)}`)),
    );
    server.registerTool(
      "buy_product",
      {
        description: "Buy a product for an account: places an order for it",
        inputSchema: z.object({ ...ACCOUNT, productId: z.string(), quantity: z.int().min(1).max(10) }),
        outputSchema: ORDER,
      },
      async ({ email, password, productId, quantity }) =>
        asCustomer(shop, { email, password }, async (token) => {
          const added = await shop.call("POST", "/cart/items", { token, data: { productId, quantity } });
          return added.status >= 400 ? added : shop.call("POST", "/orders", { token });
        }),
    );
    server.registerTool(
      "list_orders",
      {
        description: "List the orders of an account",
        inputSchema: z.object(ACCOUNT),
        outputSchema: ORDERS,
        annotations: reads,
      },
      async (account) => asCustomer(shop, account, (token) => shop.call("GET", "/orders", { token })),
    );
    return server;
  });
  return (request) => handler.fetch(request);
}

/** Logs in, does something, and logs out. */
async function asCustomer(
  shop: ShopClient,
  account: { email: string; password: string },
  act: (token: string) => ReturnType<ShopClient["call"]>,
) {
  const login = await shop.call("POST", "/login", { data: account });
  if (login.status !== 200) return result(login);
  const { accessToken } = login.body as { accessToken: string };
  const answer = await act(accessToken);
  await shop.call("POST", "/logout", { token: accessToken });
  return result(answer);
}

function result(answer: Awaited<ReturnType<ShopClient["call"]>>) {
  if (answer.status >= 400)
    return { isError: true, content: [{ type: "text" as const, text: problemText(answer) }] };
  return {
    content: [{ type: "text" as const, text: JSON.stringify(answer.body) }],
    structuredContent: answer.body as Record<string, unknown>,
  };
}
