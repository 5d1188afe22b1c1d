import type { ModelError } from "@ape/core/protocol/chat";
import { expect, test } from "vitest";
import { fakeClock, finishTool, goal, login, order, play, shop } from "../../test/session.ts";

const down: { error: ModelError } = { error: { code: "unavailable", status: 503, message: "no capacity" } };

test("several calls of one answer are made in order, with what earlier ones brought, for one model call", async () => {
  const { prompts, steps, ended, calls, events } = await play([{ calls: [login, order, finishTool] }], shop);
  expect(prompts).toHaveLength(1);
  expect(ended?.outcome).toBe("succeeded");
  expect(calls[1]?.headers?.authorization).toBe("Bearer tok-abcdef-123456");
  expect(steps.map(({ step, inference }) => [step, inference])).toEqual([
    [1, "i1"],
    [2, "i1"],
    [3, "i1"],
  ]);
  expect(events.filter(({ type }) => type === "action_sent")).toHaveLength(2);
});

test.each([409, 302])(
  "after an answer of %i the model is asked again before anything else",
  async (status) => {
    const { prompts, steps, ended } = await play(
      [{ calls: [login, order, ["http_delete", { path: "/never" }]] }, { calls: [order, finishTool] }],
      (call, n) => (n === 2 ? { status, json: { reason: "sold out" } } : shop(call)),
    );
    expect(prompts).toHaveLength(2);
    expect(prompts[1]).toContain("sold out");
    expect(steps.map(({ tool }) => tool)).toEqual(["http_post", "http_post", "http_post", "finish"]);
    expect(ended?.outcome).toBe("succeeded");
  },
);

test("an invalid later call is counted and explained once its turn comes, and ends what was planned", async () => {
  const { prompts, calls, events, ended } = await play(
    [{ calls: [login, ["teleport", {}], order] }, { calls: [order, finishTool] }],
    shop,
  );
  expect(events.filter(({ type }) => type === "decision_invalid")).toMatchObject([
    { step: 2, inference: "i1" },
  ]);
  expect(prompts).toHaveLength(2);
  expect(prompts[1]).toContain('there is no tool "teleport"');
  expect(calls.filter(({ method }) => method === "POST").map(({ path }) => path)).toEqual([
    "/login",
    "/orders",
  ]);
  expect(ended?.outcome).toBe("succeeded");
});

test("budgets hold between the calls of one answer, and more than eight are not made", async () => {
  const read = ["http_get", { path: "/x" }] as [string, { path: string }];
  const stepped = await play([{ calls: [login, read, read, read] }], shop, {
    goal: goal({ budget: { steps: 2 } }),
  });
  expect(stepped.ended).toMatchObject({ outcome: "step_budget", steps: 2 });
  const many = await play([{ calls: [login, ...new Array(20).fill(read)] }, finishTool], shop);
  expect(many.ended?.steps).toBe(9);
});

test("a failed decision is asked again after a while, then the session goes on", async () => {
  const { ended, prompts, clock, steps } = await play([login, down, down, order, finishTool], shop);
  expect(ended?.outcome).toBe("succeeded");
  expect(prompts[1]).toBe(prompts[3]);
  expect(clock.slept).toHaveLength(2);
  expect(clock.slept[1]).toBeGreaterThan(500);
  expect(steps[1]?.decisionMs).toBeGreaterThan(750);
});

test("a provider that stays away ends the session as an error of the inference", async () => {
  const { ended, prompts } = await play([login, down], shop);
  expect(prompts).toHaveLength(5);
  expect(ended).toMatchObject({
    outcome: "error",
    attribution: "inference",
    reason: "the model failed: no capacity",
  });
});

test("no wait goes beyond the session's time", async () => {
  const { ended, clock } = await play([down], shop, { goal: goal({ budget: { time: "1s" } }) });
  expect(ended).toMatchObject({ outcome: "error", attribution: "inference" });
  expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(1_000);
});

test("a refused request is not repeated", async () => {
  const { ended, prompts } = await play(
    [{ error: { code: "refused", status: 400, message: "no such model" } }],
    shop,
  );
  expect(prompts).toHaveLength(1);
  expect(ended).toMatchObject({ outcome: "error", attribution: "inference" });
});

test.each([
  [12_000, 1],
  [2_000, 0],
])(
  "a session that is cut off after %i ms of a call of the model says so: %i notices",
  async (waitMs, notices) => {
    const end = new AbortController();
    let now = 0;
    const { events } = await play([login], shop, {
      signal: end.signal,
      clock: { ...fakeClock(), now: () => now },
      policy: {
        decide: (_, { signal }) =>
          new Promise((resolve) => {
            signal?.addEventListener("abort", () =>
              resolve({
                inference: "i",
                tokens: 0,
                queueMs: 0,
                error: { code: "cancelled", status: 0, message: "cut" },
              }),
            );
            now += waitMs;
            end.abort();
          }),
      },
    });
    expect(events.at(-1)?.type).toBe("session_interrupted");
    expect(events.filter((event) => event.type === "log" && event.notice === true)).toHaveLength(notices);
  },
);
