import { NAME_LABEL, ROLE_LABEL, RUN_LABEL } from "@ape/core/config/runtime/run-objects";
import { ApeError } from "@ape/core/lib/errors";
import { kubeConfigAccess } from "@ape/engine/launch/kubernetes/kube-access";
import { KubeApi, type KubeObject } from "@ape/engine/launch/kubernetes/kube-api";
import { loadProject, type Project } from "@ape/engine/project/project";
import type { Io } from "../io.ts";

/** Those of Helm too, which calls itself the manager of its releases. */
const ENGINES = { ...NAME_LABEL, [ROLE_LABEL]: "engine" };

/** How long a cluster that has answered before may be away, in milliseconds. */
const PATIENCE_MS = 120_000;
/** The annotation of the engine's Job in which an engine elsewhere shows that it is alive: a time of the cluster. */
const ALIVE_ANNOTATION = "ape.alive";
/** Interval at which it does so, and the time after which a Job that waits for its start was left, in milliseconds. */
export const ALIVE_MS = 30_000;
const LEFT_MS = 4 * ALIVE_MS;

/** The annotation that says that an engine elsewhere is alive now. */
export function aliveNow(api: Pick<KubeApi, "now">): Record<string, string> {
  return { [ALIVE_ANNOTATION]: new Date(api.now()).toISOString() };
}

/** A run of which the cluster has the engine's Job. */
export interface ClusterRun {
  run: string;
  isActive: boolean;
  /** The command that started it, or whose process its engine was, is gone: it will never end by itself. */
  isLeft?: true;
  /** Why its engine has no pod, if it shall not have one. */
  withoutEngine?: string;
  job: KubeObject;
}

/** The API of the cluster and namespace that a project names. That it is away for a while is shown. */
export async function openCluster(
  { env, err }: Pick<Io, "env" | "err">,
  { config: { kubernetes } }: Pick<Project, "config">,
): Promise<KubeApi> {
  return new KubeApi(await kubeConfigAccess(env, kubernetes), {
    patienceMs: PATIENCE_MS,
    onAway: (message) => err.write(`${message}\n`),
  });
}

/** The runs of a namespace, the newest first. */
export async function clusterRuns(api: KubeApi): Promise<ClusterRun[]> {
  const jobs = await api.list("Job", ENGINES);
  return jobs
    .map((job): ClusterRun => {
      const run = job.metadata.labels?.[RUN_LABEL] ?? "";
      if (wasLeft(job, api.now())) return { run, isActive: false, isLeft: true, job };
      const without = job.spec?.suspend === true ? { withoutEngine: whyWithoutEngine(job) } : {};
      return { run, isActive: endOf(job) === undefined, ...without, job };
    })
    .sort((a, b) => (a.run < b.run ? 1 : -1));
}

function whyWithoutEngine({ metadata }: KubeObject): string {
  return metadata.annotations?.[ALIVE_ANNOTATION] === undefined
    ? "its objects are being made"
    : "its engine is the command that was started with `--engine local`, which shows it";
}

/** Whether the command that made an engine's Job, which it would start or keeps suspended, is gone. */
function wasLeft({ metadata, spec }: KubeObject, now: number): boolean {
  const shown = [metadata.creationTimestamp, metadata.annotations?.[ALIVE_ANNOTATION]];
  const times = shown.map((time) => Date.parse(time ?? "")).filter((time) => !Number.isNaN(time));
  return spec?.suspend === true && times.length > 0 && now - Math.max(...times) > LEFT_MS;
}

/** The error of a command about a run whose start was cut off. */
export function leftRun(run: string): ApeError {
  return new ApeError(
    "RUN_NOT_ACTIVE",
    `the command that started run ${run} ended before the run was complete`,
    {
      hint: `\`ape-test clean ${run}\` removes what it made.`,
    },
  );
}

/** Why a Job has ended, in the words of Kubernetes; undefined if it has not. */
export function endOf({ status }: KubeObject): string | undefined {
  const conditions = Array.isArray(status?.conditions)
    ? (status.conditions as Record<string, unknown>[])
    : [];
  const end = conditions.find(
    ({ type, status: is }) => (type === "Complete" || type === "Failed") && is === "True",
  );
  return end === undefined ? undefined : [end.reason, end.message].filter(Boolean).join(": ");
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
