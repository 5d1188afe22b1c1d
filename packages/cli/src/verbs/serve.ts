import { systemClock } from "@ape/engine/clock";
import { loadProject } from "@ape/engine/project";
import { proxySettings } from "@ape/engine/proxy-settings";
import { createInference } from "@ape/inference/inference";
import { serveInference } from "@ape/inference/server";
import { wholeNumber } from "../option.ts";
import type { Verb } from "../program.ts";

const DEFAULT_PORT = 4020;

export const serveVerb: Verb = (program, { io }) => {
  const serve = program.command("serve").description("Run one role alone.");
  serve
    .command("inference")
    .description("The inference proxy: an OpenAI-compatible server before the configured model, on loopback.")
    .option("--config <file>", "another configuration")
    .option("--port <n>", "where it listens; 0 takes any", wholeNumber(0), DEFAULT_PORT)
    .action(async ({ config, port }: { config?: string; port: number }) => {
      const project = await loadProject({ cwd: io.cwd, configFile: config, environment: io.env });
      const inference = await createInference({
        config: project.config.inference,
        clock: systemClock,
        recorder: {
          record: (event) => io.err.write(`${JSON.stringify(event)}\n`),
          commit: (event) => io.err.write(`${JSON.stringify(event)}\n`),
        },
        env: proxySettings(project.environment),
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
};
