import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { METRICS, type MetricName } from "@ape/core/metrics/metrics";
import type { Event } from "@ape/core/protocol/events";
import { parse } from "csv-parse/sync";
import { afterEach, beforeEach, expect, test } from "vitest";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { sampleManifest } from "../../test/sample-run.ts";
import { Aggregator } from "../aggregate/aggregator.ts";
import { openExporter } from "./exporter.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ape-out-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function exported(kind: string, events: readonly Event[]): Promise<string> {
  mkdirSync(join(directory, "events"));
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join("");
  writeFileSync(join(directory, "events", "agents-0.0000.jsonl"), lines);
  const exporter = await openExporter(`${kind}=out.txt`, { manifest: sampleManifest(), cwd: directory });
  const aggregator = new Aggregator([]);
  exporter.push(aggregator, 1);
  await exporter.close(directory, aggregator, 2);
  return readFileSync(join(directory, "out.txt"), "utf8");
}

/** How many values of each metric an aggregator counted, for metrics whose sink tells. */
function counted(events: readonly Event[]): Map<string, number> {
  const aggregator = new Aggregator([]);
  for (const event of events) aggregator.add(event);
  const counts = new Map<string, number>();
  for (const metric of Object.keys(METRICS) as MetricName[])
    if (METRICS[metric].type === "trend" || METRICS[metric].type === "rate")
      counts.set(metric, aggregator.sink(metric)?.statistic("count", 1) ?? 0);
  return counts;
}

test("CSV has a line for each sample of each metric, with its labels in columns", async () => {
  const events: Event[] = plausibleEvents(20).map((event) =>
    event.type === "session_started" || event.type === "session_ended"
      ? { ...event, goal: `${event.goal}, "now"` }
      : event,
  );
  const text = await exported("csv", events);
  expect(text.split("\n")[0]).toBe(
    "metric_name,timestamp,metric_value,target,operation,goal,status,outcome,attribution,model,provider,kind",
  );
  const rows = parse(text, { columns: true }) as Record<string, string>[];
  for (const [metric, count] of counted(events))
    expect(
      rows.filter((row) => row.metric_name === metric),
      metric,
    ).toHaveLength(count);
  const first = events.find((event) => event.type === "step");
  expect(rows.find((row) => row.metric_name === "action_duration")).toMatchObject({
    timestamp: ((first?.at ?? 0) / 1000).toFixed(3),
    metric_value: String(first?.action?.durationMs),
    operation: first?.action?.operation,
    status: String(first?.action?.status),
  });
  expect(new Set(rows.map((row) => row.goal))).toContain('buy, "now"');
});

test("NDJSON declares each metric once, before its first point", async () => {
  const events = plausibleEvents(20);
  const lines = (await exported("json", events))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; metric: string; data: Record<string, unknown> });
  const declared = lines.filter(({ type }) => type === "Metric").map(({ metric }) => metric);
  expect(new Set(declared).size).toBe(declared.length);
  for (const [index, { type, metric }] of lines.entries())
    if (type === "Point")
      expect(lines.findIndex((line) => line.type === "Metric" && line.metric === metric)).toBeLessThan(index);
  for (const [metric, count] of counted(events))
    expect(
      lines.filter((line) => line.type === "Point" && line.metric === metric),
      metric,
    ).toHaveLength(count);
  const step = events.find((event) => event.type === "step");
  expect(
    lines.find((line) => line.type === "Point" && line.metric === "action_duration")?.data,
  ).toMatchObject({
    time: new Date(step?.at ?? 0).toISOString(),
    value: step?.action?.durationMs,
    tags: { target: "shop", operation: step?.action?.operation },
  });
});

test.each([
  "csv",
  "file.csv",
  "=x",
  "csv=",
  "xml=a",
  "constructor=a",
  "otlp=nowhere",
  "prometheus-rw=ftp://a/b",
])("--out %s is refused as USAGE", async (spec) => {
  const opened = openExporter(spec, { manifest: sampleManifest(), cwd: directory });
  await expect(opened).rejects.toMatchObject({
    code: "USAGE",
    hint: expect.stringContaining("prometheus-rw="),
  });
});

test("a file that cannot be opened is known before the load", async () => {
  await expect(
    openExporter("csv=no/such/folder.csv", { manifest: sampleManifest(), cwd: directory }),
  ).rejects.toMatchObject({ code: "EXPORT_FAILED", hint: expect.stringContaining("own results are kept") });
});
