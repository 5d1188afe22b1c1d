import type { Event } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { encodeEvent } from "../store/event-encoding.ts";
import { ClockSkew } from "./clock-skew.ts";

const NOW = 1_900_000_000_000;
const lines = (...at: number[]): string =>
  at
    .map((time): Event => ({ type: "log", at: time, level: "info", part: "agents-0", message: "m" }))
    .map((event) => `${encodeEvent(event).trimEnd()}\n`)
    .join("");

test("a clock that is fast is reported with the first message from the future, once", () => {
  const skew = new ClockSkew();
  expect(skew.look("agents-0", lines(NOW - 9_000, NOW + 60_000), NOW)).toBe(60_000);
  expect(skew.look("agents-0", lines(NOW + 70_000), NOW + 5_000)).toBeUndefined();
  expect(skew.look("agents-1", lines(NOW + 1_000), NOW)).toBeUndefined();
});

test("a clock is slow only if no message of some seconds came in time", () => {
  const found = (delays: number[]): (number | undefined)[] => {
    const skew = new ClockSkew();
    return delays
      .map((delay, index) => skew.look("agents-0", lines(NOW + index * 1_000 - delay), NOW + index * 1_000))
      .filter((one) => one !== undefined);
  };
  const late = Array.from({ length: 12 }, () => 30_000);
  expect(found(late)).toEqual([-30_000]);
  expect(found(late.with(4, 100))).toEqual([]);
});

test("a part is looked at once per second, and lines that are no events are passed over", () => {
  const skew = new ClockSkew();
  expect(skew.look("agents-0", lines(NOW), NOW)).toBeUndefined();
  expect(skew.look("agents-0", lines(NOW + 60_000), NOW + 10)).toBeUndefined();
  expect(skew.look("agents-0", "broken\n", NOW + 2_000)).toBeUndefined();
  expect(skew.look("agents-0", lines(NOW + 63_000), NOW + 4_000)).toBe(59_000);
});
