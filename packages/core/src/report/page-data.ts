import type { RunProgress } from "./progress.ts";
import type { Report } from "./report.ts";
import type { Summary } from "./summary.ts";

/** What a page shows of one run. */
export interface PageRun {
  summary: Summary;
  report: Report;
  /** Of `run.json`: what the run was planned to be. */
  manifest: {
    agents: number;
    workers: number;
    goals: readonly { name: string; checks: readonly string[] }[];
    versions: { ape: string; node: string };
    plannedMs?: number;
    plannedSessions?: number;
  };
}

/**
 * The data that is embedded in a page: a whole run in a file; nothing while it is served, since the page itself needs
 * no token.
 */
export type PageData = { mode: "file"; run: PageRun } | { mode: "served" };

/** Answer of `/api/folder`: the runs of a folder, newest first, and the one that this server belongs to. */
export interface PageFolder {
  /** The newest ones. */
  runs: PageRunEntry[];
  /** Number of all runs of the folder. */
  of: number;
  /** Id of the run that is running in the server's process, or that was asked for. */
  current?: string;
  live: boolean;
}

/** One run in the list of a folder. */
export interface PageRunEntry {
  id: string;
  status: string;
  exitCode: number | null;
  agents: number | null;
  durationMs: number | null;
  ended: number | null;
  succeeded: number | null;
}

/** First message of a live page, and again after a reader was too slow: everything so far. */
export interface LiveWhole extends PageRun {
  progress: RunProgress;
}

/** What changed in a second. */
export interface LiveIncrement {
  progress: RunProgress;
  summary: Summary;
  /** First bucket of `series`; the buckets before it have not changed. */
  from: number;
  series: Report["series"];
  lists: Pick<Report, "marks" | "operations" | "failures" | "sampledFrom">;
  /** Sessions that were added to the sample. */
  sessions: Report["sessions"];
  /** Absent if they have not been computed in this second. */
  paths?: Report["paths"];
}
