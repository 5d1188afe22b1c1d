import { dirname, join } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import {
  type ComposeResources,
  findComposeResources,
  removeComposeResources,
} from "@ape/engine/launch/compose-resources";
import { CONTAINER_FILES, canBeContinued, removeResume } from "@ape/engine/launch/resume-file";
import { removeRoleFiles } from "@ape/engine/launch/role-files";
import { type Project, readProject } from "@ape/engine/project/project";
import { liveLockHolder } from "@ape/engine/store/project-lock";
import { runDirectories } from "@ape/engine/store/run-directory";
import { projectName } from "@ape/setup/compose/project-name";
import { Cancelled } from "@ape/setup/wizard/prompter";
import { withExamples } from "../examples.ts";
import type { Io } from "../io.ts";
import { deleteObjects, findLeftObjects } from "../kubernetes/clean-cluster.ts";
import { kubernetesProject, openCluster } from "../kubernetes/cluster.ts";
import { withRuntime } from "../kubernetes/cluster-option.ts";
import { printable } from "../output/printable.ts";
import type { CommandDefinition } from "./command.ts";

interface CleanOptions {
  config?: string;
  yes?: boolean;
  runtime?: string;
}

const KINDS = ["containers", "networks", "volumes", "images"] as const;

/** `ape-test clean`: removes what a run in containers left running for inspection. */
export const cleanVerb: CommandDefinition = (command, { io, exit }) => {
  withRuntime(command)
    .argument("[run]", "on Kubernetes: only this run, by its id, whether it has ended or not")
    .option("--config <file>", "another configuration")
    .option("--yes", "do not ask")
    .action(async (run: string | undefined, { config, yes, runtime }: CleanOptions) => {
      const cluster = await kubernetesProject(io, runtime);
      if (cluster !== undefined) {
        const answer = await cleanCluster(io, cluster, { run, yes });
        if (answer === "cancelled") exit("interrupted");
        return;
      }
      if (run !== undefined)
        throw new ApeError("USAGE", "only runs on Kubernetes are removed one by one", {
          hint: "Add --runtime kubernetes, or leave the run out.",
        });
      const { configFile } = await readProject({ cwd: io.cwd, configFile: config, environment: io.env });
      const directory = dirname(configFile);
      const project = projectName(directory);
      const live = await liveLockHolder(directory);
      if (live !== undefined)
        throw new ApeError(
          "RUN_ACTIVE",
          `nothing was removed: run ${live.run} is live and uses these containers`,
          {
            hint: "End it with `ape-test stop` first.",
          },
        );
      const found = await findComposeResources(project, io.env);
      if (KINDS.every((kind) => found[kind].length === 0)) {
        io.out.write(`project ${project} has no containers, networks, volumes or images\n`);
        return;
      }
      if (yes !== true) {
        for (const kind of KINDS)
          for (const { shown } of found[kind])
            io.out.write(`${kind.slice(0, -1).padEnd(9)} ${printable(shown)}\n`);
        const answer = await confirmed(io, `project ${project}`);
        if (answer !== "ok") {
          io.out.write("nothing was removed\n");
          if (answer === "cancelled") exit("interrupted");
          return;
        }
      }
      const staying = await removeComposeResources(found, io.env);
      // Without their containers, runs cannot be continued: their remains count too.
      await forgetRuns(directory);
      for (const { shown } of staying)
        io.err.write(`image ${printable(shown)} stays: containers of others use it\n`);
      io.out.write(`removed ${countsOf(found, staying.length)}\n`);
    });
  withExamples(command, "ape-test clean", "ape-test clean --yes");
};

/** Removes what runs on Kubernetes left in their namespace. */
async function cleanCluster(
  io: Io,
  project: Project,
  { run, yes }: { run?: string | undefined; yes?: boolean | undefined },
): Promise<"ok" | "no" | "cancelled"> {
  const api = await openCluster(io, project);
  try {
    const { left, active } = await findLeftObjects(api, run);
    for (const id of active) io.err.write(`run ${id} is active: it keeps its objects\n`);
    if (left.length === 0) {
      io.out.write(`the namespace ${api.namespace} has nothing to remove\n`);
      return "ok";
    }
    if (yes !== true) {
      for (const { kind, name } of left) io.out.write(`${kind.padEnd(21)} ${printable(name)}\n`);
      const answer = await confirmed(io, `the namespace ${api.namespace}`);
      if (answer !== "ok") {
        io.out.write("nothing was removed\n");
        return answer;
      }
    }
    await deleteObjects(api, left);
    io.out.write(`removed ${left.length} objects\n`);
    return "ok";
  } finally {
    await api.close();
  }
}

/** Deletes what runs in containers kept to be continued, and the secrets of starts that were cut off. */
async function forgetRuns(home: string): Promise<void> {
  for (const id of await runDirectories(home)) {
    const directory = join(home, ".ape", "runs", id);
    if (await canBeContinued(directory)) await removeResume(directory);
    await removeRoleFiles(join(directory, CONTAINER_FILES));
  }
}

/**
 * Asks the user at the terminal.
 * @throws ApeError USAGE without a terminal
 */
async function confirmed(io: Io, owner: string): Promise<"ok" | "no" | "cancelled"> {
  if (io.terminal === undefined)
    throw new ApeError("USAGE", "nothing was removed: there is no terminal to ask on", {
      hint: "Say `ape-test clean --yes` to remove these.",
    });
  const { clackPrompter } = await import("@ape/setup/wizard/clack-prompter");
  try {
    const sure = await clackPrompter(io.terminal).confirm({
      message: `Remove all of these of ${owner}?`,
      initial: false,
    });
    return sure ? "ok" : "no";
  } catch (thrown) {
    if (thrown instanceof Cancelled) return "cancelled";
    throw thrown;
  }
}

/** `3 containers, 4 networks, 1 volume`. */
function countsOf(found: ComposeResources, staying: number): string {
  const counts = KINDS.flatMap((kind) => {
    const count = found[kind].length - (kind === "images" ? staying : 0);
    return count === 0 ? [] : [`${count} ${count === 1 ? kind.slice(0, -1) : kind}`];
  });
  return counts.length === 0 ? "nothing" : counts.join(", ");
}
