import { randomBytes } from "node:crypto";
import { hasOwnBus } from "@ape/core/config/runtime/bus";
import { variableValues } from "@ape/core/config/runtime/role-parts";
import { ApeError } from "@ape/core/lib/errors";
import { busAccess } from "@ape/engine/bus/bus-access";
import { stoppedBeforeLoad } from "@ape/engine/host/race-abort";
import type { KubeApi, KubeObject } from "@ape/engine/launch/kubernetes/kube-api";
import type { Project, RunOverrides } from "@ape/engine/project/project";
import { kubernetesObjects, type RunObjectsInput } from "@ape/setup/kubernetes/objects";
import { readProjectFiles } from "@ape/setup/kubernetes/project-files";
import { aliveNow, ofProject } from "./cluster.ts";

interface DeployOptions {
  run: string;
  overrides: RunOverrides;
  hasEngine?: boolean;
  signal?: AbortSignal;
}

/**
 * Makes the objects of a run in its namespace, all of them owned by the engine's Job, and starts that last, unless the
 * engine is elsewhere. If something is refused, or the signal comes, what was made is deleted.
 * @throws ApeError CONTAINERS_FAILED with the words of Kubernetes, CONFIG_INVALID, FILE_MISSING, INTERRUPTED
 */
export async function deployRun(
  api: KubeApi,
  project: Project,
  { run, overrides, hasEngine = true, signal }: DeployOptions,
): Promise<void> {
  const { config, written, directory } = project;
  const files = await readProjectFiles(config, written, directory);
  const [job, ...others] = kubernetesObjects({
    run,
    config,
    project: files,
    overrides: JSON.stringify(overrides),
    secrets: await secretsOf(project, files),
  });
  if (job === undefined) throw new ApeError("INTERNAL", "a run has no objects");
  const { spec } = job as KubeObject;
  const goOn = (): void => {
    if (signal?.aborted === true) throw stoppedBeforeLoad();
  };
  goOn();
  try {
    // The Job is first, because it owns the others; its pod waits until these are there.
    const annotations = { ...ofProject(project), ...(hasEngine ? {} : aliveNow(api)) };
    const { metadata } = await api.apply({
      ...job,
      metadata: { ...job.metadata, annotations },
      spec: { ...spec, suspend: true },
    });
    const owner = { apiVersion: job.apiVersion, kind: job.kind, name: metadata.name, uid: metadata.uid };
    for (const object of others) {
      const owned = { ...object, metadata: { ...object.metadata, ownerReferences: [owner] } } as KubeObject;
      // Agents take no place that the engine needs, which starts them when it is there.
      if (object.kind === "Job") owned.spec = { ...owned.spec, parallelism: 0 };
      goOn();
      await api.apply(owned);
    }
    goOn();
    if (hasEngine) await api.patch("Job", metadata.name, { spec: { suspend: false } });
    goOn();
  } catch (thrown) {
    await api.delete("Job", job.metadata.name).catch(() => undefined);
    throw thrown;
  }
}

/** The Secrets of a run that the user has not named; no role gets variables of another. */
async function secretsOf(
  { config, environment, directory }: Project,
  { variables }: RunObjectsInput["project"],
): Promise<NonNullable<RunObjectsInput["secrets"]>> {
  const { existingSecrets } = config.kubernetes;
  // A token of digits alone would be a number to NATS.
  const token = `t${randomBytes(24).toString("hex")}`;
  const secrets: NonNullable<RunObjectsInput["secrets"]> = {};
  if (existingSecrets.access === undefined) secrets.access = { token };
  if (!hasOwnBus(config) && existingSecrets.bus === undefined) {
    const access = await busAccess(config.bus, { url: "", token }, directory);
    secrets.bus = { "bus.json": JSON.stringify(access) };
  }
  for (const role of ["engine", "gateway", "inference"] as const) {
    if (existingSecrets[role] !== undefined || variables[role].length === 0) continue;
    secrets[role] = { "variables.json": JSON.stringify(variableValues(variables[role], environment)) };
  }
  return secrets;
}
