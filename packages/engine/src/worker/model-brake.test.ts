import type { SessionReport } from "@ape/agent/session/session-options";
import { expect, test } from "vitest";
import { ModelBrake } from "./model-brake.ts";

const unusable: SessionReport = { outcome: "error", steps: 0, durationMs: 5, unusableModel: "400: no" };
const usable: SessionReport = { outcome: "failed", steps: 2, durationMs: 5 };
const cutOff: SessionReport = { outcome: undefined, steps: 0, durationMs: 5 };

test("pauses grow with each session without a usable answer, up to a bound", () => {
  const brake = new ModelBrake();
  const pauses = Array.from({ length: 20 }, () => brake.ended(unusable, 0).pauseMs);
  expect(pauses[0]).toBeGreaterThan(0);
  expect(pauses[1]).toBeGreaterThan(pauses[0] as number);
  expect(pauses.every((pause, index) => pause >= (pauses[index - 1] ?? 0))).toBe(true);
  expect(pauses.at(-1)).toBe(5_000);
});

test("a usable answer ends the pauses and is reported at once", () => {
  const brake = new ModelBrake();
  const first = brake.ended(unusable, 0);
  brake.ended(unusable, 0);
  expect(brake.ended(usable, 1)).toEqual({ pauseMs: 0, message: { type: "model" } });
  expect(brake.ended(unusable, 2)).toEqual(first);
});

test("a session that was cut off before its first answer says nothing of the model", () => {
  const brake = new ModelBrake();
  const { pauseMs } = brake.ended(unusable, 0);
  expect(brake.ended(cutOff, 1)).toEqual({ pauseMs: 0 });
  expect(brake.ended(unusable, 2).pauseMs).toBeGreaterThan(pauseMs);
});

test("usable answers are reported at intervals, not with each session", () => {
  const brake = new ModelBrake();
  const reported = Array.from({ length: 1_000 }, (_, at) => brake.ended(usable, at).message).filter(Boolean);
  expect(reported).toHaveLength(4);
});

test("sessions of which nothing came, one after another, are slowed down without blaming the model", () => {
  const brake = new ModelBrake();
  const idle: SessionReport = { outcome: "failed", steps: 1, durationMs: 1, fruitless: true };
  const ends = Array.from({ length: 12 }, () => brake.ended(idle, 0));
  expect(ends.slice(0, 3).every(({ pauseMs }) => pauseMs === 0)).toBe(true);
  expect(ends[3]?.pauseMs).toBeGreaterThan(0);
  expect(ends.at(-1)?.pauseMs).toBe(5_000);
  // Its answers are usable: the model is not blamed.
  expect(ends.every(({ message }) => message?.type !== "model" || !("reason" in message))).toBe(true);
  expect(brake.ended(usable, 1).pauseMs).toBe(0);
  expect(brake.ended(idle, 2).pauseMs).toBe(0);
});
