import { suggestChecks } from "@ape/catalog/checks/suggest-checks";
import type { Event } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { drawSystem, type SystemPlan } from "./draw.ts";
import { serveGenerated, told } from "./generated.ts";
import { type GeneratedGoal, goalsOf } from "./goals.ts";

/** Systems with a REST or a GraphQL interface: their operations are known before a session. */
const PLANS = Array.from({ length: 40 }, (_, seed) => drawSystem(seed)).filter(({ face }) => face !== "web");
/** Systems at once: a session mostly waits. */
const AT_ONCE = 8;

/** What a session did by the system's own state, and by the checks suggested for a goal. */
interface Verdict {
  seed: number;
  prompt: string;
  reached: boolean;
  held: boolean;
  /** Its calls and the evidence of each check. */
  story: string;
}

interface Judged {
  parts: number;
  unproven: readonly string[];
  /** Parts that only the system's own answers show. */
  accepted: readonly string[];
  /** Absent if no check was suggested. */
  verdict?: Verdict;
}

/** Runs a session that follows `prompt`, judged by the checks that are suggested for a goal. */
async function judged(plan: SystemPlan, goal: GeneratedGoal, prompt: string, lies = false): Promise<Judged> {
  const system = await serveGenerated(plan);
  system.state.lies = lies;
  try {
    const { checks, proof } = suggestChecks(goal.prompt, [system.api]);
    const { unproven, accepted = [] } = proof;
    const about = { parts: proof.parts.length, unproven, accepted };
    if (checks.length === 0) return about;
    const success = checks.map(({ check }) => shortened(check));
    const events = await system.run(prompt, success, 1);
    const isReached = (trace: string) => goal.isReached(system.state, trace);
    return { ...about, verdict: { seed: plan.seed, prompt, ...verdictOf(events, isReached) } };
  } finally {
    await system.close();
  }
}

/** A probe that never holds is not waited for. */
const shortened = (check: object): object =>
  "probe" in check ? { probe: { ...(check.probe as object), deadline: "100ms" } } : check;

function verdictOf(events: readonly Event[], isReached: (trace: string) => boolean) {
  const started = events.find((event) => event.type === "session_started");
  const ended = events.find((event) => event.type === "session_ended");
  if (started === undefined || ended === undefined) throw new Error("no session was run");
  const checks = ended.checks.map(({ label, held, evidence }) => `${held} ${label}: ${evidence}`);
  return {
    reached: isReached(started.trace),
    held: ended.checks.every(({ held }) => held),
    story: [told(events, ended.session), ...checks].join("\n"),
  };
}

/** Calls `work` for every system, a few at once. */
async function forEachSystem(work: (plan: SystemPlan) => Promise<void>): Promise<void> {
  const left = PLANS.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const plan of left) await work(plan);
    }),
  );
}

test("suggested checks hold when the goal was reached, and only then", { timeout: 120_000 }, async () => {
  let proven = 0;
  let all = 0;
  await forEachSystem(async (plan) => {
    for (const goal of goalsOf(plan)) {
      const { parts, unproven, verdict } = await judged(plan, goal, goal.prompt);
      all += parts;
      proven += parts - unproven.length;
      if (verdict?.reached === true) expect(verdict).toMatchObject({ held: true });
      else if (unproven.length === 0) expect(verdict).toMatchObject({ held: false });
    }
  });
  expect(proven / all).toBeGreaterThan(0.95);
});

test("suggested checks do not hold when a part that they prove was not done", {
  timeout: 120_000,
}, async () => {
  let tried = 0;
  await forEachSystem(async (plan) => {
    for (const goal of goalsOf(plan))
      for (const { part, prompt } of goal.lacking) {
        const { unproven, verdict } = await judged(plan, goal, prompt);
        const isProven = !unproven.some((text) => text.toLowerCase() === part.toLowerCase());
        if (verdict === undefined || verdict.reached || !isProven) continue;
        tried += 1;
        expect(verdict).toMatchObject({ held: false });
      }
  });
  expect(tried).toBeGreaterThan(PLANS.length);
});

test("suggested checks that read what was changed do not hold where a system only says that it did it", {
  timeout: 120_000,
}, async () => {
  let tried = 0;
  await forEachSystem(async (plan) => {
    if (plan.face !== "rest") return;
    for (const goal of goalsOf(plan)) {
      const { unproven, accepted, verdict } = await judged(plan, goal, goal.prompt, true);
      if (verdict === undefined || verdict.reached || unproven.length + accepted.length > 0) continue;
      tried += 1;
      expect(verdict).toMatchObject({ held: false });
    }
  });
  expect(tried).toBeGreaterThan(10);
});
