import { isStandIn } from "@ape/catalog/checks/check-draft";
import { alternativesOf, operationsOfCheck } from "@ape/core/config/check";
import type { CheckConfig } from "@ape/core/config/goal";
import { ApeError } from "@ape/core/lib/errors";
import type { Event } from "@ape/core/protocol/events";
import { loadProject } from "@ape/engine/project/project";
import { proofOfProject } from "@ape/engine/project/unproven-goals";
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
    if (ended.outcome !== "succeeded") {
      const labels = ended.checks.flatMap(({ held, label }) => (held ? label : []));
      const line = `one session did not reach the goal "${goal}": ${ended.reason}`;
      const { success } = project.config.goals.find(({ name }) => name === goal) ?? { success: [] };
      return {
        reached: false,
        line: success.some(isToReplace) ? `${line}${lastChangeIn(events, labels)}` : line,
      };
    }
    const { parts, unproven } = await proofOfProject(project, goal);
    const proven = parts.filter((part) => !unproven.includes(part)).map((part) => `"${part}"`);
    const labels = ended.checks.map(({ label }) => label);
    const said = `one session reached the goal "${goal}"; proven: ${(proven.length > 0 ? proven : labels).join(", ")}`;
    return { reached: true, line: `${said}${unprovenIn(unproven, events, labels)}` };
  } catch (thrown) {
    if (!(thrown instanceof ApeError)) throw thrown;
    return { reached: false, line: `no session could be run: ${thrown.message}` };
  } finally {
    unsubscribe();
  }
}

/** What is not proven, with the last change of the session as a hint. */
function unprovenIn(
  unproven: readonly string[],
  events: readonly Event[],
  labels: readonly string[],
): string {
  if (unproven.length === 0) return "";
  const named = unproven.map((part) => `"${part}"`).join(", ");
  return `; not proven: ${named}${lastChangeIn(events, labels)}`;
}

const isToReplace = (check: CheckConfig): boolean =>
  alternativesOf(check).some(({ check: one }) =>
    operationsOfCheck(one).some(({ operation }) => isStandIn(operation)),
  );

/** The last call of a session that changed something and that no check names, as a hint; empty if there is none. */
function lastChangeIn(events: readonly Event[], labels: readonly string[]): string {
  const calls = events.flatMap((event) =>
    event.type === "step" && event.action !== undefined && !event.action.failed ? event.action.operation : [],
  );
  const last = calls.findLast(
    (operation) =>
      !/^(?:GET|HEAD|query) /.test(operation) && !labels.some((label) => label.includes(operation)),
  );
  return last === undefined ? "" : ` (a check of ${last}, its last change, may prove it)`;
}
