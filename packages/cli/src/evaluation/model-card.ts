import { Histogram } from "@ape/core/metrics/histogram";
import type { Event } from "@ape/core/protocol/events";
import type { Summary } from "@ape/core/report/summary";
import { repairsIn } from "./repairs-in.ts";

/** Sessions of one goal or of one kind of target, and how many of them reached their goal. */
export interface Successes {
  sessions: number;
  succeeded: number;
}

/** Results of `evaluate` for a model. */
export interface ModelCard {
  schema: 1;
  model: Summary["run"]["model"];
  sessions: Successes;
  /** By kind of target: rest, graphql, web, mcp. */
  byKind: Record<string, Successes & { goals: Record<string, Successes> }>;
  decisions: {
    /** Answers of the model. */
    answers: number;
    /** Share of the answers, in percent, that were a valid decision or could be repaired without a loss. */
    validPct: number | null;
    /** Answers that were repaired without a loss, by kind of repair. */
    repaired: Record<string, number>;
    /** Answers that were no valid decision, by the most frequent reasons. */
    invalid: Record<string, number>;
  };
  /** Averages. */
  perSession: { inputTokens: number; cachedTokens: number; outputTokens: number; costUsd: number } | null;
  /** Milliseconds; null where no answer was streamed. */
  timeToFirstToken: { medianMs: number; p95Ms: number } | null;
  /** Of the whole answer, in milliseconds. */
  answerTime: { medianMs: number; p95Ms: number } | null;
  /** Calls of the model that ended without an answer, by the error. */
  failedCalls: Record<string, number>;
  /** Hints to the user from the runs. */
  notices: string[];
  /** Goals that were not tried because an earlier one ended badly, and why. */
  untried: { goals: string[]; because: string } | null;
}

const REASONS = 5;

/** Counts what the runs of the goals show of the model. Memory does not grow with the runs. */
export class ModelCardCounter {
  readonly #firstToken = new Histogram();
  readonly #answer = new Histogram();
  readonly #invalid = new Map<string, number>();
  readonly #repaired = new Map<string, number>();
  readonly #failed = new Map<string, number>();
  readonly #notices = new Set<string>();
  readonly #byKind: ModelCard["byKind"] = {};
  readonly #spent = { inputTokens: 0, cachedTokens: 0, outputTokens: 0, costUsd: 0 };
  readonly #all: Successes = { sessions: 0, succeeded: 0 };
  #answers = 0;
  #invalidAnswers = 0;
  #model: Summary["run"]["model"] | undefined;

  /** Adds an event of a run. */
  event(event: Event): void {
    if (event.type === "decision_invalid") {
      this.#invalidAnswers += 1;
      bump(this.#invalid, event.reason);
    } else if (event.type === "inference") {
      this.#spent.inputTokens += event.inputTokens;
      this.#spent.cachedTokens += event.cachedTokens ?? 0;
      this.#spent.outputTokens += event.outputTokens;
      this.#spent.costUsd += event.costUsd;
      if (event.error !== undefined) {
        bump(this.#failed, event.error);
        return;
      }
      this.#answers += 1;
      this.#answer.add(event.durationMs);
      if (event.firstTokenMs !== undefined) this.#firstToken.add(event.firstTokenMs);
    }
  }

  /**
   * Adds the results of a run.
   * @param kind the kind of target of its goals
   */
  run(kind: string, { run, sessions, metrics, notices = [] }: Summary): void {
    this.#model ??= run.model;
    this.#byKind[kind] ??= { sessions: 0, succeeded: 0, goals: {} };
    const ofKind = this.#byKind[kind];
    for (const [goal, { ended, succeeded }] of Object.entries(sessions.byGoal)) {
      ofKind.goals[goal] ??= { sessions: 0, succeeded: 0 };
      for (const counts of [this.#all, ofKind, ofKind.goals[goal]]) {
        counts.sessions += ended;
        counts.succeeded += succeeded;
      }
    }
    for (const [kindOfRepair, times] of repairsIn(metrics)) bump(this.#repaired, kindOfRepair, times);
    for (const notice of notices) this.#notices.add(notice);
  }

  /** The commonest error of a model whose calls all ended without an answer; undefined of any other. */
  get neverAnswered(): string | undefined {
    return this.#answers > 0 ? undefined : commonest(this.#failed)[0]?.[0];
  }

  /**
   * The card of everything that was counted.
   * @param model the requested model, if no run ended
   */
  card(model: Summary["run"]["model"], untried: ModelCard["untried"] = null): ModelCard {
    const { sessions } = this.#all;
    const { inputTokens, cachedTokens, outputTokens, costUsd } = this.#spent;
    return {
      schema: 1,
      model: this.#model ?? model,
      sessions: { ...this.#all },
      byKind: this.#byKind,
      decisions: {
        answers: this.#answers,
        validPct:
          this.#answers === 0
            ? null
            : round(100 * (1 - Math.min(this.#invalidAnswers, this.#answers) / this.#answers), 2),
        repaired: Object.fromEntries(commonest(this.#repaired)),
        invalid: Object.fromEntries(commonest(this.#invalid).slice(0, REASONS)),
      },
      perSession:
        sessions === 0
          ? null
          : {
              inputTokens: Math.round(inputTokens / sessions),
              cachedTokens: Math.round(cachedTokens / sessions),
              outputTokens: Math.round(outputTokens / sessions),
              costUsd: round(costUsd / sessions, 6),
            },
      timeToFirstToken: times(this.#firstToken),
      answerTime: times(this.#answer),
      failedCalls: Object.fromEntries(commonest(this.#failed).slice(0, REASONS)),
      notices: [...this.#notices],
      untried,
    };
  }
}

/** Maximum number of distinct reasons: a model may err in a new way with every answer. */
const MOST_KEYS = 200;

function bump(counts: Map<string, number>, key: string, by = 1): void {
  const known = counts.get(key);
  if (known !== undefined || counts.size < MOST_KEYS) counts.set(key, (known ?? 0) + by);
}

const commonest = (counts: Map<string, number>): [string, number][] =>
  [...counts].filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);

const times = (histogram: Histogram): { medianMs: number; p95Ms: number } | null =>
  histogram.count === 0 ? null : { medianMs: histogram.percentile(50), p95Ms: histogram.percentile(95) };

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
