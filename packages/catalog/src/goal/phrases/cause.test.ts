import { expect, test } from "vitest";
import { BEFORE_CAUSE, causeIn, withoutCause } from "./cause.ts";

test.each([
  ["Stop it because of fog.", "fog"],
  ["Stop it because  the engine broke...", "the engine broke"],
  ["Stop it, due to fog, ice ; !", "fog, ice"],
  ["Stop it,due to fog", "fog"],
  ["Stop it  due  to  fog", "fog"],
  ["Stop it on account of fog", "fog"],
  ["Stop it on  account  of fog", "fog"],
  ["Stop it owing to fog", "fog"],
  ["Stop it owing  to fog", "fog"],
  ["Stop it Because  of fog", "fog"],
])("%s: because of %s", (text, cause) => {
  expect(causeIn(text)).toBe(cause);
  expect(withoutCause(text)).toBe("Stop it");
});

test("what is quoted behind it is no cause of this text", () => {
  expect(causeIn("Stop it because of ")).toBeUndefined();
  expect(BEFORE_CAUSE.test("Stop it because of ")).toBe(true);
});

test.each(["because of fog", "Stop it becauseof fog", "Stop it because", "Stop itdue to fog", "Stop it due"])(
  "%s: gives no cause",
  (text) => {
    expect(causeIn(text)).toBeUndefined();
    expect(withoutCause(text)).toBe(text);
  },
);
