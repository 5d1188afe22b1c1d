import { randomInt } from "node:crypto";
import { basename, join } from "node:path";
import { offAbort, onAbort } from "@ape/core/abort";
import { ApeError, type ExitName, messageOf } from "@ape/core/errors";
import { randomFrom } from "@ape/core/random";
import { agentsAt, shareOf } from "@ape/core/schedule";
import { Arrivals } from "./arrivals.ts";
import { requireOperations, requireSchemas, uniqueRows } from "./check-project.ts";
import { systemClock as clock } from "./clock.ts";
import { ControlServer } from "./control.ts";
import { Exporters } from "./export/exporters.ts";
import { HealthMonitor } from "./health.ts";
import { runHooks } from "./hooks.ts";
import { EmbeddedLauncher, type WorkerHandle } from "./launch/embedded.ts";
import type { Crew, EngineGateway, Launcher } from "./launch/launcher.ts";
import type { FromWorker, WorkerBoot } from "./launch/protocol.ts";
import { type Resume, removeResume, writeResume } from "./launch/resume-file.ts";
import { Roster } from "./launch/roster.ts";
import { LiveFigures } from "./live-figures.ts";
import { ProcessFigures } from "./metrics/process-figures.ts";
import { showRun } from "./metrics/run-figures.ts";
import { type MetricsServer, serveMetrics } from "./metrics/server.ts";
import { containersFor, type LoadPlan, planOf, rowShares, workersFor } from "./plan.ts";
import type { Progress, RunHandle, RunResult } from "./progress.ts";
import type { Project } from "./project.ts";
import { computeResults, writeResults } from "./report.ts";
import { describeRun } from "./run-description.ts";
import { type EventLog, openEventLog } from "./store/event-log.ts";
import type { Manifest } from "./store/manifest.ts";
import { createRunDirectory, makeRunId, readManifest, writeManifest } from "./store/run-directory.ts";

const TICK_MS = 50;
const SECOND = 1_000;
/** A worker that was cut off has this long to write its last events. */
const FAREWELL_MS = 5_000;

export interface RunOptions {
  /** File of the worker process's main, for processes of this machine. */
  workerEntry: string;
  /** Starts the parts of the run elsewhere. */
  launcher?: (project: Project) => Launcher;
  /** Continues a run whose engine ended without a word, with the load that it had. */
  continues?: { directory: string; resume: Pick<Resume, "load" | "seed" | "startedAt" | "scaled"> };
  /** APE's own version, for the manifest. */
  version: string;
  /** `--out` destinations: `csv=file`, `otlp=url`... */
  out?: readonly string[];
  /** Serves `/metrics` on this port of loopback while the run goes on; 0 takes any. */
  metricsPort?: number;
  /** Gives the start up; once the load has begun, the handle's `stop` and `kill` end the run. */
  signal?: AbortSignal;
}

type Ending = { status: "finished" | "interrupted" | "aborted" | "crashed"; reason: string };

/**
 * Starts a run: checks targets, starts the workers, makes `setup`'s requests, and hands over a handle when the load
 * begins. Everything that can be wrong before the load throws here.
 * @throws ApeError; INTERRUPTED where the signal said so
 */
export async function startRun(given: Project, options: RunOptions): Promise<RunHandle> {
  const { continues } = options;
  const project =
    continues === undefined
      ? given
      : { ...given, config: { ...given.config, load: continues.resume.load, seed: continues.resume.seed } };
  const plan = planOf(project.config.load);
  const rows = await uniqueRows(project);
  const compose = options.launcher !== undefined;
  const workers = compose
    ? containersFor(project.config, plan, rows)
    : workersFor(project.config.load, plan, rows);
  const shares = compose ? rowShares(project.config, rows) : workers;
  const launcher = options.launcher?.(project) ?? new EmbeddedLauncher(project, options.workerEntry, workers);
  const seed = project.config.seed ?? randomInt(2 ** 32);
  const id =
    continues === undefined
      ? makeRunId(new Date(), randomFrom(randomInt(2 ** 32)))
      : basename(continues.directory);
  const directory = continues?.directory ?? (await createRunDirectory(project.home, id));
  const run = new Run(project, options, {
    id,
    directory,
    plan,
    workers,
    shares,
    seed,
    launcher,
  });
  await run.open();
  return run;
}

