import { OBSERVABILITY, type Observability } from "@ape/core/config/compose";
import { RUNTIMES, type Runtime } from "@ape/core/config/schema";
import { ApeError, type ExitName, exitWith, worstExit } from "@ape/core/lib/errors";
import { compareRuns } from "@ape/engine/compare/compare";
import { readResume } from "@ape/engine/launch/resume-file";
import { loadProject, type Project, type RunOverrides } from "@ape/engine/project/project";
import { livePageOf } from "@ape/engine/run/control";
import type { RunResult } from "@ape/engine/run/progress";
import { startRun } from "@ape/engine/run/run";
import { type Command, Option } from "commander";
import { startInBackground } from "../background.ts";
import { prepareContainers, spansTo } from "../docker/containers.ts";
import { showDryRun } from "../dry-run-output.ts";
import { withExamples } from "../examples.ts";
import { locateContinuable, locateRun } from "../find-run.ts";
import type { Io } from "../io.ts";
import type { LocalEngine } from "../kubernetes/local-engine.ts";
import { collect, durationOption, jsonOption, MOST, wholeNumber } from "../option.ts";
import { comparisonText } from "../output/comparison.ts";
import { colours } from "../output/style.ts";
import { pageOptions } from "../page-options.ts";
import { PATHS } from "../paths.ts";
import { runAndReport } from "../run-and-report.ts";
import { version } from "../version.ts";
import type { CommandContext, CommandDefinition } from "./command.ts";
import { comparisonExit, type ToleranceOptions, tolerancesOf, withTolerances } from "./compare.ts";

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
  engine?: "cluster" | "local";
  observability?: Observability;
  continue?: string;
  detach?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  json?: "object" | "stream";
  baseline?: string;
  dryRun?: boolean;
  thresholds?: boolean;
  page?: boolean;
  open?: boolean;
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
    .option("--no-thresholds", "measure, but let no threshold decide how it ends")
    .option("--page", "serve the page of the run on loopback while it runs (default on a terminal)")
    .option("--no-page", "serve no page")
    .option("--open", "open the page in a browser")
    .option("--quiet", "show nothing but errors")
    .addOption(
      new Option("--json [form]", "results as one JSON object, or =stream for NDJSON")
        .argParser(jsonOption)
        .preset(true),
    );
}

export function runOverridesOf(options: Partial<StartOptions>): RunOverrides {
  const { agents, duration, sessions, workers, seed, rampUp, goal = [], thresholds } = options;
  return {
    ...(agents === undefined ? {} : { agents }),
    ...(duration === undefined ? {} : { durationMs: duration }),
    ...(sessions === undefined ? {} : { sessions }),
    ...(workers === undefined ? {} : { workers }),
    ...(seed === undefined ? {} : { seed }),
    ...(rampUp === undefined ? {} : { rampUpMs: rampUp }),
    ...(goal.length === 0 ? {} : { goals: goal }),
    ...(thresholds === false ? { unjudged: true } : {}),
  };
}

