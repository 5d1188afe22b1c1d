import type { GoalRealism, Summary } from "@ape/core/report/summary";
import { expect, test } from "vitest";
import { crossedSummary as summary } from "../../test/test-io.ts";
import { colours } from "./style.ts";
import { summaryText } from "./summary.ts";

const plain = colours({ isTty: false }, {});
const textOf = (more: Partial<Summary>): string => summaryText({ ...summary, ...more }, plain, "/runs/r");

test("the summary's first lines say what counts", () => {
  const text = summaryText(summary, colours({ isTty: false }, {}), "/runs/r");
  const lines = text.trim().split("\n");
  expect(lines[0]).toMatch(/saturated: latencies of that time are APE's, not the target's/);
  expect(lines[1]).toBe("✗ 90.00% successful stateful sessions (90 of 100)");
  expect(text).toContain("simulated model (no real model decided)");
  expect(text).toContain("✗ session_success rate>0.95 (rate 90.00%)");
  expect(text).toContain("10x target POST /orders answered 500 in step 4");
  expect(text).toContain("ape-test trace 0af7651916cd43dd");
  expect(text).toContain("decision 80ms");
  expect(text).toContain("2.00% of the decisions took longer than 1.00s");
  expect(text).toMatch(/buy\s+7\s+1\.25 bits\s+80\.00%\s+3, 3, 5/);
  expect(text.indexOf("by whose fault: target 10")).toBeLessThan(text.indexOf("sessions 100 started"));
  expect(text).toMatch(/POST \/orders\s+100\s+10\s+2\.00ms/);
  expect(text).toContain("s0-9 step 3: shop POST /orders");
  expect(text).not.toContain("\u001b");
  expect(summaryText(summary, colours({ isTty: true }, {}), "/")).toContain("\u001b[");
  expect(summaryText(summary, colours({ isTty: true }, { NO_COLOR: "1" }), "/")).not.toContain("\u001b[");
});

test("parts of goals that no check proves are named right below the verdict", () => {
  const proof = {
    buy: { parts: ["add it to the cart", "check out"], unproven: ["check out"] },
    look: { parts: [], unproven: [] },
  };
  const text = textOf({ proof });
  expect(text).toContain('buy: checks prove 1 of 2 parts of the goal: nothing proves "check out"\n\n');
  expect(text).not.toContain("look: ");
  expect(text.indexOf("nothing proves")).toBeLessThan(text.indexOf("sessions 100 started"));
  expect(textOf({})).not.toContain("nothing proves");
});

test("how much the checks prove stands beside the share of successes, and nothing proven gets no tick", () => {
  const well = {
    run: { ...summary.run, exitCode: 0 },
    sessions: { ...summary.sessions, succeeded: 100, dropped: 0 },
    health: { ...summary.health, saturated: false },
  };
  const first = (proof: Summary["proof"]): string | undefined =>
    textOf({ ...well, ...(proof && { proof }) })
      .trim()
      .split("\n")[0];
  const share = "100.00% successful stateful sessions (100 of 100)";
  expect(first({ rent: { parts: ["rent it", "return it"], unproven: ["rent it", "return it"] } })).toBe(
    `- ${share}; checks prove 0 of 2 parts`,
  );
  expect(first({ rent: { parts: ["rent it", "return it"], unproven: ["return it"] } })).toBe(
    `✓ ${share}; checks prove 1 of 2 parts`,
  );
  const accepted = { send: { parts: ["send it"], unproven: [], accepted: ["send it"] } };
  expect(first(accepted)).toBe(`✓ ${share}`);
  expect(textOf({ ...well, proof: accepted })).toContain(
    'send: judged by its answer alone, not read back: "send it"',
  );
});

test("a run that ended well says nothing of faults", () => {
  const text = textOf({
    run: {
      ...summary.run,
      exitCode: 0,
      model: { provider: "cerebras", name: "gpt-oss-120b", simulated: false },
    },
    metrics: {},
    sessions: {
      ...summary.sessions,
      succeeded: 100,
      byOutcome: { ...summary.sessions.byOutcome, succeeded: 100, failed: 0 },
    },
    attribution: { target: 0, simulation: 0, inference: 0, infrastructure: 0, unclear: 0 },
    failures: [],
    inFlight: [],
    health: { ...summary.health, saturated: false },
  });
  expect(text.trim().split("\n")[0]).toBe("✓ 100.00% successful stateful sessions (100 of 100)");
  expect(text).toContain("decided by gpt-oss-120b at cerebras");
  expect(text).not.toMatch(/simulated|saturated|did not succeed|never answered|exit|thresholds|latencies/);
});

