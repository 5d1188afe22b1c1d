import { objectName } from "@ape/core/config/runtime/run-objects";
import { ApeError, EXIT, type ExitName, messageOf } from "@ape/core/lib/errors";
import type { KubeApi } from "@ape/engine/launch/kubernetes/kube-api";
import type { Project, RunOverrides } from "@ape/engine/project/project";
import { newRunId } from "@ape/engine/run/run";
import { readSummary } from "@ape/engine/store/run-directory";
import { isLoopback } from "@ape/http/address";
import { estimateResources, peakOf, sizeText } from "@ape/setup/roles/size";
import { traceCommand } from "../find-run.ts";
import type { Io } from "../io.ts";
import { failureText } from "../output/failure.ts";
import { colours } from "../output/style.ts";
import { summaryText } from "../output/summary.ts";
import type { OutputOptions } from "../run-and-report.ts";
import { openCluster } from "./cluster.ts";
import { deployRun } from "./deploy.ts";
import { fetchResults } from "./fetch-results.ts";
import { type Followed, followRun } from "./follow.ts";

export interface ClusterStart extends OutputOptions {
  overrides: RunOverrides;
  /** Leaves the run alone as soon as its objects are there. */
  detach?: boolean | undefined;
}

/** Exits that a run may have without having begun. */
const BEFORE_BEGIN: readonly ExitName[] = ["config", "crashed", "interrupted"];

/** What a run on Kubernetes was, if this command followed it to its end. */
export interface ClusterResult {
  exit: ExitName;
  /** The run's folder on this machine, if its results could be fetched. */
  directory?: string;
}

/**
 * Starts a run on Kubernetes, follows it to its end, and brings its results.
 * @throws ApeError CONTAINERS_FAILED and what deployRun throws
 */
export async function startOnCluster(
  project: Project,
  io: Io,
  { overrides, detach, ...output }: ClusterStart,
): Promise<ClusterResult> {
  const { config } = project;
  if (config.gateway.url !== undefined)
    throw new ApeError("USAGE", "a run on Kubernetes starts a gateway of its own", {
      hint: "Leave out `gateway.url`.",
    });
  const shows = output.quiet !== true && output.json === undefined;
  const api = await openCluster(io, project);
  try {
    const run = newRunId();
    for (const [name, { baseUrl }] of Object.entries(config.targets))
      if (baseUrl !== "" && isLoopback(new URL(baseUrl).hostname))
        io.err.write(
          `warning: target "${name}" is at ${baseUrl}, which is, in the cluster, the gateway's own pod: name its Service\n`,
        );
    if (shows) io.err.write(`${sizeText(estimateResources(config.compose, peakOf(config.load)))}\n`);
    await deployInterruptibly(api, project, io, { run, overrides });
    if (detach === true) {
      io.out.write(output.json === undefined ? `${run}\n` : `${JSON.stringify({ run })}\n`);
      if (shows)
        io.err.write(`running on the cluster: \`ape-test status ${run}\`, \`ape-test fetch ${run}\`\n`);
      return { exit: "ok" };
    }
    if (shows) io.err.write(`run ${run} in the namespace ${api.namespace}\n`);
    const startTimeoutMs = config.kubernetes.startTimeout;
    const followed = await followRun(api, run, io, { ...output, startTimeoutMs });
    return await conclude(api, project, io, { run, followed, output });
  } finally {
    await api.close();
  }
}

/** Makes the run's objects. Ctrl-C removes them again; a second one leaves at once. */
async function deployInterruptibly(
  api: KubeApi,
  project: Project,
  io: Io,
  { run, overrides }: { run: string; overrides: RunOverrides },
): Promise<void> {
  const early = new AbortController();
  const unsubscribe = io.onInterrupt(() => {
    if (early.signal.aborted) {
      io.err.write(`left: \`ape-test clean ${run}\` removes what was made\n`);
      io.leave(EXIT.interrupted);
      return;
    }
    io.err.write("stopping: what was made is removed (again to leave at once)\n");
    early.abort();
  });
  try {
    await deployRun(api, project, { run, overrides, signal: early.signal });
  } finally {
    unsubscribe();
  }
}

/** Brings the results of a run that was followed to its end, or removes one that has not begun. */
async function conclude(
  api: KubeApi,
  project: Project,
  io: Io,
  {
    run,
    followed: { exit, isLeft, hasBegun, failure, summary: seen },
    output,
  }: { run: string; followed: Followed; output: OutputOptions },
): Promise<ClusterResult> {
  const { quiet, json, verbose } = output;
  if (failure !== undefined) io.err.write(failureText(failure, colours(io.err, io.env), verbose));
  if (isLeft === true || (failure !== undefined && hasBegun)) return { exit };
  if (!hasBegun && BEFORE_BEGIN.includes(exit)) {
    // A run that has not begun leaves nothing behind.
    await api.delete("Job", objectName(run, "engine")).catch((thrown: unknown) => {
      io.err.write(`warning: \`ape-test clean ${run}\` removes what was made: ${messageOf(thrown)}\n`);
    });
    return { exit };
  }
  const directory = await fetchResults(api, project, run).catch((thrown: unknown) => {
    io.err.write(`warning: the results were not fetched: ${messageOf(thrown)}\n`);
    return undefined;
  });
  // The log may have lost its last lines with its node.
  const summary = seen ?? (directory === undefined ? undefined : await readSummary(directory));
  if (summary !== undefined && json === "object") io.out.write(`${JSON.stringify(summary, null, 2)}\n`);
  else if (summary !== undefined && quiet !== true && json === undefined) {
    const shown = directory ?? `not here: \`ape-test fetch ${run}\``;
    io.out.write(summaryText(summary, colours(io.out, io.env), shown, traceCommand(io, shown)));
  }
  return { exit, ...(directory === undefined ? {} : { directory }) };
}
