import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The least that a role can be started with. */
const CONFIG = `version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:9" } }
goals: [{ name: look, prompt: Look., success: [{ action: { operation: GET / } }] }]
`;

/**
 * What the publishing workflow does besides pushing:
 *   tsx scripts/image.ts name REPOSITORY                    the image's name in the registry
 *   tsx scripts/image.ts tags REPOSITORY REF [TAG...]       the tags of a release, one per line, given all tags of the repository
 *   tsx scripts/image.ts smoke IMAGE                        starts the image as a user would, without rights, and stops it
 */
const [task, ...words] = process.argv.slice(2);
if (task === "name") console.log(nameOf(words[0] ?? ""));
else if (task === "tags") {
  const [repository = "", ref = "", ...released] = words;
  for (const tag of tagsOf(repository, ref, released)) console.log(tag);
} else if (task === "smoke") await smoke(words[0] ?? "");
else
  throw new Error("usage: tsx scripts/image.ts name REPOSITORY | tags REPOSITORY REF [TAG...] | smoke IMAGE");

function nameOf(repository: string): string {
  return `ghcr.io/${repository.toLowerCase()}`;
}

/**
 * The whole version, its minor and its major line, and `latest`; a version with a suffix is itself alone. A line's tag, and
 * `latest`, stay where they are if a newer version of that line has been released.
 */
function tagsOf(repository: string, ref: string, released: readonly string[]): string[] {
  const { version } = JSON.parse(readFileSync("packages/cli/package.json", "utf8")) as { version: string };
  const tagged = /^refs\/tags\/v(.+)$/.exec(ref)?.[1];
  if (tagged !== version) throw new Error(`${ref} is not the tag of version ${version}`);
  const image = nameOf(repository);
  const own = numbersOf(`v${version}`);
  if (own === undefined) return [`${image}:${version}`];
  const others = released.map(numbersOf).filter((numbers) => numbers !== undefined);
  const lines = [own.slice(0, 2), own.slice(0, 1), []];
  const newest = lines.filter((line) =>
    others.every(
      (other) => line.some((number, place) => other[place] !== number) || compare(other, own) <= 0,
    ),
  );
  return [version, ...newest.map((line) => line.join(".") || "latest")].map((tag) => `${image}:${tag}`);
}

/** Major, minor and patch of a release's tag; undefined for versions with a suffix and for other tags. */
function numbersOf(tag: string): number[] | undefined {
  const found = /^v(\d+)\.(\d+)\.(\d+)$/.exec(tag);
  return found === null ? undefined : found.slice(1).map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((number, index) => number !== b[index]);
  return place < 0 ? 0 : (a[place] ?? 0) - (b[place] ?? 0);
}

async function smoke(image: string): Promise<void> {
  const docker = (...args: string[]): string =>
    execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  const locked = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges:true"];
  const said = docker("run", "--rm", ...locked, image, "--version");
  const { version } = JSON.parse(readFileSync("packages/cli/package.json", "utf8")) as { version: string };
  if (said !== version) throw new Error(`the image says that it is ${said}, not ${version}`);
  const project = mkdtempSync(join(tmpdir(), "ape-smoke-"));
  chmodSync(project, 0o755);
  writeFileSync(join(project, "ape.config.yaml"), CONFIG);
  const id = docker(
    "run",
    "--detach",
    ...locked,
    "--volume",
    `${project}:/project:ro`,
    image,
    "serve",
    "inference",
  );
  try {
    const ask =
      'fetch("http://127.0.0.1:4020/readyz").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))';
    for (let left = 40; ; left -= 1) {
      try {
        docker("exec", id, "node", "--eval", ask);
        break;
      } catch (thrown) {
        if (left === 0) throw new Error(`it never became ready: ${docker("logs", id)}`, { cause: thrown });
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
    docker("kill", "--signal", "TERM", id);
    const exit = docker("wait", id);
    if (exit !== "0") throw new Error(`SIGTERM ended it with ${exit}: ${docker("logs", id)}`);
  } finally {
    docker("rm", "--force", id);
    rmSync(project, { recursive: true });
  }
  console.log(`${image} runs without rights, becomes ready and drains`);
}
