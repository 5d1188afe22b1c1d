import { z } from "zod";
import { ATTRIBUTIONS } from "../protocol/outcome.ts";
import { reportSeriesSchema } from "./report-series.ts";
import { reportSessionSchema } from "./report-session.ts";

const attribution = z.enum(ATTRIBUTIONS);

/** Kinds of marks on the time axis. */
const MARK_KINDS = ["scale", "stop", "limit", "fault", "end"] as const;

const mark = z.strictObject({
  at: z.number().describe("Milliseconds from the start of the run."),
  kind: z
    .enum(MARK_KINDS)
    .describe(
      "`scale`: other number of agents; `stop`: stopped by the user; `limit`: a threshold or the budget ended it; `fault`: a part of the run failed or warned, or its engine died; `end`: the run ended.",
    ),
  text: z.string(),
});

const operation = z.strictObject({
  name: z.string(),
  target: z.string(),
  count: z.int(),
  failed: z.partialRecord(attribution, z.int()).describe("Failed actions by attribution."),
  statuses: z
    .record(z.string(), z.int())
    .describe("Answers by status, or by the error's code where there was none."),
  latency: z
    .array(z.int())
    .describe("Actions by latency: one count for each bound of `latencyBounds`, and one for larger values."),
  spark: z.array(z.int()).describe("Actions over time, in at most 60 equal parts of the run."),
});

const failure = z.strictObject({
  attribution,
  reason: z.string().describe("In the words of the first of them."),
  count: z.int(),
  evidence: z.string().describe("What the failed action or the unmet check showed."),
  sessions: z.array(z.string()).describe("Examples; each is in `sessions`, if it could be kept."),
});

const paths = z.strictObject({
  goal: z.string(),
  persona: z.string().optional(),
  sessions: z.int(),
  nodes: z.array(z.string()).describe("Operations, and outcomes in brackets."),
  links: z
    .array(z.tuple([z.int(), z.int(), z.int(), z.int()]))
    .describe("Number of the action counted from 0, index of the node there, of the next node, sessions."),
});

/**
 * `report.json`: what a page shows of a run beside its `summary.json`. Every list in it is bounded, however long the
 * run.
 */
export const reportSchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  latencyBounds: z.array(z.number()).describe("Upper bounds in milliseconds of all latency distributions."),
  series: reportSeriesSchema,
  marks: z.array(mark),
  operations: z.array(operation),
  failures: z.array(failure).describe("Sessions that did not succeed, by reason; the most frequent first."),
  sessions: z
    .array(reportSessionSchema)
    .describe("A sample: of every kind of failure, and a seeded sample of the other sessions."),
  sampledFrom: z.int().describe("Sessions that the sample was drawn from."),
  paths: z.array(paths).describe("Ways of ended sessions, by goal and persona."),
});

/** The report of a run. */
export type Report = z.output<typeof reportSchema>;
/** An event on the time axis. */
export type ReportMark = z.output<typeof mark>;
/** One operation of a report. */
export type ReportOperation = z.output<typeof operation>;
/** Sessions that failed for one reason. */
export type ReportFailure = z.output<typeof failure>;
/** Ways of the sessions of one goal and persona. */
export type ReportPaths = z.output<typeof paths>;

/** The JSON Schema of `report.json`. */
export function reportJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(reportSchema), title: "report.json" };
}
