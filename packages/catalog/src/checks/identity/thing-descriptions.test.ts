import { expect, test } from "vitest";
import { clausesOf } from "../../goal/clause.ts";
import { statesTold, thingsReached } from "./thing-descriptions.ts";

const told = (goal: string) => {
  const [clause] = clausesOf(goal, new Set());
  return clause === undefined ? [] : [...thingsReached(clause), ...statesTold(clause)];
};

test.each([
  ["Call off the trip to the gas sensor on Sarna", ["gas sensor"]],
  ["Plan a trip for the thermal camera that takes 2 days", ["thermal camera"]],
  ["Find the sensor that is offline", ["offline"]],
  ["Check that the trip to the camera is approved", ["camera"]],
  ["Move the remark to the end", ["end"]],
  ["Change the status to the next one", []],
  ["Add it to the cart", []],
])("%s", (goal, expected) => {
  expect(told(goal)).toEqual(expected);
});
