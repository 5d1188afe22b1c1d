import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { expect, onTestFinished, test } from "vitest";
import { credentialsAt } from "../credentials.ts";
import { DEFAULT_SEED, startShop } from "../shop.ts";
import { openInterfaces } from "./interfaces.ts";

const account = { ...credentialsAt(0, DEFAULT_SEED) };

async function opened() {
  const shop = await startShop({});
  const interfaces = await openInterfaces(shop.url);
  onTestFinished(async () => {
    await interfaces.close();
    await shop.close();
  });
  return { shop, ...interfaces };
}

const ordersIn = (books: object): number => Object.keys((books as { orders: object }).orders).length;

test("GraphQL sells what the REST API sells, and writes into the same books", async () => {
  const { shop, graphql } = await opened();
  const ask = async (query: string, token?: string) => {
    const response = await fetch(graphql, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: the shape is what the query asks for
    return (await response.json()) as { data: any; errors?: { extensions: { code: string } }[] };
  };
  expect((await ask("{ cart { totalUsd } }")).errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
  const { data } = await ask(
    `mutation { login(email: "${account.email}", password: "${account.password}") { accessToken } }`,
  );
  const token: string = data.login.accessToken;
  const { products } = (await ask("{ products(inStock: true) { items { productId } } }")).data;
  await ask(
    `mutation { addToCart(productId: "${products.items[0].productId}", quantity: 1) { totalUsd } }`,
    token,
  );
  const order = (await ask("mutation { checkOut { id state } }", token)).data.checkOut;
  expect(order.state).toBe("paid");
  expect((await ask(`{ order(id: "${order.id}") { lines { quantity } } }`, token)).data.order.lines).toEqual([
    { quantity: 1 },
  ]);
  expect((await ask("mutation { logOut }", token)).data.logOut).toBe(true);
  expect(ordersIn(shop.books())).toBe(1);
});

test("web pages sell with forms and a cookie", async () => {
  const { shop, web } = await opened();
  let cookie = "";
  const send = async (path: string, form?: Record<string, string>) => {
    const response = await fetch(web + path, {
      ...(form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) }),
      headers: { cookie },
      redirect: "manual",
    });
    cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    return {
      status: response.status,
      location: response.headers.get("location"),
      html: await response.text(),
    };
  };
  expect(await send("/cart")).toMatchObject({ status: 303, location: "/login" });
  expect((await send("/login", { email: account.email, password: "wrong" })).status).toBe(401);
  expect(await send("/login", account)).toMatchObject({ status: 303, location: "/products" });
  const page = (await send("/products")).html;
  const links = [...page.matchAll(/href="(\/products\/[^"?]+)">/g)].map(([, link]) => link as string);
  for (const link of links) {
    const product = /name="productId" value="([^"]+)"/.exec((await send(link)).html)?.[1];
    if (product === undefined) continue;
    expect(await send("/cart", { productId: product, quantity: "1" })).toMatchObject({ location: "/cart" });
    break;
  }
  expect((await send("/cart")).html).toContain("Total:");
  const order = (await send("/orders", {})).location ?? "";
  expect((await send(order)).html).toContain("is paid");
  await send("/logout", {});
  expect((await send(order)).status).toBe(303);
  expect(ordersIn(shop.books())).toBe(1);
});

test("the MCP server sells by tools", async () => {
  const { shop, mcp } = await opened();
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL(mcp)));
  onTestFinished(() => client.close());
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual([
    "list_products",
    "get_product",
    "buy_product",
    "list_orders",
  ]);
  const listed = await client.callTool({ name: "list_products", arguments: {} });
  const { items } = listed.structuredContent as { items: { productId: string; inStock: boolean }[] };
  const productId = items.find(({ inStock }) => inStock)?.productId;
  const buy = (password: string) =>
    client.callTool({ name: "buy_product", arguments: { ...account, password, productId, quantity: 1 } });
  expect((await buy("wrong")).isError).toBe(true);
  expect((await buy(account.password)).structuredContent).toMatchObject({ state: "paid" });
  expect(
    (await client.callTool({ name: "list_orders", arguments: account })).structuredContent,
  ).toMatchObject({
    total: 1,
  });
  expect(ordersIn(shop.books())).toBe(1);
});
