import { ApeError } from "@ape/core/lib/errors";
import { writeJson } from "@ape/core/lib/lossless-number";
import type { Event } from "@ape/core/protocol/events";
import { readEventsOfSession } from "@ape/engine/store/event-queries";
import { eventsDirectory, findRun, runIds } from "@ape/engine/store/run-directory";
import { withExamples } from "../examples.ts";
import { locateRun } from "../find-run.ts";
import type { Io } from "../io.ts";
import { onRunsOfCluster, withRuntime } from "../kubernetes/cluster-option.ts";
import { colours } from "../output/style.ts";
import { timelineText } from "../output/timeline.ts";
import type { CommandDefinition } from "./command.ts";

const SHOWN = 10;

export const traceVerb: CommandDefinition = (command, { io }) => {
  command
    .argument("<id>", "session id, or the beginning of a trace id")
    .option("--run <run>", "id of the run, its beginning, or path; otherwise the newest that has the session")
    .option("--json", "its events as NDJSON");
  withRuntime(command).action(
    async (id: string, options: { run?: string; json?: boolean; runtime?: string }) => {
      const sessions = await find(io, id, options);
      const [events] = sessions.values();
      if (events === undefined)
        throw new ApeError(
          "RUN_NOT_FOUND",
          `no session or trace begins with "${id}" in ${options.run === undefined ? "the runs of this folder" : "this run"}`,
          { hint: "Trace ids are in the summary and in `ape-test logs`; a run is named with --run." },
        );
      if (sessions.size > 1)
        throw new ApeError("USAGE", `${sessions.size} sessions begin with "${id}"`, {
          details: [...sessions.values()].slice(0, SHOWN).map(nameOf),
          hint: "Give the session's whole id, or more of the trace's.",
        });
      io.out.write(
        options.json === true
          ? events.map((event) => `${writeJson(event)}\n`).join("")
          : timelineText(events, colours(io.out, io.env)),
      );
    },
  );
  withExamples(command, "ape-test trace 0af7651916cd43dd", "ape-test trace s0-17 --run 20261123-065224");
};

/** Looks among the runs of this folder, then on the cluster. */
async function find(
  io: Io,
  id: string,
  { run, runtime }: { run?: string; runtime?: string },
): Promise<Map<string, Event[]>> {
  const here = await findHere(io, id, run).catch((thrown: unknown) => {
    if (thrown instanceof ApeError && thrown.code === "RUN_NOT_FOUND") return thrown;
    throw thrown;
  });
  if (here instanceof Map && here.size > 0) return here;
  const there = await onRunsOfCluster(io, runtime, () => findThere(io, id, { run, runtime }));
  if (there !== undefined) return there;
  if (here instanceof Map) return here;
  throw here;
}

async function findThere(
  io: Io,
  id: string,
  options: { run: string | undefined; runtime: string | undefined },
): Promise<Map<string, Event[]> | undefined> {
  const { sessionOnCluster } = await import("../kubernetes/session-on-cluster.ts");
  return sessionOnCluster(io, options, id);
}

async function findHere(io: Io, id: string, run: string | undefined): Promise<Map<string, Event[]>> {
  if (run !== undefined) return readEventsOfSession(eventsDirectory(await locateRun(io, run)), id);
  const newest = await findRun(io.cwd, "latest");
  const found = await readEventsOfSession(eventsDirectory(newest), id);
  if (found.size > 0) return found;
  for (const older of (await runIds(io.cwd)).slice(1)) {
    const sessions = await readEventsOfSession(eventsDirectory(await findRun(io.cwd, older)), id);
    if (sessions.size > 0) return sessions;
  }
  return found;
}

function nameOf(events: readonly Event[]): string {
  const started = events.find((event) => event.type === "session_started");
  return started === undefined
    ? "a session without a beginning"
    : `${started.session}, trace ${started.trace}, goal ${started.goal}`;
}
