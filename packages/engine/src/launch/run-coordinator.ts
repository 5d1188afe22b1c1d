import { randomBytes } from "node:crypto";
import type { Config } from "@ape/core/config/schema";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import type { Json } from "@ape/core/lib/json";
import type { Event } from "@ape/core/protocol/events";
import type { AggregateSnapshot } from "../aggregate/aggregator.ts";
import type { MessageBus, Unsubscribe } from "../bus/message-bus.ts";
import { systemClock as clock } from "../host/clock.ts";
import { decodeEvent } from "../store/event-encoding.ts";
import { EventsFolder } from "../worker/events-folder.ts";
import type { WorkerBoot } from "../worker/protocol.ts";
import { ClockSkew } from "./clock-skew.ts";
import { endWithin } from "./end-within.ts";
import type { RunContext } from "./launcher.ts";
import { type FromWorkerMessage, RUN_ENDED, SUBJECTS, type ToWorkerMessage } from "./messages.ts";

const BEAT_MS = 1_000;
/**
 * A worker without a message for this long is gone: it sends its figures once per second. Only time in which the message
 * bus answers counts.
 */
const SILENT_MS = 10_000;
/** The engine's own heartbeats come back from the bus every second; without one for this long, the bus is away. */
const AWAY_MS = 3_000;
/** A bus that is away for longer ends the run. */
const LONGEST_OUTAGE_MS = 10 * 60_000;
/** A worker that was started by an earlier engine has this long to send figures; then it counts as gone. */
const RETURN_MS = 4_000;
/** Time without a message after which the stream of a run that is to be continued counts as unreachable. */
const STALLED_MS = 20_000;
/** Events of a proxy may arrive slightly later than those of its agents. */
const QUIET_MS = 400;
/** Parts that send figures in place of events do so once per second, and then, once they rest, a digest. */
const QUIET_FIGURES_MS = 2_500;
/** How long it may take to unsubscribe from the stream and delete it. */
const LEAVE_MS = 3_000;

/** Agents send aggregated figures once per second; the engine aggregates the events of other parts. */
const AGENTS_PART = "agents-";

interface MemberState {
  index: number;
  name: string;
  share: number;
  heard: number;
  /** Whether it was given its work. */
  booted: boolean;
  /** Why it no longer counts as a worker; a silent one may return. */
  gone: false | "silent" | "done" | "cut off";
  /** Whether another worker has got its rows: it only ends its sessions. */
  replaced?: true;
}

/** A part whose events are not all sent: where its figures are, and how many messages with them have arrived. */
interface FiguresSource {
  subject: string;
  messages: number;
}

