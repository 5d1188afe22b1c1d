import {
  INFERENCE_METRICS,
  type InferenceMetric,
  inferenceValues,
} from "@ape/core/metrics/inference-metrics";
import type { Labels, MetricName } from "@ape/core/metrics/metrics";
import type {
  ActionRecord,
  Event,
  InferenceEnded,
  SessionEnded,
  SessionStarted,
  StepEnded,
} from "@ape/core/protocol/events";
import { gatewayOverhead } from "@ape/core/protocol/tool-call";
import { Levels } from "./levels.ts";

/** Receives the values of one metric with one set of labels. */
export interface Series {
  /** @param at epoch milliseconds of the event that the value is from */
  add(value: number, at: number): void;
}

/** Returns the series of a metric and labels; called once for each and cached. */
export type OpenSeries = (metric: MetricName, labels: Labels) => Series;

/** For a session whose beginning was lost. */
const UNKNOWN = "unknown";

interface StatusSeries {
  count: Series;
  duration: Series;
}

interface OperationSeries {
  failed: Series;
  wire: Series;
  overhead: Series;
  byStatus: Map<number, StatusSeries>;
}

interface EndSeries {
  count: Series;
  duration: Series;
  steps: Series;
}

interface GoalSeries {
  name: string;
  success: Series;
  startDelay: Series;
  rowWait: Series;
  between: Series;
  decision: Series;
  think: Series;
  queue: Series;
  invalid: Series;
  ends: Map<string, EndSeries>;
  targets: Map<string, Map<string, OperationSeries>>;
}

type ModelSeries = Record<InferenceMetric, Series>;

/**
 * Converts events into the values of metrics: the only place that does, for live figures, summaries and exports. The
 * registry (`@ape/core/metrics`) defines each metric.
 */
export class Emitter {
  readonly levels = new Levels();
  readonly #open: OpenSeries;
  readonly #goals = new Map<string, GoalSeries>();
  readonly #models = new Map<string, ModelSeries>();
  /** The goal of each open session. */
  readonly #sessions = new Map<string, GoalSeries>();
  #dropped: Series | undefined;
  #arrivals: Series | undefined;
  #active: Series | undefined;
  #waiting: Series | undefined;

  constructor(open: OpenSeries) {
    this.#open = open;
  }

