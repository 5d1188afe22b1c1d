import { expect, test } from "vitest";
import { spanId, traceId, traceparent } from "./trace.ts";

test("a traceparent has the form of W3C Trace Context and a span of its own a step", () => {
  const trace = traceId(1, 0, 7);
  expect(traceparent(trace, 3)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  const spans = new Set(Array.from({ length: 1000 }, (_, step) => spanId(trace, step)));
  expect(spans.size).toBe(1000);
});

test("no two of 200,000 sessions have the same trace id", () => {
  const ids = new Set<string>();
  for (let number = 0; number < 200_000; number += 1) ids.add(traceId(7, 0, number));
  expect(ids.size).toBe(200_000);
  expect(traceId(7, 0, 1)).toBe(traceId(7, 0, 1));
});
