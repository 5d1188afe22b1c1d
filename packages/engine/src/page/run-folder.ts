import { join } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import type { PageFolder, PageRun, PageRunEntry } from "@ape/core/report/page-data";
import { compareRuns, DEFAULT_TOLERANCES } from "../compare/compare.ts";
import { pageRunOf, readReport } from "../report/report-files.ts";
import { isActive } from "../run/control.ts";
import { computeResults } from "../run/report.ts";
import { readManifest, readSummary, runIds } from "../store/run-directory.ts";
import type { PageSource } from "./page-server.ts";

const MOST_LISTED = 200;

/** The finished runs of a project's folder, for a page: a list, each run, and comparisons. */
export class RunFolder implements PageSource {
  readonly #home: string;
  readonly #current: string | undefined;

  /**
   * @param home the folder that contains `.ape`
   * @param current id of the run to show first; the newest finished one if omitted
   */
  constructor(home: string, current?: string) {
    this.#home = home;
    this.#current = current;
  }

  async folder(): Promise<PageFolder> {
    const all = await runIds(this.#home);
    const runs = await Promise.all(all.slice(0, MOST_LISTED).map((id) => this.#entry(id)));
    const current = this.#current ?? runs.find(({ status }) => status !== "running")?.id;
    return { runs, of: all.length, live: false, ...(current === undefined ? {} : { current }) };
  }

  /** @throws ApeError RUN_NOT_FOUND; USAGE for a run that is running */
  async run(id: string): Promise<PageRun> {
    return runForPage(await this.#directory(id));
  }

  /** @throws ApeError RUN_NOT_FOUND */
  async compare(a: string, b: string): Promise<object> {
    return compareRuns(await this.#directory(a), await this.#directory(b), DEFAULT_TOLERANCES);
  }

  async #directory(id: string): Promise<string> {
    if (!(await runIds(this.#home)).includes(id))
      throw new ApeError("RUN_NOT_FOUND", `there is no run "${id}" in this folder`);
    return join(this.#home, ".ape", "runs", id);
  }

  async #entry(id: string): Promise<PageRunEntry> {
    const directory = join(this.#home, ".ape", "runs", id);
    const [manifest, summary, active] = await Promise.all([
      readManifest(directory).catch(() => undefined),
      readSummary(directory),
      isActive(directory),
    ]);
    return {
      id,
      status: active
        ? "running"
        : (summary?.run.status ?? (manifest === undefined ? "unreadable" : "crashed")),
      exitCode: active ? null : (summary?.run.exitCode ?? null),
      agents: manifest?.agents ?? null,
      durationMs: summary?.run.durationMs ?? null,
      ended: summary?.sessions.ended ?? null,
      succeeded: summary?.sessions.succeeded ?? null,
    };
  }
}

/**
 * The data of one run for a page: from its files, or from its events if it crashed or an earlier version made it.
 * @throws ApeError RUN_NOT_FOUND; USAGE for a run that is running
 */
async function runForPage(directory: string): Promise<PageRun> {
  if (await isActive(directory))
    throw new ApeError("USAGE", "the run is still running", {
      hint: "Its own page is shown by `ape-test status`, if it was started with --page.",
    });
  const [manifest, summary, report] = await Promise.all([
    readManifest(directory),
    readSummary(directory),
    readReport(directory),
  ]);
  if (summary !== undefined && report !== undefined) return pageRunOf({ summary, report, manifest });
  return pageRunOf({ ...(await computeResults(directory)), manifest });
}
