import { METRICS, type MetricDefinition, type MetricName } from "@ape/core/metrics/metrics";
import type { ExportContext, Exporter } from "./export-context.ts";
import { openSampleFile } from "./sample-file.ts";

/**
 * Newline-delimited JSON in the form of k6: a `Metric` object before a metric's first sample, a `Point` for each
 * sample, with values in the metric's summary unit.
 */
export function openJson(destination: string, context: ExportContext): Promise<Exporter> {
  return openSampleFile(destination, context, (file) => {
    const declared = new Set<MetricName>();
    return (metric, labels) => {
      const tags = JSON.stringify(labels);
      return {
        add: (value, at) => {
          if (!declared.has(metric)) {
            declared.add(metric);
            const { type, unit }: MetricDefinition = METRICS[metric];
            file.write(`${JSON.stringify({ type: "Metric", metric, data: { name: metric, type, unit } })}\n`);
          }
          const time = new Date(at).toISOString();
          file.write(
            `{"type":"Point","metric":"${metric}","data":{"time":"${time}","value":${value},"tags":${tags}}}\n`,
          );
        },
      };
    };
  });
}
