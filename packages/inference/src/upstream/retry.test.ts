import { expect, test } from "vitest";
import { isPassing, one, parseReset, requestedWait, resetWait } from "./retry.ts";

test.each([
  ["12.5", 12_500],
  ["0", 0],
  ["6m0s", 360_000],
  ["20ms", 20],
  ["1.2s", 1_200],
  ["1d2h", 93_600_000],
  [" 3 ", 3_000],
  ["2h", 7_200_000],
  ["x2s", undefined],
  ["2s x", undefined],
  ["2.s", undefined],
  ["1.", undefined],
  ["soon", undefined],
  ["", undefined],
  ["-1", undefined],
  ["5x", undefined],
])("the reset %j is %j ms", (text, ms) => {
  expect(parseReset(text)).toBe(ms);
});

const NOW = Date.parse("2026-11-23T08:00:00Z");

test.each([
  [{ "retry-after-ms": "70", "retry-after": "9" }, 429, 70],
  [{ "retry-after": "2" }, 503, 2_000],
  [{ "retry-after": "0.25" }, 429, 250],
  [{ "retry-after": "Mon, 23 Nov 2026 08:00:04 GMT" }, 429, 4_000],
  [{ "retry-after": "Mon, 23 Nov 2026 07:00:00 GMT" }, 429, 0],
  [{ "retry-after": "whenever" }, 503, undefined],
  [{ "retry-after": "1m2s" }, 503, 62_000],
  [{ "retry-after": "-1" }, 503, undefined],
  [{ "retry-after": "2001", "x-ratelimit-reset-requests": "1s" }, 429, 2_001_000],
  [{ "x-ratelimit-reset-requests-day": "900", "x-ratelimit-reset-tokens-minute": "11.5" }, 429, 11_500],
  [
    {
      "x-ratelimit-reset-requests": "6m0s",
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-tokens": "1s",
      "x-ratelimit-remaining-tokens": "500",
    },
    429,
    360_000,
  ],
  [{ "x-ratelimit-reset": String(NOW + 2_500), "x-ratelimit-remaining": "0" }, 429, 2_500],
  [{ "x-ratelimit-reset": String(NOW / 1_000 + 4), "x-ratelimit-remaining": "0" }, 429, 4_000],
  [{ "x-ratelimit-reset": `${NOW + 5}000`, "x-ratelimit-remaining": "0" }, 429, 5],
  [{ "x-ratelimit-reset": "2026-11-23T08:00:07Z" }, 429, 7_000],
  [{ "retry-after": String(NOW + 1_500) }, 503, 1_500],
  [{ "retry-after": String(NOW / 1_000 - 60) }, 429, 0],
  [{ "retry-after-ms": String(NOW), "retry-after": "9" }, 429, 9_000],
  [{ "retry-after": "99999999" }, 503, undefined],
  [{ "retry-after": "5000000000" }, 429, undefined],
  [{ "x-ratelimit-reset-requests": "1s" }, 503, undefined],
  [{}, 429, undefined],
])("%j with %d asks for %j ms", (headers, status, ms) => {
  expect(requestedWait(headers, status, NOW)).toBe(ms);
});

test("limits of the draft standard are waited for: by name, and as a structured field", () => {
  expect(requestedWait({ "ratelimit-remaining": "0", "ratelimit-reset": "2" }, 429, 0)).toBe(2_000);
  expect(requestedWait({ ratelimit: '"default";r=0;t=2, "day";r=9;t=500' }, 429, 0)).toBe(2_000);
  expect(requestedWait({ ratelimit: '"default";r=5;t=2' }, 429, 0)).toBeUndefined();
});

test.each<[string, number | undefined]>([
  ['{"error":{"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"2s"}]}}', 2_000],
  ['[{"error":{"code":429,"details":[{"retryDelay": "34.5s"}]}}]', 34_500],
  ["Rate limit reached for model `m`. Please try again in 2.5s. Need more tokens?", 2_500],
  ["Please try again in 1m30.5s.", 90_500],
  ["Please try again in 640ms", 640],
  ["Please retry in 12.25s.", 12_250],
  ["try again in 20 seconds", 20_000],
  ["retry after 1 minute", 60_000],
  ["try again in a while", undefined],
  ["You exceeded your quota", undefined],
  ["", undefined],
])("a refusal's body %j asks for %j ms", (body, ms) => {
  expect(requestedWait({}, 429, NOW, body)).toBe(ms);
  expect(requestedWait({}, 503, NOW, body)).toBe(ms);
  expect(requestedWait({}, 500, NOW, body)).toBeUndefined();
  expect(requestedWait({ "retry-after": "7" }, 429, NOW, body)).toBe(7_000);
});

