import { basename } from "node:path";
import { NAME_LABEL, ROLE_LABEL, RUN_LABEL } from "@ape/core/config/runtime/run-objects";
import { ApeError } from "@ape/core/lib/errors";
import { kubeConfigAccess } from "@ape/engine/launch/kubernetes/kube-access";
import { KubeApi, type KubeObject } from "@ape/engine/launch/kubernetes/kube-api";
import { loadProject, type Project } from "@ape/engine/project/project";
import type { Io } from "../io.ts";
import { printable } from "../output/printable.ts";

/** Those of Helm too, which calls itself the manager of its releases. */
const ENGINES = { ...NAME_LABEL, [ROLE_LABEL]: "engine" };

/** How long a cluster that has answered before may be away, in milliseconds. */
const PATIENCE_MS = 120_000;
/** The annotation of the engine's Job in which an engine elsewhere shows that it is alive: a time of the cluster. */
const ALIVE_ANNOTATION = "ape.alive";
/** The annotation of the engine's Job with the name of the project that started the run. */
const PROJECT_ANNOTATION = "ape.project";
/** Interval at which it does so, and the time after which a Job that waits for its start was left, in milliseconds. */
export const ALIVE_MS = 30_000;
const LEFT_MS = 4 * ALIVE_MS;

/** The annotation that says that an engine elsewhere is alive now. */
export function aliveNow(api: Pick<KubeApi, "now">): Record<string, string> {
  return { [ALIVE_ANNOTATION]: new Date(api.now()).toISOString() };
}

/** Says which project a run is of: the name of its folder, which is the same on other machines. */
export function ofProject({ directory }: Pick<Project, "directory">): Record<string, string> {
  return { [PROJECT_ANNOTATION]: basename(directory) };
}

/** A run of which the cluster has the engine's Job. */
export interface ClusterRun {
  run: string;
  /** Undefined if a chart or the generated objects made the run. */
  project?: string;
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
      const project = job.metadata.annotations?.[PROJECT_ANNOTATION];
      const who = {
        run: job.metadata.labels?.[RUN_LABEL] ?? "",
        ...(project === undefined ? {} : { project }),
      };
      if (wasLeft(job, api.now())) return { ...who, isActive: false, isLeft: true, job };
      const without = job.spec?.suspend === true ? { withoutEngine: whyWithoutEngine(job) } : {};
      return { ...who, isActive: endOf(job) === undefined, ...without, job };
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

/** Which run is wanted of those in a namespace. */
export interface WantedRun {
  /** Its id, or the beginning; where left out, the newest of the project that is active, else the newest. */
  wanted?: string | undefined;
  project: Pick<Project, "directory">;
  /** Whether the run is changed, so that one of another project has to be named. */
  isChanged?: boolean;
}

/**
 * A run of the cluster: the named one, by the beginning of its id too; else the project's newest that is active, else its
 * newest. If the project has none, the newest of another one is looked at, but not changed.
 * @throws ApeError RUN_NOT_FOUND
 */
export async function locateClusterRun(
  api: KubeApi,
  { wanted, project, isChanged = false }: WantedRun,
): Promise<ClusterRun> {
  const runs = await clusterRuns(api);
  const own = basename(project.directory);
  const isOwn = (run: ClusterRun): boolean => run.project === undefined || run.project === own;
  const newest = (some: ClusterRun[]): ClusterRun | undefined =>
    some.find(({ isActive }) => isActive) ?? some[0];
  const isNamed = wanted !== undefined && wanted !== "latest";
  const found = isNamed
    ? runs.filter(({ run }) => run === wanted || run.startsWith(wanted))
    : [newest(runs.filter(isOwn)) ?? (isChanged ? undefined : newest(runs))].filter(
        (one) => one !== undefined,
      );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const isOthers = !isNamed && runs.length > 0;
  const place = `the namespace ${api.namespace}`;
  throw new ApeError(
    "RUN_NOT_FOUND",
    isOthers
      ? `${place} has no runs of the project "${own}"`
      : !isNamed
        ? `${place} has no runs`
        : `${found.length === 0 ? "no run" : `${found.length} runs`} of ${place} begin${found.length > 1 ? "" : "s"} with "${wanted}"`,
    {
      hint: isOthers
        ? "Projects are known by the names of their folders. Name a run to change one of another project."
        : "Start one with `ape-test start --runtime kubernetes`.",
      details: runs
        .slice(0, 10)
        .map((run) => (isOwn(run) ? run.run : `${run.run} of the project "${printable(run.project ?? "")}"`)),
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
