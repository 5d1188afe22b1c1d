import fc from "fast-check";
import { expect, test } from "vitest";
import { readLimits } from "./rate-headers.ts";

const EPOCH = 1_700_000_000_000;

test.each([
  [
    "Cerebras: float seconds, the period in the name",
    {
      "x-ratelimit-limit-tokens-minute": "60000",
      "x-ratelimit-remaining-tokens-minute": "59000",
      "x-ratelimit-reset-tokens-minute": "11.382883310317993",
    },
    {
      name: "tokens-minute",
      kind: "tokens",
      limit: 60_000,
      remaining: 59_000,
      resetMs: 11_382.88,
      periodMs: 60_000,
    },
  ],
  [
    "OpenAI: amounts with units",
    {
      "x-ratelimit-limit-requests": "60",
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": "1m2.5s",
    },
    { name: "requests", kind: "requests", limit: 60, remaining: 0, resetMs: 62_500, periodMs: undefined },
  ],
  [
    "OpenRouter: no suffix, an instant in milliseconds",
    { "x-ratelimit-limit": "20", "x-ratelimit-remaining": "3", "x-ratelimit-reset": String(EPOCH + 4_000) },
    { name: "", kind: "requests", limit: 20, remaining: 3, resetMs: 4_000 },
  ],
  [
    "DigitalOcean: an instant in seconds",
    {
      "x-ratelimit-remaining-tokens-per-minute": "3",
      "x-ratelimit-reset-tokens-per-minute": String(EPOCH / 1_000 + 4),
    },
    {
      name: "tokens-per-minute",
      kind: "tokens",
      limit: undefined,
      remaining: 3,
      resetMs: 4_500,
      periodMs: 60_000,
    },
  ],
  [
    "whole seconds may be rounded",
    { "x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "2" },
    { resetMs: 2_500, marginMs: 500 },
  ],
  ["no reset at all", { "x-ratelimit-remaining-requests": "3" }, { remaining: 3, resetMs: undefined }],
])("rate headers are read: %s", (_name, headers, reading) => {
  const [read, ...others] = readLimits(headers, EPOCH);
  expect(others).toEqual([]);
  const { resetMs, ...rest } = reading as { resetMs?: number };
  expect(read).toMatchObject(rest);
  if (resetMs === undefined) expect(read?.resetMs).toBeUndefined();
  else expect(read?.resetMs).toBeCloseTo(resetMs, 1);
});

test("what is no limit is passed over", () => {
  expect(
    readLimits(
      { "x-ratelimit-remaining-requests": "many", "x-ratelimit-remainingx": "1", "content-type": "x" },
      EPOCH,
    ),
  ).toEqual([]);
});

test("whatever a server writes there, the readings are numbers that can be counted with", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (limit, remaining, reset) => {
      for (const reading of readLimits(
        { "x-ratelimit-limit-a": limit, "x-ratelimit-remaining-a": remaining, "x-ratelimit-reset-a": reset },
        EPOCH,
      )) {
        expect(reading.remaining).toBeGreaterThanOrEqual(0);
        expect(reading.limit ?? 0).toBeGreaterThanOrEqual(0);
        expect(reading.resetMs ?? 0).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test.each([
  ["tokens-second", 1_000],
  ["requests-per-minute", 60_000],
  ["hour", 3_600_000],
  ["tokens-day", 86_400_000],
  ["requests", undefined],
])("the period of %s is %j ms", (name, periodMs) => {
  expect(readLimits({ [`x-ratelimit-remaining-${name}`]: "1" }, EPOCH)[0]).toMatchObject({ name, periodMs });
});

test.each([
  ["2", 500],
  ["0.5", 50],
  ["0.25", 5],
  [" 2 ", 500],
  ["1m2s", 0],
  ["20ms", 0],
  [String(EPOCH / 1_000), 500],
  ["99999999999", 500],
  [String(EPOCH), 0],
  ["100000000000", 0],
])("the reset %j is exact to %d ms", (reset, marginMs) => {
  const headers = { "x-ratelimit-remaining": "1", "x-ratelimit-reset": reset };
  expect(readLimits(headers, EPOCH)[0]?.marginMs).toBe(marginMs);
});

test.each([
  ["-3", 0],
  ["0", 0],
  ["2.5", 2.5],
])("the amount %j is %j", (text, remaining) => {
  expect(readLimits({ "x-ratelimit-remaining": text }, EPOCH)[0]?.remaining).toBe(remaining);
});

test.each(["", " ", "x", "Infinity"])("the amount %j is no limit", (text) => {
  expect(readLimits({ "x-ratelimit-remaining": text }, EPOCH)).toEqual([]);
});

test("each limit of several has its own reset and kind", () => {
  const headers = {
    "x-ratelimit-remaining-requests": "1",
    "x-ratelimit-reset-requests": "3s",
    "x-ratelimit-limit-requests": "9",
    "x-ratelimit-remaining-input-tokens": "2",
    "x-ratelimit-reset-input-tokens": ["4s", "9s"],
  };
  expect(readLimits(headers, EPOCH)).toEqual([
    {
      name: "requests",
      kind: "requests",
      limit: 9,
      remaining: 1,
      resetMs: 3_000,
      marginMs: 0,
      periodMs: undefined,
    },
    {
      name: "input-tokens",
      kind: "tokens",
      limit: undefined,
      remaining: 2,
      resetMs: 4_000,
      marginMs: 0,
      periodMs: undefined,
    },
  ]);
});
