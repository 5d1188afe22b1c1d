import { hasOwnBus } from "@ape/core/config/runtime/bus";
import type { PodRole } from "@ape/core/config/runtime/kubernetes";
import { NATS_PORT } from "@ape/core/config/runtime/run-objects";
import type { Config } from "@ape/core/config/schema";
import { type ContainerRole, ROLE_FOLDER, STOP_GRACE_S } from "../roles/container-roles.ts";
import { IMAGES } from "../roles/images.ts";
import type { Resources } from "../roles/size.ts";
import { mergePatch, type Part, type RunNames } from "./kubernetes-object.ts";
import type { FileOwner } from "./project-files.ts";

/** User of every container: that of the image. */
const USER = 65_532;
const SECRETS_FOLDER = "/run/secrets/ape";
/** Folder of the engine's runs. */
export const RESULTS_FOLDER = "/results";
/** Folder of packed files, which the role unpacks. */
const PARTS_FOLDER = "/run/ape-files";
const NATS_FOLDER = "/etc/ape-nats";
const NATS_BYTES = 512 * 1024 * 1024;
const MIB = 1024 * 1024;
const ENGINE_RESOURCES = { cpus: 1, memoryBytes: 2_048 * MIB, reservedBytes: 384 * MIB, reservedCpus: 0.25 };

const LOOKING_RESOURCES = { cpus: 1, memoryBytes: 256 * MIB, reservedBytes: 64 * MIB, reservedCpus: 0.1 };

/** What pods of a run are made from. */
export interface PodInput {
  config: Config;
  names: RunNames;
  /** Keys of the ConfigMap with a role's files, and their paths. */
  items: (role: FileOwner) => { key: string; path: string }[];
  /** Number of ConfigMaps with a role's packed files; 0 if one has them as they are. */
  parts: (role: FileOwner) => number;
  /** Whether a role's part of the configuration reads variables. */
  hasVariables: (role: FileOwner) => boolean;
}

