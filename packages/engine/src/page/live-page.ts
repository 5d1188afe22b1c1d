import type { Event } from "@ape/core/protocol/events";
import type { LiveIncrement, LiveWhole, PageFolder } from "@ape/core/report/page-data";
import type { Report } from "@ape/core/report/report";
import type { Summary } from "@ape/core/report/summary";
import { jsonWithVisibleDirection } from "@ape/core/report/writing-direction";
import type { Aggregator } from "../aggregate/aggregator.ts";
import { PathDiversity } from "../aggregate/path-diversity.ts";
import { summarize } from "../aggregate/summarize.ts";
import { readPageAssets } from "../report/page-html.ts";
import { ReportBuilder, type ReportSnapshot } from "../report/report-builder.ts";
import { pageRunOf } from "../report/report-files.ts";
import type { RunHandle } from "../run/progress.ts";
import type { Manifest } from "../store/manifest.ts";
import { LiveReaders } from "./live-readers.ts";
import { PageServer } from "./page-server.ts";

/** Buckets before the last sent one that may still have changed: figures of workers come up to two seconds late. */
const LATE_BUCKETS = 3;
/** Paths are sent every so many seconds. */
const PATHS_EVERY = 5;
const END_MS = 2_000;

type Run = Pick<RunHandle, "id" | "progress" | "scale" | "stop" | "kill">;

/** The page of a running run: its report so far, and the server that sends it. */
export class LivePage {
  readonly #run: Run;
  readonly #manifest: Manifest;
  readonly #aggregator: Aggregator;
  readonly #builder: ReportBuilder;
  readonly #readers: LiveReaders;
  #server: PageServer | undefined;
  #sentBuckets = 0;
  #sentWidth = 0;
  #seconds = 0;

  private constructor(run: Run, manifest: Manifest, aggregator: Aggregator) {
    this.#run = run;
    this.#manifest = manifest;
    this.#aggregator = aggregator;
    this.#builder = new ReportBuilder(manifest.seed);
    this.#readers = new LiveReaders({ whole: () => this.#whole(), increment: () => this.#increment() });
  }

  /**
   * @param aggregator merged figures of the run
   * @throws ApeError RUN_DIRECTORY if the page was not built
   */
  static async open(
    folder: string,
    run: Run,
    { manifest, aggregator }: { manifest: Manifest; aggregator: Aggregator },
  ): Promise<LivePage> {
    const page = new LivePage(run, manifest, aggregator);
    page.#server = await PageServer.open(await readPageAssets(folder), {
      folder: async (): Promise<PageFolder> => ({ runs: [], of: 0, current: run.id, live: true }),
      follow: (response) => page.#readers.add(response),
      scale: (agents) => run.scale(agents),
      stop: (force) => (force ? run.kill() : run.stop()),
    });
    return page;
  }

  /** The address with the token. */
  get url(): string {
    return this.#server?.url ?? "";
  }

  /** Adds an event of the engine itself, or of a part that sends no snapshots. */
  add(event: Event): void {
    this.#builder.add(event);
  }

  /** Adds what a worker has sent. @param at epoch milliseconds */
  merge(
    worker: number,
    { report, active, waiting }: { report: ReportSnapshot; active: number; waiting: number },
  ): void {
    this.#builder.merge(report);
    this.#builder.series.setAgents(worker, active, waiting, report.at);
  }

  /** A worker that has ended has no agents. */
  left(worker: number, at: number): void {
    this.#builder.series.setAgents(worker, 0, 0, at);
  }

  /** Sends the last second to every reader. */
  tick(): void {
    this.#seconds += 1;
    this.#readers.tick();
  }

  /** Sends the results, if there are any, and ends the server. */
  async close(results?: { summary: Summary; report: Report }): Promise<void> {
    const final =
      results === undefined
        ? undefined
        : jsonWithVisibleDirection(pageRunOf({ ...results, manifest: this.#manifest }));
    await this.#readers.end(final, END_MS);
    await this.#server?.close();
  }

  #summary(): Summary {
    const { elapsedMs } = this.#run.progress();
    const end = { status: "finished", reason: "the run is running", durationMs: elapsedMs } as const;
    return summarize({ aggregator: this.#aggregator, realism: new PathDiversity() }, this.#manifest, end)
      .summary;
  }

  #whole(): string {
    const summary = this.#summary();
    const whole: LiveWhole = {
      ...pageRunOf({ summary, report: this.#builder.read(this.#run.id), manifest: this.#manifest }),
      progress: this.#run.progress(),
    };
    return jsonWithVisibleDirection(whole);
  }

  #increment(): string | undefined {
    const { series } = this.#builder;
    const from = Math.max(0, this.#sentBuckets - LATE_BUCKETS);
    const isContinued = series.bucketMs === this.#sentWidth;
    const sessions = this.#builder.takeFresh();
    const changed = series.read(isContinued ? from : Number.POSITIVE_INFINITY);
    this.#sentBuckets = changed.buckets;
    this.#sentWidth = changed.bucketMs;
    if (!isContinued) return undefined;
    const increment: LiveIncrement = {
      progress: this.#run.progress(),
      summary: this.#summary(),
      from,
      series: changed,
      lists: this.#builder.readLists(),
      sessions,
      ...(this.#seconds % PATHS_EVERY === 0 ? { paths: this.#builder.readPaths() } : {}),
    };
    return jsonWithVisibleDirection(increment);
  }
}
