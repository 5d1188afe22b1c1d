import { ApeError } from "@ape/core/lib/errors";
import type { DockerCompose } from "@ape/engine/launch/docker";
import { ROLE_SERVICES } from "@ape/setup/observability/services";
import type { Io } from "../io.ts";
import { type LineFilter, lineWanted, logqlOf } from "./logql.ts";
import { keyOf, Loki, type LokiLine, type Span } from "./loki.ts";

const POLL_MS = 1_000;
/** Lines of different containers reach Loki in any order: lines younger than this are requested again. */
const LATE_NS = 10_000_000_000n;
/** Polls within which a collector delivers the last lines. */
const AFTERWARDS = 3;
/** The longest span that Loki answers by default is a little more than 30 days. */
const MOST_MS = 30 * 24 * 3_600_000;

const NOTHING_FOUND =
  "no such lines: without `--observability full` roles log calls only if they fail; " +
  "set APE_LOG=info before the start to log every call, or see `ape-test trace`\n";

export interface ContainerLogsOptions extends LineFilter {
  follow?: boolean | undefined;
  tail?: number | undefined;
  /** Milliseconds since 1970. */
  since?: number | undefined;
  /** When the run began, in milliseconds since 1970: Loki keeps the lines of earlier ones too. */
  began: number;
  /** Whether the run is still running; a `follow` ends with it. */
  goesOn: () => Promise<boolean>;
}

/** Service names of parts among the containers: `gateway` is `mcp_gateway`. */
export function containerService(name: string): string {
  return Object.hasOwn(ROLE_SERVICES, name) ? ROLE_SERVICES[name as keyof typeof ROLE_SERVICES] : name;
}

/**
 * Shows the containers' own output: from Loki if it runs, from Docker otherwise.
 * @throws ApeError CONTAINERS_FAILED
 */
export async function showContainerLogs(
  io: Io,
  stack: DockerCompose,
  options: ContainerLogsOptions,
): Promise<void> {
  const loki = await lokiOf(stack);
  if (loki === undefined) await showFromDocker(io, stack, options);
  else await showFromLoki(io, loki, options);
}

/** The project's Loki, if it runs and answers. */
async function lokiOf(stack: DockerCompose): Promise<Loki | undefined> {
  const containers = await stack.containers();
  if (!containers.some(({ service, state }) => service === "loki" && state === "running")) return undefined;
  const address = await stack.run("port", "loki", "3100").catch((thrown: unknown) => {
    if (thrown instanceof ApeError) return "";
    throw thrown;
  });
  if (address.trim() === "") return undefined;
  const loki = new Loki(`http://${address.trim()}`);
  return (await loki.answers()) ? loki : undefined;
}

async function showFromDocker(
  io: Io,
  stack: DockerCompose,
  { follow, tail, since, ...filter }: ContainerLogsOptions,
): Promise<void> {
  const words = ["logs", "--no-color"];
  if (follow === true) words.push("--follow");
  if (tail !== undefined) words.push("--tail", String(tail));
  if (since !== undefined) words.push("--since", new Date(since).toISOString());
  if (filter.service !== undefined) words.push(filter.service);
  const end = new AbortController();
  const unsubscribe = io.onInterrupt(() => end.abort());
  let shown = 0;
  try {
    await stack.lines(
      words,
      (line) => {
        if (io.out.closed) end.abort();
        else if (lineWanted(line, filter)) {
          io.out.write(`${line}\n`);
          shown += 1;
        }
      },
      end.signal,
    );
  } finally {
    unsubscribe();
  }
  if (shown === 0 && follow !== true) io.err.write(NOTHING_FOUND);
}

async function showFromLoki(
  io: Io,
  loki: Loki,
  { follow, tail, since, began, goesOn, ...filter }: ContainerLogsOptions,
): Promise<void> {
  const query = logqlOf(filter);
  const first = nanos(Math.max(since ?? began, Date.now() - MOST_MS));
  const shown = new Map<string, bigint>();
  let recent = nanos(Date.now()) - LATE_NS;
  const show = (line: LokiLine): void => {
    if (follow === true && line.at >= recent) {
      const key = keyOf(line);
      if (shown.has(key)) return;
      shown.set(key, line.at);
    }
    io.out.write(`${line.labels.service ?? "?"} | ${line.text}\n`);
  };
  let interrupted = false;
  const unsubscribe = io.onInterrupt(() => {
    interrupted = true;
  });
  const over = (): boolean => interrupted || io.out.closed;
  const until = (from: bigint): Span => ({ from, to: nanos(Date.now() + 1) });
  try {
    let floor = first;
    if (tail === undefined) {
      for await (const line of loki.read(query, until(first))) {
        if (over()) return;
        show(line);
      }
    } else {
      const lines = await loki.last(query, until(first), tail);
      for (const line of lines) show(line);
      // Lines that `--tail` excluded stay excluded.
      floor = lines[0]?.at ?? nanos(Date.now());
    }
    if (follow !== true) return;
    for (let left = AFTERWARDS; left > 0 && !over(); ) {
      if (!(await goesOn())) left -= 1;
      await io.sleep(POLL_MS);
      const late = nanos(Date.now()) - LATE_NS;
      recent = late > floor ? late : floor;
      for await (const line of loki.read(query, until(recent))) show(line);
      for (const [key, at] of shown) if (at < recent) shown.delete(key);
    }
  } finally {
    unsubscribe();
  }
}

function nanos(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1_000_000n;
}
