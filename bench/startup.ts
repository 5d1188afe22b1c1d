import { execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf } from "@ape/core/lib/errors";
import type { Event } from "@ape/core/protocol/events";
import { startShop } from "@ape/shop/shop";
import { shopping } from "../test/e2e/shopping.ts";
import { type BenchResult, machine, median, spread, stealMeter } from "./result.ts";

const ROUNDS = 7;
const BIN = new URL("../packages/cli/bin/ape-test.mjs", import.meta.url).pathname;

/** What `npx create-ape-test` starts after its installation. */
const CREATE = new URL("../packages/create-ape-test/bin/create-ape-test.mjs", import.meta.url).pathname;

/** The folders whose packages are published. */
const PUBLISHED = ["cli", "create-ape-test"].map(
  (name) => new URL(`../packages/${name}`, import.meta.url).pathname,
);
const MIB = 1024 ** 2;

/**
 * Time from the command line to the version, to help, to a written project (without an install and with no target
 * running) and to the first action of a run; and disk space of an installation from the tarballs.
 */
export async function startup(log: (line: string) => void): Promise<BenchResult> {
  const stolen = stealMeter();
  const shop = await startShop({});
  const directory = await mkdtemp(join(tmpdir(), "ape-bench-"));
  const installed = await installedMib();
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
      installMib: "mib" in installed ? installed.mib : null,
      stealPct: stolen(),
    },
    ratios: {},
    notes: [
      `version ${spread(times.version)} ms (at most 150), help ${spread(times.help)} ms, first action ${spread(times.firstAction)} ms (at most 1500)`,
      `create-ape-test: --help ${spread(times.createHelp)} ms, --yes ${spread(times.createYes)} ms (each at most 1000)`,
      "mib" in installed
        ? `both packages with all that they depend on: ${installed.mib} MiB (at most 40)`
        : `the packages could not be installed: ${installed.why}`,
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

/** Disk space of both packages and their dependencies, installed from their tarballs into an empty folder. */
async function installedMib(): Promise<{ mib: number } | { why: string }> {
  const folder = await mkdtemp(join(tmpdir(), "ape-bench-"));
  const npm = (args: readonly string[], cwd: string): Promise<{ stdout: string }> =>
    promisify(execFile)("npm", [...args, "--loglevel=error"], { cwd });
  try {
    await writeFile(join(folder, "package.json"), '{"private":true}');
    for (const directory of PUBLISHED) await npm(["pack", "--pack-destination", folder], directory);
    const tarballs = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
    await npm(
      ["install", "--prefer-offline", "--no-audit", "--no-fund", ...tarballs.map((name) => `./${name}`)],
      folder,
    );
    const entries = await readdir(join(folder, "node_modules"), { withFileTypes: true, recursive: true });
    let bytes = 0;
    for (const entry of entries)
      if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
    return { mib: Math.round((bytes / MIB) * 10) / 10 };
  } catch (thrown) {
    return { why: messageOf(thrown).split("\n", 1)[0] ?? "" };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
