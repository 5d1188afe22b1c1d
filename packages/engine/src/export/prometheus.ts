import { type PromSample, promSamplesOf } from "@ape/core/metrics/exposition";
import { compress } from "snappyjs";
import type { Aggregator } from "../aggregate/aggregator.ts";
import type { ExportContext, Exporter } from "./export-context.ts";
import { ProtobufWriter } from "./protobuf.ts";
import { endpointOf, type PushBody, PushExporter } from "./push-exporter.ts";

const SERIES_A_REQUEST = 5_000;
const HEADERS = {
  "content-type": "application/x-protobuf",
  "content-encoding": "snappy",
  "x-prometheus-remote-write-version": "0.1.0",
};

/**
 * Sends figures by Prometheus remote write 1.0. Names are those of the registry, every series has the label `run`.
 * @throws ApeError USAGE
 */
export async function openPrometheus(destination: string, { manifest }: ExportContext): Promise<Exporter> {
  return new PushExporter(endpointOf(destination), {
    encode: (aggregator, at) => encode(promSamples(aggregator, manifest.id), at),
  });
}

/** Everything that an aggregator knows, as time series. */
export function promSamples(aggregator: Aggregator, run: string): PromSample[] {
  const samples: PromSample[] = [];
  for (const { metric, labels, sink } of aggregator.series())
    samples.push(...promSamplesOf(metric, { ...labels, run }, sink));
  return samples;
}

/** Messages `WriteRequest{timeseries=1}`, `TimeSeries{labels=1, samples=2}`, `Label{name=1, value=2}`, `Sample{value=1, timestamp=2}`. */
function encode(samples: readonly PromSample[], at: number): PushBody[] {
  const bodies: PushBody[] = [];
  for (let from = 0; from < samples.length; from += SERIES_A_REQUEST) {
    const request = new ProtobufWriter();
    for (const sample of samples.slice(from, from + SERIES_A_REQUEST))
      request.bytes(1, encodeSeries(sample, at));
    bodies.push({ headers: HEADERS, bytes: Buffer.from(compress(request.finish())) });
  }
  return bodies;
}

function encodeSeries({ name, labels, value }: PromSample, at: number): Buffer {
  const series = new ProtobufWriter();
  // The receiver wants labels sorted by name (remote write 1.0, "Labels").
  const sorted = Object.entries({ __name__: name, ...labels }).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [label, text] of sorted) {
    if (text === undefined || text === "") continue;
    const pair = new ProtobufWriter();
    pair.string(1, label);
    pair.string(2, text);
    series.bytes(1, pair.finish());
  }
  const sample = new ProtobufWriter();
  sample.double(1, value);
  sample.unsigned(2, Math.round(at));
  series.bytes(2, sample.finish());
  return series.finish();
}
