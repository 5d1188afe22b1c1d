import { ApeError, EXIT, type ExitName } from "@ape/core/lib/errors";
import { Argument } from "commander";
import { withExamples } from "../examples.ts";
import { MOST, wholeNumber } from "../option.ts";
import { roleAddress } from "../roles/address.ts";
import { serveAgents } from "../roles/agents.ts";
import { serveEngine } from "../roles/engine.ts";
import { serveGateway } from "../roles/gateway.ts";
import { serveInferenceRole } from "../roles/inference.ts";
import { roleIo } from "../roles/role-io.ts";
import type { CommandDefinition } from "./command.ts";

const DEFAULT_PORT = { inference: 4020, gateway: 4030, agents: 9464 } as const;
const ENGINE = "engine";
type Role = keyof typeof DEFAULT_PORT | typeof ENGINE;

interface ServeFlags {
  config?: string;
  gatewayConfig?: string;
  host?: string;
  port?: number;
}

export const serveVerb: CommandDefinition = (command, { io: outside, exit }) => {
  command
    .addArgument(new Argument("<role>", "which").choices([...Object.keys(DEFAULT_PORT), ENGINE]))
    .option("--config <file>", "another configuration")
    .option("--host <address>", "listen elsewhere than on loopback; needs the environment variable APE_TOKEN")
    .option(
      "--port <n>",
      "where it listens, 0 takes any; inference 4020, gateway 4030, agents (their figures) 9464 unless told",
      wholeNumber(0, MOST.port),
    )
    .option("--gateway-config <file>", "gateway only: an ape.mcp-gateway.json instead")
    .action(async (role: Role, flags: ServeFlags) => {
      const io = await roleIo(outside);
      // A connection to the message bus that was given up while it was made would keep the process for two minutes.
      const leave = (how: ExitName): void => {
        exit(how);
        io.leave(EXIT[how]);
      };
      if (role === ENGINE) {
        leave(await serveEngine(io));
        return;
      }
      const { config, gatewayConfig, host, port = DEFAULT_PORT[role] } = flags;
      const address = roleAddress(io, host, port);
      if (role === "gateway") {
        await serveGateway(io, { config, gatewayConfig, ...address });
        return;
      }
      if (gatewayConfig !== undefined)
        throw new ApeError("USAGE", "--gateway-config is for the gateway alone", { hint: "Leave it out." });
      if (role === "agents") leave(await serveAgents(io, address));
      else await serveInferenceRole(io, { config, ...address });
    });
  withExamples(
    command,
    "ape-test serve inference",
    "ape-test serve inference --port 8080 --config other.yaml",
    "ape-test serve gateway --gateway-config ape.mcp-gateway.json",
  );
};
