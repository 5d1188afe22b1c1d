import { expect, test } from "vitest";
import { parse, parseDocument } from "yaml";
import { yamlProblem } from "./yaml-problem.ts";

function thrownBy(text: string): unknown {
  try {
    parse(text);
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

test("what the reader says in terms of its own functions is said in the author's", () => {
  expect(yamlProblem(thrownBy("[".repeat(20_000)))).toBe("it is nested too deep to be read");
  expect(yamlProblem(thrownBy("a: 1\n---\nb: 2\n"))).toMatch(/several documents/);
  expect(yamlProblem(parseDocument("a: 1\n---\nb: 2\n").errors[0]?.message ?? "")).toMatch(
    /several documents/,
  );
});

test("other messages keep their first line", () => {
  expect(yamlProblem(thrownBy("a: [1"))).toMatch(/^Flow sequence .* at line 1, column 6$/);
});
