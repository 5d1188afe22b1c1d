import { execFile } from "node:child_process";
import type { Config } from "@ape/core/config/schema";
import { ApeError } from "@ape/core/lib/errors";
import { openFilesNeeded } from "@ape/engine/host/open-files";
import type { Project } from "@ape/engine/project/project";
import { planOf } from "@ape/engine/run/plan";
import { isSimulated, PROVIDERS } from "@ape/inference/providers/provider-list";
import { portsOf, takenText } from "@ape/setup/compose/published-ports";
import type { Io } from "../io.ts";
import { isPortFree, type Machine } from "../machine-info.ts";
import type { DoctorFinding } from "./doctor-finding.ts";
import { askProviders } from "./provider-check.ts";

const MIB = 1024 ** 2;
/**
 * Memory estimates (generous): a worker process with its gateway and proxy, before its first agent; and an agent with
 * its session.
 */
const WORKER_MIB = 300;
const AGENT_MIB = 0.3;
const CLOCK_LIMIT_S = 5;
const ASK_MS = 5_000;

/** Runs a program and returns the first line of its output; undefined if it is missing or fails. */
function firstLine(command: string, args: readonly string[], env: Io["env"]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, [...args], { env: { ...env }, timeout: ASK_MS }, (error, stdout) =>
      resolve(error === null ? (stdout.trim().split("\n")[0] ?? "") : undefined),
    );
  });
}

/** Docker and Compose: only needed if the roles run in containers. */
export async function judgeContainers(io: Pick<Io, "env">, needed: boolean): Promise<DoctorFinding[]> {
  const [docker, compose] = await Promise.all([
    firstLine("docker", ["version", "--format", "{{.Server.Version}}"], io.env),
    firstLine("docker", ["compose", "version", "--short"], io.env),
  ]);
  const without = needed ? "which `runtime: compose` needs" : "which only `runtime: compose` needs";
  return [
    {
      name: "docker",
      ok: docker !== undefined || !needed,
      message: docker === undefined ? `no Docker that answers, ${without}` : `${docker}`,
    },
    {
      name: "compose",
      ok: compose !== undefined || !needed,
      message: compose === undefined ? `no \`docker compose\`, ${without}` : `${compose}`,
    },
  ];
}

/** The ports that a run in containers needs on this machine; a running stack occupies them itself. */
export async function judgePorts({
  config,
  environment,
}: Pick<Project, "config" | "environment">): Promise<DoctorFinding> {
  const taken: string[] = [];
  for (const one of portsOf(config.compose.observability, environment))
    if (!(await isPortFree(one.port))) taken.push(takenText(one));
  const message = taken.length === 0 ? "all free" : `${taken.join("; ")} (or the stack is up already)`;
  return { name: "ports of the stack", ok: true, message };
}

/** Whether a machine can run the agents that a configuration requires. */
export function judgeLoad(config: Pick<Config, "load" | "targets">, machine: Machine): DoctorFinding[] {
  const agents = planOf(config.load).peak;
  const workers = config.load.workers ?? Math.max(1, machine.cores - 1);
  const needed = workers * WORKER_MIB + agents * AGENT_MIB;
  const free = machine.freeMemoryBytes / MIB;
  const files = openFilesNeeded(config);
  const few = machine.openFiles !== undefined && machine.openFiles < files;
  return [
    {
      name: "memory for the agents",
      ok: free > needed,
      message: `about ${Math.round(needed)} MiB for ${agents} agents in ${workers} processes; ${Math.round(free)} MiB are free${free > needed ? "" : ": ask for fewer agents, or use another machine"}`,
    },
    {
      name: "open files for the agents",
      ok: !few,
      message: few
        ? `a process may need ${files} and may have ${machine.openFiles}; raise it with \`ulimit -n ${files}\``
        : `up to ${files} in a process`,
    },
  ];
}

/** Compares the clock with that of the targets, from their answers (RFC 9110, section 6.6.1). */
export async function judgeClock(
  config: Pick<Config, "targets">,
  now: () => number = Date.now,
): Promise<DoctorFinding[]> {
  const { request } = await import("undici");
  for (const [name, { baseUrl, kind }] of Object.entries(config.targets)) {
    if (baseUrl === "" || kind === "mcp") continue;
    try {
      const { headers, body } = await request(baseUrl, {
        method: "HEAD",
        signal: AbortSignal.timeout(ASK_MS),
      });
      await body.dump();
      const told = Date.parse(String(headers.date ?? ""));
      if (Number.isNaN(told)) continue;
      const off = Math.round(Math.abs(now() - told) / 1_000);
      const good = off <= CLOCK_LIMIT_S;
      return [
        {
          name: "clock",
          ok: good,
          message: good
            ? `agrees with that of ${name}`
            : `${off} seconds apart from that of ${name}: traces and tokens will not fit; set it by NTP`,
        },
      ];
    } catch {
      // `validate` reports a target that does not answer.
    }
  }
  return [{ name: "clock", ok: true, message: "no target that answers tells the time" }];
}

function judgedWell({ config }: Project): string {
  const listed = [config.inference, ...config.inference.fallback].every(
    ({ provider }) => PROVIDERS[provider].anyModel !== true,
  );
  return listed
    ? "the provider takes the key and has the model"
    : "the provider takes the key; whether it has the model shows `ape-test doctor --model`";
}

/** Whether the providers accept the keys and have the models, according to their lists of models. */
export async function judgeModel(project: Project): Promise<DoctorFinding> {
  const { inference } = project.config;
  if (isSimulated(inference.provider) && inference.fallback.length === 0)
    return { name: "model", ok: true, message: "simulated: nothing to ask" };
  try {
    const findings = await askProviders(project);
    const found = findings.find(({ severity }) => severity === "error") ?? findings[0];
    if (found !== undefined)
      return {
        name: "model",
        ok: found.severity !== "error",
        message: `${found.message}${found.hint === undefined ? "" : `; ${found.hint}`}`,
      };
    return { name: "model", ok: true, message: judgedWell(project) };
  } catch (thrown) {
    if (!(thrown instanceof ApeError)) throw thrown;
    return { name: "model", ok: false, message: thrown.message };
  }
}