test.each([
  [96, 0, 0, "✓ 96.00% successful stateful sessions (96 of 100)"],
  [95, 0, 0, "- 95.00% successful stateful sessions (95 of 100)"],
  [0, 0, 0, "- 0.00% successful stateful sessions (0 of 100)"],
  [0, 99, 0, "✗ 0.00% successful stateful sessions (0 of 100)"],
  [100, 0, 1, "✓ 100.00% successful stateful sessions (100 of 100)"],
  [
    100,
    0,
    4,
    "- 100.00% successful stateful sessions (100 of 100); 4 of 104 arrivals dropped: no agent was free",
  ],
  [
    100,
    99,
    4,
    "✗ 100.00% successful stateful sessions (100 of 100); 4 of 104 arrivals dropped: no agent was free",
  ],
])("%i of 100 succeeded, exit %i, %i dropped: %s", (succeeded, exitCode, dropped, expected) => {
  const text = textOf({
    run: { ...summary.run, exitCode },
    sessions: { ...summary.sessions, succeeded, dropped },
    health: { ...summary.health, saturated: false },
  });
  expect(text.trim().split("\n")[0]).toBe(expected);
});

test("what successful sessions did not follow of a goal is said, with a session to look at", () => {
  const remark = {
    goal: "reserve",
    text: 'not understood: "30"',
    count: 12,
    trace: "aabbccddeeff00112233445566778899",
    session: "s0-1",
  };
  expect(textOf({ remarks: [remark] })).toContain(
    'reserve: 12 successful sessions ended with: not understood: "30"\n  ape-test trace aabbccddeeff0011\n',
  );
  expect(textOf({})).not.toContain("ended with");
});

test("a green run names a session to look at", () => {
  const example = { goal: "buy", trace: "aabbccddeeff00112233445566778899", session: "s0-1" };
  expect(textOf({ failures: [], example })).toContain(
    "a session step by step: ape-test trace aabbccddeeff0011",
  );
  expect(textOf({ example })).not.toContain("step by step");
});

test("a run in which nothing ended shows no table of nothing, and a threshold without data says so", () => {
  const text = textOf({
    run: { ...summary.run, status: "inconclusive", exitCode: 99 },
    sessions: {
      ...summary.sessions,
      started: 3,
      ended: 0,
      succeeded: 0,
      interrupted: 3,
      byOutcome: { ...summary.sessions.byOutcome, succeeded: 0, failed: 0 },
    },
    metrics: {
      action_duration: {
        type: "trend",
        unit: "ms",
        values: { count: 0 },
        thresholds: { "p(95)<1s": { ok: false } },
      },
      time_between_actions: { type: "trend", unit: "ms", values: { count: 0 } },
    },
  });
  expect(text).toContain("✗ no session ended");
  expect(text).toContain("inconclusive: the planned time has passed (exit 99)");
  expect(text).toContain("✗ action_duration p(95)<1s (no data)");
  expect(text).toMatch(/interrupted\s+3/);
  expect(text).not.toMatch(/^(?:latencies|time between actions)/m);
});

test("several goals are told apart; the trace command is the one that finds the run", () => {
  const text = summaryText(
    {
      ...summary,
      sessions: {
        ...summary.sessions,
        byGoal: {
          buy: { started: 60, ended: 60, succeeded: 54 },
          browse: { started: 40, ended: 0, succeeded: 0 },
        },
      },
    },
    plain,
    "/runs/r",
    "ape-test trace --run /runs/r",
  );
  expect(text).toMatch(/buy\s+54 of 60 succeeded\s+90\.00%/);
  expect(text).toMatch(/browse\s+0 of 0 succeeded$/m);
  expect(text).toContain("ape-test trace --run /runs/r 0af7651916cd43dd");
});

test("the three commonest reasons are shown, each with a trace to look at", () => {
  const [failure] = summary.failures;
  if (failure === undefined) throw new Error("the sample has a failure");
  const failures = ["a", "b", "c", "d"].map((reason) => ({ ...failure, reason, trace: reason.repeat(32) }));
  const text = textOf({ failures });
  expect(text.match(/ape-test trace \w{16}/g)).toEqual(
    ["a", "b", "c"].map((reason) => `ape-test trace ${reason.repeat(16)}`),
  );
});

