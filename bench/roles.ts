import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@ape/engine/host/free-port";
import { Pool } from "undici";
import { GATEWAY_CALL } from "./gateway.ts";
import { NatsProcess } from "./nats-process.ts";
import { type BenchResult, machine, median, spread, stealMeter } from "./result.ts";

const ROUNDS = 7;
const CALLS = 2_000;
const CALLERS = 50;
const IDLE_MS = 300;
const READY_MS = 20_000;
const TICKS_A_SECOND = 100;
/** The program of a container, with everything that it needs. */
const PROGRAM = fileURLToPath(new URL("../packages/cli/image/app/bin/ape-test.mjs", import.meta.url));

/** Node's flags for a role. */
const WAYS: Record<string, { flags: readonly string[]; cache?: true }> = {
  plain: { flags: [] },
  semi2: { flags: ["--max-semi-space-size=2"] },
  semi32: { flags: ["--min-semi-space-size=32", "--max-semi-space-size=32"] },
  small: { flags: ["--optimize-for-size"] },
  cache: { flags: [], cache: true },
};

const CONFIG = (target: string): string => `version: 1
targets: { api: { baseUrl: "${target}" } }
inference: { provider: simulated }
goals: [{ name: look, prompt: Look., success: [{ action: { operation: GET / } }] }]
`;
const CHAT = {
  path: "/v1/chat/completions",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ model: "simulated", messages: [{ role: "user", content: "Say something." }] }),
};

/**
 * A role: how it reports that it is ready, and the call that loads it; agents are loaded only by a run (`bench
 * agents`).
 */
const ROLES = {
  gateway: { ready: "/readyz", call: { path: "/mcp", ...GATEWAY_CALL } },
  inference: { ready: "/readyz", call: CHAT },
  agents: { ready: "/healthz", call: undefined },
} as const;
type Role = keyof typeof ROLES;

interface Measured {
  startMs: number;
  idleMib: number;
  loadedMib: number;
  cpuUs: number;
}

/** A Node 22 or newer, as in the image: that of the peers if this one is older. Only those have a compile cache. */
function nodeOfTheImage(): string {
  const peer = join(process.env.APE_PEERS ?? "", "node_modules/node-22/bin/node");
  return existsSync(peer) ? peer : process.execPath;
}

const residentMib = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

/** CPU that a process has used, in microseconds: user and system time are the 14th and 15th field. */
function cpuUsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1")
    .replace(/^.*\) /s, "")
    .split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND) * 1e6;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until the path answers with 200. */
async function untilReady(pool: Pool, path: string, child: ChildProcess): Promise<void> {
  for (const end = performance.now() + READY_MS; performance.now() < end && child.exitCode === null; ) {
    const answer = await pool.request({ path, method: "GET" }).catch(() => undefined);
    await answer?.body.dump();
    if (answer?.statusCode === 200) return;
    await wait(5);
  }
  throw new Error(`${path} was never ready`);
}

