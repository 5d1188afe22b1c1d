import { randomFrom } from "@ape/core/lib/random";
import type { ModelError } from "@ape/core/protocol/chat";
import type { View } from "@ape/core/protocol/view";
import { expect, test } from "vitest";
import { fakeClock, goal } from "../../test/session.ts";
import type { DecisionContext, PolicyResult } from "../policy/policy.ts";
import { DecisionMaker } from "./decision-maker.ts";
import type { SessionOptions } from "./session-options.ts";
import type { SessionRecorder } from "./session-recorder.ts";

const NO_VIEW = {} as View;
const UNREAD: PolicyResult = { tokens: 1, queueMs: 0, problem: "no JSON" };
const failure = (code: ModelError["code"]): ModelError => ({ code, status: 500, message: `it said ${code}` });

/** A decision maker whose policy takes `tookMs` per call, `queueMs` of them in queues. */
function rig(tookMs = 100, queueMs = 0, next?: PolicyResult[]) {
  const clock = fakeClock();
  const contexts: DecisionContext[] = [];
  const invalid: [step: number, reason: string][] = [];
  const options = {
    session: "s",
    agent: "a",
    goal: goal({ budget: { time: "60s" } }),
    clock,
    random: randomFrom(7),
    policy: {
      decide: async (_: View, context: DecisionContext): Promise<PolicyResult> => {
        contexts.push(context);
        await clock.sleep(tookMs);
        return { tokens: 1, queueMs, ...(next === undefined ? {} : { next: [...next] }) };
      },
    },
  } as unknown as SessionOptions;
  const log = {
    invalid: (step: number, reason: string) => void invalid.push([step, reason]),
  } as unknown as SessionRecorder;
  const maker = new DecisionMaker(options, log, new AbortController().signal);
  return { maker, clock, contexts, invalid, ask: (step: number) => maker.ask(NO_VIEW, step, "tp") };
}

test("time in queues is not part of the decision's time, and each step counts from zero", async () => {
  const { maker, ask } = rig(100, 30);
  await ask(1);
  await ask(1);
  expect(maker.accept()).toEqual({ decisionMs: 140, thinkMs: 0, queueMs: 60 });
  await ask(2);
  expect(maker.accept()).toEqual({ decisionMs: 70, thinkMs: 0, queueMs: 30 });
});

test("each call has a seed of its own, and the same session asks with the same seeds again", async () => {
  const seedsOf = async (): Promise<number[]> => {
    const { maker, ask, contexts } = rig();
    maker.unread(1, await ask(1));
    await ask(1);
    maker.read();
    maker.accept();
    await ask(2);
    return contexts.map(({ seed }) => seed);
  };
  const seeds = await seedsOf();
  expect(new Set(seeds).size).toBe(3);
  expect(await seedsOf()).toEqual(seeds);
});

test("the seed of a call is a whole number of 31 bits, by its step and by what failed before it", async () => {
  const { maker, ask, contexts } = rig();
  const base = Math.floor(randomFrom(7)() * 0x7fffffff);
  await ask(1);
  maker.unread(1, UNREAD);
  await ask(1);
  await maker.failed(failure("timeout"), 60_000);
  await ask(1);
  maker.read();
  await ask(2);
  maker.accept();
  await ask(2);
  // A step beyond the end begins again.
  await ask(0x7fffffff);
  expect(contexts.map(({ seed }) => seed)).toEqual(
    [1, 1 + 7_919, 1 + 2 * 7_919, 2 + 7_919, 2, 0].map((more) => base + more),
  );
});

test("two invalid decisions in a row are corrected, the third ends the session", () => {
  const { maker, invalid } = rig();
  expect(maker.unread(1, UNREAD)).toBeUndefined();
  expect(maker.problem).toBe("no JSON");
  expect(maker.invalid(1, "no such tool", UNREAD)).toBeUndefined();
  expect(maker.problem).toBe("no such tool");
  expect(maker.unread(1, { ...UNREAD, problem: undefined } as unknown as PolicyResult)).toEqual({
    outcome: "error",
    reason: "3 invalid decisions in a row: no decision",
    attribution: "inference",
  });
  expect(invalid).toEqual([
    [1, "no JSON"],
    [1, "no such tool"],
    [1, "no decision"],
  ]);
});

test("a decision that is carried out ends a row of invalid ones, and the agent is to blame for impossible ones", () => {
  const { maker } = rig();
  for (let step = 1; step < 5; step += 1) {
    expect(maker.invalid(step, "wrong", UNREAD)).toBeUndefined();
    expect(maker.invalid(step, "wrong", UNREAD)).toBeUndefined();
    maker.accept();
    expect(maker.problem).toBeUndefined();
  }
  for (let n = 0; n < 2; n += 1) maker.invalid(9, "wrong", UNREAD);
  expect(maker.invalid(9, "wrong", UNREAD)).toMatchObject({ attribution: "simulation" });
});

