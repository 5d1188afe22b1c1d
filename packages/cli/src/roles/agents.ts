import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { EXIT, type ExitName } from "@ape/core/lib/errors";
import { busAccessOf } from "@ape/engine/bus/bus-access";
import { openNatsBus } from "@ape/engine/bus/nats";
import { RemoteWorker } from "@ape/engine/worker/remote-worker";
import type { Io } from "../io.ts";
import { allowedHosts, type RoleAddress } from "./address.ts";
import { roleLog } from "./log.ts";
import { neededVariable } from "./role-io.ts";
import { SessionLog } from "./session-log.ts";

/**
 * Runs a process of agents until its run is over, or until SIGTERM, after which running sessions may end. Further
 * settings come from the environment: APE_BUS or APE_PLANE (NATS), APE_GATEWAY and APE_INFERENCE (the other roles),
 * APE_RUN and APE_TOKEN.
 * @returns `ok` if the run is over for them, `drained` if a signal ended them although the run wants them
 * @throws ApeError ENV_MISSING, PORT_IN_USE
 */
export async function serveAgents(io: Io, { host, port }: RoleAddress): Promise<ExitName> {
  const need = (name: string): string =>
    neededVariable(io, name, "Agents are started by `ape-test start --runtime compose`, which sets it.");
  const run = need("APE_RUN");
  const token = need("APE_TOKEN");
  const log = roleLog(io, "agents");
  let member: RemoteWorker | undefined;
  // The first process of a container has no default for signals: it hears them before there is a bus to wait for.
  const unsubscribe = io.onInterrupt(() => {
    if (member === undefined) {
      io.leave(EXIT.drained);
      return;
    }
    log.info("stopping: running sessions may end");
    member.stop();
  });
  const access = busAccessOf(io.env) ?? { url: need("APE_PLANE") };
  const bus = await openNatsBus({ ...access, run });
  const name = `${hostname()}-${randomBytes(3).toString("hex")}`;
  const sessions = new SessionLog(log);
  member = await RemoteWorker.open({
    bus,
    name,
    run,
    gateway: need("APE_GATEWAY"),
    inference: need("APE_INFERENCE"),
    token,
    baseDir: io.cwd,
    metrics: { host, port, allowedHosts: allowedHosts(io) },
    watch: (event) => sessions.add(event),
  });
  log.info({ agent_id: name }, `agents of run ${run}, figures at ${member.url}`);
  const end = await member.finished;
  unsubscribe();
  await bus.close();
  log.info(`left: ${end}`);
  return end === "drained" ? "drained" : "ok";
}
