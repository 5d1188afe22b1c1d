/** A shop of Vendure without plugins of others, on SQLite in memory; `/books` shows its orders and customers. */
export const VENDURE_SERVER = `
import { writeFileSync } from "node:fs";
import {
  bootstrap,
  Customer,
  DefaultSearchPlugin,
  dummyPaymentHandler,
  JobQueueService,
  Order,
  TransactionalConnection,
} from "@vendure/core";
import { populate } from "@vendure/core/cli/index.js";

const books = { app: undefined };

const config = {
  apiOptions: {
    port: Number(process.env.PORT),
    hostname: "127.0.0.1",
    adminApiPath: "admin-api",
    shopApiPath: "shop-api",
    middleware: [
      {
        route: "books",
        handler: async (_request, response) => {
          if (books.app === undefined) return response.status(503).end();
          const { rawConnection } = books.app.get(TransactionalConnection);
          const orders = await rawConnection
            .getRepository(Order)
            .find({ relations: { lines: true, payments: true } });
          const customers = await rawConnection.getRepository(Customer).find();
          response.json({
            orders: orders.map(({ state, active, lines, payments }) => ({
              state,
              active,
              items: lines.length,
              paid: payments.length,
            })),
            customers: customers.map(({ emailAddress }) => emailAddress),
          });
        },
      },
    ],
  },
  authOptions: {
    tokenMethod: ["bearer", "cookie"],
    requireVerification: false,
    superadminCredentials: { identifier: "admin", password: "of this run only" },
    cookieOptions: { secret: "of this run only" },
  },
  dbConnectionOptions: { type: "better-sqlite3", synchronize: true, logging: false, database: ":memory:" },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
  plugins: [DefaultSearchPlugin.init({ bufferUpdates: false })],
};

const initialData = {
  defaultLanguage: "en",
  defaultZone: "Europe",
  countries: [
    { name: "United Kingdom", code: "GB", zone: "Europe" },
    { name: "Germany", code: "DE", zone: "Europe" },
  ],
  taxRates: [{ name: "Standard Tax", percentage: 20 }],
  shippingMethods: [
    { name: "Standard Shipping", price: 500 },
    { name: "Express Shipping", price: 1000 },
  ],
  paymentMethods: [
    {
      name: "Card",
      handler: { code: dummyPaymentHandler.code, arguments: [{ name: "automaticSettle", value: "true" }] },
    },
  ],
  collections: [],
};

const rows = Array.from({ length: 24 }, (_, at) => {
  const kind = ["Lamp", "Chair", "Camera"][at % 3];
  const name = kind.toLowerCase();
  return [kind + " " + (at + 1), name + "-" + (at + 1), "A " + name + " for every day", "", "kind:" + kind, "", "", "SKU-" + (at + 1), 10 + 5 * at, "standard", 100000, false, "", ""].join(",");
});
writeFileSync(
  "products.csv",
  ["name,slug,description,assets,facets,optionGroups,optionValues,sku,price,taxCategory,stockOnHand,trackInventory,variantAssets,variantFacets", ...rows, ""].join(String.fromCharCode(10)),
);
const app = await populate(() => bootstrap(config), initialData, "products.csv");
// Products are found once jobs have put them into the index.
await app.get(JobQueueService).start();
const { rawConnection } = app.get(TransactionalConnection);
const indexed = async () => Number((await rawConnection.query("SELECT COUNT(*) AS number FROM search_index_item"))[0].number);
while ((await indexed()) < rows.length) await new Promise((resolve) => setTimeout(resolve, 100));
books.app = app;
`;
