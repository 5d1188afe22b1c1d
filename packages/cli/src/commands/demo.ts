import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { join, relative } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import { loadProject } from "@ape/engine/project/project";
import { startRun } from "@ape/engine/run/run";
import { PRIVATE_DIRECTORY, PRIVATE_FILE } from "@ape/engine/store/private-mode";
import { withExamples } from "../examples.ts";
import { MOST, wholeNumber } from "../option.ts";
import { type PageChoice, pageOptions } from "../page-options.ts";
import { PATHS } from "../paths.ts";
import { type OutputOptions, runAndReport } from "../run-and-report.ts";
import { serveShop } from "../serve-shop.ts";
import { type OpenShop, openShop } from "../shop-process.ts";
import { version } from "../version.ts";
import type { CommandDefinition } from "./command.ts";
import { runOverridesOf, withLoadOptions } from "./start.ts";

interface DemoOptions extends OutputOptions, PageChoice {
  agents?: number;
  faults?: string;
  serve?: boolean;
  port?: number;
}

/** Ports below this one need rights. */
const FIRST_PORT = 1_024;

export const demoVerb: CommandDefinition = (command, { io, exit }) => {
  withLoadOptions(command)
    .option("--faults <json>", 'faults of the shop: {"error500":{"rate":0.05}}')
    .option("--serve", "only open the shop, for tests of your own, until Ctrl-C")
    .option(
      "--port <n>",
      "port of the shop's REST API with --serve; any free one otherwise",
      wholeNumber(FIRST_PORT, MOST.port),
    )
    .action(async (options: DemoOptions) => {
      if (options.port !== undefined && options.serve !== true)
        throw new ApeError("USAGE", "--port says nothing without --serve", {
          hint: "The demo takes any free port.",
        });
      const folder = join(io.cwd, ".ape", "demo");
      copyDemo(folder);
      if (options.serve === true) {
        await serveShop(io, { ...options, accounts: join(".ape", "demo", "accounts.csv") });
        exit("ok");
        return;
      }
      // Two demos of one folder may run at once: each shop writes its own books.
      const books = join(folder, `shop-books-${process.pid}.json`);
      let shop: OpenShop | undefined;
      const begin = async (signal: AbortSignal) => {
        shop = await openShop(PATHS.shop, { faults: options.faults, books, cwd: io.cwd });
        if (options.quiet !== true && options.json === undefined)
          io.err.write(
            `the shop is open at ${shop.url}\nthe test is ${join(".ape", "demo", "ape.config.yaml")}: agents log in, find a product under $50, buy it and log out\n`,
          );
        const project = await loadProject({
          cwd: folder,
          environment: { ...io.env, SHOP_URL: shop.url },
          overrides: runOverridesOf(options),
          home: io.cwd,
        });
        return startRun(project, {
          workerEntry: PATHS.agents,
          pageFolder: PATHS.page,
          ...pageOptions(io, options, project.config.page.open),
          version: version(),
          signal,
        });
      };
      try {
        const { exit: how, result } = await runAndReport(begin, io, options);
        await shop?.close();
        if (existsSync(books)) renameSync(books, join(result.directory, "shop-books.json"));
        if (options.quiet !== true && options.json === undefined)
          io.out.write(`what the shop itself wrote down: ${join(result.directory, "shop-books.json")}\n`);
        exit(how);
      } finally {
        await shop?.close();
      }
    });
  withExamples(
    command,
    "ape-test demo",
    "ape-test demo --agents 200 --duration 1m",
    "ape-test demo --serve --port 8400",
    `ape-test demo --faults '{"unavailable503":{"rate":0.05,"retryAfter":1}}'`,
  );
};

function copyDemo(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: PRIVATE_DIRECTORY });
    cpSync(PATHS.demo, folder, { recursive: true });
    chmodSync(folder, PRIVATE_DIRECTORY);
    for (const entry of readdirSync(PATHS.demo, { withFileTypes: true, recursive: true }))
      chmodSync(
        join(folder, relative(PATHS.demo, entry.parentPath), entry.name),
        entry.isDirectory() ? PRIVATE_DIRECTORY : PRIVATE_FILE,
      );
  } catch (cause) {
    throw new ApeError("RUN_DIRECTORY", `${folder} cannot be written`, {
      cause,
      hint: "The demo keeps its files and runs in .ape of this folder: use one that is writable.",
    });
  }
}
