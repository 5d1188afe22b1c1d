import { systemClock } from "@ape/engine/clock";
import { loadProject } from "@ape/engine/project";
import { proxySettings } from "@ape/engine/proxy-settings";
import { createInference } from "@ape/inference/inference";
import { serveInference } from "@ape/inference/server";
import { Argument } from "commander";
import { withExamples } from "../examples.ts";
import { MOST, wholeNumber } from "../option.ts";
import type { Verb } from "../program.ts";

const DEFAULT_PORT = 4020;

export const serveVerb: Verb = (program, { io }) => {
  const command = program
    .command("serve")
    .description(
      "Run one role alone, on loopback. inference: an OpenAI-compatible server before the configured model.",
    )
    .addArgument(new Argument("<role>", "which").choices(["inference"]))
    .option("--config <file>", "another configuration")
    .option("--port <n>", "where it listens; 0 takes any", wholeNumber(0, MOST.port), DEFAULT_PORT)
    .action(async (_role: string, { config, port }: { config?: string; port: number }) => {
      const project = await loadProject({ cwd: io.cwd, configFile: config, environment: io.env });
      const inference = await createInference({
        config: project.config.inference,
        clock: systemClock,
        recorder: {
          record: (event) => io.err.write(`${JSON.stringify(event)}\n`),
          commit: (event) => io.err.write(`${JSON.stringify(event)}\n`),
        },
        env: proxySettings(project.environment),
        baseDir: project.directory,
      });
      const server = await serveInference({ inference, host: "127.0.0.1", port });
      io.out.write(`${inference.model.name} at ${server.url}/v1\n`);
      await new Promise<void>((resolve) => {
        const deaf = io.onInterrupt(() => {
          deaf();
          resolve();
        });
      });
      await server.close();
      await inference.close();
    });
  withExamples(
    command,
    "ape-test serve inference",
    "ape-test serve inference --port 8080 --config other.yaml",
  );
};