test("errors of the provider are repeated three times with growing waits that count as decision time", async () => {
  const { maker, clock } = rig();
  maker.read();
  for (let n = 0; n < 3; n += 1) expect(await maker.failed(failure("unavailable"), 60_000)).toBeUndefined();
  for (const [index, waited] of clock.slept.entries()) {
    expect(waited).toBeGreaterThanOrEqual((750 * 2 ** index) / 3);
    expect(waited).toBeLessThanOrEqual(750 * 2 ** index);
  }
  expect(maker.hasProviderFailed).toBe(true);
  expect(await maker.failed(failure("unavailable"), 60_000)).toEqual({
    outcome: "error",
    reason: "the model failed: it said unavailable",
    attribution: "inference",
  });
  expect(maker.accept().decisionMs).toBeCloseTo(clock.slept.reduce((sum, ms) => sum + ms, 0));
});

test("before the first decision of a session they are repeated twice", async () => {
  const { maker } = rig();
  for (let n = 0; n < 2; n += 1) expect(await maker.failed(failure("limit"), 60_000)).toBeUndefined();
  expect(await maker.failed(failure("limit"), 60_000)).toMatchObject({ outcome: "error" });
});

test("what a retry cannot change ends the session at once, in the words of what to do", async () => {
  for (const code of ["refused", "cancelled", "length"] as const)
    expect(await rig().maker.failed(failure(code), 60_000)).toMatchObject({ attribution: "inference" });
  expect(await rig().maker.failed(failure("budget"), 60_000)).toMatchObject({
    reason: "it said budget",
    attribution: "infrastructure",
  });
  expect(await rig().maker.failed(failure("context"), 60_000)).toMatchObject({
    reason: expect.stringContaining("inference.prompt.maxTokens"),
    attribution: "infrastructure",
  });
  for (const code of ["refusal", "filter"] as const) {
    const { maker } = rig();
    expect(await maker.failed(failure(code), 60_000)).toBeUndefined();
    expect(await maker.failed(failure(code), 60_000)).toBeUndefined();
    expect(await maker.failed(failure(code), 60_000)).toMatchObject({ outcome: "error" });
  }
});

test("no retry is waited for that the session's time does not hold", async () => {
  const { maker, clock } = rig();
  expect(await maker.failed(failure("timeout"), 200)).toMatchObject({ outcome: "error" });
  expect(clock.slept).toEqual([]);
});

test("an answer ends a row of errors", async () => {
  const { maker } = rig();
  for (let n = 0; n < 3; n += 1) await maker.failed(failure("timeout"), 60_000);
  maker.read();
  expect(await maker.failed(failure("timeout"), 60_000)).toBeUndefined();
  expect(maker.unusableModel).toBeUndefined();
});

test("only a budget that is used up counts as over budget", async () => {
  const { maker } = rig();
  expect([maker.isOverBudget, maker.hasProviderFailed]).toEqual([false, false]);
  await maker.failed(failure("timeout"), 60_000);
  expect([maker.isOverBudget, maker.hasProviderFailed]).toEqual([false, true]);
  await maker.failed(failure("budget"), 60_000);
  expect(maker.isOverBudget).toBe(true);
  maker.unread(1, UNREAD);
  expect([maker.isOverBudget, maker.hasProviderFailed]).toEqual([false, false]);
});

test("a model without any decision is named unusable with the last reason; one that was never asked is not", async () => {
  const { maker, ask } = rig();
  expect(maker.unusableModel).toBeUndefined();
  const asking = ask(1);
  expect(maker.unusableModel).toBe("no answer came within the session's time");
  maker.unread(1, await asking);
  expect(maker.unusableModel).toBe("no decision");
  await maker.failed(failure("timeout"), 60_000);
  expect(maker.unusableModel).toBe("it said timeout");
  maker.read();
  expect(maker.unusableModel).toBeUndefined();
});

test("waiting for the model is why a session's time passed only where it took half of it, or no step was done", async () => {
  const { maker, ask, clock } = rig(29_000);
  expect(maker.keptWaiting(0)).toBe(false);
  await ask(1);
  maker.read();
  expect([maker.keptWaiting(0), maker.keptWaiting(3), maker.underwayMs]).toEqual([false, false, 0]);
  const asking = ask(2);
  // The sleep of the fake clock has passed already: 58 of 60 seconds were the model's.
  expect([maker.keptWaiting(1), maker.underwayMs]).toEqual([true, 29_000]);
  maker.cutOff();
  await asking;
  expect(maker.underwayMs).toBe(clock.now() - 29_000);
  const quick = rig(1_000);
  const first = quick.ask(1);
  expect([quick.maker.keptWaiting(0), quick.maker.keptWaiting(1)]).toEqual([true, false]);
  await first;
  await quick.maker.failed(failure("timeout"), 60_000);
  expect(quick.maker.keptWaiting(5)).toBe(true);
});

test("further decisions of one answer come in order, until something unexpected drops them", async () => {
  const [first, second] = [
    { tokens: 1, queueMs: 0 },
    { tokens: 2, queueMs: 0 },
  ];
  const { maker, ask } = rig(1, 0, [first, second]);
  await ask(1);
  expect([maker.planned(), maker.planned(), maker.planned()]).toEqual([first, second, undefined]);
  await ask(2);
  maker.dropPlanned("the cart is empty");
  expect([maker.planned(), maker.problem]).toEqual([undefined, "the cart is empty"]);
  await ask(3);
  maker.invalid(3, "wrong", UNREAD);
  expect(maker.planned()).toBeUndefined();
});
