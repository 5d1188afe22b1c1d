import { ApeError } from "@ape/core/lib/errors";
import { openCsv } from "./csv.ts";
import type { ExportContext, Exporter } from "./export-context.ts";
import { openJson } from "./json.ts";
import { openOtlp } from "./otlp.ts";
import { openOtlpTraces } from "./otlp-traces.ts";
import { openPrometheus } from "./prometheus.ts";

const KINDS: Record<string, (destination: string, context: ExportContext) => Promise<Exporter>> = {
  csv: openCsv,
  json: openJson,
  "prometheus-rw": openPrometheus,
  otlp: openOtlp,
  "otlp-traces": openOtlpTraces,
};

/**
 * Opens a destination such as `csv=samples.csv`, `json=samples.ndjson`, `prometheus-rw=http://host:9090/api/v1/write`,
 * `otlp=http://host:4318` or `otlp-traces=http://host:4318`. Files get every sample, read from the events when the run has ended; servers get the
 * merged figures every few seconds and at the end.
 * @throws ApeError USAGE for a text that names no destination, EXPORT_FAILED for a file that cannot be written
 */
export async function openExporter(spec: string, context: ExportContext): Promise<Exporter> {
  const equals = spec.indexOf("=");
  const open = Object.hasOwn(KINDS, spec.slice(0, Math.max(0, equals)))
    ? KINDS[spec.slice(0, equals)]
    : undefined;
  const destination = spec.slice(equals + 1);
  if (open === undefined || destination === "")
    throw new ApeError("USAGE", `"${spec}" is not a destination`, {
      hint: "Write csv=FILE, json=FILE, prometheus-rw=URL, otlp=URL or otlp-traces=URL.",
    });
  return open(destination, context);
}
