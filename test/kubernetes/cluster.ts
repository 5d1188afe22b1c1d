import { execFileSync, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A command that runs its arguments inside of a cluster, with KUBECONFIG set and `kubectl` in PATH. */
const COMMAND = process.env.APE_TEST_CLUSTER ?? "";
/** A command that makes the images of the cluster's nodes from the folder that it gets: the image of this build. */
const IMAGES_COMMAND = process.env.APE_TEST_CLUSTER_IMAGES ?? "";
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PREFIX = "RESULT ";

/** Why tests on a cluster cannot run here; undefined if they can. */
export const whyNoCluster: string | undefined = COMMAND === "" ? "APE_TEST_CLUSTER is not set" : undefined;

let isPrepared = false;

/** The cluster gets the image of this build, if a command for that is given. */
function prepareImages(): void {
  if (IMAGES_COMMAND === "" || isPrepared) return;
  isPrepared = true;
  execFileSync(IMAGES_COMMAND, [join(ROOT, "packages/cli/image/app")], {
    cwd: dirname(IMAGES_COMMAND),
    stdio: "ignore",
  });
}

/** Runs scenarios, in one cluster. @returns what each of them found, by its name */
export async function runScenarios(
  names: readonly string[],
): Promise<Record<string, Record<string, unknown>>> {
  prepareImages();
  execFileSync("npx", ["tsx", "--version"], { cwd: ROOT, stdio: "ignore" });
  const args = ["npx", "tsx", "test/kubernetes/scenarios.ts", ...names];
  const child = spawn(COMMAND, args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
  });
  await new Promise((resolve) => child.once("close", resolve));
  const results = text
    .split("\n")
    .filter((line) => line.startsWith(PREFIX))
    .map((line): [string, Record<string, unknown>] => {
      const [name = "", ...rest] = line.slice(PREFIX.length).split(" ");
      return [name, JSON.parse(rest.join(" ")) as Record<string, unknown>];
    });
  if (results.length < names.length) throw new Error(`the cluster ended early: ${text.slice(-2_000)}`);
  return Object.fromEntries(results);
}
