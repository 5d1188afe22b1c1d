import { OBSERVABILITY, type Observability } from "@ape/core/config/compose";
import { RUNTIMES, type Runtime } from "@ape/core/config/schema";
import { ApeError, EXIT, type ExitName } from "@ape/core/errors";
import { loadProject, type Overrides } from "@ape/engine/project";
import { startRun } from "@ape/engine/run";
import { type Command, Option } from "commander";
import { startInBackground } from "../background.ts";
import { conduct } from "../conduct.ts";
import { prepareContainers } from "../containers.ts";
import { withExamples } from "../examples.ts";
import { collect, durationOption, jsonOption, MOST, wholeNumber } from "../option.ts";
import { PATHS } from "../paths.ts";
import type { Verb, VerbContext } from "../program.ts";
import { version } from "../version.ts";

interface StartOptions {
  config?: string;
  agents?: number;
  duration?: number;
  sessions?: number;
  workers?: number;
  seed?: number;
  rampUp?: number;
  goal?: string[];
  out?: string[];
  metricsPort?: number;
  runtime?: Runtime;
  observability?: Observability;
  detach?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  json?: "object" | "stream";
}

/** The load options that `start` and `demo` share. */
export function withLoadOptions(command: Command): Command {
  return command
    .option("--agents <n>", "how many agents", wholeNumber(1, MOST.agents))
    .option("--duration <time>", "how long agents take new sessions: 30s, 2m", durationOption(1))
    .option("--sessions <n>", "end after this many sessions instead", wholeNumber(1))
    .option("--ramp-up <time>", "reach the agents over this time", durationOption(0))
    .option("--workers <n>", "processes of agents", wholeNumber(1, MOST.workers))
    .option("--seed <n>", "draw the same goals, rows and think times again", wholeNumber(0, MOST.seed))
    .option("--quiet", "show nothing but errors")
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

export const startVerb: Verb = (program, { io, args, exit }) => {
  const command = withLoadOptions(
    program.command("start").description("Run the load test of this folder's ape.config.yaml."),
  )
    .option("--config <file>", "another configuration")
    .option("--goal <name>", "only this goal (repeatable)", collect)
    .addOption(new Option("--runtime <where>", "where the roles run").choices(RUNTIMES))
    .addOption(
      new Option("--observability <much>", "compose only: what runs beside the run").choices(OBSERVABILITY),
    )
    .option("--detach", "run in the background; prints the run's id")
    .option(
      "--out <kind=destination>",
      "also write csv=FILE, json=FILE, prometheus-rw=URL or otlp=URL (repeatable)",
      collect,
    )
    .option(
      "--metrics-port <n>",
      "serve /metrics on loopback while it runs, 0 takes any",
      wholeNumber(0, MOST.port),
    )
    .action(async (options: StartOptions) => {
      const load = () =>
        loadProject({
          cwd: io.cwd,
          configFile: options.config,
          environment: io.env,
          overrides: overridesOf(options),
        });
      if (options.detach === true) {
        const { home } = await load();
        await detach(home, options, { io, args, exit });
        return;
      }
      const begin = async () => {
        const project = await load();
        const compose = (options.runtime ?? project.config.runtime) === "compose";
        const { observability, quiet } = options;
        if (observability !== undefined && !compose)
          throw new ApeError("USAGE", "--observability is for runs in containers", {
            hint: "Add --runtime compose, or leave it out.",
          });
        const run = await startRun(project, {
          workerEntry: PATHS.agents,
          ...(compose
            ? {
                launcher: await prepareContainers(io, project, { observability, quiet: quiet === true }),
              }
            : {}),
          version: version(),
          ...(options.out === undefined ? {} : { out: options.out }),
          ...(options.metricsPort === undefined ? {} : { metricsPort: options.metricsPort }),
        });
        io.announce({ run: run.id, directory: run.directory });
        if (options.quiet !== true && options.json === undefined) io.err.write(`run ${run.id}\n`);
        return run;
      };
      exit((await conduct(begin(), io, options)).exit);
    });
  withExamples(
    command,
    "ape-test start --agents 1000 --duration 5m",
    "ape-test start --sessions 200 --seed 7 --json > summary.json",
    "ape-test start --goal buy --out csv=samples.csv",
    "ape-test start --detach && ape-test status --watch",
  );
};

/** Runs the same command line in the background. Where it ends before its run began, its words and exit are this one's. */
async function detach(
  home: string,
  { quiet, json }: StartOptions,
  { io, args, exit }: VerbContext,
): Promise<void> {
  const started = await startInBackground(
    PATHS.self,
    args.filter((arg) => arg !== "--detach"),
    home,
    io,
  );
  if ("run" in started) {
    const { run, directory } = started;
    io.out.write(json === undefined ? `${run}\n` : `${JSON.stringify({ run, directory })}\n`);
    if (quiet !== true && json === undefined)
      io.err.write("running in the background: `ape-test status --watch`, `ape-test stop`\n");
    return;
  }
  io.err.write(started.output);
  const how = (Object.keys(EXIT) as ExitName[]).find((name) => EXIT[name] === started.exitCode);
  if (how === undefined || how === "ok")
    throw new ApeError("WORKER_DIED", `the command in the background ended with ${started.exitCode}`, {
      hint: "Try it without --detach.",
    });
  exit(how);
}
