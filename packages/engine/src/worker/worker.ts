import { setMaxListeners } from "node:events";
import { join } from "node:path";
import { runSession } from "@ape/agent/session/session";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import type { Event, Recorder } from "@ape/core/protocol/events";
import { CostBudget } from "@ape/inference/limits/cost-budget";
import { type AggregateSnapshot, Aggregator } from "../aggregate/aggregator.ts";
import { EventBatch } from "../aggregate/event-batch.ts";
import { systemClock as clock } from "../host/clock.ts";
import { HealthMonitor } from "../host/health.ts";
import { PartDigestBuilder } from "../report/part-digest.ts";
import { ReportBuilder, type ReportSnapshot } from "../report/report-builder.ts";
import { openEventLog } from "../store/event-log.ts";
import type { LogCompaction } from "../store/held-segments.ts";
import { StepRetention } from "../store/step-retention.ts";
import { BudgetLeases } from "./budget-leases.ts";
import { ModelBrake } from "./model-brake.ts";
import { AgentPool, type SessionSlot } from "./pool.ts";
import type { FromWorker, ToWorker, WorkerBoot } from "./protocol.ts";
import { dependenciesOf, openSessionDependencies, type SessionDependencies } from "./session-dependencies.ts";
import { drawSessionSpec, partOf } from "./session-spec.ts";
import { openLocalTransports, type Transports } from "./transports.ts";

const FIGURES_MS = 1_000;
/** Longest wait for the engine's message that no session may begin any more. */
const UNTIL_DRAINED_MS = 60_000;

/** Where a worker's events are stored. */
export interface WorkerLog extends Recorder {
  close(digest?: object): Promise<void>;
}

/** A worker's connections to the rest of its run. */
export interface WorkerBinding {
  /** Whether the log keeps a digest of all events, so that they need not be read again for the results. */
  readonly keepsDigest: boolean;
  /** Decides which sessions keep their steps; by default the configuration alone does. */
  readonly retention?: StepRetention;
  /** @param compaction present if the log keeps a digest */
  openLog(part: string, compaction: LogCompaction | undefined): Promise<WorkerLog>;
  openWays(recorder: EventBatch, log: WorkerLog, budget: CostBudget | undefined): Promise<Transports>;
  /** Receives every event when it is counted. */
  watch?(event: Event): void;
}

/** Everything in one process: an event file, a gateway and an inference proxy of its own. */
function ownBinding(boot: WorkerBoot, send: (message: FromWorker) => void): WorkerBinding {
  return {
    keepsDigest: true,
    openLog: (part, compaction) =>
      openEventLog(join(boot.runDirectory, "events"), part, {
        onFailure: (error) => send({ type: "failed", error: asMessage(error) }),
        ...(compaction === undefined ? {} : { compaction }),
      }),
    openWays: (recorder, _log, budget) => openLocalTransports(boot, recorder, { budget }),
  };
}

/** One process of agents. */
export class Worker {
  readonly #boot: WorkerBoot;
  readonly #send: (message: FromWorker) => void;
  readonly #log: WorkerLog;
  readonly #recorder: EventBatch;
  readonly #aggregator: Aggregator;
  readonly #digest: PartDigestBuilder | undefined;
  /** For the page of the running run; undefined without one. */
  readonly #report: ReportBuilder | undefined;
  readonly #health: HealthMonitor;
  readonly #transports: Transports;
  readonly #dependencies: SessionDependencies;
  readonly #pool: AgentPool;
  readonly #leases: BudgetLeases;
  readonly #end = new AbortController();
  /** Ends pauses when no new session may begin. */
  readonly #drained = new AbortController();
  readonly #brake = new ModelBrake();
  readonly #timer: NodeJS.Timeout;
  #secrets: readonly string[];
  #waiting = 0;
  #freed = 0;
  #level = "";
  #done = false;

