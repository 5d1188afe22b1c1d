import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Environment } from "@ape/core/config/environment";
import { parseGatewayConfig } from "@ape/core/config/parse";
import { limitsOfReplica } from "@ape/core/config/runtime/replica-limits";
import type { Config } from "@ape/core/config/schema";
import { decodeText } from "@ape/core/lib/charset";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import { systemClock } from "@ape/engine/host/clock";
import { readEnvironmentFile } from "@ape/engine/host/environment-file";
import { watchProcess } from "@ape/engine/metrics/process-figures";
import { loadProject } from "@ape/engine/project/project";
import { createGateway } from "@ape/gateway/gateway";
import { type McpServerTargets, startMcpServer } from "@ape/gateway/mcp-server/mcp-server";
import type { CallLine } from "@ape/gateway/mcp-server/tool-executor";
import type { Io } from "../io.ts";
import { version } from "../version.ts";
import { allowedHosts, type RoleAddress } from "./address.ts";
import { roleLog } from "./log.ts";
import { replicasOf } from "./replicas.ts";
import { runLabels } from "./run-labels.ts";

/** Interval at which the configuration is checked for changes, in milliseconds. */
const LOOK_MS = 1_000;

export interface GatewayRoleOptions extends RoleAddress {
  /** ape.config.yaml. */
  config?: string | undefined;
  /** ape.mcp-gateway.json; wins over `config`. */
  gatewayConfig?: string | undefined;
}

interface Loaded extends McpServerTargets {
  file: string;
  text: string;
}

/**
 * Runs a gateway until SIGINT or SIGTERM, then drains it. SIGHUP and a change of the configuration file reload it; an
 * invalid configuration is reported, and the old one stays. The environment variable APE_TOKEN is the run's token.
 * @throws ApeError if the configuration is invalid at the start, PORT_IN_USE
 */
export async function serveGateway(io: Io, options: GatewayRoleOptions): Promise<void> {
  let now = await load(io, options);
  const token = io.env.APE_TOKEN;
  const own = watchProcess("gateway", systemClock);
  const log = roleLog(io, "gateway");
  const server = await startMcpServer({
    ...now,
    version: version(),
    host: options.host,
    port: options.port,
    allowedHosts: allowedHosts(io),
    log: (line) => log[line.error === undefined && line.status < 400 ? "info" : "warn"](lineOf(line)),
    ...(token === undefined || token === "" ? {} : { token }),
    labels: runLabels(io),
    figures: (page) => own.figures.show(page),
  });
  let reloading = Promise.resolve();
  const reload = (): void => {
    reloading = reloading.then(async () => {
      try {
        const next = await load(io, options);
        const emptied = server.replace(next);
        now = next;
        // The old gateway's last calls may take long, so they are not awaited here.
        emptied.catch((thrown: unknown) => log.error(messageOf(thrown)));
        io.out.write(`reloaded: gateway to ${next.targets.join(", ")}\n`);
      } catch (thrown) {
        server.notReplaced();
        const told = thrown instanceof ApeError ? { code: thrown.code, details: thrown.details } : {};
        const { file, targets } = now;
        log.error(
          { ...told, file, serving: targets },
          `not reloaded, the old one stays: ${messageOf(thrown)}`,
        );
      }
    });
  };
  const look = startLooking(() => now, reload);
  const asked = new Promise<void>((done) => {
    const unsubscribe = io.onInterrupt((signal) => {
      if (signal === "SIGHUP") reload();
      else {
        unsubscribe();
        done();
      }
    });
  });
  // A client that reads the address may end the role at once.
  io.out.write(`gateway to ${now.targets.join(", ")} at ${server.url}\n`);
  await asked;
  clearInterval(look);
  await reloading;
  await server.close();
  own.close();
}

/** A call as a line of a log, with ids under the names that all logs use. */
function lineOf({ trace, session, agent, ...rest }: CallLine): Record<string, unknown> {
  return { trace_id: trace, session_id: session, agent_id: agent, ...rest };
}

/** Polls the file: a watch on a file misses its replacement, as by editors and mounted volumes. */
function startLooking(current: () => Loaded, changed: () => void): NodeJS.Timeout {
  let seen = current().text;
  return setInterval(() => {
    readFile(current().file).then(
      (bytes) => {
        const { text } = decodeText(bytes);
        if (text === seen) return;
        seen = text;
        changed();
      },
      () => undefined,
    );
  }, LOOK_MS);
}

async function load(io: Io, options: GatewayRoleOptions): Promise<Loaded> {
  const { gatewayConfig } = options;
  if (gatewayConfig !== undefined) return loadGatewayFile(io, gatewayConfig);
  const { configFile, config, environment, secrets } = await loadProject({
    cwd: io.cwd,
    configFile: options.config,
    environment: io.env,
  });
  const { text } = decodeText(await readFile(configFile));
  return loaded(io, { file: configFile, text }, { config, secrets }, environment);
}

async function loadGatewayFile(io: Io, named: string): Promise<Loaded> {
  const file = resolve(io.cwd, named);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new ApeError("CONFIG_NOT_FOUND", `${named} cannot be read`, {
      cause,
      hint: "Make it from ape.config.yaml with `ape-test generate gateway`.",
    });
  });
  const { text } = decodeText(bytes);
  const environment = { ...(await readEnvironmentFile(dirname(file))), ...io.env };
  return loaded(io, { file, text }, parseGatewayConfig(text, named, environment), environment);
}

/** A gateway to the targets of a file; relative paths begin at the file. */
async function loaded(
  io: Io,
  { file, text }: Pick<Loaded, "file" | "text">,
  { config, secrets }: { config: Pick<Config, "targets" | "gateway">; secrets: readonly string[] },
  environment: Environment,
): Promise<Loaded> {
  return {
    file,
    text,
    gateway: await createGateway({
      targets: limitsOfReplica(config.targets, replicasOf(io)),
      clock: systemClock,
      baseDir: dirname(file),
      env: environment,
    }),
    targets: Object.keys(config.targets),
    settings: config.gateway,
    secrets,
  };
}
