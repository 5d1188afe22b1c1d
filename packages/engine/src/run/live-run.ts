import { join } from "node:path";
import { toMicros } from "@ape/core/lib/duration";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import { partition } from "@ape/core/lib/schedule";
import type { Event, LogWritten, Recorder } from "@ape/core/protocol/events";
import type { ToolTransport } from "@ape/core/protocol/tool-call";
import type { RunProgress } from "@ape/core/report/progress";
import type { AggregateSnapshot } from "../aggregate/aggregator.ts";
import type { S3Upload } from "../export/s3-upload.ts";
import { systemClock as clock } from "../host/clock.ts";
import { raceAbort } from "../host/race-abort.ts";
import type { EngineGateway, Launcher, RunContext } from "../launch/launcher.ts";
import { EVENT_BYTES_PER_SECOND } from "../launch/messages.ts";
import { removeResume, writeResume } from "../launch/resume-file.ts";
import type { WorkerHandle } from "../launch/worker-handle.ts";
import { WorkerRegistry } from "../launch/worker-registry.ts";
import { LivePage } from "../page/live-page.ts";
import { requireOperations, requireSchemas } from "../project/check-project.ts";
import type { Project } from "../project/project.ts";
import { type EventLog, openEventLog } from "../store/event-log.ts";
import type { Manifest } from "../store/manifest.ts";
import { readManifest, writeManifest } from "../store/run-directory.ts";
import type { FromWorker, WorkerBoot } from "../worker/protocol.ts";
import { ControlServer } from "./control.ts";
import { CostGrants } from "./cost-grants.ts";
import { runHooks } from "./hooks.ts";
import type { LiveFigures } from "./live-figures.ts";
import { LoadControl } from "./load-control.ts";
import { type LoadPlan, progressIn } from "./plan.ts";
import type { RunHandle, RunResult } from "./progress.ts";
import { conclude } from "./report.ts";
import { describeRun, withProofs } from "./run-description.ts";
import { RunMonitor } from "./run-monitor.ts";
import type { RunOptions } from "./run-options.ts";
import { WorkerDeadlines } from "./worker-deadlines.ts";

const TICK_MS = 50;
/** A worker that was cut off has this long to write its last events. */
const GRACE_MS = 5_000;

/** Sessions in a row, of all agents, without a usable answer of the model, after which a run ends. */
const MOST_UNUSABLE = 10;
type Ending = {
  error?: "MODEL_UNUSABLE";
  status: "finished" | "interrupted" | "aborted" | "crashed";
  reason: string;
};

/** Marks on a report's time axis when a run begins to end; its end has one of its own. */
const MARK_OF: Partial<Record<Ending["status"], LogWritten["mark"]>> = {
  interrupted: "stop",
  aborted: "limit",
};

/** The parts that a run starts with. */
interface Parts {
  id: string;
  directory: string;
  plan: LoadPlan;
  /** Workers at the beginning of the load, and parts of the data rows. */
  workers: number;
  shares: number;
  seed: number;
  launcher: Launcher;
  /** Takes the run's folder at its end. */
  upload?: Pick<S3Upload, "upload">;
}

/** A run of this process, from its first worker to its summary. */
export class LiveRun implements RunHandle, RunContext {
  readonly id: string;
  readonly directory: string;
  readonly finished: Promise<RunResult>;
  readonly #project: Project;
  readonly #options: RunOptions;
  readonly #plan: LoadPlan;
  readonly #parts: Parts;
  readonly #launcher: Launcher;
  readonly #registry = new WorkerRegistry();
  readonly #load: LoadControl;
  /** Undefined if the configuration limits no cost. */
  readonly #grants: CostGrants | undefined;
  readonly #listeners: ((progress: RunProgress) => void)[] = [];
  readonly #instruments: RunMonitor;
  #log: EventLog | undefined;
  #manifest: Manifest | undefined;
  /** Credentials that answers to `setup` issued. */
  #issued: readonly string[] = [];
  #control: ControlServer | undefined;
  #page: LivePage | undefined;
  #gateway: EngineGateway | undefined;
  #timer: NodeJS.Timeout | undefined;
  #phase: RunProgress["phase"] = "starting";
  #startedAt = 0;
  /** Milliseconds of the whole run, once it has ended. */
  #endedAfter: number | undefined;
  #unusable = 0;
  #isThrottled = false;
  /** Whether the user has ended the run by force, so that workers may end without a word. */
  #isKilled = false;
  readonly #deadlines = new WorkerDeadlines(() => this.#ending?.status === "crashed");
  #ending: Ending | undefined;
  #failure: ApeError | undefined;
  #finish: (result: RunResult) => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;
  #booted: { resolve: () => void; reject: (error: unknown) => void } | undefined;

