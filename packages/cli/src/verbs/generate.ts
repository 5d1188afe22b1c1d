import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gatewayFileOf } from "@ape/core/config/gateway";
import { loadProject } from "@ape/engine/project";
import { Argument } from "commander";
import { withExamples } from "../examples.ts";
import type { Verb } from "../program.ts";

const GATEWAY_FILE = "ape.mcp-gateway.json";

/** `ape-test generate gateway`: the files that are made from ape.config.yaml. */
export const generateVerb: Verb = (program, { io }) => {
  const command = program
    .command("generate")
    .description(`Write a file that is made from the configuration. gateway: ${GATEWAY_FILE}.`)
    .addArgument(new Argument("<what>", "which").choices(["gateway"]))
    .option("--config <file>", "another configuration")
    .action(async (_what: string, { config }: { config?: string }) => {
      const project = await loadProject({ cwd: io.cwd, configFile: config, environment: io.env });
      const file = join(project.directory, GATEWAY_FILE);
      await writeFile(file, gatewayFileOf(project.written));
      io.out.write(`wrote ${file}\n`);
    });
  withExamples(command, "ape-test generate gateway");
};
