import { expect, test } from "vitest";
import { shownStates, statesOf } from "./shown-state.ts";

test.each<[unknown, [string, string][]]>([
  [
    { state: "open", orderStatus: "paid", phase: "one" },
    [
      ["state", "open"],
      ["orderStatus", "paid"],
      ["phase", "one"],
    ],
  ],
  [
    { locked: true, archived: false, paid: true },
    [
      ["locked", "locked"],
      ["paid", "paid"],
    ],
  ],
  [{ active: true, color: "red" }, []],
  [{ state: 3 }, []],
  [{ state: ["open"] }, []],
  [{ unlocked: true, lockedx: true, statement: "x", openness: "y" }, []],
  [{ state: "x".repeat(40) }, [["state", "x".repeat(40)]]],
  [{ state: "x".repeat(41) }, []],
  [{ order: { state: "open", more: { state: "deep" } } }, [["state", "open"]]],
  [[{ state: "open" }], []],
  ["open", []],
])("%j has the states %j", (json, states) => {
  expect(statesOf(json as never)).toEqual(states);
});

test("of many states eight are shown", () => {
  expect(
    statesOf(Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`a${n}State`, "x"]))),
  ).toHaveLength(8);
});

test("the states of a resource come from the objects around its id, one an answer", () => {
  const texts = [
    '[{"id":"t-1","state":"open"},{"id":"t-2","state":"new"}]',
    '{"id":"t-1","state":"closed"}',
    '{"id":"t-1","state":',
    '{"id":"t-3","state":"gone"}',
  ];
  expect(shownStates(texts, "t-1")).toEqual(["open", "closed"]);
  expect(shownStates(texts, "t-9")).toEqual([]);
});
