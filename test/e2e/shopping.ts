import { readFileSync } from "node:fs";
import { accountsCsv } from "@ape/shop/credentials";

const OPENAPI = readFileSync(new URL("../../examples/shop/openapi.yaml", import.meta.url), "utf8");

/** A project that load-tests a shop: the demo's goal, with the test's own load and thresholds. */
export function shopping(
  url: string,
  options: { load: string; thresholds?: string; inference?: string; accounts?: number; more?: string },
): Record<string, string> {
  return {
    "openapi.yaml": OPENAPI,
    "accounts.csv": accountsCsv(options.accounts ?? 200, 1),
    "ape.config.yaml": `version: 1
targets:
  shop: { baseUrl: "${url}", spec: ./openapi.yaml }
inference: ${options.inference ?? "{ provider: simulated }"}
goals:
  - name: buy
    prompt: Log in, find a product under $50, add it to the cart, check out, log out.
    data: { file: ./accounts.csv, unique: true, secret: [password] }
    success:
      - action: { operation: "POST /orders", status: 201, capture: { order: $.id } }
      - probe:
          operation: "GET /orders/{order}"
          expect: { status: 200, body: { $.state: paid, "$.lines[0].unitPriceUsd": { lt: 50 } } }
      - action: { operation: "POST /logout", status: 2xx }
load: ${options.load}
thresholds: ${options.thresholds ?? "{}"}
${options.more ?? ""}`,
  };
}
