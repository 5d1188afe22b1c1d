import { createHash } from "node:crypto";
import { type BusAccess, hasOwnBus } from "@ape/core/config/runtime/bus";
import { NATS_PORT, ROLE_LABEL, RUN_LABEL } from "@ape/core/config/runtime/run-objects";
import type { Config } from "@ape/core/config/schema";
import { EXIT } from "@ape/core/lib/errors";
import { type ContainerRole, containerRoles, ROLE_PORTS } from "../roles/container-roles.ts";
import { type KubernetesObject, type Part, RunNames } from "./kubernetes-object.ts";
import { networkPolicies } from "./network-policies.ts";
import {
  enginePod,
  natsPod,
  type PodInput,
  packedKeyOf,
  packedMapOf,
  RESULTS_FOLDER,
  rolePod,
  type SecretPart,
  secretOf,
} from "./pods.ts";
import type { FileOwner, ProjectFiles } from "./project-files.ts";

/** Exit codes of the engine that are verdicts: starting the run once more would not change them. The API wants them sorted. */
const VERDICTS = Object.values(EXIT)
  .filter((code) => code !== EXIT.ok && code !== EXIT.drained)
  .sort((a, b) => a - b);
/** An engine whose pod was killed is replaced so often. */
const ENGINE_REPLACEMENTS = 3;
/** Agents that die are replaced as long as the run lasts; the engine ends a run whose agents cannot start. */
const REPLACEMENTS = 10_000;

export interface RunObjectsInput {
  /** The run's id, part of every name. */
  run: string;
  config: Config;
  project: ProjectFiles;
  /** Options of the command line that override the configuration, as JSON. */
  overrides?: string;
  /** Contents of the Secrets by part and key; those that are left out exist already, or are made by the user. */
  secrets?: Partial<Record<SecretPart, Record<string, string>>>;
}

/**
 * Every object of a run on Kubernetes: the same input gives the same objects. All are namespaced and have the run in
 * their names and labels, so that several runs share a namespace. The engine's Job comes first: the others are owned by it.
 */
export function kubernetesObjects(input: RunObjectsInput): KubernetesObject[] {
  const { config, project, run } = input;
  const { files, packed, variables } = project;
  const names = new RunNames(run);
  const pods: PodInput = {
    config,
    names,
    items: (role) => [...files[role].keys()].map((path) => ({ key: keyOf(path), path })),
    parts: (role) => packed[role]?.length ?? 0,
    hasVariables: (role) => variables[role].length > 0,
  };
  const roles = containerRoles(config, (role) => names.of(role));
  return [
    engineJob(pods, input),
    ...engineAccess(names),
    ...Object.entries(input.secrets ?? {}).map(([part, values]) =>
      names.object("v1", "Secret", part, undefined, { type: "Opaque", stringData: values }),
    ),
    ...(Object.keys(files) as FileOwner[]).flatMap((role) => {
      const parts = packed[role];
      return parts === undefined ? [filesObject(names, role, files[role])] : partsObjects(names, role, parts);
    }),
    ...(hasOwnBus(config) ? natsObjects(pods) : []),
    ...[roles.gateway, roles.inference].flatMap((role) => serverObjects(pods, role)),
    agentsJob(pods, roles.agents),
    ...["engine", "gateway", "inference", ...(hasOwnBus(config) ? ["nats"] : [])].map((role) =>
      names.object("policy/v1", "PodDisruptionBudget", role, role, {
        spec: { minAvailable: 1, selector: names.selector(role) },
      }),
    ),
    ...networkPolicies(config, names),
    ...(config.kubernetes.podMonitor ? [podMonitor(pods)] : []),
  ];
}

/** Characters of a ConfigMap's key at most. */
const MOST_KEY_CHARS = 253;

