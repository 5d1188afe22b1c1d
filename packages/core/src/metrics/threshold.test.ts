import fc from "fast-check";
import { expect, test } from "vitest";
import { sinkFor } from "./sink.ts";
import { compare, evaluateThreshold, type Operator, parseSelector, parseThreshold } from "./threshold.ts";

test("k6's forms are read, with units as an extension", () => {
  expect(parseThreshold("action_duration", "p(95)<500")).toMatchObject({
    statistic: "p(95)",
    operator: "<",
    limit: 500,
  });
  expect(parseThreshold("action_duration", "p(99.9) <= 2s")).toMatchObject({
    statistic: "p(99.9)",
    limit: 2000,
  });
  expect(parseThreshold("session_success", "rate>95%").limit).toBeCloseTo(0.95);
  expect(parseThreshold("session_success", "rate>0.95").limit).toBe(0.95);
  expect(parseThreshold("agents_active", "value===3").operator).toBe("==");
  expect(parseThreshold("actions", "count>=10", { abortOnFail: true, delayAbortEval: 5000 })).toMatchObject({
    abortOnFail: true,
    delayAbortEval: 5000,
  });
});

test.each([
  ["action_duration", "p95<500"],
  ["action_duration", "p(101)<500"],
  ["action_duration", "rate<0.5"],
  ["action_duration", "p(95)<500kg"],
  ["action_duration", "p(95)<"],
  ["action_duration", "count<5s"],
  ["session_success", "avg>0.9"],
  ["session_success", "rate>1s"],
  ["tokens_input", "count<5ms"],
] as const)("%s: %j is refused with a hint", (metric, expression) => {
  expect(() => parseThreshold(metric, expression)).toThrow(
    expect.objectContaining({ code: "THRESHOLD_INVALID", hint: expect.stringMatching(/\w/) }),
  );
});

test("a selector narrows by labels that its metric has", () => {
  expect(parseSelector('action_duration{operation:"POST /orders", target:shop}')).toMatchObject({
    metric: "action_duration",
    labels: { operation: "POST /orders", target: "shop" },
  });
  expect(parseSelector("session_success").labels).toEqual({});
  for (const text of [
    "nonsense",
    "session_success{operation:x}",
    "actions{status}",
    "actions{status:'200'",
    "toString",
  ])
    expect(() => parseSelector(text)).toThrow(expect.objectContaining({ code: "THRESHOLD_INVALID" }));
});

test("a threshold without data fails", () => {
  const threshold = parseThreshold("action_duration", "p(95)<500");
  expect(evaluateThreshold(threshold, undefined, 1)).toEqual({ ok: false, actual: undefined });
  expect(evaluateThreshold(threshold, sinkFor("action_duration"), 1).ok).toBe(false);
});

test("what is parsed is evaluated as written", () => {
  const operators: Operator[] = ["<", "<=", ">", ">=", "==", "!="];
  fc.assert(
    fc.property(fc.constantFrom(...operators), fc.nat(1000), fc.nat(1000), (operator, limit, value) => {
      const sink = sinkFor("agents_active");
      sink.add(value);
      const threshold = parseThreshold("agents_active", `value ${operator} ${limit}`);
      expect(evaluateThreshold(threshold, sink, 1)).toEqual({
        ok: compare(value, operator, limit),
        actual: value,
      });
    }),
  );
});

test("no text makes the parser fail in any other way", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parseThreshold("action_duration", text);
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: "THRESHOLD_INVALID" });
      }
    }),
  );
});

test.each([
  [
    "action_duration",
    "p(95)<5kg",
    'the unit "kg" does not fit p of action_duration',
    "Durations take ms, s, m or h.",
  ],
  [
    "actions",
    "count<5s",
    'the unit "s" does not fit count of actions',
    "Write a bare number, or % for a rate.",
  ],
  [
    "action_duration",
    "count<5s",
    'the unit "s" does not fit count of action_duration',
    "Durations take ms, s, m or h.",
  ],
  [
    "actions",
    "rate<5%",
    'the unit "%" does not fit rate of actions',
    "Write a bare number, or % for a rate.",
  ],
  ["session_success", "p(95)<1", "session_success is a rate and has no p", "A rate has rate."],
  ["action_duration", "p(100.1)<1", "p(100.1) is above 100", "Percentiles go from p(0) to p(100)."],
  [
    "action_duration",
    "fast",
    '"fast" is no threshold',
    "Write a statistic, a comparison and a number, such as p(95)<500ms, avg<1s or rate>0.95.",
  ],
] as const)("of %s, %s is refused: %s", (metric, expression, message, hint) => {
  expect(() => parseThreshold(metric, expression)).toThrow(
    expect.objectContaining({ code: "THRESHOLD_INVALID", message, hint: expect.stringContaining(hint) }),
  );
});
