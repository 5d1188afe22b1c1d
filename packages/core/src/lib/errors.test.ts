import { expect, test } from "vitest";
import { ApeError, EXIT, type ExitName, exitWith, messageOf, worstExit } from "./errors.ts";

test.each<[ExitName[], ExitName]>([
  [[], "ok"],
  [["ok"], "ok"],
  [["ok", "thresholds"], "thresholds"],
  [["inconclusive", "thresholds"], "thresholds"],
  [["thresholds", "crashed", "ok"], "crashed"],
  [["crashed", "config"], "config"],
  [["interrupted", "aborted"], "interrupted"],
  [["thresholds", "odd" as ExitName], "crashed"],
])("of the exits %j the worst is %s", (names, worst) => {
  expect(worstExit(names)).toBe(worst);
});

test("every exit has a code of its own, by which it is found", () => {
  for (const [name, code] of Object.entries(EXIT)) expect(exitWith(code)).toBe(name);
  expect([exitWith(1), exitWith(undefined)]).toEqual([undefined, undefined]);
});

test("an error has its exit, hint, details and cause", () => {
  const cause = new Error("inner");
  const full = new ApeError("STORE_FULL", "outer", { hint: "h", cause, details: ["d"] });
  expect([full.name, full.exit, full.hint, full.cause, full.details]).toEqual([
    "ApeError",
    "crashed",
    "h",
    cause,
    ["d"],
  ]);
  const bare = new ApeError("CONFIG_INVALID", "m");
  expect([bare.exit, bare.hint, "cause" in bare, bare.details]).toEqual(["config", undefined, false, []]);
});

test.each([
  ["text", "text"],
  [undefined, "undefined"],
  [new Error("a"), "a"],
  [new Error("a", { cause: new Error("b") }), "a: b"],
  [new Error("a: b", { cause: new Error("b") }), "a: b"],
  [new Error("a", { cause: "" }), "a"],
  [new Error("a", { cause: new Error("b", { cause: "c" }) }), "a: b: c"],
  [
    new Error("f: no end, line 2", { cause: new Error("no end, line 2:\n\nx: [\n   ^") }),
    "f: no end, line 2",
  ],
  [new Error("a {b}", { cause: new Error("{\n}") }), "a {b}: {\n}"],
])("the message of %s is %s", (thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});
