import { execFileSync, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A command that runs its arguments inside of a cluster, with KUBECONFIG set and `kubectl` in PATH. */
const COMMAND = process.env.APE_TEST_CLUSTER ?? "";
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PREFIX = "RESULT ";

/** Why tests on a cluster cannot run here; undefined if they can. */
export const whyNoCluster: string | undefined = COMMAND === "" ? "APE_TEST_CLUSTER is not set" : undefined;

/** Runs scenarios, one after the other, in one cluster. @returns what each of them found, by its name */
export async function runScenarios(
  names: readonly string[],
): Promise<Record<string, Record<string, unknown>>> {
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
