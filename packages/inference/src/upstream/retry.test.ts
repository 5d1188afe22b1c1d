import { expect, test } from "vitest";
import { parseReset, requestedWait } from "./retry.ts";

test.each([
  ["12.5", 12_500],
  ["0", 0],
  ["6m0s", 360_000],
  ["20ms", 20],
  ["1.2s", 1_200],
  ["1d2h", 93_600_000],
  [" 3 ", 3_000],
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
