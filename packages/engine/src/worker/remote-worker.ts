import type { Json } from "@ape/core/lib/json";
import type { Event } from "@ape/core/protocol/events";
import { Aggregator } from "../aggregate/aggregator.ts";
import { BusEventLog } from "../bus/bus-event-log.ts";
import { ByteAllowance } from "../bus/byte-allowance.ts";
import { KeptEventLog } from "../bus/kept-event-log.ts";
import type { MessageBus, Unsubscribe } from "../bus/message-bus.ts";
import { systemClock as clock } from "../host/clock.ts";
import {
  EVENT_BYTES_PER_SECOND,
  type FromWorkerMessage,
  RUN_ENDED,
  SUBJECTS,
  type ToWorkerMessage,
} from "../launch/messages.ts";
import { Exemplars } from "../metrics/exemplars.ts";
import { type MetricsServer, serveMetrics } from "../metrics/metrics-server.ts";
import { ProcessFigures } from "../metrics/process-figures.ts";
import { EMITTED_ELSEWHERE, showRun } from "../metrics/run-figures.ts";
import { StepRetention } from "../store/step-retention.ts";
import type { WorkerBoot } from "./protocol.ts";
import { openRemoteTransports } from "./remote-transports.ts";
import { asMessage, Worker, type WorkerBinding } from "./worker.ts";

/** An engine without a message for this long is gone: sessions end, and no new ones begin. */
const SILENT_MS = 15_000;
/** No other engine will take over. */
const LOST_MS = 90_000;
const LOOK_MS = 1_000;

export interface RemoteWorkerOptions {
  bus: MessageBus;
  /** This process's name on the message bus, never reused. */
  name: string;
  run: string;
  gateway: string;
  inference: string;
  token: string;
  /** Folder of data files in this container. */
  baseDir: string;
  metrics: { host: string; port: number; allowedHosts?: readonly string[] };
  /** Receives every event of its agents. */
  watch?: (event: Event) => void;
  silentMs?: number;
  lostMs?: number;
}

/**
 * Why a process of agents has ended: the engine dismissed it, a signal drained it although the engine wanted it, no engine
 * was there, or the message bus lost the run.
 */
export type RemoteWorkerEnd = "dismissed" | "drained" | "no engine" | "bus lost";

/**
 * A process of agents that a remote engine controls over the message bus: it announces itself, receives its start
 * configuration, and then works like every worker. It ends by the engine's command, by a signal, or when the engine
 * stays away.
 */
export class RemoteWorker {
  readonly #options: RemoteWorkerOptions;
  readonly #total = new Aggregator([]);
  readonly #exemplars = new Exemplars();
  readonly #own = new ProcessFigures();
  #worker: Promise<Worker> | undefined;
  #server: MetricsServer | undefined;
  #unfollow: Unsubscribe[] = [];
  #heard = clock.now();
  #wanted = 0;
  /** Messages with figures until now. */
  #figures = 0;
  #silent = false;
  /** Why it leaves by itself. */
  #stopping: "drained" | "no engine" | undefined;
  #timer: NodeJS.Timeout | undefined;
  #done = false;
  #over: (end: RemoteWorkerEnd) => void = () => undefined;
  readonly finished = new Promise<RemoteWorkerEnd>((resolve) => {
    this.#over = resolve;
  });
  /** Pending messages: one is stored before the next is sent. */
  #said = Promise.resolve();

  static async open(options: RemoteWorkerOptions): Promise<RemoteWorker> {
    const worker = new RemoteWorker(options);
    await worker.#begin();
    return worker;
  }

  private constructor(options: RemoteWorkerOptions) {
    this.#options = options;
  }

