import type { ActionSent, Event } from "@ape/core/protocol/events";
import type { Summary } from "@ape/core/report/summary";

interface OpenSession {
  trace: string;
  /** The last action that was sent and not answered. */
  sent: ActionSent | undefined;
}

/** Open sessions, and their actions in flight. */
export class OpenSessions {
  readonly #open = new Map<string, OpenSession>();
  /** Of sessions that the end of the run cut off with an action in flight. */
  readonly #cutOff: Summary["inFlight"] = [];

  add(event: Event): void {
    switch (event.type) {
      case "session_started":
        this.#open.set(event.session, { trace: event.trace, sent: undefined });
        break;
      case "action_sent":
        this.#of(event.session).sent = event;
        break;
      case "step": {
        const session = this.#open.get(event.session);
        if (session?.sent !== undefined && session.sent.step === event.step) session.sent = undefined;
        break;
      }
      case "session_ended":
        this.#open.delete(event.session);
        break;
      case "session_interrupted": {
        const session = this.#open.get(event.session);
        if (session?.sent !== undefined) this.#cutOff.push(inFlightOf(session.trace, session.sent));
        this.#open.delete(event.session);
        break;
      }
    }
  }

  /** Adds actions in flight of sessions that another process saw. */
  addCutOff(inFlight: Summary["inFlight"]): void {
    this.#cutOff.push(...inFlight);
  }

  /** The trace of an open session, or "" if its beginning was lost. */
  traceOf(session: string): string {
    return this.#open.get(session)?.trace ?? "";
  }

  /** Actions that were sent and never answered, as far as the events tell. */
  get inFlight(): Summary["inFlight"] {
    const unanswered = [...this.#cutOff];
    for (const { trace, sent } of this.#open.values())
      if (sent !== undefined) unanswered.push(inFlightOf(trace, sent));
    return unanswered;
  }

  #of(session: string): OpenSession {
    let open = this.#open.get(session);
    if (open === undefined) {
      open = { trace: "", sent: undefined };
      this.#open.set(session, open);
    }
    return open;
  }
}

function inFlightOf(trace: string, sent: ActionSent): Summary["inFlight"][number] {
  const { session, step, target, method, path } = sent;
  return { session, trace, step, target, method, path };
}
