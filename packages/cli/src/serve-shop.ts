import type { Io } from "./io.ts";
import { PATHS } from "./paths.ts";
import { openShop } from "./shop-process.ts";

interface ServeShopOptions {
  faults?: string;
  /** Of the REST API; any free one by default. */
  port?: number;
  /** Any form: the addresses as one JSON object. */
  json?: unknown;
  /** The file with the shop's accounts, relative to the folder. */
  accounts: string;
}

/**
 * Opens the demo's shop with all of its interfaces, writes their addresses, and keeps it open until the process is told to
 * end.
 * @throws ApeError USAGE where it does not open
 */
export async function serveShop(io: Io, { faults, port, json, accounts }: ServeShopOptions): Promise<void> {
  let close = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    close = resolve;
  });
  const stopListening = io.onInterrupt(close);
  const shop = await openShop(PATHS.shop, { faults, port, interfaces: true, cwd: io.cwd });
  try {
    const { url, graphql, web, mcp } = shop;
    const addresses = { rest: url, document: `${url}/openapi.yaml`, graphql, web, mcp, accounts };
    io.out.write(
      json === undefined
        ? `the shop is open; Ctrl-C closes it\n${Object.entries(addresses)
            .map(([name, address]) => `  ${name.padEnd(9)} ${address}\n`)
            .join("")}`
        : `${JSON.stringify(addresses)}\n`,
    );
    await ended;
  } finally {
    stopListening();
    await shop.close();
  }
}
