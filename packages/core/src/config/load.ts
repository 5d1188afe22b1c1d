import { z } from "zod";
import { duration, positiveRunDuration, runDuration } from "./scalar.ts";
import { thinkTimeSchema } from "./think-time.ts";

/** How many agents, for how long. */
export const loadSchema = z
  .strictObject({
    agents: z.int().min(1).max(1_000_000).default(10),
    duration: positiveRunDuration.optional().describe("Agents take new sessions for this long."),
    sessions: z.int().min(1).optional().describe("The run ends when this many sessions have ended."),
    stages: z
      .array(z.strictObject({ duration: runDuration, agents: z.int().min(0) }))
      .min(1)
      .optional()
      .describe("Ramps from one number of agents to the next."),
    arrivals: z
      .array(z.strictObject({ duration: runDuration, rate: z.number().min(0) }))
      .min(1)
      .optional()
      .describe(
        "Open load: sessions per second over a pool of `agents`; an arrival without a free agent is dropped.",
      ),
    rampUp: runDuration.default(0),
    gracefulStop: duration.default(30_000).describe("Running sessions may end within this time."),
    thinkTime: thinkTimeSchema.default("none"),
    workers: z
      .int()
      .min(1)
      .max(256)
      .optional()
      .describe("Processes of agents. Default: one less than the cores, at least 1."),
  })
  .superRefine((value, context) => {
    const kinds = (["duration", "sessions", "stages", "arrivals"] as const).filter(
      (key) => value[key] !== undefined,
    );
    if (kinds.length > 1)
      context.addIssue({
        code: "custom",
        path: [kinds[1] as string],
        message: `${kinds.join(" and ")} contradict one another: give one of duration, sessions, stages or arrivals`,
      });
    if (value.rampUp > 0 && (value.stages !== undefined || value.arrivals !== undefined))
      context.addIssue({
        code: "custom",
        path: ["rampUp"],
        message: "rampUp goes with duration or sessions; stages and arrivals ramp by themselves",
      });
  });

export type LoadConfig = z.output<typeof loadSchema>;
