import { type Random, randomFrom } from "@ape/core/lib/random";
import type { Event, StepEnded } from "@ape/core/protocol/events";
import { ATTRIBUTIONS, type Outcome } from "@ape/core/protocol/outcome";

/** The shape of a made-up run. */
export interface SyntheticRun {
  seed?: number;
  sessions: number;
  steps: number;
  /** Distinct operations, goals, personas and reasons. */
  operations: number;
  goals: number;
  personas: number;
  reasons: number;
  durationMs: number;
  /** Length of every free text. */
  textChars: number;
}

export const SYNTHETIC_START = 1_700_000_000_000;

/** Events of a made-up run in order of time: as many sessions as wanted, spread over the run, some of them failed. */
export function* syntheticEvents(run: SyntheticRun): Generator<Event> {
  const random = randomFrom(run.seed ?? 1);
  const text = "x".repeat(run.textChars);
  yield { type: "run_started", at: SYNTHETIC_START, run: "20261128-120000-abcd", seed: 1 };
  const gap = run.durationMs / run.sessions;
  for (let number = 0; number < run.sessions; number += 1)
    yield* session(run, number, SYNTHETIC_START + number * gap, random, text);
  yield {
    type: "run_ended",
    at: SYNTHETIC_START + run.durationMs,
    status: "finished",
    reason: "the planned time has passed",
  };
}

function* session(
  run: SyntheticRun,
  number: number,
  from: number,
  random: Random,
  text: string,
): Generator<Event> {
  const id = `s0-${number}`;
  const goal = `goal ${number % run.goals}`;
  const persona = `persona ${number % run.personas}`;
  const failed = number % 10 === 0;
  const length = (run.durationMs / run.sessions) * 0.9;
  let at = from;
  yield {
    type: "session_started",
    at,
    session: id,
    trace: number.toString(16).padStart(32, "0"),
    agent: `a0-${number % 50}`,
    goal,
    persona,
  };
  for (let step = 1; step <= run.steps; step += 1) {
    at = from + (length * step) / run.steps;
    yield stepOf(run, { id, step, at, text, failed: failed && step === run.steps, random });
  }
  const outcome: Outcome = failed ? "failed" : "succeeded";
  yield {
    type: "session_ended",
    at,
    session: id,
    goal,
    persona,
    outcome,
    reason: failed
      ? `reason ${"abcdefghij"[number % 7]} ${letters(number % run.reasons)} ${text}`
      : "every check holds",
    ...(failed ? { attribution: ATTRIBUTIONS[number % ATTRIBUTIONS.length] ?? "target" } : {}),
    steps: run.steps,
    durationMs: at - from,
    checks: [{ label: "action POST /orders", held: !failed, evidence: text }],
  };
}

function stepOf(
  run: SyntheticRun,
  {
    id,
    step,
    at,
    text,
    failed,
    random,
  }: { id: string; step: number; at: number; text: string; failed: boolean; random: Random },
): StepEnded {
  const operation = `GET /resource/${letters(Math.floor(random() * run.operations))}`;
  const durationMs = 1 + random() ** 4 * 2_000;
  return {
    type: "step",
    at,
    session: id,
    step,
    source: "model",
    tool: "call",
    args: { text },
    decisionMs: random() * 300,
    thinkMs: random() * 1_000,
    queueMs: 0,
    ...(step === 1 ? {} : { betweenMs: 400 }),
    action: {
      target: "shop",
      operation,
      method: "GET",
      path: operation.slice(4),
      status: failed ? 500 : 200,
      durationMs,
      timing: {
        total: durationMs,
        queue: 0.1,
        dns: 0,
        connect: 0.2,
        tls: 0,
        firstByte: durationMs - 1,
        body: 0.5,
      },
      attempts: [{ status: 200, duration: durationMs - 0.5, backoff: 0 }],
      failed,
      ...(failed ? { attribution: "target", because: text, request: text, response: text } : {}),
    },
    gained: ["id"],
  };
}

/** A number in letters: words with digits count as the same in reasons. */
function letters(number: number): string {
  return number.toString(26).replace(/\d/g, (digit) => "qrstuvwxyz"[Number(digit)] ?? "z");
}
