import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Project } from "@ape/engine/project/project";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestFolder } from "../../test/run-directory.ts";
import type { Machine } from "../machine-info.ts";
import { judgeClock, judgeContainers, judgeLoad, judgePorts } from "../setup/doctor-checks.ts";
import type { DoctorFinding } from "../setup/doctor-finding.ts";
import { judgeMachine } from "./doctor.ts";

const GOOD: Machine = {
  node: "20.19.0",
  cores: 4,
  freeMemoryBytes: 2 ** 33,
  freeDiskBytes: 2 ** 34,
  writable: true,
  openFiles: 65_536,
  loopback: true,
};

test("a good machine has nothing to be told", () => {
  expect(judgeMachine(GOOD, "/here").filter(({ ok }) => !ok)).toEqual([]);
  expect(judgeMachine({ ...GOOD, openFiles: undefined }, "/").filter(({ ok }) => !ok)).toEqual([]);
});

test.each<[string, Partial<Machine>, RegExp]>([
  ["node", { node: "20.18.1" }, /20\.19 or newer/],
  ["memory", { freeMemoryBytes: 2 ** 28 }, /0\.3 GiB free/],
  ["disk", { freeDiskBytes: 2 ** 28 }, /0\.3 GiB free in \/here/],
  ["folder", { writable: false }, /cannot be written/],
  ["open files", { openFiles: 1024 }, /ulimit -n 4096/],
  ["ports", { loopback: "EACCES" }, /no server can be opened on loopback: EACCES/],
])("%s: %j is told", (name, more, message) => {
  const bad = judgeMachine({ ...GOOD, ...more }, "/here").filter(({ ok }) => !ok);
  expect(bad).toEqual([{ name, ok: false, message: expect.stringMatching(message) }]);
});

let folder: TestFolder;
beforeEach(async () => {
  folder = await TestFolder.create();
});
afterEach(() => folder.remove());

const find = async (name: string, env: Record<string, string> = {}): Promise<DoctorFinding | undefined> => {
  const { io } = await folder.run("doctor --json", { env });
  return (JSON.parse(io.stdout()) as DoctorFinding[]).find((finding) => finding.name === name);
};

test("keys are said to be set, from the environment or ape.env, and never shown", async () => {
  expect((await find("keys"))?.message).toContain("CEREBRAS_API_KEY is not set");
  expect((await find("keys", { CEREBRAS_API_KEY: "csk-secret" }))?.message).toMatch(
    /^CEREBRAS_API_KEY is set,/,
  );
  await folder.write(
    "ape.config.yaml",
    "version: 1\ntargets: { a: { baseUrl: http://127.0.0.1:9 } }\ngoals: [{ name: g, prompt: p, success: [{ action: { operation: GET / } }] }]\n",
  );
  await folder.write("ape.env", "OPENAI_API_KEY=sk-secret\n");
  const { io } = await folder.run("doctor");
  expect(io.stdout()).toContain("OPENAI_API_KEY is set");
  expect(io.stdout()).not.toContain("secret");
});

test("a broken configuration is a finding", async () => {
  expect(await find("configuration")).toMatchObject({
    ok: true,
    message: expect.stringContaining("none here"),
  });
  await folder.write("ape.config.yaml", "version: 1\ntargets: { a: { baseUrl: '${NO_SUCH}' } }\n");
  expect(await find("configuration")).toMatchObject({
    ok: false,
    message: expect.stringContaining("NO_SUCH"),
  });
  expect((await folder.run("doctor")).exit).toBe(104);
});

test("doctor and validate say that keys of one organisation add no quota, and never show them", async () => {
  await folder.write(
    "ape.config.yaml",
    `version: 1
targets: { api: { baseUrl: "http://127.0.0.1:9" } }
inference: { provider: cerebras, apiKeys: [csk-first-one, csk-second-one] }
goals: [{ name: look, prompt: Look around., success: [{ action: { operation: GET / } }] }]
`,
  );
  for (const verb of ["doctor", "validate"]) {
    const { io } = await folder.run(verb);
    expect(io.stdout()).toContain("2 keys of one organisation: providers limit an organisation");
    expect(io.stdout() + io.stderr()).not.toContain("csk-");
  }
});

