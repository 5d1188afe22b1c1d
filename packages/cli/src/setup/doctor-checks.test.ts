import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Config } from "@ape/core/config/schema";
import type { Project } from "@ape/engine/project/project";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Machine } from "../machine-info.ts";
import { judgeClock, judgeLoad, judgeModel } from "./doctor-checks.ts";

const MIB = 1024 ** 2;
const machine = (more: Partial<Machine> = {}): Machine => ({
  node: "20.19.0",
  cores: 4,
  freeMemoryBytes: 4_096 * MIB,
  freeDiskBytes: 1,
  writable: true,
  openFiles: 65_536,
  loopback: true,
  ...more,
});
const load = (agents: number, workers?: number) =>
  ({ load: { agents, duration: 1_000, rampUp: 0, workers }, targets: {} }) as unknown as Pick<
    Config,
    "load" | "targets"
  >;

test.each<[string, ReturnType<typeof load>, Partial<Machine>, boolean, string]>([
  [
    "one worker for each core but one",
    load(10),
    {},
    true,
    "about 903 MiB for 10 agents in 3 processes; 4096 MiB are free",
  ],
  [
    "one worker at least",
    load(10),
    { cores: 1 },
    true,
    "about 303 MiB for 10 agents in 1 processes; 4096 MiB are free",
  ],
  [
    "as many workers as configured",
    load(1_000, 2),
    {},
    true,
    "about 900 MiB for 1000 agents in 2 processes; 4096 MiB are free",
  ],
  [
    "too little memory",
    load(10, 1),
    { freeMemoryBytes: 303 * MIB },
    false,
    "about 303 MiB for 10 agents in 1 processes; 303 MiB are free: ask for fewer agents, or use another machine",
  ],
  [
    "just enough memory",
    load(10, 1),
    { freeMemoryBytes: 304 * MIB },
    true,
    "about 303 MiB for 10 agents in 1 processes; 304 MiB are free",
  ],
])("memory for %s", (_, config, more, ok, message) => {
  expect(judgeLoad(config, machine(more))[0]).toEqual({ name: "memory for the agents", ok, message });
});

test("open files are enough, too few, or unknown", () => {
  const files = (openFiles: number | undefined) => judgeLoad(load(10, 1), machine({ openFiles }))[1];
  const plenty = files(65_536);
  const needed = Number(/^up to (\d+) in a process$/.exec(plenty?.message ?? "")?.[1]);
  expect(plenty).toMatchObject({ name: "open files for the agents", ok: true });
  expect(needed).toBeGreaterThan(0);
  expect(files(needed)?.ok).toBe(true);
  expect(files(undefined)?.ok).toBe(true);
  expect(files(needed - 1)).toEqual({
    name: "open files for the agents",
    ok: false,
    message: `a process may need ${needed} and may have ${needed - 1}; raise it with \`ulimit -n ${needed}\``,
  });
});

let server: Server;
let base = "";
const NOW = Date.UTC(2026, 10, 30, 12);
beforeAll(async () => {
  server = createServer((request, response) => {
    response.sendDate = false;
    if (request.method === "HEAD" && request.url === "/clock")
      response.setHeader("date", new Date(NOW).toUTCString());
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const targets = (all: Record<string, { baseUrl: string; kind?: string }>) =>
  ({
    targets: Object.fromEntries(Object.entries(all).map(([name, one]) => [name, { kind: "rest", ...one }])),
  }) as unknown as Pick<Config, "targets">;
const NO_TIME = [{ name: "clock", ok: true, message: "no target that answers tells the time" }];

test.each([
  [0, true, "agrees with that of shop"],
  [5_499, true, "agrees with that of shop"],
  [5_500, false, "6 seconds apart from that of shop: traces and tokens will not fit; set it by NTP"],
  [-90_000, false, "90 seconds apart from that of shop: traces and tokens will not fit; set it by NTP"],
])("a clock that is %i ms off: %s", async (off, ok, message) => {
  expect(await judgeClock(targets({ shop: { baseUrl: `${base}/clock` } }), () => NOW + off)).toEqual([
    { name: "clock", ok, message },
  ]);
});

test("the first target that tells the time is asked, and none of another kind", async () => {
  const clock = { baseUrl: `${base}/clock` };
  const silent = { baseUrl: `${base}/silent` };
  const dead = { baseUrl: "http://127.0.0.1:1" };
  expect(await judgeClock(targets({ a: silent, b: dead, c: clock }), () => NOW)).toEqual([
    { name: "clock", ok: true, message: "agrees with that of c" },
  ]);
  expect(await judgeClock(targets({ a: silent, b: dead }), () => NOW)).toEqual(NO_TIME);
  expect(await judgeClock(targets({ a: { ...clock, kind: "mcp" }, b: { baseUrl: "" } }), () => NOW)).toEqual(
    NO_TIME,
  );
  expect(await judgeClock(targets({}))).toEqual(NO_TIME);
});

test("of the simulated model nothing is asked", async () => {
  const project = { config: { inference: { provider: "simulated", fallback: [] } } } as unknown as Project;
  expect(await judgeModel(project)).toEqual({
    name: "model",
    ok: true,
    message: "simulated: nothing to ask",
  });
});
