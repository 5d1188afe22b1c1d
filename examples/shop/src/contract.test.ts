import { expect, test } from "vitest";
import { clientOf, type Read } from "../../../test/targets/client.ts";
import { contractOf, undescribed } from "../../../test/targets/contract.ts";
import { buy, cheapProduct, visit, withShop } from "../test/visitor.ts";
import { credentialsAt } from "./credentials.ts";
import { readContract } from "./openapi.ts";
import { OPERATIONS } from "./shop.ts";

const document: unknown = JSON.parse(readContract().json);

test("the document describes every operation, parameter and field", () => {
  expect(undescribed(document)).toEqual([]);
});

test("the document and the shop have the same operations", () => {
  const names = OPERATIONS.map(({ name }) => name);
  expect(contractOf(document).operations.toSorted()).toEqual(names.toSorted());
});

test("the document says which operations need a login", () => {
  const { paths } = document as { paths: Record<string, Record<string, { security?: unknown[] }>> };
  for (const { name, guarded } of OPERATIONS) {
    const [method = "", path = ""] = name.split(" ");
    expect([name, paths[path]?.[method.toLowerCase()]?.security]).toEqual([name, guarded ? undefined : []]);
  }
});

test("every status of every operation is answered as the document has it", async () => {
  const contract = contractOf(document);
  const seen = new Map<string, Set<number>>(contract.operations.map((operation) => [operation, new Set()]));
  const violations: string[] = [];
  const hold = (operation: string, read: Read) => {
    seen.get(operation)?.add(read.status);
    violations.push(...contract.violations({ operation, ...read }));
    return read;
  };

  await withShop({}, async (shop) => {
    const bare = clientOf(shop.url);
    const { send } = await visit(shop, 0);
    const other = await visit(shop, 1);
    const productId = await cheapProduct(send);
    const soldOut = (await send("GET /products?inStock=false")).at("items", 0, "productId");
    const form = { "content-type": "text/plain" };
    const huge = JSON.stringify({ email: "x".repeat(70_000) });

    for (const operation of contract.operations) {
      const path = operation.replace("{productId}", productId).replace("{orderId}", "ord_none");
      const withBody = operation.startsWith("POST") ? {} : undefined;
      for (const faults of [
        { error500: { rate: 1 } },
        { unavailable503: { rate: 1, retryAfter: 1 } },
        { rateLimit429: { rate: 1, retryAfter: 1 } },
      ]) {
        shop.faults = faults;
        hold(operation, await bare(path, withBody));
      }
      shop.faults = {};
      if (!path.includes("products"))
        hold(
          operation,
          await bare(path, operation.includes("login") ? { email: "a", password: "b" } : undefined),
        );
      if (withBody === undefined) continue;
      hold(operation, await bare(path, "{"));
      hold(operation, await bare(path, "x", form));
      hold(operation, await bare(path, huge));
    }
    hold("POST /login", await bare("POST /login", credentialsAt(2, 1)));
    hold("POST /login", await bare("POST /login", {}));
    hold("POST /login/cookie", await bare("POST /login/cookie", credentialsAt(2, 1)));
    hold("POST /login/cookie", await bare("POST /login/cookie", {}));
    hold("GET /products", await bare("GET /products?search=kettle&inStock=true&page=1&pageSize=5"));
    hold("GET /products", await bare("GET /products?page=0"));
    hold("GET /products/{productId}", await bare(`GET /products/${productId}`));
    hold("GET /products/{productId}", await bare("GET /products/prd_none"));
    hold("POST /cart/items", await send("POST /cart/items", { productId, quantity: 1 }));
    hold("POST /cart/items", await send("POST /cart/items", { productId: "prd_none", quantity: 1 }));
    hold("POST /cart/items", await send("POST /cart/items", { productId: soldOut, quantity: 1 }));
    hold("POST /cart/items", await send("POST /cart/items", {}));
    hold("GET /cart", await send("GET /cart"));
    hold("DELETE /cart/items/{productId}", await send(`DELETE /cart/items/${productId}`));
    hold("DELETE /cart/items/{productId}", await send(`DELETE /cart/items/${productId}`));
    hold("POST /orders", await send("POST /orders"));
    const order = hold("POST /orders", await buy(send));
    hold("GET /orders", await send("GET /orders"));
    hold("GET /orders/{orderId}", await send(`GET /orders/${order.at("id")}`));
    hold("GET /orders/{orderId}", await other.send(`GET /orders/${order.at("id")}`));
    hold("GET /orders/{orderId}", await send("GET /orders/ord_none"));
    hold("POST /logout", await send("POST /logout"));
  });

  expect(violations).toEqual([]);
  for (const [operation, statuses] of seen) {
    expect([operation, [...statuses].toSorted()]).toEqual([
      operation,
      contract.statuses(operation).toSorted(),
    ]);
  }
});

test("an answer that breaks the contract is found", async () => {
  const contract = contractOf(document);
  await withShop({ faults: { schemaChange: { field: "priceUsd", to: "price" } } }, async (shop) => {
    const operation = "GET /products";
    const read = await clientOf(shop.url)(operation);
    expect(contract.violations({ operation, ...read })[0]).toMatch(/priceUsd/);
    shop.faults = { html: { rate: 1 } };
    expect(contract.violations({ operation, ...(await clientOf(shop.url)(operation)) })[0]).toMatch(
      /not JSON/,
    );
  });
  const teapot = { operation: "GET /products", status: 418, headers: new Headers(), text: "" };
  expect(contract.violations(teapot)).toEqual(["GET /products: 418 is not in the document"]);
});