  add(event: Event): void {
    switch (event.type) {
      case "step":
        this.#step(event);
        break;
      case "inference":
        this.#inference(event);
        break;
      case "session_started":
        this.#started(event);
        break;
      case "session_ended":
        this.#ended(event);
        break;
      case "session_interrupted":
        this.#sessions.delete(event.session);
        break;
      case "decision_invalid":
        this.#goalOf(event.session).invalid.add(1, event.at);
        break;
      case "verification":
        this.#open("verification_reads", { target: event.target, operation: event.operation }).add(
          1,
          event.at,
        );
        break;
      case "session_dropped":
        this.#dropped ??= this.#open("sessions_dropped", {});
        this.#dropped.add(1, event.at);
        this.#arrival(1, event.at);
        break;
      case "agents":
        this.levels.set(event.worker, event.active, event.waiting);
        this.emitLevels(this.levels.active, this.levels.waiting, event.at);
        break;
    }
  }

  /** Sets the gauges of agents; also called for levels from other processes. */
  emitLevels(active: number, waiting: number, at: number): void {
    this.#active ??= this.#open("agents_active", {});
    this.#waiting ??= this.#open("agents_waiting", {});
    this.#active.add(active, at);
    this.#waiting.add(waiting, at);
  }

  #arrival(dropped: 0 | 1, at: number): void {
    this.#arrivals ??= this.#open("arrivals_dropped", {});
    this.#arrivals.add(dropped, at);
  }

  #started(event: SessionStarted): void {
    const goal = this.#goal(event.goal);
    this.#sessions.set(event.session, goal);
    if (event.startDelayMs !== undefined) {
      goal.startDelay.add(event.startDelayMs, event.at);
      this.#arrival(0, event.at);
    }
    if (event.waitedMs !== undefined) goal.rowWait.add(event.waitedMs, event.at);
  }

  #ended(event: SessionEnded): void {
    const { at, outcome } = event;
    const succeeded = outcome === "succeeded";
    const attribution = succeeded ? undefined : (event.attribution ?? "infrastructure");
    this.#sessions.delete(event.session);
    const goal = this.#goal(event.goal);
    const key = `${outcome} ${attribution}`;
    let end = goal.ends.get(key);
    if (end === undefined) {
      const labels = { goal: event.goal, outcome };
      end = {
        count: this.#open("sessions_ended", attribution === undefined ? labels : { ...labels, attribution }),
        duration: this.#open("session_duration", labels),
        steps: this.#open("session_steps", labels),
      };
      goal.ends.set(key, end);
    }
    goal.success.add(succeeded ? 1 : 0, at);
    end.count.add(1, at);
    end.duration.add(event.durationMs, at);
    end.steps.add(event.steps, at);
  }

  #step(event: StepEnded): void {
    const { at, action } = event;
    const goal = this.#goalOf(event.session);
    goal.decision.add(event.decisionMs, at);
    goal.think.add(event.thinkMs, at);
    goal.queue.add(event.queueMs, at);
    if (event.repairs !== undefined)
      for (const kind of event.repairs)
        this.#open("decisions_repaired", { goal: goal.name, kind }).add(1, at);
    if (action === undefined) return;
    if (event.betweenMs !== undefined) goal.between.add(event.betweenMs, at);
    this.#action(goal, action, at);
  }

  #action(goal: GoalSeries, action: ActionRecord, at: number): void {
    const operation = this.#operation(goal, action);
    for (const { duration, resent } of action.attempts) {
      operation.wire.add(duration, at);
      if (resent) this.#open("requests_resent", { target: action.target }).add(1, at);
    }
    operation.overhead.add(gatewayOverhead(action), at);
    operation.failed.add(action.failed ? 1 : 0, at);
    if (action.error?.code === "circuit_open")
      this.#open("circuit_open", { target: action.target }).add(1, at);
    let status = operation.byStatus.get(action.status);
    if (status === undefined) {
      const labels = {
        target: action.target,
        operation: action.operation,
        status: String(action.status),
        goal: goal.name,
      };
      status = { count: this.#open("actions", labels), duration: this.#open("action_duration", labels) };
      operation.byStatus.set(action.status, status);
    }
    status.count.add(1, at);
    status.duration.add(action.durationMs, at);
  }

  #inference(event: InferenceEnded): void {
    const { at } = event;
    const key = `${event.provider} ${event.model}`;
    let model = this.#models.get(key);
    if (model === undefined) {
      const labels = { model: event.model, provider: event.provider };
      model = Object.fromEntries(
        INFERENCE_METRICS.map((metric) => [metric, this.#open(metric, labels)]),
      ) as ModelSeries;
      this.#models.set(key, model);
    }
    const series = model;
    inferenceValues(event, (metric, value) => series[metric].add(value, at));
  }

  #operation(goal: GoalSeries, action: ActionRecord): OperationSeries {
    let operations = goal.targets.get(action.target);
    if (operations === undefined) {
      operations = new Map();
      goal.targets.set(action.target, operations);
    }
    let operation = operations.get(action.operation);
    if (operation === undefined) {
      const labels = { target: action.target, operation: action.operation, goal: goal.name };
      operation = {
        failed: this.#open("action_failed", labels),
        wire: this.#open("target_duration", labels),
        overhead: this.#open("gateway_overhead", labels),
        byStatus: new Map(),
      };
      operations.set(action.operation, operation);
    }
    return operation;
  }

  #goalOf(session: string): GoalSeries {
    return this.#sessions.get(session) ?? this.#goal(UNKNOWN);
  }

  #goal(name: string): GoalSeries {
    let goal = this.#goals.get(name);
    if (goal === undefined) {
      const labels = { goal: name };
      goal = {
        name,
        success: this.#open("session_success", labels),
        startDelay: this.#open("session_start_delay", labels),
        rowWait: this.#open("session_row_wait", labels),
        between: this.#open("time_between_actions", labels),
        decision: this.#open("decision_duration", labels),
        think: this.#open("think_duration", labels),
        queue: this.#open("queue_duration", labels),
        invalid: this.#open("decisions_invalid", labels),
        ends: new Map(),
        targets: new Map(),
      };
      this.#goals.set(name, goal);
    }
    return goal;
  }
}
