import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@ape/engine/host/free-port";
import { apiCall } from "./address.ts";
import type { PublicApplication } from "./application.ts";
import { npmPackages } from "./packages.ts";
import { startServer } from "./server-process.ts";
import { VENDURE_SERVER } from "./vendure-server.ts";

interface Books {
  orders: { state: string; items: number; paid: number }[];
  customers: string[];
}

/** A shop of Vendure reached by its GraphQL API. */
export const vendure: PublicApplication = {
  name: "vendure",
  async start() {
    const folder = await npmPackages("vendure", ["@vendure/core", "better-sqlite3"]);
    await writeFile(join(folder, "server.mjs"), VENDURE_SERVER);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const close = await startServer([process.execPath, "server.mjs"], {
      cwd: folder,
      env: { PORT: String(port), VENDURE_DISABLE_TELEMETRY: "true" },
      ready: `${url}/books`,
    });
    const books = (): Promise<Books> => apiCall<Books>(`${url}/books`);
    const person =
      "firstName: Ann, lastName: Reader, streetLine1: 7 Mill Lane, city: Oxford, postalCode: OX1 2JD, countryCode: GB";
    return {
      // Its database has one connection, on which transactions of several requests would meet.
      target: `{ kind: graphql, baseUrl: "${url}/shop-api", maxConcurrent: 1 }`,
      close,
      goals: [
        {
          name: "cart",
          prompt: "Search for a product under $60 and add it to the order.",
          success:
            '[{ action: { operation: "mutation addItemToOrder" } }, { probe: { operation: "query activeOrder", document: "{ activeOrder { totalQuantity } }", after: "mutation addItemToOrder", expect: { body: { "$.data.activeOrder.totalQuantity": { gte: 1 } } } } }]',
          confirmed: async () => (await books()).orders.filter(({ items }) => items > 0).length,
        },
        {
          name: "order",
          prompt:
            'Add a product to the order, set the customer for the order, set the shipping address, set the shipping method, transition the order to the state "ArrangingPayment" and add a payment with the method "card" to the order.',
          data: `{ rows: [{ ${person} }], generate: { emailAddress: email } }`,
          success:
            '[{ action: { operation: "mutation addPaymentToOrder", body: { "$.data.addPaymentToOrder.state": PaymentSettled } } }]',
          confirmed: async () =>
            (await books()).orders.filter(({ state, paid }) => state === "PaymentSettled" && paid > 0).length,
        },
      ],
    };
  },
};
