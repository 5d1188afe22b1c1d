import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeDocker } from "../../test/fake-docker.ts";
import { openTestRun, TestFolder } from "../../test/run-directory.ts";
import { crossedSummary } from "../../test/test-io.ts";

const RUN = "20260101-000000-aaaa";
let folder: TestFolder;
let running: { close(): Promise<void> } | undefined;
beforeEach(async () => {
  folder = await TestFolder.create();
  running = undefined;
});
afterEach(async () => {
  await running?.close();
  await folder.remove();
});

const container = (service: string, number: number, state: string, health: string): string =>
  `${JSON.stringify({ ID: `${service}${number}`, Name: `ape-${service}-${number}`, Service: service, State: state, Health: health, ExitCode: 0 })}\n`;

test("a run in containers shows how many of each service are in which state", async () => {
  running = await openTestRun(
    await folder.addRun(RUN, [], { runtime: "compose", configFile: join(folder.path, "ape.config.yaml") }),
  );
  const docker = await FakeDocker.create(folder.path, {
    "* ps *": [
      container("llama_agent", 1, "running", ""),
      container("llama_agent", 2, "running", ""),
      container("llama_agent", 3, "exited", ""),
      container("mcp_gateway", 1, "running", "healthy"),
      container("mcp_gateway", 2, "running", "unhealthy"),
      container("loki", 1, "exited", "unhealthy"),
    ].join(""),
  });
  const { exit, io } = await folder.run("status", { env: docker.env });
  expect(exit).toBe(0);
  expect(io.stdout().trimEnd().split("\n").slice(-3)).toEqual([
    "llama_agent  2 running, 1 exited",
    "mcp_gateway  1 healthy, 1 unhealthy",
    "loki         1 exited",
  ]);
  // One JSON object, and Docker is not asked.
  const asked = (await docker.told()).length;
  const json = await folder.run("status --json", { env: docker.env });
  expect(JSON.parse(json.io.stdout())).toMatchObject({ run: RUN, phase: "running" });
  expect(await docker.told()).toHaveLength(asked);
});

test("a run in this process asks no Docker", async () => {
  running = await openTestRun(await folder.addRun(RUN, [], { runtime: "embedded" }));
  const docker = await FakeDocker.create(folder.path, {});
  const { exit, io } = await folder.run("status", { env: docker.env });
  expect(exit).toBe(0);
  expect(io.stdout().startsWith(`run ${RUN}\n`)).toBe(true);
  expect(io.stdout()).not.toContain("page ");
  expect(await docker.told()).toEqual([]);
});

test("watching ends with the run, and says how it ended", async () => {
  const directory = await folder.addRun(RUN);
  const run = await openTestRun(directory);
  running = run;
  let looks = 0;
  const { exit, io } = await folder.run("status --watch --json", {
    onSleep: async () => {
      looks += 1;
      if (looks === 2) await run.close();
      if (looks === 4) await writeFile(join(directory, "summary.json"), JSON.stringify(crossedSummary));
    },
  });
  running = undefined;
  expect(exit).toBe(0);
  expect(io.stdout().trim().split("\n")).toHaveLength(2);
  expect(looks).toBe(4);
  expect(io.stderr()).toContain(
    "the run has ended: finished, the planned time has passed: see `ape-test report`\n",
  );
});

test("a run that leaves no results is waited for, and not for ever", async () => {
  const directory = await folder.addRun(RUN);
  const run = await openTestRun(directory);
  let looks = 0;
  const { io } = await folder.run("status --watch", {
    onSleep: async () => {
      looks += 1;
      if (looks === 1) await run.close();
    },
  });
  expect(looks).toBeGreaterThan(2);
  expect(looks).toBeLessThan(100);
  expect(io.stderr()).toContain("the run is not active and has no results yet: see `ape-test report`\n");
  await rm(join(directory, "run.json"));
});
