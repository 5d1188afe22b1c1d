import type { Event } from "@ape/core/protocol/events";
import type { Logger } from "pino";

/** Writes a line for each session that ended, with the ids by which all logs of a run are joined. */
export class SessionLog {
  readonly #log: Pick<Logger, "info" | "warn">;
  readonly #open = new Map<string, { trace: string; agent: string }>();

  constructor(log: Pick<Logger, "info" | "warn">) {
    this.#log = log;
  }

  add(event: Event): void {
    if (event.type === "session_started") {
      this.#open.set(event.session, { trace: event.trace, agent: event.agent });
      return;
    }
    if (event.type !== "session_ended" && event.type !== "session_interrupted") return;
    const known = this.#open.get(event.session);
    this.#open.delete(event.session);
    const { session, goal, steps, durationMs } = event;
    const line = {
      trace_id: known?.trace,
      session_id: session,
      agent_id: known?.agent,
      goal,
      steps,
      durationMs,
    };
    if (event.type === "session_interrupted") this.#log.warn(line, "cut off");
    else if (event.outcome === "succeeded") this.#log.info({ ...line, outcome: event.outcome }, event.reason);
    else this.#log.warn({ ...line, outcome: event.outcome, attribution: event.attribution }, event.reason);
  }
}
