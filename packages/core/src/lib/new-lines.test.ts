import { expect, test } from "vitest";
import { newLines } from "./new-lines.ts";

test("new lines are those that the text before did not have", () => {
  expect(newLines("a\nb\nc", "c\na")).toBe("b");
  expect([newLines("a\nb", ""), newLines("a\nb", undefined)]).toEqual(["a\nb", "a\nb"]);
});
