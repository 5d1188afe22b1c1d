import type { KubeApi } from "@ape/engine/launch/kubernetes/kube-api";
import { type Command, Option } from "commander";
import type { Io } from "../io.ts";
import { namesKubernetes } from "../names-kubernetes.ts";
import type { ClusterRun } from "./cluster.ts";
import type { CommandRun, clusterCommands } from "./cluster-commands.ts";

type Commands = typeof clusterCommands;

/** Adds the option that makes a command about a run on Kubernetes. */
export function withRuntime(command: Command): Command {
  return command.addOption(
    new Option(
      "--runtime <where>",
      "kubernetes: a run on the cluster (default: by the configuration)",
    ).choices(["kubernetes"]),
  );
}

/**
 * Does something with a run on Kubernetes, if runs of this folder are there. What that needs is loaded only then.
 * @param named with the option of {@link withRuntime}
 * @param act gets the functions for it, the cluster, and the run that is wanted
 * @returns whether it was such a run
 */
export async function onCluster(
  io: Io,
  named: CommandRun,
  act: (commands: Commands, api: KubeApi, run: ClusterRun) => Promise<void>,
): Promise<boolean> {
  if (named.runtime === undefined && !(await namesKubernetes(io.cwd))) return false;
  const { clusterCommands: commands } = await import("./cluster-commands.ts");
  return commands.withClusterRun(io, named, (api, run) => act(commands, api, run));
}

/** Does something if runs of this folder may be on Kubernetes; undefined if they are not. */
export async function onRunsOfCluster<T>(
  io: Io,
  runtime: string | undefined,
  act: () => Promise<T>,
): Promise<T | undefined> {
  return runtime !== undefined || (await namesKubernetes(io.cwd)) ? act() : undefined;
}