async function load(
  pool: Pool,
  call: { path: string; headers: Record<string, string>; body: string },
): Promise<void> {
  let left = CALLS;
  const caller = async (): Promise<void> => {
    for (; left > 0; ) {
      left -= 1;
      const answer = await pool.request({ ...call, method: "POST" });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`${call.path} answered ${answer.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

async function once(
  node: string,
  role: Role,
  way: string,
  place: { folder: string; bus: string },
): Promise<Measured> {
  const { flags, cache } = WAYS[way] ?? { flags: [] };
  const { ready, call } = ROLES[role];
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    APE_LOG: "error",
    ...(role === "agents"
      ? {
          APE_RUN: "r",
          APE_TOKEN: "t",
          APE_PLANE: place.bus,
          APE_GATEWAY: "http://127.0.0.1:9",
          APE_INFERENCE: "http://127.0.0.1:9",
        }
      : {}),
    ...(cache === true ? { NODE_COMPILE_CACHE: join(place.folder, "cache") } : {}),
  };
  const began = performance.now();
  const child = spawn(node, [...flags, PROGRAM, "serve", role, "--port", String(port)], {
    cwd: place.folder,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CALLERS });
  try {
    await untilReady(pool, ready, child);
    const startMs = performance.now() - began;
    await wait(IDLE_MS);
    const pid = child.pid as number;
    const idleMib = residentMib(pid);
    if (call === undefined) return { startMs, idleMib, loadedMib: Number.NaN, cpuUs: Number.NaN };
    const before = cpuUsOf(pid);
    await load(pool, call);
    return { startMs, idleMib, loadedMib: residentMib(pid), cpuUs: (cpuUsOf(pid) - before) / CALLS };
  } finally {
    // Node writes a compile cache when the process ends by itself.
    child.kill("SIGTERM");
    await Promise.race([gone, wait(3_000)]);
    child.kill("SIGKILL");
    await pool.destroy();
  }
}

/**
 * Cost of each role when idle and after 2,000 calls, by Node's flags: time from the command until it is ready, resident
 * memory, and CPU per call. On the Node of the peers if there is one, as in the image.
 */
export async function roles(log: (line: string) => void): Promise<BenchResult> {
  const stolen = stealMeter();
  const node = nodeOfTheImage();
  const folder = await mkdtemp(join(tmpdir(), "ape-bench-"));
  const target = createServer((_, response) => response.end('{"ok":true}'));
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
  // Agents are not measured where the program is missing.
  const nats = await NatsProcess.start("t").catch(() => undefined);
  const results = new Map<string, Measured[]>();
  try {
    await writeFile(
      join(folder, "ape.config.yaml"),
      CONFIG(`http://127.0.0.1:${(target.address() as AddressInfo).port}`),
    );
    const place = { folder, bus: nats?.url ?? "" };
    // The first round fills disk caches.
    for (let round = -1; round < ROUNDS; round += 1)
      for (const role of Object.keys(ROLES) as Role[])
        for (const way of Object.keys(WAYS)) {
          if (role === "agents" && nats === undefined) continue;
          const measured = await once(node, role, way, place);
          if (round < 0) continue;
          const name = `${role}_${way}`;
          results.set(name, [...(results.get(name) ?? []), measured]);
          log(
            `round ${round + 1}: ${name} ready after ${Math.round(measured.startMs)} ms, ${Math.round(measured.idleMib)} MiB`,
          );
        }
  } finally {
    await nats?.end();
    target.close();
    await rm(folder, { recursive: true, force: true });
  }
  const figures: BenchResult["figures"] = {};
  const notes = [
    `on ${node === process.execPath ? `this Node: one of the peers' (APE_PEERS) is what the image has` : "Node 22 of the peers"}`,
    "| role and way | ready ms | idle MiB | MiB after calls | CPU us a call |",
    "| --- | --- | --- | --- | --- |",
  ];
  for (const [name, all] of results) {
    const cell = (of: (one: Measured) => number): string =>
      Number.isNaN(of(all[0] as Measured)) ? "-" : spread(all.map(of));
    notes.push(
      `| ${name} | ${cell(({ startMs }) => startMs)} | ${cell(({ idleMib }) => idleMib)} | ${cell(({ loadedMib }) => loadedMib)} | ${cell(({ cpuUs }) => cpuUs)} |`,
    );
    figures[`${name}_startMs`] = Math.round(median(all.map(({ startMs }) => startMs)));
    figures[`${name}_idleMib`] = Math.round(median(all.map(({ idleMib }) => idleMib)));
  }
  if (nats === undefined) notes.push("agents are not measured: nats-server is missing");
  figures.stealPct = stolen();
  if ((figures.stealPct ?? 0) > 10) notes.push("inconclusive: more than 10% of the CPU was stolen");
  return { name: "roles", machine: machine(), figures, ratios: {}, notes };
}
