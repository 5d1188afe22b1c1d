import type { Event } from "@ape/core/events";
import { ATTRIBUTIONS, type Attribution, OUTCOMES, type Outcome } from "@ape/core/outcome";
import type { Summary } from "../summary.ts";

type Counts = Summary["sessions"];

/** Sessions and whose fault it was, counted. */
export class SessionCounts {
  #sessions = noSessions();
  #attribution = noAttribution();

  get sessions(): Readonly<Counts> {
    return this.#sessions;
  }
  get attribution(): Readonly<Record<Attribution, number>> {
    return this.#attribution;
  }

  add(event: Event): void {
    switch (event.type) {
      case "session_started":
        this.#sessions.started += 1;
        this.#goal(event.goal).started += 1;
        break;
      case "session_ended": {
        const goal = this.#goal(event.goal);
        this.#sessions.ended += 1;
        goal.ended += 1;
        this.#sessions.byOutcome[event.outcome] += 1;
        if (event.outcome === "succeeded") {
          this.#sessions.succeeded += 1;
          goal.succeeded += 1;
        } else this.#attribution[event.attribution ?? "infrastructure"] += 1;
        break;
      }
      case "session_interrupted":
        this.#sessions.interrupted += 1;
        break;
      case "session_dropped":
        this.#sessions.dropped += 1;
        break;
    }
  }

  merge(sessions: Counts, attribution: Record<Attribution, number>): void {
    const mine = this.#sessions;
    for (const key of ["started", "ended", "succeeded", "interrupted", "dropped"] as const)
      mine[key] += sessions[key];
    for (const outcome of OUTCOMES) mine.byOutcome[outcome] += sessions.byOutcome[outcome];
    for (const [name, counts] of Object.entries(sessions.byGoal)) {
      const goal = this.#goal(name);
      goal.started += counts.started;
      goal.ended += counts.ended;
      goal.succeeded += counts.succeeded;
    }
    for (const name of ATTRIBUTIONS) this.#attribution[name] += attribution[name];
  }

  /** Moves everything out. */
  take(): { sessions: Counts; attribution: Record<Attribution, number> } {
    const taken = { sessions: this.#sessions, attribution: this.#attribution };
    this.#sessions = noSessions();
    this.#attribution = noAttribution();
    return taken;
  }

  #goal(name: string): Counts["byGoal"][string] {
    let goal = this.#sessions.byGoal[name];
    if (goal === undefined) {
      goal = { started: 0, ended: 0, succeeded: 0 };
      this.#sessions.byGoal[name] = goal;
    }
    return goal;
  }
}

function noSessions(): Counts {
  return {
    started: 0,
    ended: 0,
    succeeded: 0,
    interrupted: 0,
    dropped: 0,
    byOutcome: Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>,
    byGoal: {},
  };
}

function noAttribution(): Record<Attribution, number> {
  return Object.fromEntries(ATTRIBUTIONS.map((name) => [name, 0])) as Record<Attribution, number>;
}
