import { nearest } from "@ape/core/config/issue";
import { ApeError } from "@ape/core/lib/errors";
import { writeJson } from "@ape/core/lib/lossless-number";
import type { Event } from "@ape/core/protocol/events";
import { isActive } from "@ape/engine/run/control";
import { findSessions, readLastEvents } from "@ape/engine/store/event-queries";
import { type EventSelection, readEvents } from "@ape/engine/store/event-reader";
import { EventTail } from "@ape/engine/store/event-tail";
import { eventsDirectory, readManifest } from "@ape/engine/store/run-directory";
import { containerService, showContainerLogs } from "../docker/container-logs.ts";
import { stackOf } from "../docker/run-stack.ts";
import { withExamples } from "../examples.ts";
import { locateActive, locateRun } from "../find-run.ts";
import type { Io } from "../io.ts";
import { onCluster, withRuntime } from "../kubernetes/cluster-option.ts";
import { collect, sinceOption, wholeNumber } from "../option.ts";
import { eventLine, SERVICES, servicesOf } from "../output/event-line.ts";
import { numberTest, storedFragment } from "../output/stored-fragment.ts";
import type { CommandDefinition } from "./command.ts";

const POLL_MS = 500;
const TRACE_CHARS = 8;
/** Sessions of a wanted trace beyond which lines are not searched for their ids. */
const MAX_TRACED = 20;

interface LogsOptions {
  follow?: boolean;
  tail?: number;
  grep?: string;
  agent?: string;
  session?: string[];
  run?: string;
  json?: boolean;
  containers?: boolean;
  since?: number;
  runtime?: string;
}

/** The events that a command line selects. Learns the sessions of a wanted agent or trace when they begin. */
class Filter {
  readonly #service: string | undefined;
  readonly #options: LogsOptions;
  readonly #sessions: Set<string>;

  constructor(service: string | undefined, options: LogsOptions) {
    this.#service = service;
    this.#options = options;
    this.#sessions = new Set(options.session);
  }

