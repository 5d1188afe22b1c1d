import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseConfig } from "@ape/core/config/parse";
import { projectChart } from "@ape/setup/kubernetes/helm-generator";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PROJECT = join(ROOT, "examples/rest");
export const CHART = join(ROOT, "deploy/helm/ape-test");

/** The files of the published chart, by their path in its folder: the run of the example `rest`. */
export async function publishedChart(): Promise<Map<string, string>> {
  const text = readFileSync(join(PROJECT, "ape.config.yaml"), "utf8");
  const { config, written } = parseConfig(text, "ape.config.yaml", {});
  const files = await projectChart(config, written, PROJECT);
  return new Map(files.map(({ path, text: content }) => [path, content]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync(CHART, { recursive: true, force: true });
  for (const [path, text] of await publishedChart()) {
    const file = join(CHART, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