  async #begin(): Promise<void> {
    const { bus, name, run, metrics, token } = this.#options;
    this.#server = await serveMetrics({
      ...metrics,
      token,
      labels: { run },
      show: (page) => {
        showRun(page, {
          aggregator: this.#total,
          agentsWanted: this.#wanted,
          without: EMITTED_ELSEWHERE,
          exemplarOf: (metric, labels) => this.#exemplars.of(metric, labels),
        });
        this.#own.show(page);
      },
    });
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    void bus.lost.then(() => this.#abandon());
    if ((await bus.get(RUN_ENDED)) !== undefined) {
      this.#leave("dismissed");
      return;
    }
    this.#unfollow.push(
      await bus.follow(SUBJECTS.to(name), "first", ({ text }) =>
        this.#hear(JSON.parse(text) as ToWorkerMessage),
      ),
      await bus.follow(SUBJECTS.beat, "now", () => {
        this.#heard = clock.now();
      }),
    );
    await bus.append(SUBJECTS.join, name);
  }

  /** The server of `/metrics`. */
  get url(): string {
    return this.#server?.url ?? "";
  }

  /** Starts no new sessions, lets running ones end, then leaves. */
  stop(why: "drained" | "no engine" = "drained"): void {
    if (this.#stopping !== undefined) return;
    this.#stopping = why;
    this.#send({ type: "leaving" });
    if (this.#worker === undefined || this.#done) this.#leave(why);
    else this.#handle({ type: "drain" });
  }

  /** Ends at once: what sessions do can no longer be stored. */
  #abandon(): void {
    this.#handle({ type: "cut" });
    this.#leave("bus lost");
  }

  #hear(message: ToWorkerMessage): void {
    this.#heard = clock.now();
    if (message.type === "leave") this.#leave("dismissed");
    else if (message.type === "boot") {
      this.#worker ??= this.#boot(message.boot);
      this.#worker.catch((thrown: unknown) => this.#send({ type: "failed", error: asMessage(thrown) }));
    } else {
      if (message.type === "agents") {
        this.#wanted = message.wanted;
        if (this.#silent) return;
      }
      this.#handle(message);
    }
  }

  #boot(boot: WorkerBoot): Promise<Worker> {
    const { gateway, inference, token, baseDir } = this.#options;
    return Worker.open({ ...boot, baseDir }, (message) => this.#send(message), {
      ...this.#recording(boot),
      openWays: (recorder, log) =>
        openRemoteTransports({
          gateway,
          inference,
          token,
          settled: () => {
            recorder.flush();
            return (log as BusEventLog | KeptEventLog).settled();
          },
        }),
      watch: (event) => {
        this.#options.watch?.(event);
        this.#exemplars.add(event);
        if (event.type === "health") this.#own.add(event);
      },
    });
  }

  /** How events get to the engine: all of them, or those of some sessions beside a digest of all. */
  #recording({
    seed,
    config,
    eventBytesPerSecond,
  }: WorkerBoot): Pick<WorkerBinding, "keepsDigest" | "openLog" | "retention"> {
    const { bus } = this.#options;
    if (eventBytesPerSecond === undefined)
      return { keepsDigest: false, openLog: async (part) => new BusEventLog(bus, part) };
    const allowance = new ByteAllowance(eventBytesPerSecond, clock);
    const processes = EVENT_BYTES_PER_SECOND / eventBytesPerSecond;
    const figures = (): number => this.#figures;
    return {
      keepsDigest: true,
      retention: new StepRetention(seed, config.events.keep, processes, () => allowance.hasRoom),
      openLog: async (part, compaction) =>
        compaction === undefined
          ? new BusEventLog(bus, part)
          : new KeptEventLog(bus, part, { compaction, allowance, figures }),
    };
  }

  #handle(message: Exclude<ToWorkerMessage, { type: "leave" }>): void {
    this.#worker?.then((worker) => worker.receive(message)).catch(() => undefined);
  }

  #send(message: FromWorkerMessage): void {
    if (message.type === "figures" || message.type === "done") this.#total.merge(message.snapshot);
    if (message.type === "figures") this.#figures += 1;
    if (message.type === "done") this.#done = true;
    const { bus, name } = this.#options;
    this.#said = this.#said.then(() => bus.append(SUBJECTS.from(name), JSON.stringify(message as Json)));
    this.#said.catch(() => undefined);
    if (message.type === "done" && this.#stopping !== undefined) this.#leave(this.#stopping);
  }

  #look(): void {
    const { silentMs = SILENT_MS, lostMs = LOST_MS } = this.#options;
    // An engine whose messages cannot arrive is not gone, nor is one that connects to the bus again, as this process does.
    if (this.#options.bus.awayMs > 0) this.#heard = clock.now();
    const silence = clock.now() - this.#heard;
    if (silence > lostMs) {
      this.stop("no engine");
      return;
    }
    const silent = silence > silentMs;
    if (silent === this.#silent) return;
    this.#silent = silent;
    this.#handle({ type: "agents", wanted: silent ? 0 : this.#wanted });
  }

  #leave(end: RemoteWorkerEnd): void {
    clearInterval(this.#timer);
    const left = async (): Promise<void> => {
      await this.#said.catch(() => undefined);
      for (const unfollow of this.#unfollow) await unfollow();
      await this.#server?.close();
    };
    // A callback of the subscription that ends it must return before its end can be awaited.
    setImmediate(() => void left().finally(() => this.#over(end)));
  }
}
