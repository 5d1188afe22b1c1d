import { expect, test } from "vitest";
import { diagnoseConfig } from "../parse.ts";

const mistakes = (text: string): string[] =>
  diagnoseConfig(text, {}).problems.map(({ line, message }) => `${line}: ${message}`);

test.each([
  ["load: { agents: ${AGENTS:-2}, sessions: 1 }", "${AGENTS:-2}"],
  ["load: { agents: ${A:-${B:-1}} }", "${A:-${B:-1}}"],
  ["load: { stages: [{ agents: 1, duration: ${TIME}s }] }", "${TIME}s"],
  ["targets: { a: { baseUrl: http://${HOST}/x, kind: rest } }", "http://${HOST}/x"],
  ["targets: { a: { allow: [${WHAT}] } }", "${WHAT}"],
])("a variable that has to be quoted is said to be: %s", (line, value) => {
  expect(mistakes(`version: 1\n${line}\n`)).toEqual([
    `2: within braces or brackets a value with a variable is quoted: "${value}"`,
  ]);
});

test.each(["load: { agents: $ {A} }", "load: { agents: ${} }", "load: { agents: ${A"])(
  "what is no reference has the reader's own message: %s",
  (line) => {
    const found = mistakes(`version: 1\n${line}\n`);
    expect(found.length).toBeGreaterThan(0);
    expect(found.join()).not.toContain("is quoted");
  },
);
