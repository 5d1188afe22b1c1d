import { expect, test } from "vitest";
import { placeBelow } from "./place-below.ts";

test.each([
  ["a.json", "/run/a.json"],
  ["events/agents-0.jsonl", "/run/events/agents-0.jsonl"],
  ["./a/../b", "/run/b"],
  ["..accounts.csv", "/run/..accounts.csv"],
])("%s is written below the folder", (path, place) => {
  expect(placeBelow("/run", path)).toBe(place);
});

test.each(["../a", "a/../../b", "/etc/passwd", "..", "a/../.."])("%s leads out of the folder", (path) => {
  expect(placeBelow("/run", path)).toBeUndefined();
});
