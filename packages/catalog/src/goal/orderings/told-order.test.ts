import { expect, test } from "vitest";
import { firstClause } from "../../../test/first-clause.ts";
import { MADE_AT, toldOrders } from "./told-order.ts";

test.each([
  ["Send the heaviest crate", [[false, "weight mass"]]],
  ["Send the lightest crate", [[true, "weight mass"]]],
  ["Pick the longest rope", [[false, "length durat"]]],
  ["Pick the shortest rope", [[true, "length durat height"]]],
  ["Climb the tallest mast", [[false, "height elev altitud"]]],
  ["Close the deepest well", [[false, "depth"]]],
  ["Use the coldest cellar", [[true, "temperatur"]]],
  ["Use the warmest cellar", [[false, "temperatur"]]],
  ["Take the fastest boat", [[false, "speed veloc"]]],
  ["Take the slowest boat", [[true, "speed veloc"]]],
  ["Stop the riskiest dive", [[false, "risk"]]],
  ["Feed the youngest goat", [[true, "ag"]]],
  [
    "Use the largest cellar",
    [
      [false, "cellar"],
      [false, "size capac area volum"],
    ],
  ],
  [
    "Use the smallest cellar",
    [
      [true, "cellar"],
      [true, "size capac area volum"],
    ],
  ],
  ["Close the oldest well", [[true, "date", true]]],
  [
    "Read the most recent note",
    [
      [false, "recent note"],
      [false, "date", true],
    ],
  ],
  ["Read the newest note", [[false, "date", true]]],
  ["Read the note", []],
  ["Use the cellar with the lowest temperature", [[true, "temperatur"]]],
])("%s", (goal, expected) => {
  const orders = toldOrders(firstClause(goal));
  expect(
    orders.map(({ least, about, byTime }) => [
      least,
      [...about.keys()].join(" "),
      ...(byTime === true ? [true] : []),
    ]),
  ).toEqual(expected);
});

test("names of fields that say when a thing was made", () => {
  expect(["created at", "date submitted", "opened on"].filter((name) => MADE_AT.test(name))).toHaveLength(3);
  expect(["updated at", "due date", "recreated"].filter((name) => MADE_AT.test(name))).toEqual([]);
});
