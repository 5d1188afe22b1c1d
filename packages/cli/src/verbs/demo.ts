import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { ApeError } from "@ape/core/errors";
import { loadProject } from "@ape/engine/project";
import { startRun } from "@ape/engine/run";
import { conduct, type Showing } from "../conduct.ts";
import type { Io } from "../io.ts";
import { PATHS } from "../paths.ts";
import type { Verb } from "../program.ts";
import { version } from "../version.ts";
import { overridesOf, withLoadOptions } from "./start.ts";

const OPEN_MS = 10_000;

interface DemoOptions extends Showing {
  agents?: number;
  faults?: string;
}

export const demoVerb: Verb = (program, { io, exit }) => {
  withLoadOptions(
    program
      .command("demo")
      .description(
        "See APE at work: agents buy in a small shop, decided by the simulated model. Needs no key.",
      ),
  )
    .option("--faults <json>", 'faults of the shop: {"unavailable503":{"rate":0.05}}')
    .addHelpText("after", "\nExamples:\n  ape-test demo\n  ape-test demo --agents 200 --duration 1m")
    .action(async (options: DemoOptions) => {
      const folder = join(io.cwd, ".ape", "demo");
      mkdirSync(folder, { recursive: true });
      cpSync(PATHS.demo, folder, { recursive: true });
      const books = join(folder, "shop-books.json");
      const shop = await openShop(io, options.faults, books);
      try {
        if (options.quiet !== true && options.json === undefined)
          io.err.write(
            `the shop is open at ${shop.url}\nthe test is ${join(".ape", "demo", "ape.config.yaml")}: agents log in, find a product under $50, buy it and log out\n`,
          );
        const project = await loadProject({
          cwd: folder,
          environment: { ...io.env, SHOP_URL: shop.url },
          overrides: overridesOf(options),
          home: io.cwd,
        });
        const run = await startRun(project, { workerEntry: PATHS.agents, version: version() });
        const { exit: how, result } = await conduct(run, io, options);
        await shop.close();
        if (existsSync(books)) renameSync(books, join(result.directory, "shop-books.json"));
        if (options.quiet !== true && options.json === undefined)
          io.out.write(`what the shop itself wrote down: ${join(result.directory, "shop-books.json")}\n`);
        exit(how);
      } finally {
        await shop.close();
      }
    });
};

interface OpenShop {
  url: string;
  /** Closes it; it writes its books first. */
  close(): Promise<void>;
}

async function openShop(io: Io, faults: string | undefined, books: string): Promise<OpenShop> {
  const args = [PATHS.shop, "--books", books, ...(faults === undefined ? [] : ["--faults", faults])];
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: io.cwd,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    detached: true,
  });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint += chunk.toString("utf8");
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = await Promise.race([
    new Promise<string>((resolve) =>
      child.once("message", (message) => resolve((message as { url: string }).url)),
    ),
    gone.then(() => undefined),
    new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), OPEN_MS).unref()),
  ]);
  if (url === undefined) {
    child.kill("SIGKILL");
    throw new ApeError("USAGE", `the shop did not open: ${complaint.trim()}`, {
      hint: 'Check --faults; it wants a JSON object such as {"error500":{"rate":0.01}}.',
    });
  }
  return {
    url,
    close: async () => {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}
