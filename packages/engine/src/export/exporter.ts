import { ApeError } from "@ape/core/errors";
import type { Aggregator } from "../collect/aggregator.ts";
import type { Manifest } from "../store/manifest.ts";

export interface Exporter {
  push(aggregator: Aggregator, at: number): void;
  close(runDirectory: string, aggregator: Aggregator, at: number): Promise<void>;
}

export async function openExporter(
  spec: string,
  _context: { manifest: Manifest; cwd: string },
): Promise<Exporter> {
  throw new ApeError("USAGE", `--out ${spec} is not known`);
}
