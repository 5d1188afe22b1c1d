import { objectName } from "@ape/core/config/runtime/run-objects";
import type { ExitName } from "@ape/core/lib/errors";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import type { Project, RunOverrides } from "@ape/engine/project/project";
import { newRunId } from "@ape/engine/run/run";
import { estimateResources, peakOf, sizeText } from "@ape/setup/roles/size";
import { traceCommand } from "../find-run.ts";
import type { Io } from "../io.ts";
import { colours } from "../output/style.ts";
import { summaryText } from "../output/summary.ts";
import type { OutputOptions } from "../run-and-report.ts";
import { openCluster } from "./cluster.ts";
import { deployRun } from "./deploy.ts";
import { fetchResults } from "./fetch-results.ts";
import { followRun } from "./follow.ts";

export interface ClusterStart extends OutputOptions {
  overrides: RunOverrides;
  /** Leaves the run alone as soon as its objects are there. */
  detach?: boolean | undefined;
}

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
    if (shows) io.err.write(`${sizeText(estimateResources(config.compose, peakOf(config.load)))}\n`);
    await deployRun(api, project, { run, overrides });
    if (detach === true) {
      io.out.write(output.json === undefined ? `${run}\n` : `${JSON.stringify({ run })}\n`);
      if (shows)
        io.err.write(`running on the cluster: \`ape-test status ${run}\`, \`ape-test fetch ${run}\`\n`);
      return { exit: "ok" };
    }
    if (shows) io.err.write(`run ${run} in the namespace ${api.namespace}\n`);
    const { exit, summary, isLeft } = await followRun(api, run, io, output);
    if (summary === undefined) {
      // A run that has not begun leaves nothing behind.
      if (isLeft !== true) await api.delete("Job", objectName(run, "engine"));
      return { exit };
    }
    const directory = await fetchResults(api, project, run).catch((thrown: unknown) => {
      io.err.write(`warning: the results were not fetched: ${messageOf(thrown)}\n`);
      return undefined;
    });
    if (output.json === "object") io.out.write(`${JSON.stringify(summary, null, 2)}\n`);
    else if (shows) {
      const shown = directory ?? `not here: \`ape-test fetch ${run}\``;
      io.out.write(summaryText(summary, colours(io.out, io.env), shown, traceCommand(io, shown)));
    }
    return { exit, ...(directory === undefined ? {} : { directory }) };
  } finally {
    await api.close();
  }
}
