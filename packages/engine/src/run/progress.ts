import type { ApeError, ExitName } from "@ape/core/lib/errors";
import type { RunProgress } from "@ape/core/report/progress";
import type { Report } from "@ape/core/report/report";
import type { Summary } from "@ape/core/report/summary";

/** A run that is running in this process. */
export interface RunHandle {
  readonly id: string;
  readonly directory: string;
  /** Calls back once per second, at every change of phase, and at the end. */
  onProgress(listener: (progress: RunProgress) => void): void;
  progress(): RunProgress;
  /** Takes no new sessions, lets running ones end within `gracefulStop`; the run is then interrupted. */
  stop(): void;
  /** Cuts everything off at once; recorded events are kept and summed up. */
  kill(): void;
  /** Changes the number of agents of a closed load from now on; the pool of an open one. */
  scale(agents: number): void;
  /** Resolves when the summary is written. Rejects with an ApeError only if nothing could be kept. */
  readonly finished: Promise<RunResult>;
}

export interface RunResult {
  summary: Summary;
  report: Report;
  exit: ExitName;
  directory: string;
  /** The failure, if something failed; the results are kept even so. */
  failure?: ApeError;
}
