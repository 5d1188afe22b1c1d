import { ApeError } from "@ape/core/lib/errors";
import { docker, runOfProject } from "./docker.ts";

/** The label of Compose on everything it creates, and of APE on the image that it builds. */
export const PROJECT_LABEL = "com.docker.compose.project";
const STOP_S = 5;

/** A Docker object: its identifier, and its name for people. */
export interface ComposeResource {
  id: string;
  shown: string;
}

/** Everything of one Compose project, and nothing of another. */
export interface ComposeResources {
  containers: readonly ComposeResource[];
  networks: readonly ComposeResource[];
  volumes: readonly ComposeResource[];
  images: readonly ComposeResource[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** An object with the Compose project in its label. */
interface Labelled extends ComposeResource {
  project: string;
}

async function labelled(words: readonly string[], columns: string, env: Environment): Promise<Labelled[]> {
  const format = `${columns}\t{{.Label "${PROJECT_LABEL}"}}`;
  const text = await docker([...words, "--filter", `label=${PROJECT_LABEL}`, "--format", format], { env });
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [id = "", shown = id, project = ""] = line.split("\t");
      return { id, shown, project };
    });
}

/**
 * Finds everything of a folder's runs by the labels of Compose, including what its files no longer name.
 * @param project the prefix of the folder's Compose projects
 * @throws ApeError CONTAINERS_FAILED
 */
export async function findComposeResources(project: string, env: Environment): Promise<ComposeResources> {
  const list = async (words: readonly string[], columns: string): Promise<ComposeResource[]> =>
    (await labelled(words, columns, env))
      .filter((one) => one.project === project || runOfProject(project, one.project) !== undefined)
      .map(({ id, shown }) => ({ id, shown }));
  const images = async (filter: string): Promise<ComposeResource[]> => {
    const words = ["image", "ls", "--no-trunc", "--filter", filter, "--format"];
    const text = await docker([...words, "{{.ID}}\t{{.Repository}}:{{.Tag}}"], { env });
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const [id = "", shown = id] = line.split("\t");
        return { id, shown };
      });
  };
  return {
    containers: await list(["container", "ls", "--all", "--no-trunc"], "{{.ID}}\t{{.Names}} ({{.State}})"),
    networks: await list(["network", "ls", "--no-trunc"], "{{.ID}}\t{{.Name}}"),
    volumes: await list(["volume", "ls"], "{{.Name}}\t{{.Name}}"),
    // APE's own image has the folder's label; the image built for the target has a name derived from it.
    images: [
      ...(await images(`label=${PROJECT_LABEL}=${project}`)),
      ...(await images(`reference=${project}-sut_target`)),
    ],
  };
}

/** Services that observe runs: they publish fixed ports, so that only one run's can be up. */
export const OBSERVERS =
  /^(?:prometheus|grafana|loki|tempo|alloy|promtail|alertmanager|cadvisor|node_exporter)$/;

/**
 * Removes what earlier runs of the folder left: all containers and networks of ended runs; of runs that can be
 * continued, only the observing services. Volumes stay.
 * @param run the run that begins; it is not touched
 * @param continuable whether another engine can continue a run
 * @throws ApeError CONTAINERS_FAILED
 */
export async function removeEarlierRuns(
  project: string,
  run: string,
  continuable: (run: string) => Promise<boolean>,
  env: Environment,
): Promise<void> {
  const service = '{{.Label "com.docker.compose.service"}}';
  const containers = await labelled(["container", "ls", "--all", "--no-trunc"], `{{.ID}}\t${service}`, env);
  const networks = await labelled(["network", "ls", "--no-trunc"], "{{.ID}}\t{{.Name}}", env);
  const kept = new Map<string, boolean>([[run, true]]);
  for (const { project: of } of [...containers, ...networks]) {
    const other = runOfProject(project, of);
    if (other !== undefined && !kept.has(other)) kept.set(other, await continuable(other));
  }
  const doomed = ({ project: of, shown }: Labelled): boolean => {
    const other = runOfProject(project, of);
    if (of === project) return true;
    if (other === undefined || other === run) return false;
    return kept.get(other) !== true || OBSERVERS.test(shown);
  };
  const old = containers.filter(doomed).map(({ id }) => id);
  if (old.length > 0) await docker(["container", "rm", "--force", "--volumes", ...old], { env });
  const gone = networks.filter(doomed).map(({ id }) => id);
  if (gone.length > 0) await docker(["network", "rm", ...gone], { env });
}

/**
 * Removes them: containers are stopped first, and their anonymous volumes are removed too.
 * @returns images that stay, because a container of another project uses them
 * @throws ApeError CONTAINERS_FAILED
 */
export async function removeComposeResources(
  { containers, networks, volumes, images }: ComposeResources,
  env: Environment,
): Promise<ComposeResource[]> {
  const each = async (words: readonly string[], things: readonly ComposeResource[]): Promise<void> => {
    if (things.length > 0) await docker([...words, ...things.map(({ id }) => id)], { env });
  };
  await each(["container", "stop", "--time", String(STOP_S)], containers);
  await each(["container", "rm", "--force", "--volumes"], containers);
  await each(["network", "rm"], networks);
  await each(["volume", "rm"], volumes);
  const staying: ComposeResource[] = [];
  for (const image of images) {
    // By name if it has one: the same image may have other names.
    const name = image.shown.includes("<none>") ? image.id : image.shown;
    try {
      await docker(["image", "rm", name], { env });
    } catch (thrown) {
      if (!(thrown instanceof ApeError) || !thrown.details.some((line) => line.includes("conflict")))
        throw thrown;
      staying.push(image);
    }
  }
  return staying;
}
