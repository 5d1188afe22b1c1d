import { z } from "zod";
import { composeSettings } from "./compose.ts";
import { runGateway } from "./gateway.ts";
import { goalSchema, hookSchema } from "./goal.ts";
import { inferenceSchema } from "./inference.ts";
import { loadSchema } from "./load.ts";
import { personaSchema } from "./persona.ts";
import { busSettings } from "./runtime/bus.ts";
import { kubernetesSettings } from "./runtime/kubernetes.ts";
import { name, runDuration } from "./scalar.ts";
import { targetSchema } from "./target.ts";

const threshold = z.union([
  z.string(),
  z.strictObject({
    expression: z.string(),
    abortOnFail: z.boolean().default(false).describe("End the run when it is crossed (exit 108)."),
    delayAbortEval: runDuration.default(0).describe("Not before this much of the run has passed."),
  }),
]);

/** Where the roles of a run can run. */
export const RUNTIMES = ["embedded", "compose", "kubernetes"] as const;

/** The one schema of ape.config.yaml: every type and the JSON Schema derive from it. */
export const configSchema = z.strictObject({
  version: z.literal(1),
  runtime: z
    .enum(RUNTIMES)
    .default("embedded")
    .describe(
      "Where the roles run: `embedded` is processes of this machine, `compose` its containers, `kubernetes` pods of a cluster.",
    ),
  seed: z
    .int()
    .min(0)
    .max(0xffffffff)
    .optional()
    .describe("The same seed draws the same goals, rows and think times."),
  targets: z
    .record(name, targetSchema)
    .refine((targets) => Object.keys(targets).length > 0, "at least one target is needed"),
  gateway: runGateway.prefault({}),
  compose: composeSettings.prefault({}),
  bus: busSettings
    .prefault({})
    .describe("The message bus of a run in containers: by default a NATS of its own."),
  kubernetes: kubernetesSettings.prefault({}).describe("A run on Kubernetes."),
  inference: inferenceSchema.prefault({}),
  goals: z.array(goalSchema).min(1, "at least one goal is needed"),
  personas: z
    .array(personaSchema)
    .max(50)
    .default([])
    .describe("Kinds of users, drawn by weight for each session; a name alone means one of APE's own."),
  load: loadSchema.prefault({}),
  events: z
    .strictObject({
      keep: z
        .union([z.literal("auto"), z.number().min(0).max(1)])
        .default("auto")
        .describe(
          "Share of successful sessions whose steps stay on the disk; all others keep theirs, and figures count every session. `auto` is 1 until a run is large: an hour at 1,000 actions per second then stays below 1 GB.",
        ),
      send: z
        .enum(["all", "kept"])
        .default("all")
        .describe(
          "Which events cross the message bus of a run in containers: `all`, or `kept`, those of the sessions that are kept, as many as one engine can take. Figures count every session all the same. For more than about 10,000 actions per second.",
        ),
    })
    .prefault({}),
  results: z
    .strictObject({
      upload: z
        .string()
        .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[^?#]*)?$/, "s3://BUCKET/PREFIX is expected")
        .optional()
        .describe(
          "Where the run's folder is put when the run has ended: `s3://bucket/prefix`, as `PREFIX/RUN/`. Credentials, region and endpoint come from the variables of AWS's tools, such as AWS_ACCESS_KEY_ID and AWS_ENDPOINT_URL_S3.",
        ),
    })
    .prefault({}),
  page: z
    .strictObject({
      open: z
        .boolean()
        .default(false)
        .describe("Open the page of a run in a browser, where it is served (`start --page`)."),
    })
    .prefault({}),
  setup: z.array(hookSchema).default([]).describe("Requests before the load; a failing one ends the run."),
  teardown: z.array(hookSchema).default([]).describe("Requests after the load, whatever happened."),
  thresholds: z
    .record(z.string(), z.array(threshold).min(1))
    .default({})
    .describe('Pass or fail, in k6\'s grammar: `session_success: ["rate>0.95"]`.'),
});

export type Runtime = (typeof RUNTIMES)[number];
export type Config = z.output<typeof configSchema>;

/** The JSON Schema of ape.config.yaml, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" }),
    title: "ape.config.yaml",
  };
}
