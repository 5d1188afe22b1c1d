import { expect, test } from "vitest";
import { type KpiRow, kpiLine, kpiPage, kpiTable } from "./kpi-page.ts";

const row: KpiRow = {
  where: "embedded",
  agents: 10,
  think: "400ms",
  faults: false,
  betweenMs: 1,
  decisionMs: 2,
  actionsPerSecond: 3,
  successPct: 4,
  sessions: 5,
  rssMib: 6,
  cpuCores: 0.7,
  loopDelayMs: 8,
  saturated: false,
  stealPct: 0,
  activeAfterS: 9,
};

test("a row for each run, its cells under their heads", () => {
  const rows = [row, { ...row, faults: true, saturated: true, stealPct: 12, activeAfterS: null }];
  const [head = "", rule = "", ...lines] = kpiTable(rows);
  expect(lines).toEqual([
    "| embedded | 10 | 400ms | off | 1 | 2 | 3 | 5 | 4 | 6 | 0.7 | 8 | no | 9 |",
    "| embedded | 10 | 400ms | on | 1 | 2 | 3 | 5 | 4 | 6 | 0.7 | 8 | yes (stolen CPU) | never |",
  ]);
  const cells = (text: string): number => text.split("|").length;
  for (const text of [rule, ...lines]) expect(cells(text)).toBe(cells(head));
  expect(kpiLine(row)).toBe(lines[0]);
});

test("the page defines each column that its table has, and says on what it was measured", () => {
  const page = kpiPage([row], { machine: "a machine, 2 cores", faults: "5% of 503", duration: "20s" });
  expect(page).toContain("a machine, 2 cores");
  expect(page).toContain("5% of 503");
  const [head = ""] = kpiTable([]);
  for (const column of head.split("|").slice(1, -1))
    expect(page).toMatch(new RegExp(`^\\|${column}\\| \\S.{15,}\\|$`, "m"));
});
