import { expect, test } from "vitest";
import { assignedThings } from "./assigned-thing.ts";

test.each([
  ["Assign Ida Lund to the bus quoted0.", [{ name: "Ida Lund", thing: "the bus quoted0" }]],
  ["Then allocate quoted0 to bus 7", [{ name: "quoted0", thing: "bus 7" }]],
  [
    "Please put the driver Ida Lund on the bus quoted0",
    [{ name: "Ida Lund", thing: "the bus quoted0", noun: "driver" }],
  ],
  ["Give the bus quoted0 to Ida Lund.", [{ name: "Ida Lund", thing: "the bus quoted0" }]],
  [
    "assign the bus quoted0 to the driver Ida Lund",
    [
      { name: "quoted0", thing: "the driver Ida Lund", noun: "bus" },
      { name: "Ida Lund", thing: "the bus quoted0", noun: "driver" },
    ],
  ],
  [
    "Make Ida Lund the driver of the bus quoted0.",
    [{ name: "Ida Lund", thing: "the bus quoted0", noun: "driver" }],
  ],
  ["Appoint Ida Lund as driver of Red Five", [{ name: "Ida Lund", thing: "Red Five", noun: "driver" }]],
  ["Put quoted0 on the bus", []],
  ["Assign somebody to the bus", []],
  ["Make Ida Lund happy", []],
  ["Give me the bus", []],
])("%s", (written, things) => expect(assignedThings(written)).toEqual(things));
