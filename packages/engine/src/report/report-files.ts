import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PageRun } from "@ape/core/report/page-data";
import { type Report, reportSchema } from "@ape/core/report/report";
import type { Summary } from "@ape/core/report/summary";
import type { Manifest } from "../store/manifest.ts";
import { writeWhole } from "../store/run-directory.ts";
import { pageHtml, readPageAssets } from "./page-html.ts";

/**
 * Writes `report.json` and `report.html` of a run.
 * @param pageFolder folder of the built page; without it only `report.json` is written
 * @throws ApeError RUN_DIRECTORY
 */
export async function writeReportFiles(
  runDirectory: string,
  run: { summary: Summary; report: Report; manifest: Manifest },
  pageFolder?: string,
): Promise<void> {
  await writeWhole(join(runDirectory, "report.json"), `${JSON.stringify(run.report)}\n`);
  if (pageFolder === undefined) return;
  const assets = await readPageAssets(pageFolder);
  await writeWhole(
    join(runDirectory, "report.html"),
    pageHtml(assets, { mode: "file", run: pageRunOf(run) }),
  );
}

/** The data of one run for the page. */
export function pageRunOf({
  summary,
  report,
  manifest,
}: {
  summary: Summary;
  report: Report;
  manifest: Manifest;
}): PageRun {
  const { agents, workers, goals, versions, plannedMs, plannedSessions } = manifest;
  return {
    summary: { ...summary, realism: { ...summary.realism, byGoal: withoutTransitions(summary) } },
    report,
    manifest: {
      agents,
      workers,
      goals,
      versions,
      ...(plannedMs === undefined ? {} : { plannedMs }),
      ...(plannedSessions === undefined ? {} : { plannedSessions }),
    },
  };
}

/** Transitions of operations can be most of a summary, and the page shows the paths of its report instead. */
function withoutTransitions({ realism }: Summary): Summary["realism"]["byGoal"] {
  return Object.fromEntries(
    Object.entries(realism.byGoal).map(([name, goal]) => [name, { ...goal, transitions: {} }]),
  );
}

const REPORT_PARTS = Object.keys(reportSchema.shape) as (keyof Report)[];

/** Reads `report.json`; undefined if it is missing, unreadable, incomplete, or of another version. */
export async function readReport(runDirectory: string): Promise<Report | undefined> {
  try {
    const report = JSON.parse(await readFile(join(runDirectory, "report.json"), "utf8")) as Report;
    return report.version === 1 && REPORT_PARTS.every((part) => report[part] !== undefined)
      ? report
      : undefined;
  } catch {
    return undefined;
  }
}
