import { expect, test } from "vitest";
import { statedReason } from "./stated-reason.ts";

test.each([
  [{ error: "only drafts can be changed" }, "only drafts can be changed"],
  [{ error: { code: 7, message: "the kiln\n is hot" } }, "the kiln is hot"],
  [{ title: "Conflict", detail: "It was moored." }, "It was moored."],
  [{ errors: [{ message: "taken" }, { message: "old" }] }, "taken"],
  ["no such plot", "no such plot"],
  [{ error: "too_many", message: "At most 6 seats each" }, "At most 6 seats each"],
  [{ error: "invalid", issues: [{ path: "seats", message: "must be at most 6" }] }, "must be at most 6"],
  [{ seats: ["must be at most 6"] }, "must be at most 6"],
  [{ errors: [{ field: "nights", problem: "must be at most 5" }] }, "must be at most 5"],
  [{ code: "E17", error: "conflict" }, "conflict"],
  ["<html>No</html>", undefined],
  [{ id: 7, name: "Lamp" }, undefined],
  [{ error: { deep: { deeper: { message: "lost" } } } }, undefined],
  [{ error: "" }, undefined],
  [undefined, undefined],
  [null, undefined],
])("%j says why: %s", (body, reason) => {
  expect(statedReason(body)).toBe(reason);
});

test("a long reason is cut", () => {
  expect(statedReason("a".repeat(300))).toBe(`${"a".repeat(160)}…`);
});
