import { spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ApeError, EXIT } from "@ape/core/errors";
import { loadProject, type Overrides } from "@ape/engine/project";
import { startRun } from "@ape/engine/run";
import { type Command, Option } from "commander";
import { conduct } from "../conduct.ts";
import type { Io } from "../io.ts";
import { collect, durationOption, jsonOption, wholeNumber } from "../option.ts";
import { PATHS } from "../paths.ts";
import type { Verb } from "../program.ts";
import { version } from "../version.ts";

const DETACH_LIMIT_MS = 30_000;

interface StartOptions {
  config?: string;
  agents?: number;
  duration?: number;
  sessions?: number;
  workers?: number;
  seed?: number;
  rampUp?: number;
  goal: string[];
  out: string[];
  detach?: boolean;
  quiet?: boolean;
  json?: "object" | "stream";
}

/** The load options that `start` and `demo` share. */
export function withLoadOptions(command: Command): Command {
  return command
    .option("--agents <n>", "how many agents", wholeNumber(1))
    .option("--duration <time>", "how long agents take new sessions: 30s, 2m", durationOption)
    .option("--sessions <n>", "end after this many sessions instead", wholeNumber(1))
    .option("--ramp-up <time>", "reach the agents over this time", durationOption)
    .option("--workers <n>", "processes of agents", wholeNumber(1))
    .option("--seed <n>", "draw the same goals, rows and think times again", wholeNumber(0))
    .option("--quiet", "show nothing but errors")
    .option("--verbose", "show causes and stacks of errors")
    .addOption(
      new Option("--json [form]", "results as one JSON object, or =stream for NDJSON")
        .argParser(jsonOption)
        .preset(true),
    );
}

export function overridesOf(options: Partial<StartOptions>): Overrides {
  const { agents, duration, sessions, workers, seed, rampUp, goal = [] } = options;
  return {
    ...(agents === undefined ? {} : { agents }),
    ...(duration === undefined ? {} : { durationMs: duration }),
    ...(sessions === undefined ? {} : { sessions }),
    ...(workers === undefined ? {} : { workers }),
    ...(seed === undefined ? {} : { seed }),
    ...(rampUp === undefined ? {} : { rampUpMs: rampUp }),
    ...(goal.length === 0 ? {} : { goals: goal }),
  };
}

export const startVerb: Verb = (program, { io, exit }) => {
  withLoadOptions(program.command("start").description("Run the load test of this folder's ape.config.yaml."))
    .option("--config <file>", "another configuration")
    .option("--goal <name>", "only this goal (repeatable)", collect, [])
    .addOption(new Option("--runtime <where>", "where the roles run").choices(["embedded"]))
    .option("--detach", "run in the background")
    .option(
      "--out <kind=destination>",
      "also write csv=FILE, json=FILE, prometheus-rw=URL or otlp=URL (repeatable)",
      collect,
      [],
    )
    .addHelpText(
      "after",
      "\nExamples:\n  ape-test start --agents 1000 --duration 5m\n  ape-test start --sessions 200 --seed 7 --json\n  ape-test start --detach && ape-test status --watch",
    )
    .action(async (options: StartOptions) => {
      const project = await loadProject({
        cwd: io.cwd,
        configFile: options.config,
        environment: io.env,
        overrides: overridesOf(options),
      });
      if (options.detach === true) {
        await detach(project.home, io);
        return;
      }
      const run = await startRun(project, {
        workerEntry: PATHS.agents,
        version: version(),
        out: options.out,
      });
      if (options.quiet !== true && options.json === undefined) io.err.write(`run ${run.id}\n`);
      exit((await conduct(run, io, options)).exit);
    });
};

/** Starts the same command again in the background and waits until its run is known, or until it fails. */
async function detach(home: string, io: Io): Promise<void> {
  const logs = join(home, ".ape", "logs");
  mkdirSync(logs, { recursive: true });
  const file = join(logs, `start-${Date.now()}.log`);
  const log = openSync(file, "a");
  const args = process.argv.slice(2).filter((arg) => arg !== "--detach");
  const child = spawn(process.execPath, [PATHS.self, ...args], {
    cwd: io.cwd,
    env: { ...io.env },
    detached: true,
    stdio: ["ignore", log, log],
  });
  let ended: number | null | undefined;
  child.on("exit", (code) => {
    ended = code;
  });
  const end = performance.now() + DETACH_LIMIT_MS;
  for (;;) {
    const text = readFileSync(file, "utf8");
    const id = /^run (\S+)$/m.exec(text)?.[1];
    if (id !== undefined) {
      child.unref();
      io.out.write(`${id}\n`);
      io.err.write("running in the background: `ape-test status --watch`, `ape-test stop`\n");
      return;
    }
    if (ended !== undefined || performance.now() > end) {
      const configured = ended === EXIT.config;
      throw new ApeError(configured ? "USAGE" : "WORKER_DIED", "the run did not begin", {
        details: text.trim().split("\n").slice(-8),
        hint: `Its output is in ${file}.`,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
