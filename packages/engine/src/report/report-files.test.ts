import { expect, test } from "vitest";
import { sampleManifest, sampleSummary } from "../../test/sample-run.ts";
import { syntheticEvents } from "../../test/synthetic-events.ts";
import { Aggregator } from "../aggregate/aggregator.ts";
import { PathDiversity } from "../aggregate/path-diversity.ts";
import { summarize } from "../aggregate/summarize.ts";
import { pageHtml } from "./page-html.ts";
import { ReportBuilder } from "./report-builder.ts";
import { pageRunOf } from "./report-files.ts";

test("the page of a run with a large summary stays below 5 MiB: transitions are in summary.json alone", () => {
  const [aggregator, realism, builder] = [new Aggregator([]), new PathDiversity(), new ReportBuilder(1)];
  const events = syntheticEvents({
    sessions: 1_500,
    steps: 12,
    operations: 250,
    goals: 50,
    personas: 7,
    reasons: 300,
    durationMs: 3_600_000,
    textChars: 1_000,
  });
  for (const event of events) for (const part of [aggregator, realism, builder]) part.add(event);
  const end = { status: "finished", reason: "the planned time has passed", durationMs: 3_600_000 } as const;
  const { summary } = summarize({ aggregator, realism }, sampleManifest(), end);
  const run = pageRunOf({ summary, report: builder.read("r"), manifest: sampleManifest() });
  const html = pageHtml({ script: "x".repeat(140_000), style: "y".repeat(15_000) }, { mode: "file", run });
  expect(Buffer.byteLength(html)).toBeLessThan(5 * 1024 * 1024);
  const saved = JSON.stringify(summary).length - JSON.stringify(run.summary).length;
  expect(saved).toBeGreaterThan(200_000);
  for (const goal of Object.values(run.summary.realism.byGoal)) expect(goal.transitions).toEqual({});
});

test("the page's data has every other figure of the summary", () => {
  const summary = sampleSummary();
  const report = new ReportBuilder(1).read("r");
  const page = pageRunOf({ summary, report, manifest: sampleManifest() });
  const bare = Object.fromEntries(
    Object.entries(summary.realism.byGoal).map(([name, goal]) => [name, { ...goal, transitions: {} }]),
  );
  expect(page.summary).toEqual({ ...summary, realism: { ...summary.realism, byGoal: bare } });
});
