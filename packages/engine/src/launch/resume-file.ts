import { access, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { LoadConfig } from "@ape/core/config/load";
import { ApeError } from "@ape/core/lib/errors";
import { isActive } from "../run/control.ts";
import type { ContainerPorts } from "./container-ports.ts";

/**
 * The state with which another engine can continue a run in containers; readable only for this user, removed at the
 * run's end.
 */
export interface Resume {
  token: string;
  ports: ContainerPorts;
  containers: number;
  image: string;
  load: LoadConfig;
  seed: number;
  /** Epoch milliseconds of the load's beginning. */
  startedAt: number;
  /** Number of agents, if they were scaled. */
  scaled?: number;
}

const FILE = "resume.json";

/** The folder within a run's that its containers read. */
export const CONTAINER_FILES = "containers";

export async function writeResume(runDirectory: string, resume: Resume): Promise<void> {
  await writeFile(join(runDirectory, FILE), JSON.stringify(resume), { mode: 0o600 });
}

/** @throws ApeError RUN_NOT_ACTIVE if the run has ended or did not run in containers */
export async function readResume(runDirectory: string): Promise<Resume> {
  try {
    return JSON.parse(await readFile(join(runDirectory, FILE), "utf8")) as Resume;
  } catch {
    throw new ApeError("RUN_NOT_ACTIVE", `run ${basename(runDirectory)} cannot be continued`, {
      hint: "Only a run in containers whose engine died can be continued; `ape-test runs` shows which. Its results: `ape-test report`.",
    });
  }
}

/** Whether the engine of a run in containers died, so that another can continue the run. */
export async function canBeContinued(runDirectory: string): Promise<boolean> {
  return (await hasResume(runDirectory)) && !(await isActive(runDirectory));
}

async function hasResume(runDirectory: string): Promise<boolean> {
  return access(join(runDirectory, FILE)).then(
    () => true,
    () => false,
  );
}

export async function removeResume(runDirectory: string): Promise<void> {
  await rm(join(runDirectory, FILE), { force: true });
}
