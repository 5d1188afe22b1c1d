import type { Observability } from "@ape/core/config/compose";
import { ComposeLauncher } from "@ape/engine/launch/compose";
import { PROJECT_LABEL } from "@ape/engine/launch/compose-resources";
import { docker } from "@ape/engine/launch/docker";
import type { Launcher } from "@ape/engine/launch/launcher";
import type { Resume } from "@ape/engine/launch/resume-file";
import type { Project } from "@ape/engine/project/project";
import { composeGenerator } from "@ape/setup/compose/generator";
import { projectName } from "@ape/setup/compose/project-name";
import { fileChanges, writeChanges } from "@ape/setup/generate/file-changes";
import { estimateResources, peakOf, sizeText } from "@ape/setup/roles/size";
import type { Io } from "../io.ts";
import { PATHS } from "../paths.ts";
import { version } from "../version.ts";

/** Writes the files that `docker compose` needs, if they differ from the configuration. */
async function writeStack(project: Project): Promise<void> {
  const files = await composeGenerator.files({ ...project, templates: PATHS.templates, named: true });
  const placements = await fileChanges(files, project.directory);
  const wanting = placements.filter(({ change }) => change === "new" || change === "changed");
  await writeChanges(
    wanting.map(({ file }) => file),
    project.directory,
  );
}

/** Where the engine sends spans, in the profile that stores them: Tempo's port on loopback. */
export function spansTo({ env }: Pick<Io, "env">, observability: Observability): string[] {
  return observability === "full" ? [`otlp-traces=http://127.0.0.1:${env.APE_OTLP_PORT ?? "4318"}`] : [];
}

/**
 * Prepares a run in containers: the files, and APE's own image, which is built if it is missing.
 * @returns the launcher of the run
 * @throws ApeError CONTAINERS_FAILED
 */
export async function prepareContainers(
  io: Pick<Io, "env" | "err">,
  project: Project,
  options: { observability?: Observability | undefined; quiet: boolean; resume?: Resume | undefined },
): Promise<(project: Project) => Launcher> {
  const { config } = project;
  const tell = (line: string): void => {
    if (!options.quiet) io.err.write(`${line}\n`);
  };
  const observability = options.observability ?? config.compose.observability;
  const { resume } = options;
  const name = projectName(project.directory);
  if (resume !== undefined)
    return (run) =>
      new ComposeLauncher(run, {
        project: name,
        image: resume.image,
        observability,
        environment: io.env,
        tell,
        resume,
      });
  await writeStack(project);
  const image = io.env.APE_IMAGE ?? config.compose.image ?? `ape-test:${version()}`;
  const there = await docker(["image", "inspect", image], { env: io.env }).then(
    () => true,
    () => false,
  );
  if (!there && config.compose.image === undefined && io.env.APE_IMAGE === undefined) {
    tell(`building the image ${image}`);
    // `ape-test clean` recognises by this label the image that it may remove.
    const label = `${PROJECT_LABEL}=${name}`;
    const words = ["build", "--build-arg", `VERSION=${version()}`, "--label", label, "--tag", image];
    await docker([...words, PATHS.image], { env: io.env });
  }
  tell(sizeText(estimateResources(config.compose, peakOf(config.load))));
  return (run) =>
    new ComposeLauncher(run, { project: name, image, observability, environment: io.env, tell });
}
