import { LABELS } from "@ape/core/metrics/metrics";
import type { ExportContext, Exporter } from "./export-context.ts";
import { openSampleFile } from "./sample-file.ts";

/**
 * One line for each sample, in the columns of k6: `metric_name,timestamp,metric_value`, then a column a label.
 * Timestamps are seconds since 1970 with milliseconds as decimals, values are in the metric's summary unit.
 */
export function openCsv(destination: string, context: ExportContext): Promise<Exporter> {
  return openSampleFile(destination, context, (file) => {
    file.write(`metric_name,timestamp,metric_value,${LABELS.join(",")}\n`);
    return (metric, labels) => {
      const tail = LABELS.map((label) => quoted(labels[label] ?? "")).join(",");
      return {
        add: (value, at) => file.write(`${metric},${(at / 1000).toFixed(3)},${value},${tail}\n`),
      };
    };
  });
}

/** A field that needs no quotes. Source: RFC 4180, section 2. */
function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
