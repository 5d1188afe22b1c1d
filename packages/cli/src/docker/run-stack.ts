import { dirname } from "node:path";
import { DockerCompose, runProject } from "@ape/engine/launch/docker";
import type { Manifest } from "@ape/engine/store/manifest";
import { projectName } from "@ape/setup/compose/project-name";
import type { Io } from "../io.ts";

/** The Compose project of a run, by the run's manifest. */
export function stackOf(
  { env }: Pick<Io, "env">,
  { id, configFile }: Pick<Manifest, "id" | "configFile">,
): DockerCompose {
  const directory = dirname(configFile);
  return new DockerCompose(directory, env, runProject(projectName(directory), id));
}
