import { NAME_LABEL, ROLE_LABEL, RUN_LABEL } from "@ape/core/config/runtime/run-objects";
import { ApeError } from "@ape/core/lib/errors";
import { kubeConfigAccess } from "@ape/engine/launch/kubernetes/kube-access";
import { KubeApi, type KubeObject } from "@ape/engine/launch/kubernetes/kube-api";
import { loadProject, type Project } from "@ape/engine/project/project";
import type { Io } from "../io.ts";

/** Those of Helm too, which calls itself the manager of its releases. */
const ENGINES = { ...NAME_LABEL, [ROLE_LABEL]: "engine" };

/** A run of which the cluster has the engine's Job. */
export interface ClusterRun {
  run: string;
  isActive: boolean;
  job: KubeObject;
}

/** The API of the cluster and namespace that a project names. */
export async function openCluster(
  { env }: Pick<Io, "env">,
  { config: { kubernetes } }: Pick<Project, "config">,
): Promise<KubeApi> {
  return new KubeApi(await kubeConfigAccess(env, kubernetes));
}

/** The runs of a namespace, the newest first. */
export async function clusterRuns(api: KubeApi): Promise<ClusterRun[]> {
  const jobs = await api.list("Job", ENGINES);
  return jobs
    .map((job) => ({ run: job.metadata.labels?.[RUN_LABEL] ?? "", isActive: !hasEnded(job), job }))
    .sort((a, b) => (a.run < b.run ? 1 : -1));
}

function hasEnded({ status }: KubeObject): boolean {
  const conditions = Array.isArray(status?.conditions)
    ? (status.conditions as Record<string, unknown>[])
    : [];
  return conditions.some(
    ({ type, status: is }) => (type === "Complete" || type === "Failed") && is === "True",
  );
}

/**
 * A run of the cluster: the named one, by the beginning of its id too; else the newest that is active, else the newest.
 * @throws ApeError RUN_NOT_FOUND
 */
export async function locateClusterRun(api: KubeApi, wanted?: string): Promise<ClusterRun> {
  const runs = await clusterRuns(api);
  const found =
    wanted === undefined || wanted === "latest"
      ? [runs.find(({ isActive }) => isActive) ?? runs[0]].filter((one) => one !== undefined)
      : runs.filter(({ run }) => run === wanted || run.startsWith(wanted));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new ApeError(
    "RUN_NOT_FOUND",
    wanted === undefined
      ? `the namespace ${api.namespace} has no runs`
      : `${found.length === 0 ? "no run" : `${found.length} runs`} of the namespace ${api.namespace} begin${found.length > 1 ? "" : "s"} with "${wanted}"`,
    {
      hint: "Start one with `ape-test start --runtime kubernetes`.",
      details: runs.map(({ run }) => run).slice(0, 10),
    },
  );
}

/**
 * The project of a folder, if its runs are on Kubernetes: by the command line, else by its configuration.
 * @throws ApeError as loadProject, if the command line names Kubernetes
 */
export async function kubernetesProject(
  io: Pick<Io, "cwd" | "env">,
  runtime: string | undefined,
): Promise<Project | undefined> {
  if (runtime !== undefined && runtime !== "kubernetes") return undefined;
  const load = loadProject({ cwd: io.cwd, environment: io.env });
  if (runtime === "kubernetes") return load;
  // Without a readable configuration, commands are about the runs of this folder.
  return load.then(
    (project) => (project.config.runtime === "kubernetes" ? project : undefined),
    () => undefined,
  );
}
