import { z } from "zod";
import { ATTRIBUTIONS, OUTCOMES } from "../protocol/outcome.ts";

const counts = z.array(z.number());
/** A value for each bucket; null where the bucket has none. */
const values = z.array(z.number().nullable());

const percentiles = z.strictObject({
  p50: values.describe("Median in milliseconds."),
  p95: values.describe("95th percentile in milliseconds."),
  p99: values.describe("99th percentile in milliseconds."),
  heat: z
    .array(counts)
    .describe(
      "For each bucket the values by latency: pairs of an index of `latencyBounds` and a count; the index after the last bound counts larger values.",
    ),
});

/** Time series of a run on one axis: buckets of equal width from the start of the run. */
export const reportSeriesSchema = z.strictObject({
  startedAt: z.number().describe("Beginning of the first bucket, milliseconds since 1970."),
  bucketMs: z.number().describe("Width of a bucket; doubles when a run has more buckets than fit."),
  buckets: z.int().describe("Number of buckets: the length of every series."),
  agents: z.strictObject({
    active: counts.describe("Agents that run a session, at the end of the bucket."),
    waiting: counts.describe("Agents that wait for a data row, at the end of the bucket."),
  }),
  sessions: z.strictObject({
    started: counts,
    ended: z.partialRecord(z.enum(OUTCOMES), counts).describe("Sessions that ended, by outcome."),
    dropped: counts.describe("Arrivals that found no free agent."),
    interrupted: counts.describe("Sessions that the end of the run cut off."),
  }),
  actions: z.strictObject({
    count: counts,
    failed: z.partialRecord(z.enum(ATTRIBUTIONS), counts).describe("Failed actions by attribution."),
    latency: percentiles.describe("Agent to answer."),
    target: percentiles.describe("The wire only."),
  }),
  between: z
    .strictObject({
      total: values.describe("Time between actions, average."),
      decision: values.describe("Model's decision, average of a step."),
      think: values.describe("Think time, average of a step."),
      queue: values.describe("Queue for the model, average of a step."),
    })
    .describe("Milliseconds."),
  model: z.strictObject({
    tokensInput: counts,
    tokensOutput: counts,
    costUsd: counts,
    firstTokenP95: values.describe("95th percentile of the time to the first token, in milliseconds."),
  }),
  generator: z
    .strictObject({
      eventLoopDelayMs: values.describe("Worst event-loop delay of a process of the generator."),
      cpu: values.describe("Highest CPU of a process, as a share of one core."),
      saturated: z
        .array(z.strictObject({ from: z.number(), to: z.number() }))
        .describe("Times in which the generator was at its limit, in milliseconds from `startedAt`."),
    })
    .describe("Health of the load generator."),
});

/** Time series of a run. */
export type ReportSeries = z.output<typeof reportSeriesSchema>;
/** Latency percentiles and a heat map over time. */
export type ReportLatencySeries = z.output<typeof percentiles>;
