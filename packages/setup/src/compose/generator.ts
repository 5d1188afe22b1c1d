import type { Config } from "@ape/core/config/schema";
import { isJsonObject } from "@ape/core/lib/json";
import type { FileGenerator } from "../generate/generator.ts";
import { observabilityFiles } from "../observability/files.ts";
import { composeFile, OVERRIDE } from "./compose-file.ts";
import { projectName } from "./project-name.ts";

/**
 * Everything that `docker compose` needs to run a test in containers. A configuration that runs without them, and says
 * nothing of them, has none of it: a start in containers writes what it needs.
 */
export const composeGenerator: FileGenerator = {
  name: "compose",
  summary: "ape.docker-compose.yml, its override file, and ape.observability/",
  files: async ({ config, written, directory, named }) => {
    if (named !== true && !usesContainers(config, written)) return [];
    const project = projectName(directory);
    return [
      { path: "ape.docker-compose.yml", text: composeFile(config, written, project) },
      { path: "ape.docker-compose.override.yml", text: OVERRIDE, once: true },
      ...(await observabilityFiles({ project, webhook: config.compose.webhook })),
    ];
  },
};

/** Whether a configuration is for a run in containers. */
export const usesContainers = ({ runtime }: Config, written: unknown): boolean =>
  runtime === "compose" || (isJsonObject(written) && written.compose !== undefined);