export const startVerb: CommandDefinition = (command, { io, args, exit }) => {
  withTolerances(withLoadOptions(command))
    .option("--config <file>", "another configuration")
    .option("--goal <name>", "only this goal (repeatable)", collect)
    .addOption(new Option("--runtime <where>", "where the roles run").choices(RUNTIMES))
    .addOption(
      new Option(
        "--engine <where>",
        "Kubernetes only: run the engine in a pod of the cluster, or in this process",
      ).choices(["cluster", "local"]),
    )
    .addOption(
      new Option("--observability <much>", "compose only: what runs beside the run").choices(OBSERVABILITY),
    )
    .option("--dry-run", "one session, shown step by step, and nothing else")
    .option("--baseline <run>", "compare with this run at the end; ends with 99 where it got worse")
    .option("--continue <run>", "continue with a run in containers whose engine ended without a word")
    .option("--detach", "run in the background, or on the cluster alone; prints the run's id")
    .option(
      "--out <kind=destination>",
      "also write csv=FILE, json=FILE, prometheus-rw=URL, otlp=URL or otlp-traces=URL (repeatable)",
      collect,
    )
    .option(
      "--metrics-port <n>",
      "serve /metrics on loopback while it runs, 0 takes any",
      wholeNumber(0, MOST.port),
    )
    .action(async (options: StartOptions & ToleranceOptions) => {
      const load = () =>
        loadProject({
          cwd: io.cwd,
          configFile: options.config,
          environment: io.env,
          overrides: runOverridesOf(options),
        });
      if (options.dryRun === true) {
        for (const [name, given] of Object.entries({
          detach: options.detach,
          baseline: options.baseline,
          out: options.out,
        }))
          if (given !== undefined)
            throw new ApeError("USAGE", `--dry-run contradicts --${name}`, {
              hint: "A dry run leaves nothing behind: leave one of them out.",
            });
        exit(await showDryRun(await load(), io, options.json !== undefined));
        return;
      }
      const baseline = options.baseline === undefined ? undefined : await locateRun(io, options.baseline);
      const isCluster = await isForCluster(load, options);
      refuseEngine(options, isCluster);
      if (isCluster && options.engine !== "local") {
        refuseOnCluster(options);
        const { startOnCluster } = await import("../kubernetes/start-on-cluster.ts");
        const { exit: how, directory } = await startOnCluster(await load(), io, {
          ...options,
          overrides: runOverridesOf(options),
        });
        const worse =
          baseline === undefined || directory === undefined
            ? how
            : worstExit([how, await against(baseline, { directory }, io, options)]);
        exit(worse);
        return;
      }
      if (options.detach === true) {
        const { home } = await load();
        await detach(home, options, { io, args, exit });
        return;
      }
      let local: LocalEngine | undefined;
      const begin = async (signal: AbortSignal) => {
        const project = await load();
        const continued =
          options.continue === undefined ? undefined : await locateContinuable(io, options.continue);
        const resume = continued === undefined ? undefined : await readResume(continued);
        // Only a run in containers can be continued.
        const compose = resume !== undefined || (options.runtime ?? project.config.runtime) === "compose";
        const { observability, quiet } = options;
        if (observability !== undefined && !compose)
          throw new ApeError("USAGE", "--observability is for runs in containers", {
            hint: "Add --runtime compose, or leave it out.",
          });
        if ((compose || isCluster) && project.config.gateway.url !== undefined)
          throw new ApeError("USAGE", "a run in containers starts a gateway of its own", {
            hint: "Leave out --runtime compose, or `gateway.url`.",
          });
        if (isCluster) {
          const { openLocalEngine } = await import("../kubernetes/local-engine.ts");
          local = await openLocalEngine(io, project, {
            tell: (line) => {
              if (quiet !== true) io.err.write(`${line}\n`);
            },
            signal,
          });
        }
        const { launcher } = local ?? {};
        const run = await startRun(project, {
          ...(local === undefined ? {} : { id: local.run }),
          ...(launcher === undefined ? {} : { launcher: () => launcher }),
          workerEntry: PATHS.agents,
          pageFolder: PATHS.page,
          ...pageOptions(io, options, project.config.page.open),
          ...(compose
            ? {
                launcher: await prepareContainers(io, project, {
                  observability,
                  quiet: quiet === true,
                  resume,
                }),
              }
            : {}),
          ...(continued === undefined || resume === undefined
            ? {}
            : { continues: { directory: continued, resume } }),
          version: version(),
          signal,
          ...(quiet === true
            ? {}
            : { onWarning: (message: string) => io.err.write(`warning: ${message}\n`) }),
          out: [
            ...(options.out ?? []),
            ...(compose ? spansTo(io, observability ?? project.config.compose.observability) : []),
          ],
          ...(options.metricsPort === undefined ? {} : { metricsPort: options.metricsPort }),
        });
        local?.obey(run);
        io.announce({ run: run.id, directory: run.directory });
        if (options.quiet !== true && options.json === undefined) io.err.write(`run ${run.id}\n`);
        return run;
      };
      const { exit: how, result } = await runAndReport(begin, io, options).finally(() => local?.end());
      exit(baseline === undefined ? how : worstExit([how, await against(baseline, result, io, options)]));
    });
  withExamples(
    command,
    "ape-test start --agents 1000 --duration 5m",
    "ape-test start --duration 10m --open",
    "ape-test start --sessions 200 --seed 7 --json > summary.json",
    "ape-test start --goal buy --out csv=samples.csv",
    "ape-test start --dry-run --goal buy",
    "ape-test start --baseline 20261120 --tolerance 15",
    "ape-test start --detach && ape-test status --watch",
    "ape-test start --runtime kubernetes --engine local --page",
  );
};

