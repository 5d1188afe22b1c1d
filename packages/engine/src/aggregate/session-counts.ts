import type { Event } from "@ape/core/protocol/events";
import { ATTRIBUTIONS, type Attribution, OUTCOMES, type Outcome } from "@ape/core/protocol/outcome";
import type { Summary } from "@ape/core/report/summary";

/** Maximum number of goals and personas in a report; further ones are counted together. */
const MAX_NAMES = 200;
const OTHER = "other";

type Counts = Summary["sessions"];

/** Counts sessions and attributions. */
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
        if (event.persona !== undefined) this.#persona(event.persona).started += 1;
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
        if (event.persona !== undefined) {
          const persona = this.#persona(event.persona);
          persona.ended += 1;
          if (event.outcome === "succeeded") persona.succeeded += 1;
          if (event.outcome === "gave_up") persona.gaveUp += 1;
        }
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
    for (const [name, counts] of Object.entries(sessions.byPersona)) {
      const persona = this.#persona(name);
      persona.started += counts.started;
      persona.ended += counts.ended;
      persona.succeeded += counts.succeeded;
      persona.gaveUp += counts.gaveUp;
    }
    for (const name of ATTRIBUTIONS) this.#attribution[name] += attribution[name] ?? 0;
  }

  /** Returns everything and starts again at zero. */
  take(): { sessions: Counts; attribution: Record<Attribution, number> } {
    const taken = { sessions: this.#sessions, attribution: this.#attribution };
    this.#sessions = noSessions();
    this.#attribution = noAttribution();
    return taken;
  }

  #goal(name: string): Counts["byGoal"][string] {
    return named(this.#sessions.byGoal, name, () => ({ started: 0, ended: 0, succeeded: 0 }));
  }

  #persona(name: string): Counts["byPersona"][string] {
    return named(this.#sessions.byPersona, name, () => ({ started: 0, ended: 0, succeeded: 0, gaveUp: 0 }));
  }
}

/** The entry of a name; beyond the maximum, that of all others. */
function named<T>(entries: Record<string, T>, name: string, blank: () => T): T {
  const known = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (known !== undefined) return known;
  const key = Object.keys(entries).length < MAX_NAMES ? name : OTHER;
  const entry = (Object.hasOwn(entries, key) ? entries[key] : undefined) ?? blank();
  entries[key] = entry;
  return entry;
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
    byPersona: {},
  };
}

function noAttribution(): Record<Attribution, number> {
  return Object.fromEntries(ATTRIBUTIONS.map((name) => [name, 0])) as Record<Attribution, number>;
}
