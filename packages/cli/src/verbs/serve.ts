import { ApeError } from "@ape/core/errors";
import { systemClock } from "@ape/engine/clock";
import { loadProject } from "@ape/engine/project";
import { proxySettings } from "@ape/engine/proxy-settings";
import { createInference } from "@ape/inference/inference";
import { serveInference } from "@ape/inference/server";
import { Argument } from "commander";
import { withExamples } from "../examples.ts";
import { MOST, wholeNumber } from "../option.ts";
import type { Verb } from "../program.ts";
import { serveGateway } from "../roles/gateway.ts";

const DEFAULT_PORT = { inference: 4020, gateway: 4030 } as const;
type Role = keyof typeof DEFAULT_PORT;

interface ServeFlags {
  config?: string;
  gatewayConfig?: string;
  port?: number;
}

export const serveVerb: Verb = (program, { io }) => {
  const command = program
    .command("serve")
    .description(
      "Run one role alone, on loopback. inference: an OpenAI-compatible server before the configured model. gateway: the MCP server before the targets.",
    )
    .addArgument(new Argument("<role>", "which").choices(Object.keys(DEFAULT_PORT)))
    .option("--config <file>", "another configuration")
    .option(
      "--port <n>",
      "where it listens, 0 takes any; inference 4020, gateway 4030 unless told",
      wholeNumber(0, MOST.port),
    )
    .option("--gateway-config <file>", "gateway only: an ape.mcp-gateway.json instead")
    .action(async (role: Role, { config, gatewayConfig, port = DEFAULT_PORT[role] }: ServeFlags) => {
      if (role === "gateway") {
        await serveGateway(io, { config, gatewayConfig, port });
        return;
      }
      if (gatewayConfig !== undefined)
        throw new ApeError("USAGE", "--gateway-config is for the gateway alone", { hint: "Leave it out." });
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
    "ape-test serve gateway --gateway-config ape.mcp-gateway.json",
  );
};