/** Whether the command line, or else the configuration, wants the run on Kubernetes. */
async function isForCluster(
  load: () => Promise<Project>,
  { runtime, continue: continued }: StartOptions,
): Promise<boolean> {
  if (runtime !== undefined || continued !== undefined) return runtime === "kubernetes";
  return (await load()).config.runtime === "kubernetes";
}

/** @throws ApeError USAGE for an engine of this process where there is none, or that cannot stay */
function refuseEngine(
  { engine, detach: isDetached, continue: continued }: StartOptions,
  isCluster: boolean,
): void {
  if (engine === undefined) return;
  if (!isCluster)
    throw new ApeError("USAGE", "--engine is for runs on Kubernetes", {
      hint: "Add --runtime kubernetes, or leave it out.",
    });
  if (engine === "local" && (isDetached === true || continued !== undefined))
    throw new ApeError(
      "USAGE",
      `--engine local contradicts --${isDetached === true ? "detach" : "continue"}`,
      {
        hint: "The run ends with this process: leave one of them out.",
      },
    );
}

/** @throws ApeError USAGE for options that an engine in a pod cannot serve */
function refuseOnCluster(options: StartOptions): void {
  for (const [name, given] of Object.entries({
    continue: options.continue,
    observability: options.observability,
    out: options.out,
    "metrics-port": options.metricsPort,
    page: options.page === true ? true : undefined,
    open: options.open,
  }))
    if (given !== undefined)
      throw new ApeError("USAGE", `--${name} is not for runs on Kubernetes`, {
        hint: "Their engine runs in a pod: leave it out. The results have the same files as those of other runs.",
      });
}

/** Compares a run that has ended with its baseline. */
async function against(
  baseline: string,
  { directory }: Pick<RunResult, "directory">,
  io: Io,
  options: StartOptions & ToleranceOptions,
): Promise<ExitName> {
  const comparison = await compareRuns(baseline, directory, tolerancesOf(options));
  if (options.json === "stream") io.out.write(`${JSON.stringify({ type: "comparison", ...comparison })}\n`);
  // The standard output is one JSON object, the summary; `compare` prints the comparison.
  else if (options.quiet !== true)
    (options.json === undefined ? io.out : io.err).write(comparisonText(comparison, colours(io.out, io.env)));
  return comparisonExit(comparison);
}

/**
 * Runs the same command line in the background. If it ends before its run began, this command prints its output and
 * exits with its code.
 */
async function detach(
  home: string,
  { quiet, json, page, open }: StartOptions,
  { io, args, exit }: CommandContext,
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
    const url = page === true || open === true ? await livePageOf(directory) : undefined;
    if (url !== undefined) io.err.write(`page ${url}\n`);
    if (quiet !== true && json === undefined)
      io.err.write("running in the background: `ape-test status --watch`, `ape-test stop`\n");
    return;
  }
  io.err.write(started.output);
  const how = exitWith(started.exitCode);
  if (how === undefined || how === "ok")
    throw new ApeError("WORKER_DIED", `the command in the background ended with ${started.exitCode}`, {
      hint: "Try it without --detach.",
    });
  exit(how);
}
