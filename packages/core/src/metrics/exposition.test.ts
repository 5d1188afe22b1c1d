import { expect, test } from "vitest";
import { EXPOSITION_TYPE, Exposition, expositionForm } from "./exposition.ts";
import { sinkFor } from "./sink.ts";

const labels = { target: "shop", operation: 'GET /a"b\\c\nd', status: "200" };

function filled(metric: Parameters<typeof sinkFor>[0], ...values: number[]) {
  const sink = sinkFor(metric);
  for (const value of values) sink.add(value);
  return sink;
}

test("a trend becomes a cumulative histogram in seconds, its labels escaped", () => {
  const page = new Exposition("prometheus", { run: "r1" });
  page.metric("action_duration", [{ labels, sink: filled("action_duration", 3, 30, 70_000) }]);
  const lines = page.text().split("\n");
  expect(lines[1]).toBe("# TYPE ape_action_seconds histogram");
  const series = 'run="r1",target="shop",operation="GET /a\\"b\\\\c\\nd",status="200"';
  expect(lines).toContain(`ape_action_seconds_bucket{${series},le="0.005"} 1`);
  expect(lines).toContain(`ape_action_seconds_bucket{${series},le="0.05"} 2`);
  expect(lines).toContain(`ape_action_seconds_bucket{${series},le="+Inf"} 3`);
  expect(lines).toContain(`ape_action_seconds_count{${series}} 3`);
  expect(page.text().endsWith("\n")).toBe(true);
});

test("a rate becomes two counters, each with a head of its own", () => {
  const page = new Exposition("prometheus");
  page.metric("session_success", [{ labels: { goal: "buy" }, sink: filled("session_success", 1, 1, 0) }]);
  expect(
    page
      .text()
      .split("\n")
      .filter((line) => !line.startsWith("# HELP")),
  ).toEqual([
    "# TYPE ape_session_success_passes_total counter",
    'ape_session_success_passes_total{goal="buy"} 2',
    "# TYPE ape_session_success_fails_total counter",
    'ape_session_success_fails_total{goal="buy"} 1',
    "",
  ]);
});

test("OpenMetrics: families without _total, exemplars on the bucket that holds them, an end", () => {
  const page = new Exposition("openmetrics");
  page.metric("actions", [{ labels: {}, sink: filled("actions", 2) }]);
  page.metric("action_duration", [
    {
      labels: {},
      sink: filled("action_duration", 30),
      exemplar: { trace: "0af7", value: 30, at: 1_700_000_000_500 },
    },
  ]);
  const text = page.text();
  expect(text).toContain("# TYPE ape_actions counter\nape_actions_total 2\n");
  expect(text).toContain('ape_action_seconds_bucket{le="0.05"} 1 # {trace_id="0af7"} 0.03 1700000000.5\n');
  expect(text.match(/trace_id/g)).toHaveLength(1);
  expect(text.endsWith("\n# EOF\n")).toBe(true);
});

test("the plain form carries no exemplar, and is what a scraper gets that asks for nothing", () => {
  const page = new Exposition(expositionForm(undefined));
  page.metric("action_duration", [
    { labels: {}, sink: filled("action_duration", 3), exemplar: { trace: "0af7", value: 3, at: 0 } },
  ]);
  expect(page.text()).not.toContain("trace_id");
  expect(expositionForm("application/openmetrics-text;version=1.0.0,text/plain;q=0.5")).toBe("openmetrics");
  expect(EXPOSITION_TYPE.prometheus).toContain("0.0.4");
});

test("a histogram with bounds of its own is cumulative, too", () => {
  const page = new Exposition("prometheus");
  page.histogram("gen_ai_x", "help", [{ labels: { a: "b" }, bounds: [1, 2], counts: [3, 0, 4], sum: 41.5 }]);
  expect(page.text().split("\n").slice(1, 7)).toEqual([
    "# TYPE gen_ai_x histogram",
    'gen_ai_x_bucket{a="b",le="1"} 3',
    'gen_ai_x_bucket{a="b",le="2"} 3',
    'gen_ai_x_bucket{a="b",le="+Inf"} 7',
    'gen_ai_x_sum{a="b"} 41.5',
    'gen_ai_x_count{a="b"} 7',
  ]);
});

test("a gauge is its last value", () => {
  const page = new Exposition("prometheus");
  page.metric("agents_active", [{ labels: { run: "r" }, sink: filled("agents_active", 5, 3) }]);
  expect(page.text()).toContain('# TYPE ape_agents_active gauge\nape_agents_active{run="r"} 3\n');
});

test.each([
  [5, "0.005"],
  [5.1, "0.01"],
  [1e9, "+Inf"],
])("an exemplar of %d ms is on the bucket up to %s", (value, le) => {
  const page = new Exposition("openmetrics");
  const exemplar = { trace: "0af7", value, at: 1_700_000_000_000 };
  page.metric("action_duration", [{ labels: {}, sink: filled("action_duration", value), exemplar }]);
  const marked = page
    .text()
    .split("\n")
    .filter((line) => line.includes("trace_id"));
  expect(marked).toHaveLength(1);
  expect(marked[0]).toContain(`le="${le}"`);
});
