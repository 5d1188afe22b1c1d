import type { Launcher } from "../launch/launcher.ts";
import type { Resume } from "../launch/resume-file.ts";
import type { Project } from "../project/project.ts";

export interface RunOptions {
  /** The run's id, if it was given one before its start. */
  id?: string;
  /** File of the worker process's main, for processes of this machine. */
  workerEntry: string;
  /** Starts the parts of the run elsewhere. */
  launcher?: (project: Project) => Launcher;
  /** Continues a run whose engine died, with its load. */
  continues?: {
    directory: string;
    resume: Pick<Resume, "load" | "seed" | "startedAt" | "scaled">;
    /** The events of the earlier engine itself are lost: its beginning is recorded again. */
    isFolderNew?: true;
  };
  /** Folder of the built page, for `report.html`; without it there is none. */
  pageFolder?: string;
  /** Serves the page of the running run on loopback; called with its address. Needs `pageFolder`. */
  onPage?: (url: string) => void;
  /** APE's own version, for the manifest. */
  version: string;
  /** `--out` destinations: `csv=file`, `otlp=url`... */
  out?: readonly string[];
  /** Serves `/metrics` on this port of loopback during the run; 0 takes any. */
  metricsPort?: number;
  /** Cancels the start; once the load has begun, the handle's `stop` and `kill` end the run. */
  signal?: AbortSignal;
  /** Called with guesses of the start, such as the encoding of a data file; not with errors. */
  onWarning?: (message: string) => void;
}