  /**
   * Looks up the sessions of a wanted agent or trace, so that events can be read in any order.
   * @returns the events that have to be read
   */
  async prepare(directory: string): Promise<EventSelection> {
    const { agent, grep, session, since } = this.#options;
    const recent: EventSelection = since === undefined ? {} : { since };
    if (agent !== undefined)
      for (const id of await findSessions(directory, { agent })) this.#sessions.add(id);
    if (agent !== undefined || session !== undefined) return { ...recent, sessions: this.#sessions };
    if (grep === undefined) return recent;
    if (grep.length >= TRACE_CHARS)
      for (const id of await findSessions(directory, { trace: grep })) this.#sessions.add(id);
    if (this.#sessions.size > MAX_TRACED) return recent;
    const traced = Array.from(this.#sessions, (id) => JSON.stringify(id));
    const fragment = storedFragment(grep);
    if (fragment !== undefined) return { ...recent, containing: [fragment, ...traced] };
    const mayShow = numberTest(grep);
    if (mayShow === undefined) return recent;
    return { ...recent, passing: (line) => mayShow(line) || traced.some((id) => line.includes(id)) };
  }

  wants(event: Event): boolean {
    const { agent, grep, session, since } = this.#options;
    let traced = false;
    if (event.type === "session_started") {
      if (event.agent === agent) this.#sessions.add(event.session);
      traced = grep !== undefined && grep.length >= TRACE_CHARS && event.trace.startsWith(grep);
      if (traced) this.#sessions.add(event.session);
    }
    if (since !== undefined && event.at < since) return false;
    if (this.#service !== undefined && !servicesOf(event).includes(this.#service)) return false;
    const own = "session" in event && this.#sessions.has(event.session);
    if ((agent !== undefined || session !== undefined) && !own) return false;
    return (
      grep === undefined || (own && session === undefined && agent === undefined) || matches(event, grep)
    );
  }
}

/** Whether an event contains the text, as it is stored or as it is shown. */
function matches(event: Event, text: string): boolean {
  return eventLine(event).includes(text) || writeJson(event).includes(text);
}

/** Writes lines as they come, or keeps the last of them until `flush`. */
class Lines {
  readonly #write: (line: string) => void;
  #most: number | undefined;
  #kept: string[] = [];

  constructor(write: (line: string) => void, most: number | undefined) {
    this.#write = write;
    this.#most = most;
  }

  add(line: string): void {
    if (this.#most === undefined) {
      this.#write(line);
      return;
    }
    this.#kept.push(line);
    // Trimming only now and then keeps the cost per line constant.
    if (this.#kept.length >= this.#most * 2 + 1_000) this.#kept = this.#kept.slice(-this.#most);
  }

  /** Writes the kept lines; from now on every line is written as it comes. */
  flush(): void {
    if (this.#most !== undefined) for (const line of this.#kept.slice(-this.#most)) this.#write(line);
    this.#kept = [];
    this.#most = undefined;
  }
}

export const logsVerb: CommandDefinition = (command, { io }) => {
  withRuntime(command)
    .argument("[service]", "only this part")
    .option("--follow", "continue until the run ends")
    .option("--tail <n>", "only the last lines", wholeNumber(0))
    .option("--grep <text>", "only events with this text; a trace id brings its whole session")
    .option("--agent <id>", "only this agent's sessions")
    .option("--session <id>", "only this session (repeatable)", collect)
    .option("--run <run>", "id of the run, its beginning, or path (default: the latest)")
    .option("--json", "the events as NDJSON")
    .option(
      "--containers",
      "what the containers wrote themselves, from Loki where it runs, from Docker otherwise; also those of others, such as nats",
    )
    .option("--since <time>", "only what is younger: 10m, or a point in time", sinceOption)
    .action(async (service: string | undefined, options: LogsOptions) => {
      const { runtime, run: wanted } = options;
      if (options.containers === true || runtime !== undefined) {
        const role = service === undefined ? undefined : podRole(service);
        const shown = await onCluster(io, { runtime, wanted }, ({ showPodLogs }, api, run) =>
          showPodLogs(api, run, io, { ...options, role }),
        );
        if (shown) return;
      }
      if (options.containers === true) {
        const directory = await (options.follow === true
          ? locateActive(io, options.run)
          : locateRun(io, options.run));
        const manifest = await readManifest(directory);
        const { follow, tail, since, grep, agent, session } = options;
        await showContainerLogs(io, stackOf(io, manifest), {
          service: service === undefined ? undefined : containerService(service),
          follow,
          tail,
          since,
          grep,
          agent,
          sessions: session,
          began: Date.parse(manifest.startedAt),
          goesOn: () => isActive(directory),
        });
        return;
      }
      const filter = new Filter(partOf(service), options);
      const directory = await (options.follow === true
        ? locateActive(io, options.run)
        : locateRun(io, options.run));
      const textOf = options.json === true ? writeJson : eventLine;
      const show = (event: Event): void => io.out.write(`${textOf(event)}\n`);
      const events = eventsDirectory(directory);
      if (options.follow === true) {
        const lines = new Lines((line) => io.out.write(`${line}\n`), options.tail);
        const visit = (event: Event): void => {
          if (filter.wants(event)) lines.add(textOf(event));
        };
        const tail = new EventTail(events);
        await tail.begin(async () => {
          const selection = await filter.prepare(events);
          if (options.tail === undefined) return selection;
          // Events before the last ones that are shown are not read again.
          const last = await readLastEvents(events, options.tail, (event) => filter.wants(event), selection);
          const since = last.length < options.tail ? undefined : (last[0]?.at ?? Number.POSITIVE_INFINITY);
          return since === undefined ? selection : { ...selection, since };
        });
        await follow(directory, tail, visit, lines, io);
        lines.flush();
        return;
      }
      const selection = await filter.prepare(events);
      const isWanted = (event: Event): boolean => filter.wants(event);
      if (options.tail !== undefined)
        for (const event of await readLastEvents(events, options.tail, isWanted, selection)) show(event);
      else
        await readEvents(
          events,
          (event) => {
            if (isWanted(event)) show(event);
          },
          selection,
        );
    });
  withExamples(
    command,
    "ape-test logs --tail 50",
    "ape-test logs gateway --follow",
    "ape-test logs --agent a0-4 --grep 503",
    "ape-test logs inference --run 20261123-065224 --json | jq .firstTokenMs",
    "ape-test logs --containers gateway --grep 0af7651916cd43dd8448eb211c80319c --since 10m",
  );
};

/** A part's name among the pods. */
function podRole(service: string): string {
  return Object.hasOwn(SERVICES, service) ? (SERVICES[service] ?? service) : service;
}

function partOf(service: string | undefined): string | undefined {
  if (service === undefined) return undefined;
  const part = Object.hasOwn(SERVICES, service) ? SERVICES[service] : undefined;
  if (part !== undefined) return part;
  const names = Object.keys(SERVICES);
  const near = nearest(service, names);
  throw new ApeError("USAGE", `there is no service "${service}"`, {
    hint: `${near === undefined ? "" : `Did you mean "${near}"? `}The services are ${names.join(", ")}.`,
  });
}

/** Reads until the run has ended and everything it wrote was read, or until the reader closes. */
async function follow(
  directory: string,
  tail: EventTail,
  visit: (event: Event) => void,
  lines: Lines,
  io: Io,
): Promise<void> {
  for (let active = true; active && !io.out.closed; ) {
    // Checked before reading: what a run wrote before its end is then read after it.
    active = await isActive(directory);
    await tail.poll(visit);
    lines.flush();
    if (active) await io.sleep(POLL_MS);
  }
}
