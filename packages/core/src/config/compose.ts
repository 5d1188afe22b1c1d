import { z } from "zod";

/** How much of the observability stack runs beside a run in containers. */
export const OBSERVABILITY = ["none", "metrics", "full"] as const;
export type Observability = (typeof OBSERVABILITY)[number];

const target = z
  .strictObject({
    image: z.string().min(1).optional(),
    build: z.string().min(1).optional().describe("Folder of its Dockerfile, in place of an image."),
    command: z.array(z.string()).optional(),
    environment: z.record(z.string(), z.string()).default({}),
    healthcheck: z
      .array(z.string())
      .min(1)
      .optional()
      .describe("A command and its arguments that end well once the target can be used; agents wait for it."),
  })
  .refine(
    ({ image, build }) => (image === undefined) !== (build === undefined),
    "give one of image and build",
  );

/** What `runtime: compose` makes of a run. */
export const composeSettings = z.strictObject({
  agentsPerContainer: z
    .int()
    .min(1)
    .max(5_000)
    .default(250)
    .describe("Agents that share a container; 1 gives each one its own."),
  image: z.string().min(1).optional().describe("Another image for APE's roles than its own of this version."),
  observability: z
    .enum(OBSERVABILITY)
    .default("metrics")
    .describe(
      "`metrics` is Prometheus and Node Exporter; `full` adds Grafana, logs, traces, cAdvisor and alerts.",
    ),
  collector: z
    .enum(["alloy", "promtail"])
    .default("alloy")
    .describe("What collects logs; Promtail is for set-ups that have it."),
  webhook: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where alerts go."),
  target: target
    .optional()
    .describe("A container to test; its targets' `baseUrl` is `http://sut_target:PORT`."),
});

export type ComposeSettings = z.output<typeof composeSettings>;
