import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { docker, runOfProject, runProject } from "./docker.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-docker-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function failingWith(text: string): Promise<unknown> {
  const program = join(folder, "docker");
  await writeFile(program, `#!/bin/sh\ncat >&2 <<'END'\n${text}\nEND\nexit 1\n`);
  await chmod(program, 0o755);
  return docker(["compose", "--file", "f", "--profile", "full", "--project-name", "p", "up", "--detach"], {
    env: { PATH: `${folder}:${process.env.PATH}` },
  }).catch((thrown: unknown) => thrown);
}

test.each([
  [
    "Error response from daemon: manifest for grafana/grafana:0 not found: manifest unknown",
    "could not be pulled",
  ],
  ["Error response from daemon: pull access denied for me/app, repository does not exist", "docker login"],
  [
    'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host',
    "could not be pulled",
  ],
  ["Bind for 127.0.0.1:9090 failed: port is already allocated", "APE_PROMETHEUS_PORT"],
  ["write /var/lib/docker/x: no space left on device", "docker system df"],
  [
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
    "does not run",
  ],
  ["unknown command: docker compose", "need Docker with Compose v2"],
])("what Docker says, %s, decides the hint", async (said, hint) => {
  expect(await failingWith(said)).toMatchObject({
    code: "CONTAINERS_FAILED",
    message: "docker compose up --detach failed",
    details: [said],
    hint: expect.stringContaining(hint),
  });
});

test("a machine without docker is told apart from a docker that fails", async () => {
  await expect(docker(["version"], { env: { PATH: folder } })).rejects.toMatchObject({
    message: "there is no `docker` on this machine",
  });
});

test("the project of a run names its run, and projects of others are none of the folder's", () => {
  const run = "20261128-043426-bcb3";
  expect(runOfProject("ape-shop", runProject("ape-shop", run))).toBe(run);
  for (const other of [
    "ape-shop",
    "ape-shop-2",
    `ape-shop-2-${run}`,
    `ape-shopping-${run}`,
    `x-ape-shop-${run}`,
  ])
    expect(runOfProject("ape-shop", other)).toBeUndefined();
});
