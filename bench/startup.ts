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

/** What `npx create-ape-test` starts once it is installed. */
const CREATE = new URL("../packages/create-ape-test/bin/create-ape-test.mjs", import.meta.url).pathname;

/**
 * Time from the command line to the version, to help, to a written project (without an install, nothing running at its
 * target) and to the first action of a run.
 */
export async function startup(log: (line: string) => void): Promise<BenchResult> {
  const stolen = stealMeter();
  const shop = await startShop({});
  const directory = await mkdtemp(join(tmpdir(), "ape-bench-"));
  const times = { version: [], help: [], createHelp: [], createYes: [], firstAction: [] } as Record<
    "version" | "help" | "createHelp" | "createYes" | "firstAction",
    number[]
  >;
  try {
    for (const [name, text] of Object.entries(shopping(shop.url, { load: "{ agents: 1, sessions: 1 }" })))
      await writeFile(join(directory, name), text);
    for (let round = -1; round < ROUNDS; round += 1) {
      const project = await mkdtemp(join(tmpdir(), "ape-bench-"));
      try {
        const versionMs = await timed(BIN, ["--version"], directory);
        const helpMs = await timed(BIN, ["--help"], directory);
        const createHelpMs = await timed(CREATE, ["--help"], directory);
        const createYesMs = await timed(CREATE, ["--yes"], project);
        const startedAt = Date.now();
        await timed(BIN, ["start", "--quiet", "--no-thresholds"], directory);
        const firstActionMs = (await firstAction(directory)) - startedAt;
        if (round < 0) continue;
        times.version.push(versionMs);
        times.help.push(helpMs);
        times.createHelp.push(createHelpMs);
        times.createYes.push(createYesMs);
        times.firstAction.push(firstActionMs);
        log(
          `round ${round + 1}: version ${Math.round(versionMs)} ms, create-ape-test --yes ${Math.round(createYesMs)} ms, first action ${Math.round(firstActionMs)} ms`,
        );
      } finally {
        await rm(project, { recursive: true, force: true });
      }
    }
  } finally {
    await shop.close();
    await rm(directory, { recursive: true, force: true });
  }
  return {
    name: "startup",
    machine: machine(),
    figures: {
      versionMs: Math.round(median(times.version)),
      helpMs: Math.round(median(times.help)),
      createHelpMs: Math.round(median(times.createHelp)),
      createYesMs: Math.round(median(times.createYes)),
      firstActionMs: Math.round(median(times.firstAction)),
      stealPct: stolen(),
    },
    ratios: {},
    notes: [
      `version ${spread(times.version)} ms (at most 150), help ${spread(times.help)} ms, first action ${spread(times.firstAction)} ms (at most 1500)`,
      `create-ape-test: --help ${spread(times.createHelp)} ms, --yes ${spread(times.createYes)} ms (each at most 1000)`,
    ],
  };
}

/** Runs a command; returns the milliseconds that it took. */
function timed(bin: string, args: readonly string[], cwd: string): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    spawn(process.execPath, [bin, ...args], { cwd, stdio: "ignore" }).on("close", (exit) =>
      exit === 0
        ? resolve(performance.now() - began)
        : reject(new Error(`${args.join(" ")} ended with ${exit}`)),
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
