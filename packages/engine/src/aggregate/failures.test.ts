import { expect, test } from "vitest";
import { Failures, MAX_REASON_CHARS, reasonKey } from "./failures.ts";

const filled = (...reasons: string[]) => {
  const failures = new Failures();
  for (const [n, reason] of reasons.entries()) failures.add("target", reason, `t${n}`, `s${n}`);
  return failures;
};

test.each<[string, string, boolean]>([
  ["order 17 is gone", "order 18 is gone", true],
  ["order a-17.x is gone", "order b-9 is gone", true],
  ["took 3.5 s", "took 12 s", true],
  ["answered 404", "answered 500", false],
  ["answered 404.", "answered 500.", false],
  ["answered 404", "answered 404", true],
  ["answered 600", "answered 601", true],
  ["answered 4040", "answered 5000", true],
  ["answered x404", "answered x500", true],
  ["the cart is empty", "the cart is full", false],
  [`${"a".repeat(400)}b${"c".repeat(400)}`, `${"a".repeat(400)}d${"c".repeat(400)}`, true],
  [`a${"x".repeat(400)}`, `b${"x".repeat(400)}`, false],
  [`${"x".repeat(400)}a`, `${"x".repeat(400)}b`, false],
])("%s and %s are similar: %j", (one, other, similar) => {
  const [first, second] = [one, other].map((reason) => reasonKey({ attribution: "target", reason }));
  expect(first === second).toBe(similar);
});

test("the same reason with another attribution is another failure", () => {
  expect(reasonKey({ attribution: "target", reason: "x" })).not.toBe(
    reasonKey({ attribution: "unclear", reason: "x" }),
  );
});

test("similar reasons count as one, in the words of the first; the most frequent come first", () => {
  const failures = filled("rare", "order 1", "order 2", "often", "often", "often");
  expect(failures.top(2)).toEqual([
    { attribution: "target", reason: "often", count: 3, trace: "t3", session: "s3" },
    { attribution: "target", reason: "order 1", count: 2, trace: "t1", session: "s1" },
  ]);
  expect(failures.top(9)).toHaveLength(3);
});

test("of more than fifty reasons the rarest makes room for a new one", () => {
  const words = Array.from({ length: 51 }, (_, n) => "a".repeat(n + 1));
  const failures = filled(...words.slice(0, 50), ...words.slice(0, 50).filter((_, n) => n !== 7));
  failures.add("target", words[50] as string, "t", "s");
  const kept = failures.top(99).map(({ reason }) => reason);
  expect(kept).toHaveLength(50);
  expect(kept).toContain(words[50]);
  expect(kept).not.toContain(words[7]);
});

test("what was taken is merged with its counts, and taking starts at zero", () => {
  const failures = filled("a", "a", "b");
  const taken = failures.take();
  expect(failures.top(9)).toEqual([]);
  failures.add("target", "a", "t", "s");
  failures.merge(taken);
  expect(failures.top(9).map(({ reason, count }) => [reason, count])).toEqual([
    ["a", 3],
    ["b", 1],
  ]);
  // The list that was taken is not changed by what comes later.
  failures.merge(taken);
  expect(taken.map(({ count }) => count)).toEqual([2, 1]);
});

test("a long reason keeps its beginning and its end", () => {
  const [{ reason } = { reason: "" }] = filled(`begin ${"x".repeat(5_000)} end`).top(1);
  expect(reason.length).toBeLessThanOrEqual(MAX_REASON_CHARS);
  expect(reason).toMatch(/^begin x+.*x+ end$/s);
});