  constructor(project: Project, options: RunOptions, parts: Parts) {
    this.#project = project;
    this.#options = options;
    this.id = parts.id;
    this.directory = parts.directory;
    this.#plan = parts.plan;
    this.#parts = parts;
    this.#launcher = parts.launcher;
    this.#instruments = new RunMonitor(project.config);
    this.#load = new LoadControl(parts.plan, this.#registry, clock, (at) => this.#drop(at));
    const { maxCost } = project.config.inference;
    if (maxCost !== undefined) this.#grants = new CostGrants(maxCost);
    this.finished = new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    this.finished.catch(() => undefined);
  }

  /** Prepares everything up to the first agent. */
  async open(): Promise<void> {
    const prepared = this.#prepare();
    try {
      await raceAbort(prepared, this.#options.signal);
    } catch (thrown) {
      await this.#abandon();
      // Parts that were still opening when the start was cancelled are closed when they are open.
      const abandon = (): Promise<void> => this.#abandon();
      prepared.then(abandon, abandon).catch(() => undefined);
      throw thrown;
    }
    await this.#begin();
  }

  /** Starts the workers, checks the targets, makes the requests of `setup`. */
  async #prepare(): Promise<void> {
    this.#log = await openEventLog(join(this.directory, "events"), "engine", {
      onFailure: (error) => this.#crash(error),
    });
    const ready = new Promise<void>((resolve, reject) => {
      this.#booted = { resolve, reject };
    });
    const { continues } = this.#options;
    // A continued run may have fewer workers by now.
    await Promise.all([this.#launcher.open(this), continues === undefined ? ready : undefined, this.#look()]);
    if (continues !== undefined) this.#manifest = await readManifest(this.directory);
    const described = this.#manifest;
    if (described === undefined) throw new ApeError("INTERNAL", "no worker named its model");
    const manifest =
      continues === undefined && this.#gateway !== undefined
        ? withProofs(described, this.#project, this.#gateway)
        : described;
    this.#manifest = manifest;
    if (continues === undefined) await writeManifest(this.directory, manifest);
    await this.#instruments.open(manifest, this.#options, () => this.#load.wanted);
    if (this.#gateway !== undefined && continues === undefined)
      await this.#setUp(this.#gateway.transport, this.#log);
    this.#page = await this.#openPage(manifest);
    this.#control = await ControlServer.open(this, this.#page?.url);
  }

  async #openPage(manifest: Manifest): Promise<LivePage | undefined> {
    const { onPage, pageFolder } = this.#options;
    if (onPage === undefined || pageFolder === undefined) return undefined;
    const page = await LivePage.open(pageFolder, this, { manifest, aggregator: this.#figures.aggregator });
    onPage(page.url);
    return page;
  }

  async #setUp(tools: ToolTransport, log: Recorder): Promise<void> {
    this.#issued = await runHooks("setup", this.#project.config, tools, log);
    // Workers that join later get them with their start configuration.
    if (this.#issued.length > 0) this.#registry.sendToAll({ type: "secrets", secrets: this.#issued });
  }

  get #figures(): LiveFigures {
    return this.#instruments.figures;
  }

  get run(): string {
    return this.id;
  }

  get recording(): RunContext["recording"] {
    return { seed: this.#parts.seed, ...this.#project.config.events };
  }

  boot(index: number, share?: number): WorkerBoot {
    const { config, secrets, environment, directory } = this.#project;
    return {
      run: this.id,
      runDirectory: this.directory,
      baseDir: directory,
      config,
      secrets: [...secrets, ...this.#issued],
      environment,
      seed: this.#parts.seed,
      worker: index,
      workers: this.#parts.shares,
      ...(share === undefined ? {} : { share }),
      ...(this.#options.onPage === undefined ? {} : { report: true }),
      ...(config.events.send === "all"
        ? {}
        : { eventBytesPerSecond: EVENT_BYTES_PER_SECOND / this.#parts.workers }),
      ...(this.#plan.sessions === undefined
        ? {}
        : {
            sessions:
              index < this.#parts.workers ? partition(this.#plan.sessions, index, this.#parts.workers) : 0,
          }),
    };
  }

  joined(handle: WorkerHandle): void {
    this.#registry.join(handle);
  }

  returned(index: number): void {
    if (this.#phase === "ended" || !this.#registry.knows(index)) return;
    this.#registry.markReturned(index);
    this.say("info", `agents-${index} is back`);
    if (this.#phase === "running") this.#load.shareOut();
  }

  reachable(isReachable: boolean): void {
    if (!isReachable) this.say("warn", "the message bus does not answer: agents wait until it does");
    this.#deadlines.setReachable(isReachable);
  }

  wasAway(durationMs: number): void {
    const outage: Event = { type: "bus_outage", at: clock.epoch(), durationMs: toMicros(durationMs) };
    this.#record(outage);
    this.#figures.aggregator.add(outage);
  }

  leaving(index: number): void {
    this.#registry.markLeaving(index);
    this.#load.shareOut();
  }

  say(level: "info" | "warn" | "error", message: string, mark?: LogWritten["mark"]): void {
    this.#record({
      type: "log",
      at: clock.epoch(),
      level,
      part: "engine",
      message,
      ...(mark === undefined ? {} : { mark }),
    });
  }

  #record(event: Event): void {
    this.#log?.record(event);
    this.#page?.add(event);
  }

  failed(error: ApeError): void {
    this.#crash(error);
  }

  /** Marks the first time that a CPU limit holds a process back. */
  #noticeThrottling(part: string, throttledMs: number): void {
    if (throttledMs === 0 || this.#isThrottled) return;
    this.#isThrottled = true;
    this.say("warn", `a CPU limit holds ${part} back: latencies include that from now on`);
  }

  recorded(event: Event): void {
    if (event.type === "health") this.#noticeThrottling(event.part, event.throttledMs ?? 0);
    this.#figures.aggregator.add(event);
    this.#page?.add(event);
  }

  figures(snapshot: AggregateSnapshot): void {
    this.#figures.aggregator.merge(snapshot);
  }

  /** The engine's own checks while its workers start. */
  async #look(): Promise<void> {
    this.#gateway = await this.#launcher.openGateway();
    requireOperations(this.#project, this.#gateway);
    requireSchemas(this.#project);
    for (const target of Object.keys(this.#project.config.targets)) await this.#gateway.reach(target);
  }

  /** Writes the state with which another engine can continue the run if this one dies. */
  async #keepResume(startedAt: number): Promise<void> {
    const { continuation } = this.#launcher;
    const { load } = this.#project.config;
    const scaled = this.#load.scaled === undefined ? {} : { scaled: this.#load.scaled };
    const state = { load, seed: this.#parts.seed, startedAt, ...scaled };
    if (this.#manifest !== undefined) await this.#launcher.keep?.({ ...state, manifest: this.#manifest });
    if (continuation !== undefined) await writeResume(this.directory, { ...continuation, ...state });
  }

  async #begin(): Promise<void> {
    const before = this.#options.continues?.resume.startedAt;
    this.#load.scale(this.#options.continues?.resume.scaled);
    const startedAt = before ?? clock.epoch();
    this.#startedAt = clock.now() - (clock.epoch() - startedAt);
    if (before === undefined || this.#options.continues?.isFolderNew === true)
      this.#record({ type: "run_started", at: startedAt, run: this.id, seed: this.#parts.seed });
    if (before !== undefined) this.say("warn", "the engine had gone: another one continues the run");
    await this.#keepResume(startedAt);
    this.#phase = "running";
    this.#load.start();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
    this.#load.startArrivals(() => this.#elapsed);
    this.#notify();
  }

  get #elapsed(): number {
    if (this.#endedAfter !== undefined) return this.#endedAfter;
    return this.#startedAt === 0 ? 0 : clock.now() - this.#startedAt;
  }

  #tick(): void {
    const elapsed = this.#elapsed;
    if (this.#phase === "running") {
      this.#load.tick(elapsed);
      if (this.#plan.durationMs !== undefined && elapsed >= this.#plan.durationMs)
        this.#drain({ status: "finished", reason: "the planned time has passed" });
    }
    const sample = this.#instruments.tick(elapsed);
    if (sample === undefined) return;
    this.#record(sample);
    this.#noticeThrottling(sample.part, sample.throttledMs ?? 0);
    this.#judge(elapsed);
    this.#notify();
    this.#page?.tick();
  }

  /** Records an arrival that no worker could take. */
  #drop(at: number): void {
    const dropped = { type: "session_dropped", at } as const;
    this.#record(dropped);
    this.#figures.aggregator.add(dropped);
  }

  #judge(elapsed: number): void {
    if (this.#phase !== "running") return;
    const reason = this.#figures.reasonToAbort(elapsed, this.#project.config.inference.maxCost);
    if (reason !== undefined) this.#drain({ status: "aborted", reason });
  }

  message(index: number, message: FromWorker): void {
    if (!this.#registry.knows(index)) return;
    if (message.type === "ready") {
      this.#manifest ??= describeRun(this.#project, this.#plan, {
        id: this.id,
        seed: this.#parts.seed,
        runtime: this.#launcher.runtime,
        version: this.#options.version,
        model: message.model,
        workers: this.#parts.workers,
      });
      if (this.#registry.ready(index) >= this.#parts.workers) this.#booted?.resolve();
      this.#load.shareOut();
      // The replacement of a worker that left while the run was ending has nothing to do.
      if (this.#phase === "draining") this.#registry.send(index, { type: "drain" });
    } else if (message.type === "failed") {
      const { code, message: text, hint, details } = message.error;
      this.#crash(new ApeError(code, text, { details, ...(hint === undefined ? {} : { hint }) }));
    } else if (message.type === "figures") this.#addFigures(index, message);
    else if (message.type === "model") this.#judgeModel(message.reason);
    else if (message.type === "budget") this.#grant(index, message.usd);
    else if (message.type === "freed") this.#registry.freed(index, message.count);
    else this.#addFigures(index, { ...message, active: 0, waiting: 0 });
  }

  #addFigures(
    index: number,
    { snapshot, active, waiting, report }: Omit<Extract<FromWorker, { type: "figures" }>, "type">,
  ): void {
    this.#figures.add(index, snapshot, active, waiting);
    for (const { part, throttledMs = 0 } of snapshot.health) this.#noticeThrottling(part, throttledMs);
    if (report !== undefined) this.#page?.merge(index, { report, active, waiting });
  }

  /** Ends a run whose model gives no usable answers: further sessions would only cost money and time. */
  #judgeModel(reason: string | undefined): void {
    this.#unusable = reason === undefined ? 0 : this.#unusable + 1;
    if (reason === undefined || this.#unusable < MOST_UNUSABLE || this.#phase !== "running") return;
    const text = `${MOST_UNUSABLE} sessions in a row got no usable answer of the model: ${reason}`;
    this.#failure ??= new ApeError("MODEL_UNUSABLE", text, {
      hint: "Try one call of it with `ape-test doctor --model`.",
    });
    this.#drain({ status: "aborted", reason: text, error: "MODEL_UNUSABLE" });
    this.#cut();
  }

  /** Grants a worker money for model calls from the remaining budget. */
  #grant(index: number, wanted: number): void {
    if (this.#grants === undefined) return;
    if (wanted > 0) this.#registry.send(index, { type: "budget", usd: this.#grants.grant(wanted) });
    else if (this.#phase === "running")
      this.#drain({
        status: "aborted",
        reason: `the cost budget of ${this.#grants.maxUsd} USD is used up: another call could exceed it`,
      });
  }

  gone(index: number, expected: boolean, how: string): void {
    if (!this.#registry.isThere(index)) return;
    this.#registry.markExited(index);
    this.#figures.left(index);
    this.#page?.left(index, clock.epoch());
    if (this.#launcher.replaces && this.#phase !== "starting") {
      if (!expected) this.say("warn", `agents-${index} is gone: ${how}; what it had recorded is kept`);
      if (this.#phase === "running") {
        this.#load.shareOut();
        if (this.#plan.sessions === undefined) return;
      }
    } else if (!expected && !this.#isKilled && this.#ending?.status !== "crashed")
      this.#crash(
        new ApeError("WORKER_DIED", `the process of agents-${index} ended: ${how}`, {
          hint: "What it had recorded is kept. See `ape-test logs`.",
        }),
      );
    if (this.#registry.allExited && this.#phase !== "starting") void this.#close();
  }

  /** Handles a failure: before the load it fails the start, later it ends the run with its results so far. */
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
    this.#load.stop();
    this.say("info", ending.reason, MARK_OF[ending.status]);
    this.#registry.sendToAll({ type: "drain" });
    const { gracefulStop } = this.#project.config.load;
    this.#deadlines.after(gracefulStop, () => this.#cut());
    this.#notify();
    // If workers come and go, there may be none at this moment.
    if (this.#launcher.replaces && this.#registry.allExited) void this.#close();
  }

  #cut(): void {
    if (this.#phase === "ended") return;
    this.#registry.sendToAll({ type: "cut" });
    this.#deadlines.after(GRACE_MS, () => this.#registry.kill());
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
    setTimeout(() => {
      this.#isKilled = true;
      this.#registry.kill();
    }, GRACE_MS).unref();
  }

  scale(agents: number): void {
    if (this.#phase === "draining" || this.#phase === "ended") {
      this.say("warn", `not scaled to ${agents} agents: the run is ending`);
      return;
    }
    this.#load.scale(agents);
    this.#launcher.scale(agents);
    this.#keepResume(clock.epoch() - this.#elapsed).catch((thrown: unknown) =>
      this.say("warn", messageOf(thrown)),
    );
    this.say("info", `scaled to ${agents} agents`, "scale");
  }

  /** How a run with a fixed number of sessions has ended whose workers are done or gone. */
  #endOfSessions(): Ending {
    const { sessions: planned = 0 } = this.#plan;
    const unbegun = planned - this.#figures.read(this.#elapsed).sessions.started;
    if (unbegun <= 0) return { status: "finished", reason: "the planned sessions have ended" };
    const reason = `${unbegun} of ${planned} planned sessions did not begin: the workers that had them are gone`;
    this.#failure ??= new ApeError("WORKER_DIED", reason, {
      hint: "Give the run a `duration` in place of `sessions` where workers may be replaced: their work is then shared out again.",
    });
    return { status: "crashed", reason };
  }

  async #close(): Promise<void> {
    if (this.#phase === "ended") return;
    this.#phase = "ended";
    this.#load.stop();
    clearInterval(this.#timer);
    const ending = this.#ending ?? this.#endOfSessions();
    try {
      if (this.#gateway !== undefined && this.#log !== undefined)
        await runHooks("teardown", this.#project.config, this.#gateway.transport, this.#log);
      await this.#launcher.settle();
      await this.#gateway?.close();
      this.#log?.record(this.#instruments.sample());
      this.#endedAfter = this.#elapsed;
      this.#log?.record({ type: "run_ended", at: clock.epoch(), ...ending });
      await this.#log?.close();
      await this.#instruments.close();
      // The message bus has the events that could not be written: the run is not over, another engine can continue it.
      if (this.#launcher.replaces && this.#failure?.code === "STORE_FULL") throw this.#failure;
      const { summary, report, exit, unwritten } = await conclude(this.directory, this.#options.pageFolder);
      await this.#page?.close({ summary, report });
      await this.#launcher.close(true);
      await removeResume(this.directory);
      await this.#control?.close();
      const exported = await this.#instruments.closeExports(this.directory);
      const unsent = exported ?? (await this.#upload());
      this.#failure ??= unwritten ?? unsent;
      this.#notify();
      this.#finish({
        summary,
        report,
        exit: unsent === undefined ? exit : "crashed",
        directory: this.directory,
        ...(this.#failure === undefined ? {} : { failure: this.#failure }),
      });
    } catch (thrown) {
      await this.#launcher.close().catch(() => undefined);
      await this.#page?.close();
      await this.#control?.close();
      this.#fail(thrown);
    }
  }

  /** Puts the run's folder where `results.upload` says. */
  async #upload(): Promise<ApeError | undefined> {
    try {
      await this.#parts.upload?.upload(this.directory, this.id);
      return undefined;
    } catch (thrown) {
      return thrown instanceof ApeError ? thrown : new ApeError("EXPORT_FAILED", messageOf(thrown));
    }
  }

  /** Closes what was started before the load could begin. */
  async #abandon(): Promise<void> {
    this.#phase = "ended";
    const open = [this.#launcher, this.#instruments, this.#gateway, this.#page, this.#control, this.#log];
    this.#gateway = undefined;
    this.#control = undefined;
    for (const one of open) await one?.close();
  }

  onProgress(listener: (progress: RunProgress) => void): void {
    this.#listeners.push(listener);
  }

  #notify(): void {
    if (this.#listeners.length === 0) return;
    const progress = this.progress();
    for (const listener of this.#listeners) listener(progress);
  }

  progress(): RunProgress {
    const elapsedMs = this.#elapsed;
    const { wanted } = this.#load;
    const figures = this.#figures.read(elapsedMs);
    return {
      run: this.id,
      phase: this.#phase,
      elapsedMs,
      ...progressIn(this.#plan, elapsedMs, figures.sessions.ended),
      agentsWanted: wanted,
      workers: this.#registry.shown(wanted),
      ...figures,
    };
  }
}