test("the agents that are asked for must have memory and open files", () => {
  const targets = { shop: { connections: 10_000 }, crm: { connections: 256 } };
  const load = { load: { agents: 20_000, workers: 2 }, targets } as never;
  const bad = judgeLoad(load, { ...GOOD, freeMemoryBytes: 2 ** 31, openFiles: 1024 }).filter(({ ok }) => !ok);
  expect(bad.map(({ message }) => message)).toEqual([
    "about 6600 MiB for 20000 agents in 2 processes; 2048 MiB are free: ask for fewer agents, or use another machine",
    "a process may need 10320 and may have 1024; raise it with `ulimit -n 10320`",
  ]);
  const small = { load: { agents: 100 }, targets } as never;
  expect(judgeLoad(small, GOOD).every(({ ok }) => ok)).toBe(true);
});

test("Docker is only missed where containers are asked for", async () => {
  const nowhere = { env: { PATH: "/nowhere" } };
  expect((await judgeContainers(nowhere, false)).map(({ ok }) => ok)).toEqual([true, true]);
  expect((await judgeContainers(nowhere, true)).map(({ ok, message }) => [ok, message])).toEqual([
    [false, "no Docker that answers, which `runtime: compose` needs"],
    [false, "no `docker compose`, which `runtime: compose` needs"],
  ]);
});

test("a clock that is wrong, a key that is refused and a model that is not there are found", async () => {
  const moment = Date.parse("2026-01-02T03:04:05Z");
  const server = createServer((request, response) => {
    const status = request.headers.authorization === "Bearer right" ? 200 : 401;
    response.writeHead(request.method === "HEAD" ? 200 : status, { date: new Date(moment).toUTCString() });
    response.end(request.method === "HEAD" ? undefined : '{"data":[{"id":"small"}]}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const targets = { targets: { app: { baseUrl, kind: "rest" } } } as never;
    expect(await judgeClock(targets, () => moment)).toMatchObject([
      { ok: true, message: "agrees with that of app" },
    ]);
    const [late] = await judgeClock(targets, () => moment + 60_000);
    expect(late).toMatchObject({ ok: false, message: expect.stringMatching(/^60 seconds apart/) });
    for (const [key, model, message] of [
      ["right", "small", "the provider takes the key and has the model"],
      ["wrong", "small", "custom refuses the key (401)"],
      ["right", "large", 'custom has no model "large"'],
    ]) {
      await folder.write(
        "ape.config.yaml",
        `version: 1
targets: { a: { baseUrl: "${baseUrl}" } }
inference: { provider: custom, baseUrl: "${baseUrl}/v1", model: ${model}, apiKey: ${key} }
goals: [{ name: g, prompt: p, success: [{ action: { operation: GET / } }] }]
`,
      );
      expect((await find("model"))?.message).toContain(message);
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test("ports of the stack that are taken are told, with the variable that names another", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const project = {
      config: { compose: { observability: "metrics" } },
      environment: { APE_PROMETHEUS_PORT: `${port}` },
    } as unknown as Project;
    expect(await judgePorts(project)).toEqual({
      name: "ports of the stack",
      ok: true,
      message: `port ${port} of prometheus is taken: name another with APE_PROMETHEUS_PORT in ape.env (or the stack is up already)`,
    });
  } finally {
    server.close();
  }
  const free = { config: { compose: { observability: "none" } }, environment: {} } as unknown as Project;
  expect((await judgePorts(free)).message).toBe("all free");
});

test("a model can be named in place of a configuration, and says in its own words why it does not answer", async () => {
  const server = createServer((request, response) => {
    request.resume();
    response
      .writeHead(401, { "content-type": "application/json" })
      .end('{"error":{"message":"no such key"}}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const { io } = await folder.run(`doctor --json --base-url http://127.0.0.1:${port}/v1 --model local`);
    const findings = JSON.parse(io.stdout()) as DoctorFinding[];
    expect(findings).toMatchObject([{ name: "model call", ok: false }]);
    expect(findings[0]?.message).toContain("no such key");
  } finally {
    server.close();
  }
  const { io } = await folder.run("doctor --json --model");
  expect(JSON.parse(io.stdout())).toMatchObject([
    { ok: false, message: expect.stringContaining("--base-url") },
  ]);
});