  static async open(
    boot: WorkerBoot,
    send: (message: FromWorker) => void,
    binding: WorkerBinding = ownBinding(boot, send),
  ): Promise<Worker> {
    const aggregator = new Aggregator([], false);
    const report = boot.report === true ? new ReportBuilder(boot.seed + boot.worker) : undefined;
    const { config, seed, workers } = boot;
    const retention = binding.retention ?? new StepRetention(seed, config.events.keep, workers);
    const digest = binding.keepsDigest ? new PartDigestBuilder(seed + boot.worker, retention) : undefined;
    let opened: Worker | undefined;
    const checkpoint = (): object | undefined => (opened === undefined ? undefined : opened.#checkpoint());
    const log = await binding.openLog(
      `agents-${boot.worker}`,
      digest === undefined ? undefined : { retention, checkpoint },
    );
    const recorder = new EventBatch((event) => {
      aggregator.add(event);
      digest?.add(event);
      report?.add(event);
      binding.watch?.(event);
    }, log);
    const leases = new BudgetLeases(send);
    const budget =
      boot.config.inference.maxCost === undefined ? undefined : new CostBudget(0, (usd) => leases.ask(usd));
    const transports = await binding.openWays(recorder, log, budget);
    const part = `agents-${boot.worker}`;
    const place = {
      baseDir: boot.baseDir,
      seed: boot.seed,
      share: boot.share ?? boot.worker,
      workers: boot.workers,
    };
    const dependencies = await openSessionDependencies(boot.config, transports, place, (message) =>
      recorder.record({ type: "log", at: clock.epoch(), level: "warn", part, message, notice: true }),
    );
    opened = new Worker(boot, send, {
      log,
      recorder,
      aggregator,
      digest,
      report,
      ways: transports,
      dependencies,
      leases,
    });
    return opened;
  }

  private constructor(
    boot: WorkerBoot,
    send: (message: FromWorker) => void,
    parts: {
      log: WorkerLog;
      recorder: EventBatch;
      aggregator: Aggregator;
      digest: PartDigestBuilder | undefined;
      report: ReportBuilder | undefined;
      ways: Transports;
      dependencies: SessionDependencies;
      leases: BudgetLeases;
    },
  ) {
    this.#boot = boot;
    this.#secrets = boot.secrets;
    this.#send = send;
    this.#log = parts.log;
    this.#recorder = parts.recorder;
    this.#aggregator = parts.aggregator;
    this.#digest = parts.digest;
    this.#report = parts.report;
    this.#transports = parts.ways;
    this.#dependencies = parts.dependencies;
    this.#leases = parts.leases;
    this.#health = new HealthMonitor(`agents-${boot.worker}`, clock);
    const { config } = boot;
    setMaxListeners(0, this.#end.signal);
    this.#pool = new AgentPool({
      run: (slot) => this.#session(slot),
      open: config.load.arrivals !== undefined,
      quota: boot.sessions ?? Number.POSITIVE_INFINITY,
      freed: () => {
        this.#freed += 1;
        if (this.#freed === 1) setImmediate(() => this.#sendFreed());
      },
      idle: () => void this.#finish(),
    });
    this.#timer = setInterval(() => this.#sendFigures(), FIGURES_MS);
    send({ type: "ready", model: parts.ways.described });
  }

  receive(message: ToWorker): void {
    if (message.type === "agents") {
      this.#pool.setWanted(message.wanted);
      this.#sendLevel();
    } else if (message.type === "arrive") {
      if (!this.#pool.arrive(message.scheduledAt)) {
        this.#recorder.record({ type: "session_dropped", at: clock.epoch() });
        this.#freed += 1;
        this.#sendFreed();
      }
    } else if (message.type === "budget") this.#leases.grant(message.usd);
    else if (message.type === "secrets") this.#secrets = [...this.#secrets, ...message.secrets];
    else if (message.type === "drain") {
      this.#drained.abort();
      this.#pool.drain();
    } else if (message.type === "cut") {
      this.#end.abort();
      this.#drained.abort();
      this.#pool.drain();
    }
  }

  async #session(slot: SessionSlot): Promise<void> {
    const { seed, worker, config } = this.#boot;
    const spec = drawSessionSpec(config, { seed, worker, number: slot.number });
    const feeder = this.#dependencies.dealers.get(spec.goal.name);
    this.#waiting += 1;
    const row = await feeder?.take(clock.now, this.#end.signal);
    this.#waiting -= 1;
    if (this.#end.signal.aborted) {
      if (row !== undefined) feeder?.release(row.index);
      return;
    }
    const waited = row === undefined || row.waitedMs < 1 ? undefined : row.waitedMs;
    const report = await runSession({
      ...dependenciesOf(this.#dependencies, spec.goal.name),
      ...partOf(spec, config, row),
      agent: `a${worker}-${slot.agent}`,
      recorder: this.#recorder,
      clock,
      secrets: this.#secrets,
      signal: this.#end.signal,
      saturated: () => this.#health.isOverloaded(),
      ...(waited === undefined ? {} : { waitedMs: waited }),
      ...(slot.scheduledAt === undefined
        ? {}
        : { startDelayMs: Math.max(0, clock.epoch() - slot.scheduledAt) }),
    });
    if (row !== undefined) feeder?.release(row.index);
    this.#sendLevel();
    if (report.overBudget === true) {
      this.#send({ type: "budget", usd: 0 });
      // The engine ends the run: sessions that began before its message could only fail.
      await clock.sleep(UNTIL_DRAINED_MS, this.#drained.signal);
      return;
    }
    const { pauseMs, message } = this.#brake.ended(report, clock.now());
    if (message !== undefined) this.#send(message);
    if (pauseMs > 0) await clock.sleep(pauseMs, this.#drained.signal);
  }

  #sendLevel(): void {
    const active = this.#pool.active - this.#waiting;
    const level = `${active}/${this.#waiting}`;
    if (level === this.#level) return;
    this.#level = level;
    this.#recorder.record({
      type: "agents",
      at: clock.epoch(),
      worker: this.#boot.worker,
      active,
      waiting: this.#waiting,
    });
  }

  #sendFreed(): void {
    if (this.#freed === 0) return;
    this.#send({ type: "freed", count: this.#freed });
    this.#freed = 0;
  }

  #sendFigures(): void {
    this.#recorder.record(this.#health.sample());
    this.#sendLevel();
    this.#recorder.flush();
    this.#sendSnapshot();
  }

  #sendSnapshot(): void {
    this.#send({
      type: "figures",
      snapshot: this.#takeFigures(),
      active: this.#pool.active - this.#waiting,
      waiting: this.#waiting,
      ...this.#takeReport(),
    });
  }

  /**
   * The digest of all events that the log has: those that still wait are neither counted nor stored. What it has taken
   * from the aggregator reaches the engine too.
   */
  #checkpoint(): object | undefined {
    this.#sendSnapshot();
    return this.#digest?.read(this.#aggregator);
  }

  #takeFigures(): AggregateSnapshot {
    const snapshot = this.#aggregator.takeSnapshot();
    this.#digest?.addFigures(snapshot);
    return snapshot;
  }

  #takeReport(): { report?: ReportSnapshot } {
    return this.#report === undefined ? {} : { report: this.#report.take(clock.epoch()) };
  }

  async #finish(): Promise<void> {
    if (this.#done) return;
    this.#done = true;
    clearInterval(this.#timer);
    this.#sendLevel();
    this.#recorder.record(this.#health.sample());
    this.#health.close();
    await this.#transports.close();
    this.#recorder.close();
    const snapshot = this.#takeFigures();
    await this.#log.close(this.#digest?.read(this.#aggregator));
    this.#send({ type: "done", snapshot, ...this.#takeReport() });
  }
}

export function asMessage(thrown: unknown): Extract<FromWorker, { type: "failed" }>["error"] {
  if (!(thrown instanceof ApeError)) return { code: "INTERNAL", message: messageOf(thrown), details: [] };
  const { code, message, hint, details } = thrown;
  return { code, message: messageOf(thrown) || message, ...(hint === undefined ? {} : { hint }), details };
}

/** The main module of a worker process: starts on the engine's first message and exits when the engine is gone. */
export function workerMain(): void {
  let worker: Promise<Worker> | undefined;
  const send = (message: FromWorker): void => {
    if (process.connected) process.send?.(message, () => undefined);
    if (message.type === "done") process.disconnect();
  };
  process.on("message", (message: ToWorker) => {
    if (message.type === "boot") {
      worker = Worker.open(message.boot, send);
      worker.catch((thrown: unknown) => send({ type: "failed", error: asMessage(thrown) }));
      return;
    }
    worker?.then((open) => open.receive(message)).catch(() => undefined);
  });
  process.on("disconnect", () => {
    if (worker === undefined) return;
    worker.then((open) => open.receive({ type: "cut" })).catch(() => process.exit(1));
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
}