/** The engine's end of the message bus: registers workers, and writes their events into the run's folder. */
export class RunCoordinator {
  readonly #bus: MessageBus;
  readonly #context: RunContext;
  readonly #shares: number;
  readonly #folder: EventsFolder;
  readonly #skew = new ClockSkew();
  readonly #workers = new Map<string, MemberState>();
  /** The marker of this engine's start in the stream: earlier messages belong to another engine. */
  readonly #marker = randomBytes(6).toString("hex");
  #reached: () => void = () => undefined;
  readonly #present = new Promise<void>((resolve) => {
    this.#reached = resolve;
  });
  /** Parts of which digests come, by name. */
  readonly #sources = new Map<string, FiguresSource>();
  #past = true;
  #timer: NodeJS.Timeout | undefined;
  #unfollow: Unsubscribe | undefined;
  #lastEvents = 0;
  #lastMessage = 0;
  #storeFailed = false;
  /** Whether the last heartbeat was stored. */
  #beating = false;
  #lookedAt = 0;
  #isAway = false;
  #isLost = false;

  /** @param shares number of parts of the data rows */
  constructor(bus: MessageBus, context: RunContext, shares: number) {
    this.#bus = bus;
    this.#context = context;
    this.#shares = shares;
    this.#folder = new EventsFolder(context.directory, context.recording, (error) => this.#storeFails(error));
  }

  /** Reads the stream from its first message; resolves when all earlier messages are processed. */
  async open(): Promise<void> {
    this.#unfollow = await this.#bus.follow("", "first", ({ subject, text }) => this.#hear(subject, text));
    const lost = this.#bus.lost.then((error) => Promise.reject(error));
    await Promise.race([this.#reachPresent(), this.#stalled(), lost]);
    lost.catch((error: ApeError) => this.lose(error));
    this.#timer = setInterval(() => this.#look(), BEAT_MS);
  }

  async #reachPresent(): Promise<void> {
    await this.#bus.append(SUBJECTS.engine, this.#marker);
    await this.#present;
  }

  /** Rejects if the stream delivers nothing for a while before its end. */
  async #stalled(): Promise<never> {
    this.#lastMessage = clock.now();
    while (clock.now() - this.#lastMessage < STALLED_MS) {
      await new Promise((resolve) => setTimeout(resolve, BEAT_MS).unref());
      if (!this.#past) return new Promise(() => undefined);
    }
    throw new ApeError("CONTAINERS_FAILED", "the message bus of the run does not answer", {
      hint: "See `ape-test logs --containers nats`. What is in the run's folder already: `ape-test report`.",
    });
  }

  #arrive(): void {
    this.#past = false;
    for (const worker of this.#workers.values()) {
      worker.heard = clock.now() - (worker.booted ? SILENT_MS - RETURN_MS : 0);
      if (!worker.booted && worker.gone === false) this.#boot(worker);
    }
    this.#reached();
  }

  #hear(subject: string, text: string): void {
    const gap = clock.now() - this.#lastMessage;
    this.#lastMessage = clock.now();
    if (this.#isAway) this.#back(gap);
    if (subject.startsWith(SUBJECTS.events)) {
      const part = subject.slice(SUBJECTS.events.length);
      // A part that sends figures in place of events still reports its health every second.
      if (this.#context.recording.send === "all" || part.startsWith(AGENTS_PART))
        this.#lastEvents = clock.now();
      this.#keep(part, text);
      if (!this.#past) this.#compareClocks(part, text);
      if (!part.startsWith(AGENTS_PART)) for (const event of eventsOf(text)) this.#context.recorded(event);
    } else if (subject.startsWith(SUBJECTS.digest)) {
      this.#lastEvents = clock.now();
      this.#folder.addDigest(subject.slice(SUBJECTS.digest.length), text);
    } else if (subject.startsWith(SUBJECTS.figures)) {
      this.#lastEvents = clock.now();
      this.#countFigures(subject.slice(SUBJECTS.figures.length), subject);
      this.#context.figures(JSON.parse(text) as AggregateSnapshot);
    } else if (subject === SUBJECTS.join) this.#join(text);
    else if (subject === SUBJECTS.engine) {
      if (text === this.#marker) this.#arrive();
    } else if (subject.startsWith(SUBJECTS.to(""))) {
      const told = this.#workers.get(subject.slice(SUBJECTS.to("").length));
      if (this.#past && told !== undefined) told.booted = true;
    } else {
      const worker = this.#workers.get(subject.slice(SUBJECTS.from("").length));
      if (worker !== undefined && subject.startsWith(SUBJECTS.from("")))
        this.#from(worker, JSON.parse(text) as FromWorkerMessage);
    }
  }

  #compareClocks(part: string, text: string): void {
    const fastMs = this.#skew.look(part, text, clock.epoch());
    if (fastMs === undefined) return;
    const how = `${(Math.abs(fastMs) / 1_000).toFixed(1)} s ${fastMs > 0 ? "ahead of" : "behind"}`;
    this.#context.say(
      "warn",
      `the clock of ${part} is ${how} the engine's: its events are at other times in the report; durations, totals and the verdict are right`,
    );
  }

  /** Writes events into the run's folder. If that fails, the stream still has them: the run can be continued. */
  #keep(part: string, lines: string): void {
    if (this.#storeFailed) return;
    try {
      this.#folder.add(part, lines);
    } catch (cause) {
      this.#storeFails(cause);
    }
  }

  #storeFails(cause: unknown): void {
    if (this.#storeFailed) return;
    this.#storeFailed = true;
    const reason =
      cause instanceof ApeError
        ? cause.message
        : `events can no longer be written (${(cause as NodeJS.ErrnoException).code ?? messageOf(cause)})`;
    this.#context.failed(
      new ApeError("STORE_FULL", reason, {
        cause,
        hint: "Make room, then `ape-test start --continue latest`: the message bus has kept what could not be written.",
      }),
    );
  }

  #join(name: string): void {
    const taken = new Set(
      [...this.#workers.values()].filter(({ gone }) => gone === false).map(({ share }) => share),
    );
    let share = 0;
    while (taken.has(share)) share += 1;
    // More containers than parts of the rows: the late one has no work.
    if (share >= this.#shares) {
      if (!this.#past) this.#send(name, { type: "leave" });
      return;
    }
    const index = this.#workers.size;
    const worker: MemberState = { index, name, share, heard: clock.now(), booted: false, gone: false };
    this.#workers.set(name, worker);
    this.#context.joined({
      index,
      pid: 0,
      send: (message) => this.#send(name, message),
      kill: () => this.#lost(name, "cut off", "it was cut off"),
    });
    if (!this.#past) this.#boot(worker);
  }

  #boot(worker: MemberState): void {
    const { name, index, share } = worker;
    worker.booted = true;
    this.#send(name, { type: "boot", boot: withoutKeys(this.#context.boot(index, share)) });
  }

  #countFigures(part: string, subject: string): void {
    if (this.#context.recording.send === "all") return;
    const source = this.#sources.get(part);
    if (source === undefined) this.#sources.set(part, { subject, messages: 1 });
    else source.messages += 1;
  }

  #from(worker: MemberState, message: FromWorkerMessage): void {
    worker.heard = clock.now();
    if (worker.gone === "silent") this.#takeBack(worker);
    if (worker.gone !== false) return;
    if (message.type === "leaving") {
      this.#context.leaving(worker.index);
      return;
    }
    if (message.type === "figures")
      this.#countFigures(`${AGENTS_PART}${worker.index}`, SUBJECTS.from(worker.name));
    // Agents of an earlier engine count when their process reports to this one.
    const stale = this.#past && message.type === "figures";
    this.#context.message(worker.index, stale ? { ...message, active: 0, waiting: 0 } : message);
    if (message.type !== "done") return;
    worker.gone = "done";
    this.#context.gone(worker.index, true, "it is done");
    if (worker.replaced) this.#send(worker.name, { type: "leave" });
  }

  /** Counts a silent worker again. If another one has got its rows meanwhile, it gets no more agents. */
  #takeBack(worker: MemberState): void {
    const { index, name, share } = worker;
    const others = [...this.#workers.values()].filter((other) => other !== worker && other.gone === false);
    worker.gone = false;
    this.#context.returned(index);
    if (!others.some((other) => other.share === share)) return;
    worker.replaced = true;
    this.#context.leaving(index);
    this.#send(name, { type: "drain" });
  }

  #lost(name: string, why: "silent" | "cut off", how: string): void {
    const worker = this.#workers.get(name);
    if (worker === undefined || worker.gone !== false) return;
    worker.gone = why;
    this.#context.gone(worker.index, false, how);
  }

  /** Every second: sends a heartbeat, and finds out who is gone. While the bus is away, nobody is. */
  #look(): void {
    this.#beat();
    const now = clock.now();
    const late = now - this.#lookedAt > 2 * BEAT_MS;
    this.#lookedAt = now;
    // This process itself was busy: what has come meanwhile is read first.
    if (late) return;
    const gap = now - this.#lastMessage;
    if (gap > AWAY_MS) {
      if (!this.#isAway) {
        this.#isAway = true;
        this.#context.reachable(false);
      }
      if (gap > LONGEST_OUTAGE_MS)
        this.lose(
          new ApeError(
            "CONTAINERS_FAILED",
            `the message bus has not answered for ${LONGEST_OUTAGE_MS / 60_000} minutes`,
            { hint: "What was recorded until then is kept: `ape-test report`." },
          ),
        );
      return;
    }
    for (const { name, heard } of this.#workers.values())
      if (now - heard > SILENT_MS) this.#lost(name, "silent", `it said nothing for ${SILENT_MS / 1_000} s`);
  }

  #beat(): void {
    if (this.#beating) return;
    this.#beating = true;
    this.#bus
      .append(SUBJECTS.beat, String(clock.epoch()))
      .catch(() => undefined)
      .finally(() => {
        this.#beating = false;
      });
  }

  /** The bus answers again: workers have as long as ever to speak, since they connect again, too. */
  #back(awayMs: number): void {
    this.#isAway = false;
    for (const worker of this.#workers.values()) worker.heard = clock.now();
    this.#context.wasAway(awayMs);
    this.#context.reachable(true);
  }

  /** The run's messages are lost: it ends with what was recorded. */
  lose(error: ApeError): void {
    if (this.#isLost) return;
    this.#isLost = true;
    clearInterval(this.#timer);
    this.#context.failed(error);
    for (const name of this.#workers.keys()) this.#lost(name, "cut off", "the message bus is lost");
  }

  #send(name: string, message: ToWorkerMessage): void {
    this.#bus.append(SUBJECTS.to(name), JSON.stringify(message)).catch(() => undefined);
  }

  /** Resolves when no more events arrive, and all are in the run's folder, with their digests. */
  async settle(): Promise<void> {
    if (this.#isAway) this.#context.wasAway(clock.now() - this.#lastMessage);
    this.#lastEvents = clock.now();
    const quietMs = this.#context.recording.send === "all" ? QUIET_MS : QUIET_FIGURES_MS;
    while (clock.now() - this.#lastEvents < quietMs) await clock.sleep(QUIET_MS / 4);
    if (!this.#isLost) for (const [part, source] of this.#sources) await this.#completeDigest(part, source);
    await this.#folder.close();
  }

  /** Adds what a part has reported after its last digest, if it died before its final one. */
  async #completeDigest(part: string, { subject, messages }: FiguresSource): Promise<void> {
    const from = await this.#folder.figuresWithoutDigest(part);
    if (from === undefined || from >= messages) return;
    const missing: AggregateSnapshot[] = [];
    let seen = 0;
    let isRead: () => void = () => undefined;
    const read = new Promise<void>((resolve) => {
      isRead = resolve;
    });
    const unfollow = await this.#bus.follow(subject, "first", ({ text }) => {
      const snapshot = snapshotIn(JSON.parse(text) as Json);
      if (snapshot === undefined || seen >= messages) return;
      if (seen >= from) missing.push(snapshot);
      seen += 1;
      if (seen === messages) isRead();
    });
    await endWithin(STALLED_MS, read);
    await unfollow();
    await this.#folder.extendDigest(part, missing);
  }

  /** Workers that have ever joined. */
  get joined(): number {
    return this.#workers.size;
  }

  /** Announces the end of the run to every worker, including late ones. */
  async dismiss(): Promise<void> {
    clearInterval(this.#timer);
    await this.#bus.put(RUN_ENDED, true);
    for (const { name } of this.#workers.values())
      await this.#bus.append(SUBJECTS.to(name), JSON.stringify({ type: "leave" } satisfies ToWorkerMessage));
  }

  /** @param forget deletes the run's stream: everything is in the run's folder */
  async close(forget = false): Promise<void> {
    clearInterval(this.#timer);
    const leave = async (): Promise<void> => {
      await this.#unfollow?.();
      if (forget) await this.#bus.forget();
    };
    await this.#folder.close();
    // An open connection would keep the process alive.
    await endWithin(LEAVE_MS, leave());
    await this.#bus.close();
  }
}

/**
 * The agents' part of the configuration: only the proxy gets the keys of models, and only the gateway the credentials
 * of targets.
 */
function withoutKeys(boot: WorkerBoot): WorkerBoot {
  const { inference, targets, bus } = boot.config;
  const bare: Config["inference"] = {
    ...inference,
    apiKeys: [],
    fallback: [],
    request: { ...inference.request, headers: {} },
  };
  delete bare.apiKey;
  delete bare.keyFile;
  const known = [inference, ...inference.fallback].flatMap(({ apiKey, apiKeys, request }) => [
    apiKey,
    ...apiKeys.map((one) => (typeof one === "string" ? one : one.key)),
    ...Object.values(request.headers),
  ]);
  known.push(bus.credentials?.password, bus.credentials?.token);
  return {
    ...boot,
    environment: {},
    secrets: boot.secrets.filter((secret) => !known.includes(secret)),
    config: {
      ...boot.config,
      inference: bare,
      bus: { ...bus, credentials: undefined, tls: {} },
      targets: Object.fromEntries(
        Object.entries(targets).map(([name, target]) => [name, { ...target, auth: "none", headers: {} }]),
      ),
    },
  };
}

/** The figures in a message of a worker, or of another part. */
function snapshotIn(message: Json): AggregateSnapshot | undefined {
  const { type, snapshot } = message as { type?: string; snapshot?: AggregateSnapshot };
  if (type === "figures") return snapshot;
  return type === undefined ? (message as unknown as AggregateSnapshot) : undefined;
}

/** The events of a message: one per line. */
function eventsOf(lines: string): Event[] {
  return lines
    .split("\n")
    .map(decodeEvent)
    .filter((event) => event !== undefined);
}
