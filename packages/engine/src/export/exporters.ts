import { ApeError, messageOf } from "@ape/core/lib/errors";
import type { Aggregator } from "../aggregate/aggregator.ts";
import type { ExportContext, Exporter } from "./export-context.ts";
import { openExporter } from "./exporter.ts";

/** Every `--out` destination of one run. */
export class Exporters {
  readonly #exporters: Exporter[] = [];

  /** @throws ApeError USAGE, EXPORT_FAILED */
  async open(specs: readonly string[], context: ExportContext): Promise<void> {
    for (const spec of specs) this.#exporters.push(await openExporter(spec, context));
  }

  push(aggregator: Aggregator, at: number): void {
    for (const exporter of this.#exporters) exporter.push(aggregator, at);
  }

  /** Closes every destination, even if others fail; returns the first failure. */
  async close(runDirectory: string, aggregator: Aggregator, at: number): Promise<ApeError | undefined> {
    let failure: ApeError | undefined;
    for (const exporter of this.#exporters) {
      try {
        await exporter.close(runDirectory, aggregator, at);
      } catch (thrown) {
        failure ??= thrown instanceof ApeError ? thrown : new ApeError("EXPORT_FAILED", messageOf(thrown));
      }
    }
    return failure;
  }
}
