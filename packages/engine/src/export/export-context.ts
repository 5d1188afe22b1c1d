import type { Aggregator } from "../aggregate/aggregator.ts";
import type { Manifest } from "../store/manifest.ts";

/** A destination of `--out`. */
export interface Exporter {
  /** Called once per second with the current figures; never blocks and never throws. */
  push(aggregator: Aggregator, at: number): void;
  /**
   * Called once at the end, when every event is on disk.
   * @throws ApeError EXPORT_FAILED; the run's own results do not depend on it
   */
  close(runDirectory: string, aggregator: Aggregator, at: number): Promise<void>;
}

export interface ExportContext {
  manifest: Manifest;
  /** Base directory of relative file names. */
  cwd: string;
}