test.each([
  [200, false],
  [400, false],
  [407, false],
  [408, true],
  [409, true],
  [410, false],
  [425, true],
  [426, false],
  [429, true],
  [431, false],
  [499, false],
  [500, true],
  [599, true],
])("a %d may pass when it is repeated: %j", (status, passes) => {
  expect(isPassing(status)).toBe(passes);
});

const MONTH = 31 * 86_400;

test.each<[string, number | undefined]>([
  [String(MONTH), MONTH * 1_000],
  [String(MONTH + 1), undefined],
  ["999999999", undefined],
  [String(NOW / 1_000 + 1), 1_000],
  [String(NOW + 1_000), 1_000],
  [String((NOW + 1_000) * 1_000), 1_000],
  [`${NOW + 1_000}000000`, 1_000],
  ["1000000000", 0],
  ["100000000000", 0],
  ["99999999999", undefined],
  ["2026-11-23T08:00:05Z", 5_000],
  ["2026-11-23", 0],
  ["Mon, 23 Nov 2026 08:00:05 GMT", 5_000],
  ["2026", 2_026_000],
  ["1/2", undefined],
  ["soon", undefined],
])("the moment %j is %j ms away", (text, ms) => {
  expect(resetWait(text, NOW)).toBe(ms);
});

test.each<[Record<string, string | string[]>, number, number | undefined]>([
  [{ "retry-after-ms": "0" }, 429, 0],
  [{ "retry-after-ms": " 5 " }, 500, 5],
  [{ "retry-after-ms": "-1", "retry-after": "9" }, 429, 9_000],
  [{ "retry-after-ms": "", "retry-after": "9" }, 429, 9_000],
  [{ "retry-after-ms": String(MONTH * 1_000) }, 429, MONTH * 1_000],
  [{ "retry-after-ms": String(MONTH * 1_000 + 1) }, 429, undefined],
  [{ "retry-after": ["3", "9"] }, 503, 3_000],
  [{ "x-ratelimit-reset-a": "3s", "x-ratelimit-reset-b": "2s", "x-ratelimit-reset-c": "4s" }, 429, 2_000],
  [
    {
      "x-ratelimit-reset-a": "3s",
      "x-ratelimit-remaining-a": "0",
      "x-ratelimit-reset-b": "2s",
      "x-ratelimit-remaining-b": "0",
      "x-ratelimit-reset-c": "9s",
      "x-ratelimit-remaining-c": "1",
    },
    429,
    3_000,
  ],
  [{ "x-ratelimit-reset-a": "soon", "x-ratelimit-reset-b": "2s" }, 429, 2_000],
  [{ "my-ratelimit-reset": "2s", "x-ratelimit-limit": "2" }, 429, undefined],
  [{ ratelimit: '"a";r=0;t=2, "b";r=0;t=7, "c";r=0;t=3' }, 429, 7_000],
  [{ ratelimit: '"a"; r=0; t=0' }, 429, 0],
  [{ ratelimit: '"a";r=0;t=2' }, 503, undefined],
])("%j with %d asks for %j ms, by its own rule", (headers, status, ms) => {
  expect(requestedWait(headers, status, NOW)).toBe(ms);
});

test.each<[string, number | undefined]>([
  ["retry in 3 milliseconds", 3],
  ["Retry after 2 minutes", 120_000],
  ["retry in 1 second", 1_000],
  ["try again in 5sx", undefined],
  ['"retryDelay": "40d"', undefined],
  ['"retryDelay": "900h", try again in 2s', 2_000],
  [`${"x".repeat(19_980)} try again in 2s`, 2_000],
  [`${"x".repeat(20_000)} try again in 2s`, undefined],
])("a refusal's words %j ask for %j ms", (body, ms) => {
  expect(requestedWait({}, 429, NOW, body)).toBe(ms);
});

test("of several values of a header the first counts", () => {
  expect([one(["a", "b"]), one("c"), one(undefined), one([])]).toEqual(["a", "c", undefined, undefined]);
});
