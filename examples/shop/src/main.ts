import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { accountsCsv } from "./credentials.ts";
import { DEFAULT_ACCOUNTS, DEFAULT_SEED, type Shop, type ShopOptions, startShop } from "./shop.ts";

interface Command {
  options: ShopOptions;
  /** Where the books go at the end. */
  books: string | undefined;
  /** Serve GraphQL, web pages and MCP beside the REST API. */
  interfaces: boolean;
  /** Print the accounts as CSV instead of opening the shop. */
  csv: boolean;
}

/** A whole number out of a flag or variable. */
function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name}: want a whole number, got "${text}"`);
  return Number(text);
}

/** Reads the flags; `SHOP_PORT`, `SHOP_CONTROL_PORT`, `SHOP_FAULTS`, `SHOP_BOOKS` stand in for absent ones. */
function readCommand(args: string[], env: NodeJS.ProcessEnv): Command {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string" },
      "control-port": { type: "string" },
      host: { type: "string" },
      seed: { type: "string" },
      accounts: { type: "string" },
      products: { type: "string" },
      faults: { type: "string" },
      books: { type: "string" },
      interfaces: { type: "boolean" },
      "print-accounts": { type: "boolean" },
    },
  });
  const options: ShopOptions = {
    port: whole("--port", values.port ?? env.SHOP_PORT ?? "0"),
    control: whole("--control-port", values["control-port"] ?? env.SHOP_CONTROL_PORT ?? "0"),
    seed: whole("--seed", values.seed ?? String(DEFAULT_SEED)),
    accounts: whole("--accounts", values.accounts ?? String(DEFAULT_ACCOUNTS)),
    faults: JSON.parse(values.faults ?? env.SHOP_FAULTS ?? "{}"),
  };
  if (values.host !== undefined) options.host = values.host;
  if (values.products !== undefined) options.products = whole("--products", values.products);
  return {
    options,
    books: values.books ?? env.SHOP_BOOKS,
    interfaces: values.interfaces === true,
    csv: values["print-accounts"] === true,
  };
}

async function run({ options, books, interfaces }: Command): Promise<void> {
  const shop: Shop = await startShop(options);
  // Loaded where they are asked for: the demo needs neither GraphQL nor MCP.
  const more = interfaces
    ? await (await import("./interfaces/interfaces.ts")).openInterfaces(shop.url)
    : undefined;
  let leaving = false;
  const leave = async () => {
    if (leaving) return;
    leaving = true;
    await more?.close();
    await shop.close();
    if (books !== undefined) writeFileSync(books, `${JSON.stringify(shop.books())}\n`);
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT", "disconnect"]) process.once(signal, () => void leave());
  const ready = {
    url: shop.url,
    controlUrl: shop.controlUrl,
    ...(more === undefined ? {} : { graphql: more.graphql, web: more.web, mcp: more.mcp }),
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  process.send?.(ready);
}

try {
  const command = readCommand(process.argv.slice(2), process.env);
  if (command.csv) {
    const { accounts = DEFAULT_ACCOUNTS, seed = DEFAULT_SEED } = command.options;
    process.stdout.write(accountsCsv(accounts, seed));
  } else {
    await run(command);
  }
} catch (error) {
  process.stderr.write(`shop: ${(error as Error).message}\n`);
  process.exit(2);
}