class Run implements RunHandle, Crew {
  readonly id: string;
  readonly directory: string;
  readonly finished: Promise<RunResult>;
  readonly #project: Project;
  readonly #options: RunOptions;
  readonly #plan: LoadPlan;
  readonly #seed: number;
  /** Workers that the load begins with, and parts that the data rows are dealt into. */
  readonly #count: number;
  readonly #shares: number;
  readonly #launcher: Launcher;
  readonly #roster = new Roster();
  readonly #listeners: ((progress: Progress) => void)[] = [];
  readonly #health = new HealthMonitor("engine", clock);
  readonly #exporters = new Exporters();
  #log: EventLog | undefined;
  #figures: LiveFigures;
  #manifest: Manifest | undefined;
  #control: ControlServer | undefined;
  readonly #own = new ProcessFigures();
  #metrics: MetricsServer | undefined;
  #gateway: EngineGateway | undefined;
  #timer: NodeJS.Timeout | undefined;
  #phase: Progress["phase"] = "starting";
  #startedAt = 0;
  #wanted = -1;
  #scaled: number | undefined;
  #nextSecond = SECOND;
  #arrivals: Arrivals | undefined;
  #ending: Ending | undefined;
  #failure: ApeError | undefined;
  #finish: (result: RunResult) => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;
  #booted: { resolve: () => void; reject: (error: unknown) => void } | undefined;

