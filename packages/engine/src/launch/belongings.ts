import { ApeError } from "@ape/core/errors";
import { docker } from "./docker.ts";

/** The label that Compose puts on everything it makes, and APE on the image that it builds. */
export const PROJECT_LABEL = "com.docker.compose.project";
const STOP_S = 5;

/** A thing of Docker's: what it is addressed by, and what a person reads. */
export interface Belonging {
  id: string;
  shown: string;
}

/** Everything of one Compose project, and nothing of another. */
export interface Belongings {
  containers: readonly Belonging[];
  networks: readonly Belonging[];
  volumes: readonly Belonging[];
  images: readonly Belonging[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Looks for all that a project has, by its label: also what its files do not name any more.
 * @throws ApeError CONTAINERS_FAILED
 */
export async function belongingsOf(project: string, env: Environment): Promise<Belongings> {
  const list = async (words: readonly string[], format: string): Promise<Belonging[]> => {
    const filter = ["--filter", `label=${PROJECT_LABEL}=${project}`, "--format", format];
    const text = await docker([...words, ...filter], { env });
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
    volumes: await list(["volume", "ls"], "{{.Name}}"),
    images: await list(["image", "ls", "--no-trunc"], "{{.ID}}\t{{.Repository}}:{{.Tag}}"),
  };
}

/**
 * Removes them: containers are asked to stop first, and their volumes without a name go with them.
 * @returns images that stay, because a container of another project uses them
 * @throws ApeError CONTAINERS_FAILED
 */
export async function removeBelongings(
  { containers, networks, volumes, images }: Belongings,
  env: Environment,
): Promise<Belonging[]> {
  const each = async (words: readonly string[], things: readonly Belonging[]): Promise<void> => {
    if (things.length > 0) await docker([...words, ...things.map(({ id }) => id)], { env });
  };
  await each(["container", "stop", "--time", String(STOP_S)], containers);
  await each(["container", "rm", "--force", "--volumes"], containers);
  await each(["network", "rm"], networks);
  await each(["volume", "rm"], volumes);
  const staying: Belonging[] = [];
  for (const image of images) {
    // By its name where it has one: the same image may have names of others.
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
