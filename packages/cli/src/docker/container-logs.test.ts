import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeDocker, psLine } from "../../test/fake-docker.ts";
import { FakeLoki, type KeptLine } from "../../test/fake-loki.ts";
import { openTestRun, TestFolder } from "../../test/run-directory.ts";
import type { testIo } from "../../test/test-io.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const OTHER = "11111111222222223333333344444444";
let folder: TestFolder;
let loki: FakeLoki;
let running: { close(): Promise<void> } | undefined;
let began: number;

beforeEach(async () => {
  folder = await TestFolder.create();
  loki = await FakeLoki.open();
  running = undefined;
  began = Date.now() - 3_600_000;
});
afterEach(async () => {
  await running?.close();
  await loki.close();
  await folder.remove();
});

const kept = (
  service: string,
  at: number,
  text: string,
  metadata: Record<string, string> = {},
): KeptLine => ({
  at: BigInt(at) * 1_000_000n,
  labels: { service, level: "info", ...metadata },
  text,
});

/** A run of this folder, and a `docker` that knows of a Loki in this state. */
async function runWith(state: string | undefined): Promise<FakeDocker> {
  await folder.addRun("20260101-000000-aaaa", [], {
    startedAt: new Date(began).toISOString(),
    configFile: join(folder.path, "ape.config.yaml"),
  });
  return FakeDocker.create(folder.path, {
    "* ps *": psLine("mcp_gateway") + (state === undefined ? "" : psLine("loki", state)),
    "* port loki 3100": `${loki.url.replace("http://", "")}\n`,
    "* logs *": `gateway-1 | {"trace_id":"${TRACE}","agent_id":"a0-4"}\ngateway-1 | {"trace_id":"${OTHER}","agent_id":"a0-5"}\n`,
  });
}

async function logs(
  docker: FakeDocker,
  line: string,
  options: Parameters<typeof testIo>[0] = {},
): Promise<string[]> {
  const { exit, io } = await folder.run(`logs --containers ${line}`.trim(), { env: docker.env, ...options });
  expect(io.stderr()).toBe("");
  expect(exit).toBe(0);
  return io.stdout().split("\n").slice(0, -1);
}

test("from Loki where it runs: a service, a trace, an agent, a text, the last lines", async () => {
  const docker = await runWith("running");
  loki.lines.push(
    kept("mcp_gateway", began - 1, "of an earlier run"),
    kept("mcp_gateway", began + 1_000, "first", { trace_id: TRACE, agent_id: "a0-4" }),
    kept("llama_agent", began + 2_000, "second", { trace_id: TRACE, session_id: "s0-1" }),
    kept("mcp_gateway", began + 3_000, "third 503", { trace_id: OTHER, session_id: "s0-2" }),
  );
  expect(await logs(docker, "")).toEqual([
    "mcp_gateway | first",
    "llama_agent | second",
    "mcp_gateway | third 503",
  ]);
  expect(await logs(docker, "gateway")).toEqual(["mcp_gateway | first", "mcp_gateway | third 503"]);
  expect(await logs(docker, `--grep ${TRACE}`)).toEqual(["mcp_gateway | first", "llama_agent | second"]);
  expect(await logs(docker, "--grep 503")).toEqual(["mcp_gateway | third 503"]);
  expect(await logs(docker, "--agent a0-4")).toEqual(["mcp_gateway | first"]);
  expect(await logs(docker, "--session s0-1 --session s0-2")).toHaveLength(2);
  expect(await logs(docker, "--tail 2")).toEqual(["llama_agent | second", "mcp_gateway | third 503"]);
  expect((await docker.told()).filter((line) => line.includes(" logs "))).toEqual([]);
});

test("--since is how long ago, or a point in time", async () => {
  const docker = await runWith("running");
  loki.lines.push(kept("nats", Date.now() - 600_000, "old"), kept("nats", Date.now() - 60_000, "young"));
  expect(await logs(docker, "--since 5m")).toEqual(["nats | young"]);
  expect(await logs(docker, `--since ${new Date(Date.now() - 900_000).toISOString()}`)).toHaveLength(2);
  for (const wrong of ["yesterday", "10"]) {
    const { exit, io } = await folder.run(`logs --containers --since ${wrong}`, { env: docker.env });
    expect(exit).toBe(104);
    expect(io.stderr()).toContain("a duration such as 10m or a point in time");
  }
});

test("--follow brings what comes, late lines too, each once, and ends with the run", async () => {
  const docker = await runWith("running");
  const open = await openTestRun(join(folder.path, ".ape/runs/20260101-000000-aaaa"));
  running = open;
  loki.lines.push(kept("nats", began + 1_000, "one"), kept("nats", Date.now() - 1_000, "two"));
  let polls = 0;
  let three = 0;
  const lines = await logs(docker, "--follow", {
    onSleep: async () => {
      polls += 1;
      if (polls === 1) {
        three = Date.now();
        loki.lines.push(kept("nats", three, "three"));
      }
      // Reached Loki after a younger line of another container.
      if (polls === 2) loki.lines.push(kept("mcp_gateway", three - 1, "late"));
      if (polls === 3) {
        await open.close();
        running = undefined;
      }
      if (polls === 4) loki.lines.push(kept("nats", Date.now(), "the end"));
      expect(polls).toBeLessThan(10);
    },
  });
  expect(lines).toEqual(["nats | one", "nats | two", "nats | three", "mcp_gateway | late", "nats | the end"]);
  const tail = await logs(docker, "--follow --tail 1");
  expect(tail).toEqual(["nats | the end"]);
});

test.each([undefined, "exited"])("from Docker where Loki is %s", async (state) => {
  const docker = await runWith(state);
  expect(await logs(docker, `gateway --grep ${TRACE} --tail 5`)).toEqual([
    `gateway-1 | {"trace_id":"${TRACE}","agent_id":"a0-4"}`,
  ]);
  expect(await logs(docker, "--agent a0-5 --since 2026-11-23T20:00:00Z")).toHaveLength(1);
  const told = (await docker.told()).filter((line) => line.includes(" logs "));
  expect(told[0]).toContain("logs --no-color --tail 5 mcp_gateway");
  expect(told[1]).toContain("--since 2026-11-23T20:00:00.000Z");
  expect(loki.asked).toEqual([]);
});

test("from Docker, too, where Loki does not answer", async () => {
  const docker = await runWith("running");
  await loki.close();
  expect(await logs(docker, "")).toHaveLength(2);
  loki = await FakeLoki.open();
});
