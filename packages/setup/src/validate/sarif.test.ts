import { expect, test } from "vitest";
import { sorted, type ValidationFinding } from "./finding.ts";
import { fixed } from "./fix.ts";
import { sarifOf } from "./sarif.ts";

const finding = (more: Partial<ValidationFinding>): ValidationFinding => ({
  severity: "error",
  rule: "CONFIG_INVALID",
  message: "no such key",
  line: 1,
  column: 1,
  start: 0,
  end: 0,
  ...more,
});

test("findings come as errors before warnings, each by their place, and the given list is left as it was", () => {
  const list = [
    finding({ severity: "warning", start: 1 }),
    finding({ start: 9 }),
    finding({ severity: "warning", start: 0 }),
    finding({ start: 3 }),
  ];
  const before = [...list];
  expect(sorted(list).map(({ severity, start }) => [severity, start])).toEqual([
    ["error", 3],
    ["error", 9],
    ["warning", 0],
    ["warning", 1],
  ]);
  expect(list).toEqual(before);
});

test.each<[string, Partial<ValidationFinding>[], string, number]>([
  ["nothing", [], "agents: tne", 0],
  ["one word", [{ start: 8, end: 11, fix: "ten" }], "agents: ten", 1],
  [
    "several, in any order",
    [
      { start: 0, end: 6, fix: "users" },
      { start: 8, end: 11, fix: "ten" },
    ],
    "users: ten",
    2,
  ],
  [
    "what has no correction",
    [
      { start: 0, end: 6 },
      { start: 8, end: 11, fix: "ten" },
    ],
    "agents: ten",
    1,
  ],
  [
    "the later one of two that overlap",
    [
      { start: 0, end: 9, fix: "x" },
      { start: 8, end: 11, fix: "ten" },
    ],
    "agents: ten",
    1,
  ],
  [
    "two that touch",
    [
      { start: 0, end: 8, fix: "a: " },
      { start: 8, end: 11, fix: "ten" },
    ],
    "a: ten",
    2,
  ],
  ["an insertion", [{ start: 6, end: 6, fix: "!" }], "agents!: tne", 1],
])("corrections of %s", (_, findings, text, count) => {
  expect(fixed("agents: tne", findings.map(finding))).toEqual({ text, count });
});

test("findings are written in SARIF: each rule once, each result with its place", () => {
  const findings = [
    finding({ rule: "A", line: 3, column: 5, start: 20, end: 26, hint: "Write it out." }),
    finding({ rule: "B", severity: "warning", start: 9, end: 4 }),
    finding({ rule: "A" }),
  ];
  const region = (startLine: number, startColumn: number, charOffset: number, charLength: number) => [
    {
      physicalLocation: {
        artifactLocation: { uri: "ape.config.yaml" },
        region: { startLine, startColumn, charOffset, charLength },
      },
    },
  ];
  expect(sarifOf(findings, "ape.config.yaml", "1.2.3")).toEqual({
    $schema: expect.stringMatching(/^https:.*\/sarif-schema-2\.1\.0\.json$/),
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "ape-test", version: "1.2.3", rules: [{ id: "A" }, { id: "B" }] } },
        results: [
          {
            ruleId: "A",
            level: "error",
            message: { text: "no such key. Write it out." },
            locations: region(3, 5, 20, 6),
          },
          { ruleId: "B", level: "warning", message: { text: "no such key" }, locations: region(1, 1, 9, 0) },
          { ruleId: "A", level: "error", message: { text: "no such key" }, locations: region(1, 1, 0, 0) },
        ],
      },
    ],
  });
});
