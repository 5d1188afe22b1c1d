import type { ReportSession } from "@ape/core/report/report-session";
import fc from "fast-check";
import { expect, test } from "vitest";
import { timelineOf } from "./timeline.ts";

const ms = fc.integer({ min: 0, max: 5_000 });

test("parts of a step follow one another without gaps and end where the step ends", () => {
  fc.assert(
    fc.property(
      ms,
      ms,
      ms,
      ms,
      ms,
      ms,
      ms,
      (queueMs, decisionMs, thinkMs, connectMs, waitMs, receiveMs, more) => {
        const durationMs = connectMs + waitMs + receiveMs + more;
        const at = queueMs + decisionMs + thinkMs + durationMs + 10;
        const action = { queueMs: 0, connectMs, waitMs, receiveMs, durationMs };
        const session = { steps: [{ step: 1, at, queueMs, decisionMs, thinkMs, action }], reads: [] };
        const [row] = timelineOf(session as unknown as ReportSession);
        if (row?.kind !== "step") throw new Error("no step");
        let from = row.from;
        for (const segment of row.segments) {
          expect(segment.from).toBe(from);
          from += segment.ms;
        }
        expect(from).toBe(at);
      },
    ),
  );
});

test("requests of the oracle stand among the steps by their time", () => {
  const step = (number: number, at: number) => ({ step: number, at, queueMs: 0, decisionMs: 1, thinkMs: 0 });
  const session = { steps: [step(1, 100), step(2, 300)], reads: [{ at: 200, durationMs: 5, kind: "probe" }] };
  const rows = timelineOf(session as unknown as ReportSession);
  expect(rows.map(({ kind, to }) => [kind, to])).toEqual([
    ["step", 100],
    ["read", 200],
    ["step", 300],
  ]);
});
