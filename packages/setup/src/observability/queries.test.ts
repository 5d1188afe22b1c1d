import { parser as logql } from "@grafana/lezer-logql";
import { expect, test } from "vitest";
import { EXTERNAL_METRICS } from "../../test/external-metrics.ts";
import { readPromql, registrySeries, shownSeries } from "../../test/registry-series.ts";
import { dashboardOf } from "./dashboards/dashboard.ts";
import type { PanelSpec } from "./dashboards/panel.ts";
import { DASHBOARDS } from "./dashboards/specs.ts";
import { observabilityFiles } from "./files.ts";
import { LOG_LABELS, STRUCTURED } from "./logs.ts";
import { ALERTS, RECORDED } from "./rules.ts";

const panels = DASHBOARDS.flatMap((dashboard) =>
  dashboard.rows.flatMap((row) => row.panels.map((panel) => ({ ...panel, dashboard: dashboard.uid }))),
);
const ofKind = (logs: boolean): PanelSpec[] => panels.filter(({ kind }) => (kind === "logs") === logs);
const expressions = [
  ...ofKind(false).flatMap(({ lines }) => lines.map(({ expr }) => expr)),
  ...RECORDED.map(({ expr }) => expr),
  ...ALERTS.map(({ expr }) => expr),
];

/** Labels that Prometheus itself puts on every series. */
const ALWAYS = ["job", "instance", "run"];

/** Every series that there is by its name, with the labels that it may have. */
function known(): Map<string, readonly string[]> {
  const series = new Map<string, readonly string[]>(Object.entries(EXTERNAL_METRICS));
  for (const own of registrySeries().values()) for (const [name, labels] of own) series.set(name, labels);
  for (const { record } of RECORDED) series.set(record, []);
  return series;
}

/** What is wrong with an expression, by the registry. */
function complaints(expr: string): string[] {
  const series = known();
  const { series: used, grouping, broken } = readPromql(expr);
  const wrong = broken ? [`does not parse: ${expr}`] : [];
  for (const { name, labels } of used) {
    const has = series.get(name);
    if (has === undefined) wrong.push(`unknown metric ${name}`);
    else
      for (const label of [...labels, ...grouping])
        if (!has.includes(label) && !ALWAYS.includes(label)) wrong.push(`${name} has no label ${label}`);
  }
  return wrong;
}

test("every PromQL expression parses and names only metrics and labels that there are", () => {
  expect(expressions.length).toBeGreaterThan(80);
  for (const expr of expressions) expect(complaints(expr), expr).toEqual([]);
});

test("the check sees an unknown metric, an unknown label and a broken expression", () => {
  expect(complaints("sum (rate(ape_nothing_total[1m]))")).toEqual(["unknown metric ape_nothing_total"]);
  expect(complaints('ape_agents_active{color="red"}')).toEqual(["ape_agents_active has no label color"]);
  expect(complaints("sum by (color) (ape_agents_active)")).toEqual(["ape_agents_active has no label color"]);
  expect(complaints("sum (rate(ape_actions_total[1m])")[0]).toContain("does not parse");
});

test("every LogQL expression parses and uses only the labels and the metadata that logs have", () => {
  for (const { expr } of ofKind(true).flatMap(({ lines }) => lines)) {
    let broken = false;
    logql.parse(expr).iterate({
      enter: (node) => {
        if (node.type.isError) broken = true;
      },
    });
    expect(broken, expr).toBe(false);
    for (const [, label = ""] of expr.matchAll(/[{|,]\s*(\w+)\s*=/g))
      expect([...LOG_LABELS, ...STRUCTURED]).toContain(label);
  }
});

test("every metric is shown in some panel, and every panel names the question that it answers", () => {
  const shown = shownSeries();
  for (const [metric, series] of registrySeries())
    expect(
      [...series.keys()].some((name) => shown.has(name)),
      metric,
    ).toBe(true);
  for (const { record } of RECORDED) expect(shown, record).toContain(record);
  for (const panel of panels) expect(panel.question, panel.title).toContain("?");
});

test("dashboards: uids of their own, titles once each, panels placed without overlap", () => {
  const made = DASHBOARDS.map(dashboardOf);
  expect(new Set(made.map(({ uid }) => uid)).size).toBe(7);
  for (const dashboard of made) {
    const taken = new Set<string>();
    for (const panel of dashboard.panels ?? []) {
      const { x, y, w, h } = panel.gridPos ?? { x: 0, y: 0, w: 0, h: 0 };
      for (let column = x; column < x + w; column += 1)
        for (let row = y; row < y + h; row += 1) {
          expect(taken.has(`${column} ${row}`), `${dashboard.title}: ${panel.title}`).toBe(false);
          taken.add(`${column} ${row}`);
        }
    }
  }
});

test("files are named, and the same every time", async () => {
  const options = { project: "ape", webhook: "http://hook.test/x" };
  const files = await observabilityFiles(options);
  expect(files).toEqual(await observabilityFiles(options));
  expect(files.map(({ path }) => path)).toContain("ape.observability/grafana/dashboards/ape-live.json");
  expect(files.filter(({ text }) => text.includes("http://hook.test/x")).map(({ path }) => path)).toEqual([
    "ape.observability/alertmanager.yml",
    "ape.observability/grafana/provisioning/alerting/ape.yml",
  ]);
});
