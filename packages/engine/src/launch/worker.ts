import { setMaxListeners } from "node:events";
import { join } from "node:path";
import { createModelPolicy } from "@ape/agent/model-policy";
import { runSession, type SessionOptions } from "@ape/agent/session";
import type { GoalConfig } from "@ape/core/config/goal";
import { personasOf, personaThinkTime } from "@ape/core/config/persona";
import { ApeError, messageOf } from "@ape/core/errors";
import type { Event, Recorder } from "@ape/core/events";
import { seedOf } from "@ape/core/random";
import { parseSelector } from "@ape/core/threshold";
import { traceId } from "@ape/core/trace";
import { createGateway, type Gateway } from "@ape/gateway/gateway";
import { createInference, type Inference } from "@ape/inference/inference";
import { systemClock as clock } from "../clock.ts";
import { Aggregator } from "../collect/aggregator.ts";
import { HealthMonitor } from "../health.ts";
import { proxySettings } from "../proxy-settings.ts";
import { type EventLog, openEventLog } from "../store/event-log.ts";
import { drawWeighted, sessionRandom } from "./draw.ts";
import { generateRow } from "./generated.ts";
import { readInstructions } from "./instructions.ts";
import { AgentPool, type SessionSlot } from "./pool.ts";
import type { FromWorker, ToWorker, WorkerBoot } from "./protocol.ts";
import { hasRows, loadRows, RowDealer, type TakenRow } from "./rows.ts";

const FIGURES_MS = 1_000;

/** One process of agents, with a gateway and an inference proxy of its own. */
export class Worker {
  readonly #boot: WorkerBoot;
  readonly #send: (message: FromWorker) => void;
  readonly #log: EventLog;
  readonly #recorder: Recorder;
  readonly #aggregator: Aggregator;
  readonly #health: HealthMonitor;
  readonly #gateway: Gateway;
  readonly #inference: Inference;
  readonly #dealers = new Map<string, RowDealer>();
  readonly #pool: AgentPool;
  readonly #end = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #origins: Record<string, string>;
  #waiting = 0;
  #freed = 0;
  #level = "";
  #done = false;

  static async open(boot: WorkerBoot, send: (message: FromWorker) => void): Promise<Worker> {
    const part = `agents-${boot.worker}`;
    const selectors = Object.keys(boot.config.thresholds).map(parseSelector);
    const aggregator = new Aggregator(selectors);
    const log = await openEventLog(join(boot.runDirectory, "events"), part, {
      onFailure: (error) => send({ type: "failed", error: asMessage(error) }),
    });
    const recorder: Recorder = {
      record: (event: Event) => {
        log.record(event);
        aggregator.add(event);
      },
      commit: (event: Event) => {
        log.commit(event);
        aggregator.add(event);
      },
    };
    const proxies = proxySettings(boot.environment);
    const [gateway, inference] = await Promise.all([
      createGateway({ targets: boot.config.targets, clock, baseDir: boot.baseDir, env: proxies }),
      createInference({
        config: boot.config.inference,
        clock,
        recorder,
        env: proxies,
        baseDir: boot.baseDir,
        workers: boot.workers,
        secrets: boot.secrets,
        prefix: `i${boot.worker}`,
      }),
    ]);
    const dealers = new Map<string, RowDealer>();
    for (const goal of boot.config.goals)
      if (hasRows(goal.data))
        dealers.set(
          goal.name,
          new RowDealer(await loadRows(goal.data, boot.baseDir), {
            unique: goal.data.unique,
            seed: seedOf(boot.seed, goal.name),
            worker: boot.worker,
            workers: boot.workers,
          }),
        );
    const instructions = await readInstructions(boot.config.inference, boot.baseDir);
    return new Worker(boot, send, { log, recorder, aggregator, gateway, inference, dealers, instructions });
  }

