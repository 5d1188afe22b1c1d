import { ApeError } from "@ape/core/lib/errors";
import { expect, test } from "vitest";
import { failureText } from "./failure.ts";
import { colours } from "./style.ts";

const style = colours({ isTty: false }, {});

test("an error is told with its code, its details and its hint, and without a stack", () => {
  const error = new ApeError("USAGE", "no such\u0007 thing", {
    details: ["one", "two"],
    hint: "Try another.",
  });
  expect(failureText(error, style)).toBe("error USAGE: no such? thing\n  one\n  two\nhint: Try another.\n");
  expect(failureText(new ApeError("USAGE", "no"), style)).toBe("error USAGE: no\n");
});

test("a stack is shown of a defect, or on request: that of the cause, if there is one", () => {
  const cause = new Error("inner");
  for (const shown of [
    failureText(new ApeError("INTERNAL", "no", { cause }), style),
    failureText(new ApeError("USAGE", "no", { cause }), style, true),
  ]) {
    expect(shown).toContain("Error: inner\n    at ");
    expect(shown.endsWith("\n")).toBe(true);
  }
  expect(failureText(new ApeError("INTERNAL", "no"), style)).toMatch(/no\n.*\n? {4}at /s);
});
