import type { FileGenerator } from "../generate/generator.ts";
import { observabilityFiles } from "../observability/files.ts";
import { composeFile, OVERRIDE } from "./compose-file.ts";
import { projectName } from "./project-name.ts";

/** Everything that `docker compose` needs to run a test in containers. */
export const composeGenerator: FileGenerator = {
  name: "compose",
  summary: "ape.docker-compose.yml, its override file, and ape.observability/",
  files: async ({ config, written, directory }) => {
    const project = projectName(directory);
    return [
      { path: "ape.docker-compose.yml", text: composeFile(config, written, project) },
      { path: "ape.docker-compose.override.yml", text: OVERRIDE, once: true },
      ...(await observabilityFiles({ project, webhook: config.compose.webhook })),
    ];
  },
};