  constructor(
    project: Project,
    options: RunOptions,
    parts: {
      id: string;
      directory: string;
      plan: LoadPlan;
      workers: number;
      shares: number;
      seed: number;
      launcher: Launcher;
    },
  ) {
    this.#project = project;
    this.#options = options;
    this.id = parts.id;
    this.directory = parts.directory;
    this.#plan = parts.plan;
    this.#count = parts.workers;
    this.#shares = parts.shares;
    this.#launcher = parts.launcher;
    this.#seed = parts.seed;
    this.#figures = new LiveFigures(
      project.config.thresholds,
      project.config.inference.provider === "simulated",
    );
    this.finished = new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    this.finished.catch(() => undefined);
  }

  /** Everything up to the first agent. */
  async open(): Promise<void> {
    const { signal } = this.#options;
    let giveUp = (): void => undefined;
    const givenUp = new Promise<never>((_resolve, reject) => {
      giveUp = () => reject(new ApeError("INTERRUPTED", "the run was stopped before its load began"));
    });
    givenUp.catch(() => undefined);
    if (signal?.aborted === true) giveUp();
    else if (signal !== undefined) onAbort(signal, giveUp);
    const prepared = this.#prepare();
    try {
      await Promise.race([prepared, givenUp]);
    } catch (thrown) {
      await this.#abandon();
      // What was on its way when the start was given up is closed when it is there.
      prepared
        .then(
          () => this.#abandon(),
          () => this.#abandon(),
        )
        .catch(() => undefined);
      throw thrown;
    } finally {
      if (signal !== undefined) offAbort(signal, giveUp);
    }
    await this.#begin();
  }

  /** Starts the workers, looks at the targets, makes the requests of `setup`. */
  async #prepare(): Promise<void> {
    this.#log = await openEventLog(join(this.directory, "events"), "engine", {
      onFailure: (error) => this.#crash(error),
    });
    const ready = new Promise<void>((resolve, reject) => {
      this.#booted = { resolve, reject };
    });
    const { continues, out = [], metricsPort } = this.#options;
    // The workers of a run that is continued may be fewer by now.
    await Promise.all([this.#launcher.open(this), continues === undefined ? ready : undefined, this.#look()]);
    if (continues !== undefined) this.#manifest = await readManifest(this.directory);
    const manifest = this.#manifest;
    if (manifest === undefined) throw new ApeError("INTERNAL", "no worker named its model");
    if (continues === undefined) await writeManifest(this.directory, manifest);
    await this.#exporters.open(out, { manifest, cwd: process.cwd() });
    if (this.#gateway !== undefined && continues === undefined)
      await runHooks("setup", this.#project.config, this.#gateway.transport, this.#log);
    if (metricsPort !== undefined) this.#metrics = await this.#serveMetrics(metricsPort);
    this.#control = await ControlServer.open(this);
  }

  get run(): string {
    return this.id;
  }

  boot(index: number, share?: number): WorkerBoot {
    const { config, secrets, environment, directory } = this.#project;
    return {
      run: this.id,
      runDirectory: this.directory,
      baseDir: directory,
      config,
      secrets,
      environment,
      seed: this.#seed,
      worker: index,
      workers: this.#shares,
      ...(share === undefined ? {} : { share }),
      ...(this.#plan.sessions === undefined
        ? {}
        : { sessions: index < this.#count ? shareOf(this.#plan.sessions, index, this.#count) : 0 }),
    };
  }

  joined(handle: WorkerHandle): void {
    this.#roster.join(handle);
  }

  leaving(index: number): void {
    this.#roster.leaving(index);
    this.#shareOut();
  }

  say(level: "info" | "warn" | "error", message: string): void {
    this.#log?.record({ type: "log", at: clock.epoch(), level, part: "engine", message });
  }

  /** What the engine itself looks at while its workers start. */
  async #look(): Promise<void> {
    this.#gateway = await this.#launcher.openGateway();
    requireOperations(this.#project, this.#gateway);
    requireSchemas(this.#project);
    for (const target of Object.keys(this.#project.config.targets)) await this.#gateway.reach(target);
  }

  #serveMetrics(port: number): Promise<MetricsServer> {
    return serveMetrics({
      port,
      labels: { run: this.id },
      show: (page) => {
        showRun(page, { aggregator: this.#figures.aggregator, agentsWanted: Math.max(0, this.#wanted) });
        this.#own.show(page);
      },
    });
  }

  /** What another engine needs, should this one end without a word. */
  async #keepResume(startedAt: number): Promise<void> {
    const { continuation } = this.#launcher;
    if (continuation === undefined) return;
    const { load } = this.#project.config;
    const scaled = this.#scaled === undefined ? {} : { scaled: this.#scaled };
    await writeResume(this.directory, { ...continuation, load, seed: this.#seed, startedAt, ...scaled });
  }

  async #begin(): Promise<void> {
    const before = this.#options.continues?.resume.startedAt;
    this.#scaled = this.#options.continues?.resume.scaled;
    const startedAt = before ?? clock.epoch();
    this.#startedAt = clock.now() - (clock.epoch() - startedAt);
    if (before === undefined)
      this.#log?.record({ type: "run_started", at: startedAt, run: this.id, seed: this.#seed });
    else this.say("warn", "the engine had gone: another one continues the run");
    await this.#keepResume(startedAt);
    this.#phase = "running";
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
    const { arrivals } = this.#plan;
    if (arrivals !== undefined)
      this.#arrivals = new Arrivals(
        arrivals,
        () => this.#elapsed,
        (due) => this.#arrive(due),
      );
    this.#arrivals?.start();
    this.#tell();
  }

  get #elapsed(): number {
    return this.#startedAt === 0 ? 0 : clock.now() - this.#startedAt;
  }

  #tick(): void {
    const elapsed = this.#elapsed;
    if (this.#phase === "running") {
      this.#setWanted(this.#scaled ?? Math.round(agentsAt(this.#plan.agents, elapsed)));
      if (this.#plan.durationMs !== undefined && elapsed >= this.#plan.durationMs)
        this.#drain({ status: "finished", reason: "the planned time has passed" });
    }
    if (elapsed < this.#nextSecond) return;
    this.#nextSecond = Math.floor(elapsed / SECOND) * SECOND + SECOND;
    this.#figures.tick(elapsed);
    const sample = this.#health.sample();
    this.#own.add(sample);
    this.#log?.record(sample);
    this.#judge(elapsed);
    this.#exporters.push(this.#figures.aggregator, clock.epoch());
    this.#tell();
  }

  #setWanted(agents: number): void {
    if (agents === this.#wanted) return;
    this.#wanted = agents;
    this.#shareOut();
  }

  #shareOut(): void {
    if (this.#phase === "running" && this.#wanted >= 0) this.#roster.shareOut(this.#wanted);
  }

  #arrive(due: number): void {
    const at = clock.epoch();
    if (this.#roster.arrive(Math.max(0, this.#wanted), at - (this.#elapsed - due))) return;
    const dropped = { type: "session_dropped", at } as const;
    this.#log?.record(dropped);
    this.#figures.aggregator.add(dropped);
  }

  #judge(elapsed: number): void {
    if (this.#phase !== "running") return;
    const crossed = this.#figures.judge(elapsed).find((threshold) => threshold.abort);
    if (crossed !== undefined)
      this.#drain({ status: "aborted", reason: `${crossed.metric}: ${crossed.expression} was crossed` });
    const { maxCost } = this.#project.config.inference;
    if (maxCost !== undefined && this.#figures.costUsd >= maxCost)
      this.#drain({ status: "aborted", reason: `the cost budget of ${maxCost} USD is used up` });
  }

  message(index: number, message: FromWorker): void {
    if (!this.#roster.knows(index)) return;
    if (message.type === "ready") {
      this.#manifest ??= describeRun(this.#project, this.#plan, {
        id: this.id,
        seed: this.#seed,
        runtime: this.#launcher.runtime,
        version: this.#options.version,
        model: message.model,
        workers: this.#count,
      });
      if (this.#roster.ready(index) >= this.#count) this.#booted?.resolve();
      this.#shareOut();
    } else if (message.type === "failed") {
      const { code, message: text, hint, details } = message.error;
      this.#crash(new ApeError(code, text, { details, ...(hint === undefined ? {} : { hint }) }));
    } else if (message.type === "figures")
      this.#figures.add(index, message.snapshot, message.active, message.waiting);
    else if (message.type === "freed") this.#roster.freed(index, message.count);
    else this.#figures.add(index, message.snapshot, 0, 0);
  }

  gone(index: number, expected: boolean, how: string): void {
    if (!this.#roster.isThere(index)) return;
    this.#roster.gone(index);
    this.#figures.left(index);
    if (this.#launcher.replaces && this.#phase === "running") {
      if (!expected) this.say("warn", `agents-${index} is gone: ${how}; what it had recorded is kept`);
      this.#shareOut();
      if (this.#plan.sessions === undefined) return;
    } else if (!expected && this.#ending?.status !== "crashed")
      this.#crash(
        new ApeError("WORKER_DIED", `the process of agents-${index} ended: ${how}`, {
          hint: "What it had recorded is kept. See `ape-test logs`.",
        }),
      );
    if (this.#roster.allGone && this.#phase !== "starting") void this.#close();
  }

  /** Something broke: before the load it is the start's error, later it ends the run with what was measured. */
  #crash(error: ApeError): void {
    this.say("error", `${error.code}: ${messageOf(error)}`);
    this.#failure ??= error;
    if (this.#phase === "starting") this.#booted?.reject(error);
    else if (this.#ending?.status !== "crashed") {
      this.#ending = undefined;
      this.#drain({ status: "crashed", reason: error.message });
    }
  }

  #drain(ending: Ending): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    this.#phase = "draining";
    this.#arrivals?.stop();
    this.say("info", ending.reason);
    this.#roster.tell({ type: "drain" });
    const { gracefulStop } = this.#project.config.load;
    setTimeout(() => this.#cut(), gracefulStop).unref();
    this.#tell();
    // Where workers come and go, there may be none at this moment.
    if (this.#launcher.replaces && this.#roster.allGone) void this.#close();
  }

  #cut(): void {
    if (this.#phase === "ended") return;
    this.#roster.tell({ type: "cut" });
    setTimeout(() => this.#roster.kill(), FAREWELL_MS).unref();
  }

  stop(): void {
    if (this.#phase === "running") this.#drain({ status: "interrupted", reason: "the run was stopped" });
    else if (this.#ending?.status === "finished")
      this.#ending = { status: "interrupted", reason: "the run was stopped while it drained" };
  }

  kill(): void {
    if (this.#phase === "ended") return;
    this.stop();
    this.#cut();
  }

  scale(agents: number): void {
    this.#scaled = agents;
    this.#launcher.scale(agents);
    this.#keepResume(clock.epoch() - this.#elapsed).catch((thrown: unknown) =>
      this.say("warn", messageOf(thrown)),
    );
    this.say("info", `scaled to ${agents} agents`);
  }

  async #close(): Promise<void> {
    if (this.#phase === "ended") return;
    this.#phase = "ended";
    clearInterval(this.#timer);
    const ending = this.#ending ?? { status: "finished", reason: "the planned sessions have ended" };
    try {
      if (this.#gateway !== undefined && this.#log !== undefined)
        await runHooks("teardown", this.#project.config, this.#gateway.transport, this.#log);
      await this.#launcher.settle();
      await this.#gateway?.close();
      this.#log?.record(this.#health.sample());
      this.#log?.record({ type: "run_ended", at: clock.epoch(), ...ending });
      await this.#log?.close();
      this.#health.close();
      await this.#metrics?.close();
      const results = await computeResults(this.directory);
      let worst: ExitName = results.exit;
      try {
        await writeResults(this.directory, results);
      } catch (thrown) {
        this.#failure ??=
          thrown instanceof ApeError ? thrown : new ApeError("RUN_DIRECTORY", messageOf(thrown));
        worst = "crashed";
      }
      await this.#launcher.close();
      await removeResume(this.directory);
      await this.#control?.close();
      const unsent = await this.#exporters.close(this.directory, this.#figures.aggregator, clock.epoch());
      if (unsent !== undefined) {
        this.#failure ??= unsent;
        worst = "crashed";
      }
      this.#tell();
      this.#finish({
        summary: results.summary,
        exit: worst,
        directory: this.directory,
        ...(this.#failure === undefined ? {} : { failure: this.#failure }),
      });
    } catch (thrown) {
      await this.#launcher.close().catch(() => undefined);
      await this.#control?.close();
      this.#fail(thrown);
    }
  }

  /** Ends what was started before the load could begin. */
  async #abandon(): Promise<void> {
    this.#phase = "ended";
    const open = [this.#launcher, this.#metrics, this.#gateway, this.#control, this.#log];
    this.#metrics = undefined;
    this.#gateway = undefined;
    this.#control = undefined;
    this.#health.close();
    for (const one of open) await one?.close();
  }

  onProgress(listener: (progress: Progress) => void): void {
    this.#listeners.push(listener);
  }

  #tell(): void {
    if (this.#listeners.length === 0) return;
    const progress = this.progress();
    for (const listener of this.#listeners) listener(progress);
  }

  progress(): Progress {
    const elapsedMs = this.#elapsed;
    const figures = this.#figures.read(elapsedMs);
    const { durationMs, sessions } = this.#plan;
    const done =
      durationMs !== undefined
        ? elapsedMs / Math.max(1, durationMs)
        : figures.sessions.ended / Math.max(1, sessions ?? 1);
    return {
      run: this.id,
      phase: this.#phase,
      elapsedMs,
      done: Math.min(1, done),
      ...(durationMs === undefined ? {} : { leftMs: Math.max(0, durationMs - elapsedMs) }),
      agentsWanted: Math.max(0, this.#wanted),
      workers: this.#roster.shown(Math.max(0, this.#wanted)),
      ...figures,
    };
  }
}