test("unclear sessions are shown apart, with both readings", () => {
  const text = textOf({
    attribution: { target: 1, simulation: 0, inference: 0, infrastructure: 0, unclear: 3 },
  });
  expect(text).toContain("by whose fault: target 1\n");
  expect(text).toMatch(/3 unclear: the target's fault in one reading, not in the other/);
  const { unclear: _, ...old } = { target: 2, simulation: 0, inference: 0, infrastructure: 0, unclear: 0 };
  expect(textOf({ attribution: old as Summary["attribution"] })).toContain("target 2\n");
});

test("where a real model failed, the next step is shown", () => {
  const model = { provider: "custom", name: "m", simulated: false };
  const attribution = { target: 0, simulation: 0, inference: 2, infrastructure: 0, unclear: 0 };
  const next = "`ape-test doctor --model`";
  expect(textOf({ attribution, run: { ...summary.run, model } })).toContain(next);
  expect(
    textOf({ attribution, run: { ...summary.run, model: { ...model, simulated: true } } }),
  ).not.toContain(next);
  expect(
    textOf({ attribution: { ...attribution, inference: 0, target: 1 }, run: { ...summary.run, model } }),
  ).not.toContain(next);
});

test("no price is missed where no token was used", () => {
  const run = { ...summary.run, model: { provider: "custom", name: "m", simulated: false } };
  const { tokens_input: _, tokens_output: __, cost_usd: ___, ...metrics } = summary.metrics;
  expect(textOf({ run, metrics })).toContain("tokens: 0 in, 0 out\n");
});

test("what a target said cannot steer the terminal", () => {
  const [failure] = summary.failures;
  if (failure === undefined) throw new Error("the sample has a failure");
  const text = textOf({ failures: [{ ...failure, reason: "answered \u001b[2J\nowned" }] });
  expect(text).toContain("10x target answered ?[2J owned");
});

test("of many calls in flight the first ten are shown", () => {
  const [call] = summary.inFlight;
  if (call === undefined) throw new Error("the sample has a call in flight");
  const text = textOf({ inFlight: Array.from({ length: 12 }, (_, step) => ({ ...call, step })) });
  expect(text).toContain("s0-9 step 9: shop POST /orders");
  expect(text).not.toContain("s0-9 step 10:");
  expect(text).toContain("2 more in summary.json");
});

test("names, paths and reasons of a target or a configuration cannot steer the terminal", () => {
  const planted = `\\u001b[2J${String.fromCharCode(0x202e)}`;
  const hostile = JSON.stringify(summary)
    .replaceAll("/orders", `/${planted}orders`)
    .replaceAll('"buy"', `"b${planted}uy"`);
  const text = summaryText(JSON.parse(hostile) as Summary, plain, "/runs/r");
  expect(text).toContain("\\u202eorders");
  expect(text).toContain("\\u202euy");
  const direction = new RegExp(`[${String.fromCharCode(0x202a)}-${String.fromCharCode(0x202e)}]`);
  expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  expect(text).not.toMatch(direction);
});

test("a run that keeps the steps of a share of its sessions says so", () => {
  expect(textOf({})).not.toContain("events.keep");
  expect(textOf({ events: { keep: 0.1, successful: 1_000, withSteps: 123 } })).toContain(
    "The steps of 12.30% of the successful sessions are kept (123 of 1,000; events.keep: 0.1)",
  );
});

test("of many operations and goals the terminal shows the most frequent, whatever they are called", () => {
  const trend = (many: number) => ({
    type: "trend" as const,
    unit: "ms" as const,
    values: { count: many, med: 1, "p(95)": 2, max: 3 },
  });
  const metrics: Summary["metrics"] = {
    "action_duration{operation:'tool \"quoted\"'}": trend(9_999),
    [`action_duration{operation:"${"long".repeat(50)}"}`]: trend(9_998),
  };
  for (let index = 0; index < 200; index += 1)
    metrics[`action_duration{operation:"GET /item-${index}"}`] = trend(index);
  const byGoal = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`goal ${index}`, { started: 1, ended: 1, succeeded: 1 }]),
  );
  const text = textOf({ metrics, sessions: { ...summary.sessions, byGoal } });
  expect(text).toMatch(/tool "quoted" +9,999 /);
  expect(text).toContain("GET /item-199");
  expect(text).not.toContain("GET /item-0");
  expect(text).toContain("162 more operations are in the report and in summary.json");
  expect(text).toContain("80 more goals are in the report and in summary.json");
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(150);
});

test("sessions that all take one path bring a hint of personas, unless there are some or too few sessions", () => {
  const hint = "makes users differ";
  const [goal] = Object.values(summary.realism.byGoal);
  const withPaths = (modalShare: number, sessions: number, personas: Summary["realism"]["personas"] = []) =>
    textOf({
      realism: {
        ...summary.realism,
        personas,
        byGoal: { buy: { ...(goal as GoalRealism), modalShare, sessions } },
      },
    });
  expect(withPaths(0.95, 20)).toContain(hint);
  expect(withPaths(0.94, 20)).not.toContain(hint);
  expect(withPaths(1, 19)).not.toContain(hint);
  expect(withPaths(1, 20, [{ name: "careful", thinkTime: "1s", patience: "none" }])).not.toContain(hint);
});
