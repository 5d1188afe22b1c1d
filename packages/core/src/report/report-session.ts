import { z } from "zod";
import { ATTRIBUTIONS, OUTCOMES } from "../protocol/outcome.ts";

const attribution = z.enum(ATTRIBUTIONS);

const action = z.strictObject({
  target: z.string(),
  operation: z.string(),
  method: z.string(),
  path: z.string(),
  status: z.int().describe("0 without an answer."),
  durationMs: z.number(),
  queueMs: z.number().describe("Waiting for a connection."),
  connectMs: z.number().describe("DNS, TCP and TLS."),
  waitMs: z.number().describe("Request sent until the first byte of the answer."),
  receiveMs: z.number().describe("First byte until the last."),
  attempts: z.int(),
  failed: z.boolean(),
  error: z.string().optional(),
  attribution: attribution.optional(),
  because: z.string().optional(),
  request: z.string().optional(),
  response: z.string().optional(),
});

const step = z.strictObject({
  step: z.int(),
  at: z.number().describe("End of the step, milliseconds from the session's start."),
  tool: z.string(),
  args: z.string().describe("Arguments as decided: JSON, bounded, secrets as placeholders."),
  decisionMs: z.number(),
  thinkMs: z.number(),
  queueMs: z.number().describe("Waiting for the model."),
  tokensInput: z.int().optional(),
  tokensOutput: z.int().optional(),
  invalid: z.array(z.string()).optional().describe("Answers of the model that were no decision."),
  repairs: z.array(z.string()).optional(),
  action: action.optional(),
  gained: z.array(z.string()).optional().describe("Names of the state that the step added or changed."),
});

const check = z.strictObject({ label: z.string(), held: z.boolean(), evidence: z.string() });

const read = z.strictObject({
  at: z.number(),
  kind: z.enum(["probe", "verification"]),
  operation: z.string(),
  status: z.int(),
  durationMs: z.number(),
  held: z.boolean().optional().describe("Of a probe."),
  attribution: attribution.optional().describe("Of a verification read."),
  evidence: z.string(),
});

/** One session of the sample, step by step. */
export const reportSessionSchema = z.strictObject({
  session: z.string(),
  trace: z.string(),
  agent: z.string(),
  worker: z.string(),
  goal: z.string(),
  persona: z.string().optional(),
  row: z.int().optional(),
  at: z.number().describe("Start, milliseconds from the start of the run."),
  durationMs: z.number(),
  outcome: z.enum([...OUTCOMES, "interrupted"]),
  reason: z.string(),
  attribution: attribution.optional(),
  decidedBy: z.int().optional().describe("Step that decided the attribution."),
  stepCount: z.int(),
  steps: z.array(step),
  omittedSteps: z.int().describe("Steps that are left out because the session is long."),
  checks: z.array(check),
  reads: z.array(read).describe("Requests of the oracle."),
});

/** One session of a report's sample. */
export type ReportSession = z.output<typeof reportSessionSchema>;
/** One step of a session of the sample. */
export type ReportStep = z.output<typeof step>;
/** The action of a step. */
export type ReportAction = z.output<typeof action>;
/** A request of the oracle in a session of the sample. */
export type ReportRead = z.output<typeof read>;