  private constructor(
    boot: WorkerBoot,
    send: (message: FromWorker) => void,
    parts: {
      log: EventLog;
      recorder: Recorder;
      aggregator: Aggregator;
      gateway: Gateway;
      inference: Inference;
      dealers: Map<string, RowDealer>;
      instructions: string;
    },
  ) {
    this.#boot = boot;
    this.#send = send;
    this.#log = parts.log;
    this.#recorder = parts.recorder;
    this.#aggregator = parts.aggregator;
    this.#gateway = parts.gateway;
    this.#inference = parts.inference;
    this.#dealers = parts.dealers;
    this.#health = new HealthMonitor(`agents-${boot.worker}`, clock);
    const { config } = boot;
    this.#origins = Object.fromEntries(
      Object.entries(config.targets).map(([name, { baseUrl }]) => [name, baseUrl]),
    );
    setMaxListeners(0, this.#end.signal);
    const apis = Object.keys(config.targets).map((name) => parts.gateway.describe(name));
    const policy = createModelPolicy({
      model: parts.inference.transport,
      modelName: parts.inference.model.name,
      maxCompletionTokens: config.inference.maxCompletionTokens,
      temperature: config.inference.temperature,
      apis,
      instructions: parts.instructions,
    });
    this.#pool = new AgentPool({
      run: (slot) => this.#session(slot, policy, apis),
      open: config.load.arrivals !== undefined,
      quota: boot.sessions ?? Number.POSITIVE_INFINITY,
      freed: () => {
        this.#freed += 1;
        if (this.#freed === 1) setImmediate(() => this.#tellFreed());
      },
      idle: () => void this.#finish(),
    });
    this.#timer = setInterval(() => this.#tellFigures(), FIGURES_MS);
    send({ type: "ready", model: parts.inference.model });
  }

  receive(message: ToWorker): void {
    if (message.type === "agents") {
      this.#pool.setWanted(message.wanted);
      this.#tellLevel();
    } else if (message.type === "arrive") {
      if (!this.#pool.arrive(message.scheduledAt)) {
        this.#recorder.record({ type: "session_dropped", at: clock.epoch() });
        this.#freed += 1;
        this.#tellFreed();
      }
    } else if (message.type === "drain") this.#pool.drain();
    else if (message.type === "cut") {
      this.#end.abort();
      this.#pool.drain();
    }
  }

  async #session(
    slot: SessionSlot,
    policy: ReturnType<typeof createModelPolicy>,
    apis: readonly ReturnType<Gateway["describe"]>[],
  ): Promise<void> {
    const { seed, worker, config, secrets } = this.#boot;
    const random = sessionRandom(seed, worker, slot.number);
    const goal = drawWeighted(config.goals, random) as GoalConfig;
    const persona = drawWeighted(personasOf(config.personas, goal), random);
    const trace = traceId(seed, worker, slot.number);
    const dealer = this.#dealers.get(goal.name);
    this.#waiting += 1;
    const row = await dealer?.take(clock.now, this.#end.signal);
    this.#waiting -= 1;
    if (this.#end.signal.aborted) {
      if (row !== undefined) dealer?.release(row.index);
      return;
    }
    const waited = row === undefined || row.waitedMs < 1 ? undefined : row.waitedMs;
    await runSession({
      session: `s${worker}-${slot.number}`,
      agent: `a${worker}-${slot.agent}`,
      trace,
      goal,
      ...(persona === undefined ? {} : { persona }),
      ...this.#dataOf(goal, slot, row),
      apis,
      origins: this.#origins,
      policy,
      tools: this.#gateway.transport,
      recorder: this.#recorder,
      clock,
      random,
      thinkTime: personaThinkTime(config.load.thinkTime, persona),
      secrets,
      signal: this.#end.signal,
      ...(waited === undefined ? {} : { waitedMs: waited }),
      ...(slot.scheduledAt === undefined
        ? {}
        : { startDelayMs: Math.max(0, clock.epoch() - slot.scheduledAt) }),
    });
    if (row !== undefined) dealer?.release(row.index);
    this.#tellLevel();
  }

  /** A session's data: its row, and what is made for it alone. */
  #dataOf(goal: GoalConfig, slot: SessionSlot, row: TakenRow | undefined): Pick<SessionOptions, "row"> {
    const { data } = goal;
    if (data === undefined) return {};
    const { seed, worker } = this.#boot;
    const made =
      data.generate === undefined ? {} : generateRow(data.generate, { seed, worker, number: slot.number });
    const { secret } = data;
    if (row === undefined) return { row: { values: made, secret } };
    return { row: { index: row.index, values: { ...row.values, ...made }, secret } };
  }

  #tellLevel(): void {
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

  #tellFreed(): void {
    if (this.#freed === 0) return;
    this.#send({ type: "freed", count: this.#freed });
    this.#freed = 0;
  }

  #tellFigures(): void {
    this.#recorder.record(this.#health.sample());
    this.#tellLevel();
    this.#send({
      type: "figures",
      snapshot: this.#aggregator.takeSnapshot(),
      active: this.#pool.active - this.#waiting,
      waiting: this.#waiting,
    });
  }

  async #finish(): Promise<void> {
    if (this.#done) return;
    this.#done = true;
    clearInterval(this.#timer);
    this.#tellLevel();
    this.#recorder.record(this.#health.sample());
    this.#health.close();
    await Promise.all([this.#gateway.close(), this.#inference.close()]);
    await this.#log.close();
    this.#send({ type: "done", snapshot: this.#aggregator.takeSnapshot() });
  }
}

function asMessage(thrown: unknown): Extract<FromWorker, { type: "failed" }>["error"] {
  if (!(thrown instanceof ApeError)) return { code: "INTERNAL", message: messageOf(thrown), details: [] };
  const { code, message, hint, details } = thrown;
  return { code, message: messageOf(thrown) || message, ...(hint === undefined ? {} : { hint }), details };
}

/** The main of a worker process: boots on the engine's first message and leaves when the engine is gone. */
export function workerMain(): void {
  let worker: Promise<Worker> | undefined;
  const send = (message: FromWorker): void => {
    if (process.connected) process.send?.(message);
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
