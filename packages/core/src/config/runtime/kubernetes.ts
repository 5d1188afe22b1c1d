import { z } from "zod";
import { positiveDuration, positiveRunDuration } from "../scalar.ts";

/** Parts of a run that have pods of their own. */
export const POD_ROLES = ["engine", "agents", "gateway", "inference", "nats"] as const;
export type PodRole = (typeof POD_ROLES)[number];

const kubernetesName = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/,
    "a name of lower-case letters, digits, - and . is expected",
  );

const replicas = z.int().min(1).max(500).default(1);

/** How a run on Kubernetes is set up. */
export const kubernetesSettings = z.strictObject({
  namespace: kubernetesName.optional().describe("Where left out, that of the context, else `default`."),
  context: z
    .string()
    .min(1)
    .optional()
    .describe("A context of the kubeconfig; where left out, the current one."),
  image: z.string().min(1).default("ape-test:latest").describe("The image of APE's roles, as nodes pull it."),
  natsImage: z.string().min(1).optional().describe("Another image of NATS."),
  imagePullPolicy: z.enum(["Always", "IfNotPresent", "Never"]).default("IfNotPresent"),
  imagePullSecrets: z.array(kubernetesName).default([]),
  replicas: z
    .strictObject({ gateway: replicas, inference: replicas })
    .prefault({})
    .describe(
      "Pods of gateway and proxy, each of which uses at most one core. `rate` and `maxConcurrent` of targets, `inference.limits` and `inference.maxCost` are divided among them; circuit breakers count in each pod by itself.",
    ),
  startTimeout: positiveDuration
    .default(300_000)
    .describe("A run whose pods are not there after this time is given up, with the scheduler's reason."),
  ttl: positiveRunDuration
    .default(3_600_000)
    .describe("How long the objects of a run that has ended stay, and its results with them."),
  storage: z
    .string()
    .regex(/^\d+(?:\.\d+)?(?:Ki|Mi|Gi|Ti)$/, "a quantity such as 10Gi is expected")
    .optional()
    .describe(
      "Size of a volume for the messages of NATS. Without it, a NATS pod that moves to another node ends the run.",
    ),
  storageClass: kubernetesName.optional(),
  storageAccessMode: z
    .enum(["ReadWriteOncePod", "ReadWriteOnce"])
    .default("ReadWriteOncePod")
    .describe(
      "`ReadWriteOnce` is for storage that does not have the other. With it, a NATS pod that is deleted by force may still write for seconds beside the one that replaces it, which damages the messages and ends the run.",
    ),
  networkPolicies: z.boolean().default(true).describe("Restrict who reaches whom, as in Compose's networks."),
  podMonitor: z
    .boolean()
    .default(false)
    .describe("Add a PodMonitor of the Prometheus operator, which has to be installed."),
  existingSecrets: z
    .strictObject({
      access: kubernetesName.optional().describe("Key `token`: the run's token, which begins with a letter."),
      bus: kubernetesName.optional().describe("Key `bus.json`: access to the NATS of `bus.url`."),
      engine: kubernetesName.optional(),
      gateway: kubernetesName.optional(),
      inference: kubernetesName.optional(),
    })
    .prefault({})
    .describe(
      "Secrets of yours in place of generated ones. Those of roles have the key `variables.json`: a JSON object with the variables that the role's part of the configuration reads.",
    ),
  patches: z
    .partialRecord(z.enum(POD_ROLES), z.record(z.string(), z.unknown()))
    .default({})
    .describe(
      "Merged into the pod specification of a role (RFC 7396; lists of objects with names, such as containers, by name): `{ agents: { nodeSelector: { pool: load }, tolerations: [...] } }`.",
    ),
});