/** `runAsNonRoot` and the rest of what Pod Security `restricted` demands. */
const CONTAINER_SECURITY: Part = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** A pod template's specification, with what the configuration changes in it. */
function podSpec({ config, names }: Pick<PodInput, "config" | "names">, role: PodRole, content: Part): Part {
  const { imagePullSecrets, patches } = config.kubernetes;
  const spec: Part = {
    automountServiceAccountToken: false,
    // Variables of Services would look like settings: their names begin with the run's.
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER,
      runAsGroup: USER,
      fsGroup: USER,
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...(imagePullSecrets.length === 0
      ? {}
      : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
    ...content,
  };
  const patched = mergePatch(spec, patches[role] ?? {}) as Part;
  return { metadata: { labels: names.labels(role), annotations: annotationsOf(role) }, spec: patched };
}

/** Autoscalers must not move what a run cannot do without. */
function annotationsOf(role: PodRole): Record<string, string> {
  return role === "agents"
    ? {}
    : { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false", "karpenter.sh/do-not-disrupt": "true" };
}

/** Requests as for the machine, a limit of memory, and none of CPU: a throttled process measures itself. */
function resources({ memoryBytes, reservedBytes, reservedCpus }: Resources): Part {
  return {
    requests: { cpu: `${Math.round(reservedCpus * 1_000)}m`, memory: `${Math.ceil(reservedBytes / MIB)}Mi` },
    limits: { memory: `${Math.ceil(memoryBytes / MIB)}Mi` },
  };
}

/** Name of the Secret with a role's variables, or with the run's token. */
export function secretOf({ config, names }: Pick<PodInput, "config" | "names">, part: SecretPart): string {
  return config.kubernetes.existingSecrets[part] ?? names.of(part);
}
export type SecretPart = "access" | "bus" | "engine" | "gateway" | "inference";

/** The volume with the secrets of a role, and the variables that name its files. */
function secretFiles(
  input: PodInput,
  role: FileOwner,
  secrets: ContainerRole["secrets"],
): { env: Part[]; volume: Part } {
  const file = { token: "token", bus: "bus.json", variables: "variables.json" } as const;
  const own = hasOwnBus(input.config);
  const source = {
    token: () => ({ secret: { name: secretOf(input, "access"), items: [item("token")] } }),
    // The access to the run's own NATS has no secret: the token is apart.
    bus: () =>
      own
        ? { configMap: { name: input.names.of("bus"), items: [item("bus.json")] } }
        : { secret: { name: secretOf(input, "bus"), items: [item("bus.json")] } },
    variables: () => ({
      secret: {
        name: secretOf(input, role === "agents" ? "gateway" : role),
        items: [item("variables.json")],
      },
    }),
  };
  const needed = Object.entries(secrets).filter(
    ([, secret]) => secret !== "variables" || input.hasVariables(role),
  );
  return {
    env: needed.map(([name, secret]) => ({
      name,
      value: `${SECRETS_FOLDER}/${file[secret]}`,
    })),
    volume: {
      name: "secrets",
      projected: { defaultMode: 0o440, sources: needed.map(([, secret]) => source[secret]()) },
    },
  };
}
const item = (key: string): Part => ({ key, path: key });

/** Name of the ConfigMap with one part of a role's packed files, without that of the run; and the part's key in it. */
export const packedMapOf = (role: string, index: number): string => `${role}-files-${index}`;
export const packedKeyOf = (index: number): string => `part-${String(index).padStart(2, "0")}`;

/** How a role gets its files: mounted from one ConfigMap, or unpacked by itself from the parts in several. */
function filesOf(
  input: PodInput,
  role: FileOwner,
): { environment: Record<string, string>; mounts: Part[]; volumes: Part[] } {
  const { names } = input;
  const count = input.parts(role);
  if (count === 0)
    return {
      environment: {},
      mounts: [{ name: "project", mountPath: ROLE_FOLDER, readOnly: true }],
      volumes: [
        { name: "project", configMap: { name: names.of(`${role}-files`), items: input.items(role) } },
      ],
    };
  const sources = Array.from({ length: count }, (_, index) => ({
    configMap: { name: names.of(packedMapOf(role, index)), items: [item(packedKeyOf(index))] },
  }));
  return {
    environment: { APE_PACKED_FILES: PARTS_FOLDER },
    mounts: [
      { name: "project", mountPath: ROLE_FOLDER },
      { name: "parts", mountPath: PARTS_FOLDER, readOnly: true },
    ],
    volumes: [
      { name: "project", emptyDir: {} },
      { name: "parts", projected: { sources } },
    ],
  };
}

/** A container of APE's image with its files and secrets. */
function apePod(
  input: PodInput,
  role: FileOwner,
  {
    secrets,
    environment,
    args,
    size,
    more = {},
    mounts = [],
    volumes = [],
    ...content
  }: {
    secrets: ContainerRole["secrets"];
    environment: Readonly<Record<string, string>>;
    args: readonly string[];
    size: Resources;
    more?: Part;
    mounts?: Part[];
    volumes?: Part[];
    [key: string]: unknown;
  },
): Part {
  const { config, names } = input;
  const { env, volume } = secretFiles(input, role, secrets);
  const files = filesOf(input, role);
  const values = { APE_RUN: names.run, APE_LOG: "warn", ...files.environment, ...environment };
  return podSpec(input, role, {
    terminationGracePeriodSeconds: Math.ceil(config.load.gracefulStop / 1_000) + STOP_GRACE_S,
    containers: [
      {
        name: role,
        image: config.kubernetes.image,
        imagePullPolicy: config.kubernetes.imagePullPolicy,
        // What a container wrote last is then in the state of its pod.
        terminationMessagePolicy: "FallbackToLogsOnError",
        args: [...args],
        workingDir: ROLE_FOLDER,
        env: [...env, ...Object.entries(values).map(([name, value]) => ({ name, value }))],
        resources: resources(size),
        securityContext: CONTAINER_SECURITY,
        volumeMounts: [
          ...files.mounts,
          { name: "secrets", mountPath: SECRETS_FOLDER, readOnly: true },
          { name: "tmp", mountPath: "/tmp" },
          ...mounts,
        ],
        ...more,
      },
    ],
    volumes: [...files.volumes, volume, { name: "tmp", emptyDir: {} }, ...volumes],
    ...content,
  });
}

/** The pod template of one of the roles that Compose has as well. */
export function rolePod(input: PodInput, role: ContainerRole): Part {
  const { name, port, secrets, environment, resources: size, arguments: args } = role;
  const ready = { httpGet: { path: "/readyz", port }, periodSeconds: 3, failureThreshold: 3 };
  return apePod(input, name, {
    secrets,
    environment,
    args,
    size,
    more: {
      ports: [{ name: "http", containerPort: port }],
      ...(name === "agents" ? {} : { readinessProbe: ready }),
    },
    ...(name === "agents" ? { restartPolicy: "Never" } : {}),
  });
}

/** The engine's pod template: it has the whole project, and the only pod with a token of the Kubernetes API. */
export function enginePod(input: PodInput, environment: Readonly<Record<string, string>>): Part {
  return apePod(input, "engine", {
    secrets: { APE_TOKEN_FILE: "token", APE_BUS_FILE: "bus", APE_VARIABLES_FILE: "variables" },
    environment,
    args: ["serve", "engine"],
    size: ENGINE_RESOURCES,
    mounts: [{ name: "results", mountPath: RESULTS_FOLDER }],
    volumes: [{ name: "results", emptyDir: {} }],
    restartPolicy: "Never",
    serviceAccountName: input.names.of("engine"),
    automountServiceAccountToken: true,
  });
}

/** A pod template like the gateway's, its patches included, that runs one command without files and secrets. */
export function lookingPod(
  input: Pick<PodInput, "config" | "names">,
  role: string,
  args: readonly string[],
): Part {
  const { image, imagePullPolicy } = input.config.kubernetes;
  const { spec } = podSpec(input, "gateway", {
    restartPolicy: "Never",
    containers: [
      {
        name: "gateway",
        image,
        imagePullPolicy,
        terminationMessagePolicy: "FallbackToLogsOnError",
        args: [...args],
        resources: resources(LOOKING_RESOURCES),
        securityContext: CONTAINER_SECURITY,
        volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
      },
    ],
    volumes: [{ name: "tmp", emptyDir: {} }],
  });
  return { metadata: { labels: input.names.labels(role) }, spec };
}

/** The pod template of the run's own NATS server. */
export function natsPod(input: PodInput): Part {
  const { kubernetes } = input.config;
  return podSpec(input, "nats", {
    terminationGracePeriodSeconds: 30,
    containers: [
      {
        name: "nats",
        image: kubernetes.natsImage ?? IMAGES.nats,
        imagePullPolicy: kubernetes.imagePullPolicy,
        terminationMessagePolicy: "FallbackToLogsOnError",
        args: ["--config", `${NATS_FOLDER}/nats.conf`],
        env: [
          {
            name: "APE_TOKEN",
            valueFrom: { secretKeyRef: { name: secretOf(input, "access"), key: "token" } },
          },
        ],
        ports: [{ name: "nats", containerPort: NATS_PORT }],
        readinessProbe: { httpGet: { path: "/healthz", port: 8222 }, periodSeconds: 2, failureThreshold: 3 },
        resources: resources({
          cpus: 1,
          memoryBytes: NATS_BYTES,
          reservedBytes: NATS_BYTES / 4,
          reservedCpus: 0.1,
        }),
        securityContext: CONTAINER_SECURITY,
        volumeMounts: [
          { name: "configuration", mountPath: NATS_FOLDER, readOnly: true },
          { name: "data", mountPath: "/data" },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "configuration", configMap: { name: input.names.of("bus"), items: [item("nats.conf")] } },
      ...(kubernetes.storage === undefined ? [{ name: "data", emptyDir: {} }] : []),
      { name: "tmp", emptyDir: {} },
    ],
  });
}
