import { expect, test } from "vitest";
import { randomFrom } from "./random.ts";
import { spanId, traceId, traceparent } from "./trace.ts";

test("a traceparent has the form of W3C Trace Context and a span of its own a step", () => {
  const trace = traceId(randomFrom(1));
  expect(traceparent(trace, 3)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  const spans = new Set(Array.from({ length: 1000 }, (_, step) => spanId(trace, step)));
  expect(spans.size).toBe(1000);
});

test("an all-zero trace id is never made", () => {
  expect(traceId(() => 0)).not.toMatch(/^0+$/);
});
