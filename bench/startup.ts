import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "@ape/core/events";
import { startShop } from "@ape/shop/shop";
import { shopping } from "../test/e2e/shopping.ts";
import { type BenchResult, machine, median, spread, stealMeter } from "./result.ts";

const ROUNDS = 7;
const BIN = new URL("../packages/cli/bin/ape-test.mjs", import.meta.url).pathname;

/** Time from the command line to the version, and to the first action of a run. */
export async function startup(log: (line: string) => void): Promise<BenchResult> {
  const stolen = stealMeter();
  const shop = await startShop({});
  const directory = await mkdtemp(join(tmpdir(), "ape-bench-"));
  const version: number[] = [];
  const action: number[] = [];
  try {
    for (const [name, text] of Object.entries(shopping(shop.url, { load: "{ agents: 1, sessions: 1 }" })))
      await writeFile(join(directory, name), text);
    for (let round = -1; round < ROUNDS; round += 1) {
      const began = performance.now();
      await command(["--version"], directory);
      const versionMs = performance.now() - began;
      const startedAt = Date.now();
      await command(["start", "--quiet"], directory);
      const actionMs = (await firstAction(directory)) - startedAt;
      if (round < 0) continue;
      version.push(versionMs);
      action.push(actionMs);
      log(`round ${round + 1}: version ${Math.round(versionMs)} ms, first action ${Math.round(actionMs)} ms`);
    }
  } finally {
    await shop.close();
    await rm(directory, { recursive: true, force: true });
  }
  return {
    name: "startup",
    machine: machine(),
    figures: {
      versionMs: Math.round(median(version)),
      firstActionMs: Math.round(median(action)),
      stealPct: stolen(),
    },
    ratios: {},
    notes: [`version ${spread(version)} ms (at most 150), first action ${spread(action)} ms (at most 1500)`],
  };
}

function command(args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    spawn(process.execPath, [BIN, ...args], { cwd, stdio: "ignore" }).on("close", (exit) =>
      exit === 0 ? resolve() : reject(new Error(`ape-test ${args.join(" ")} ended with ${exit}`)),
    );
  });
}

/** When the newest run sent its first action, in epoch milliseconds. */
async function firstAction(directory: string): Promise<number> {
  const runs = join(directory, ".ape/runs");
  const newest = (await readdir(runs)).sort().at(-1) ?? "";
  for (const name of await readdir(join(runs, newest, "events")))
    for (const line of (await readFile(join(runs, newest, "events", name), "utf8")).split("\n")) {
      if (!line.includes('"action_sent"')) continue;
      return (JSON.parse(line) as Event).at;
    }
  throw new Error("the run sent no action");
}
