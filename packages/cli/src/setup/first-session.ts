import { ApeError } from "@ape/core/lib/errors";
import type { Event } from "@ape/core/protocol/events";
import { loadProject } from "@ape/engine/project/project";
import { provenParts } from "@ape/engine/project/unproven-goals";
import { dryRun } from "@ape/engine/run/dry-run";
import type { Io } from "../io.ts";

/** What one session of a new test showed. */
export interface FirstSession {
  reached: boolean;
  /** In one line: what was proven, or why it was not. */
  line: string;
}

/** Runs one session of a test that was just set up, and says what it proved. Nothing is kept. */
export async function firstSession(io: Io, directory: string): Promise<FirstSession> {
  const end = new AbortController();
  const unsubscribe = io.onInterrupt(() => end.abort());
  try {
    const project = await loadProject({ cwd: directory, environment: io.env });
    const events: Event[] = [];
    await dryRun(project, (event) => void events.push(event), end.signal);
    const started = events.find((event) => event.type === "session_started");
    const ended = events.find((event) => event.type === "session_ended");
    if (started === undefined || ended === undefined)
      return { reached: false, line: "the session was cut off" };
    const { goal } = started;
    if (ended.outcome !== "succeeded")
      return { reached: false, line: `one session did not reach the goal "${goal}": ${ended.reason}` };
    const parts = await provenParts(project, goal);
    const proven =
      parts.length > 0 ? parts.map((part) => `"${part}"`) : ended.checks.map(({ label }) => label);
    return { reached: true, line: `one session reached the goal "${goal}"; proven: ${proven.join(", ")}` };
  } catch (thrown) {
    if (!(thrown instanceof ApeError)) throw thrown;
    return { reached: false, line: `no session could be run: ${thrown.message}` };
  } finally {
    unsubscribe();
  }
}
