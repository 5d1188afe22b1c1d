import type { Exemplar } from "@ape/core/metrics/exposition";
import type { Labels, MetricName } from "@ape/core/metrics/metrics";
import type { Event } from "@ape/core/protocol/events";

/** The metrics with exemplars, which link a bucket to a session. */
const SHOWN = ["action_duration", "session_duration"] as const satisfies readonly MetricName[];

/** The last session of each series, so that a slow bucket on a dashboard links to a trace. */
export class Exemplars {
  readonly #last = new Map<string, Exemplar>();
  readonly #open = new Map<string, { trace: string; goal: string }>();

  add(event: Event): void {
    switch (event.type) {
      case "session_started":
        this.#open.set(event.session, { trace: event.trace, goal: event.goal });
        break;
      case "step": {
        const session = this.#open.get(event.session);
        const { action } = event;
        if (session === undefined || action === undefined) return;
        const { target, operation, status, durationMs } = action;
        const labels = { target, operation, status: String(status), goal: session.goal };
        this.#keep("action_duration", labels, session.trace, durationMs, event.at);
        break;
      }
      case "session_ended": {
        const session = this.#open.get(event.session);
        this.#open.delete(event.session);
        if (session === undefined) return;
        const { goal, outcome, durationMs, at } = event;
        this.#keep("session_duration", { goal, outcome }, session.trace, durationMs, at);
        break;
      }
      case "session_interrupted":
        this.#open.delete(event.session);
        break;
    }
  }

  /** The exemplar of a metric and labels; undefined if there is none. */
  of(metric: MetricName, labels: Labels): Exemplar | undefined {
    return (SHOWN as readonly MetricName[]).includes(metric)
      ? this.#last.get(keyOf(metric, labels))
      : undefined;
  }

  #keep(metric: (typeof SHOWN)[number], labels: Labels, trace: string, value: number, at: number): void {
    this.#last.set(keyOf(metric, labels), { trace, value, at });
  }
}

function keyOf(metric: MetricName, { target, operation, status, goal, outcome }: Labels): string {
  return `${metric}\n${target}\n${operation}\n${status}\n${goal}\n${outcome}`;
}