/** Keys of ConfigMaps have no slash, and a length; what is too long is told apart by its digest. */
function keyOf(path: string): string {
  const key = path
    .replaceAll(/[^\w.-]/g, (character) => `_${character.charCodeAt(0).toString(16)}_`)
    // No key begins with two dots.
    .replace(/^\./, "_2e_");
  if (key.length <= MOST_KEY_CHARS) return key;
  const digest = createHash("sha256").update(path).digest("hex");
  return `${key.slice(0, MOST_KEY_CHARS - digest.length - 1)}-${digest}`;
}

function filesObject(
  names: RunNames,
  role: string,
  content: ReadonlyMap<string, Uint8Array>,
): KubernetesObject {
  const data: Record<string, string> = {};
  const binaryData: Record<string, string> = {};
  for (const [path, bytes] of content) {
    const text = utf8(bytes);
    if (text === undefined) binaryData[keyOf(path)] = Buffer.from(bytes).toString("base64");
    else data[keyOf(path)] = text;
  }
  return names.object("v1", "ConfigMap", `${role}-files`, role, {
    data,
    ...(Object.keys(binaryData).length === 0 ? {} : { binaryData }),
  });
}

function partsObjects(names: RunNames, role: string, parts: readonly Uint8Array[]): KubernetesObject[] {
  return parts.map((bytes, index) =>
    names.object("v1", "ConfigMap", packedMapOf(role, index), role, {
      binaryData: { [packedKeyOf(index)]: Buffer.from(bytes).toString("base64") },
    }),
  );
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function engineJob(pods: PodInput, { overrides }: RunObjectsInput): KubernetesObject {
  const { names, config } = pods;
  const environment = {
    APE_GATEWAY: `http://${names.of("gateway")}:${ROLE_PORTS.gateway}/mcp`,
    APE_RESULTS: RESULTS_FOLDER,
    ...(overrides === undefined ? {} : { APE_OVERRIDES: overrides }),
  };
  return names.object("batch/v1", "Job", "engine", "engine", {
    spec: {
      backoffLimit: ENGINE_REPLACEMENTS,
      ttlSecondsAfterFinished: Math.ceil(config.kubernetes.ttl / 1_000),
      podFailurePolicy: {
        rules: [
          {
            action: "FailJob",
            onExitCodes: { containerName: "engine", operator: "In", values: VERDICTS },
          },
          ...replaced("engine"),
        ],
      },
      template: enginePod(pods, environment),
    },
  });
}

/** Rules by which a Job replaces pods that were drained, evicted or preempted, without counting them as failures. */
function replaced(containerName: string): Part[] {
  return [
    { action: "Ignore", onExitCodes: { containerName, operator: "In", values: [EXIT.drained] } },
    { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
  ];
}

/** What the engine may do in its namespace: look at pods, change its agents' Job, end the roles, read its orders. */
function engineAccess(names: RunNames): KubernetesObject[] {
  const account = { kind: "ServiceAccount", name: names.of("engine") };
  return [
    names.object("v1", "ServiceAccount", "engine", "engine", {}),
    names.object("rbac.authorization.k8s.io/v1", "Role", "engine", "engine", {
      rules: [
        { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
        { apiGroups: [""], resources: ["events"], verbs: ["list"] },
        {
          apiGroups: ["batch"],
          resources: ["jobs"],
          resourceNames: [names.of("agents")],
          verbs: ["get", "patch"],
        },
        {
          apiGroups: ["apps"],
          resources: ["deployments"],
          resourceNames: [names.of("gateway"), names.of("inference")],
          verbs: ["get", "patch"],
        },
        { apiGroups: [""], resources: ["configmaps"], resourceNames: [names.of("control")], verbs: ["get"] },
      ],
    }),
    names.object("rbac.authorization.k8s.io/v1", "RoleBinding", "engine", "engine", {
      subjects: [account],
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: names.of("engine") },
    }),
    // What `scale` and `stop` write, and the engine reads.
    names.object("v1", "ConfigMap", "control", "engine", { data: {} }),
  ];
}

function natsObjects(pods: PodInput): KubernetesObject[] {
  const { names, config } = pods;
  const { bus, kubernetes } = config;
  const access: BusAccess = {
    url: `nats://${names.of("nats")}:${NATS_PORT}`,
    runToken: true,
    replicas: 1,
    maxAgeMs: bus.maxAge,
    ...(bus.maxBytes === undefined ? {} : { maxBytes: bus.maxBytes }),
  };
  const configuration = `port: ${NATS_PORT}
http: 8222
authorization { token: $APE_TOKEN }
jetstream { store_dir: "/data" }
`;
  const claim = {
    metadata: { name: "data", labels: names.labels("nats") },
    spec: {
      // Two servers at once in one folder damage it: Kubernetes replaces a pod that is deleted by force at once.
      accessModes: [kubernetes.storageAccessMode],
      resources: { requests: { storage: kubernetes.storage } },
      ...(kubernetes.storageClass === undefined ? {} : { storageClassName: kubernetes.storageClass }),
    },
  };
  return [
    names.object("v1", "ConfigMap", "bus", "nats", {
      data: { "nats.conf": configuration, "bus.json": JSON.stringify(access) },
    }),
    service(names, "nats", { name: "nats", port: NATS_PORT }),
    names.object("apps/v1", "StatefulSet", "nats", "nats", {
      spec: {
        serviceName: names.of("nats"),
        replicas: 1,
        selector: names.selector("nats"),
        template: natsPod(pods),
        ...(kubernetes.storage === undefined
          ? {}
          : {
              volumeClaimTemplates: [claim],
              persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" },
            }),
      },
    }),
  ];
}

function service(
  names: RunNames,
  role: string,
  { name, port }: { name: string; port: number },
): KubernetesObject {
  return names.object("v1", "Service", role, role, {
    spec: { selector: names.selector(role).matchLabels, ports: [{ name, port, targetPort: name }] },
  });
}

/** A role that serves: pods behind a Service, each with its part of the limits that hold for the whole run. */
function serverObjects(pods: PodInput, role: ContainerRole): KubernetesObject[] {
  const { names, config } = pods;
  const count = config.kubernetes.replicas[role.name as "gateway" | "inference"];
  const replicas: Record<string, string> = count === 1 ? {} : { APE_REPLICAS: String(count) };
  return [
    service(names, role.name, { name: "http", port: role.port }),
    names.object("apps/v1", "Deployment", role.name, role.name, {
      spec: {
        replicas: count,
        selector: names.selector(role.name),
        strategy: { type: "Recreate" },
        template: rolePod(pods, { ...role, environment: { ...role.environment, ...replicas } }),
      },
    }),
  ];
}

/**
 * The agents as an Indexed Job whose size can be changed. A pod that was drained or evicted is replaced; one that its run
 * dismissed is not.
 */
function agentsJob(pods: PodInput, role: ContainerRole): KubernetesObject {
  return pods.names.object("batch/v1", "Job", "agents", "agents", {
    spec: {
      completionMode: "Indexed",
      parallelism: role.count,
      completions: role.count,
      backoffLimit: REPLACEMENTS,
      podFailurePolicy: {
        rules: replaced("agents"),
      },
      template: rolePod(pods, role),
    },
  });
}

/** What the Prometheus operator reads: the figures of agents, gateway and proxy, with the run's token. */
function podMonitor(pods: PodInput): KubernetesObject {
  const { names } = pods;
  const credentials = { name: secretOf(pods, "access"), key: "token" };
  return names.object("monitoring.coreos.com/v1", "PodMonitor", "roles", undefined, {
    spec: {
      selector: {
        matchLabels: { [RUN_LABEL]: names.run },
        matchExpressions: [{ key: ROLE_LABEL, operator: "In", values: ["agents", "gateway", "inference"] }],
      },
      podMetricsEndpoints: [
        { port: "http", path: "/metrics", interval: "5s", authorization: { credentials } },
      ],
    },
  });
}
