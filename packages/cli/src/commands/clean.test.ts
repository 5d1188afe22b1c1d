import { PassThrough } from "node:stream";
import { acquireProjectLock } from "@ape/engine/store/project-lock";
import { projectName } from "@ape/setup/compose/project-name";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeDocker } from "../../test/fake-docker.ts";
import { TestFolder } from "../../test/run-directory.ts";
import type { Terminal } from "../io.ts";

const YES = "y\r";
const NO = "\r";
const CTRL_C = "\u0003";
let folder: TestFolder;
let project: string;

beforeEach(async () => {
  folder = await TestFolder.create();
  // Only where it is matters: what a broken configuration left can be removed, too.
  await folder.write("ape.config.yaml", "version: 7");
  project = projectName(folder.path);
});
afterEach(() => folder.remove());

const ALL = "--filter label=com.docker.compose.project --format *";
const filter = (): string => `--filter label=com.docker.compose.project=${project} --format *`;

/** A machine with things of this project; every other question to Docker fails. */
function machine(more: Record<string, string> = {}): Promise<FakeDocker> {
  return FakeDocker.create(folder.path, {
    [`container ls --all --no-trunc ${ALL}`]: [
      `c1\tape-x-agent-1 (running)\t${project}-20261128-040000-a1b2`,
      `c2\tape-x-nats-1 (exited)\t${project}`,
      `c3\tother-1 (running)\t${project}-other`,
      "c4\telse-1 (running)\telse-20261128-040000-a1b2",
    ].join("\n"),
    [`network ls --no-trunc ${ALL}`]: `n1\tape-x_agents\t${project}-20261128-040000-a1b2\n`,
    [`volume ls ${ALL}`]: `ape-x_grafana\tape-x_grafana\t${project}-20261127-040000-a1b2\nv2\tv2\telse\n`,
    [`image ls --no-trunc --filter reference=${project}-sut_target --format *`]: "",
    [`image ls --no-trunc ${filter()}`]: "sha256:i1\tape-test:0.1.0\nsha256:i2\t<none>:<none>\n",
    "container stop --time 5 c1 c2": "",
    "container rm --force --volumes c1 c2": "",
    "network rm n1": "",
    "volume rm ape-x_grafana": "",
    "image rm ape-test:0.1.0": "",
    "image rm sha256:i2": "",
    ...more,
  });
}

const removals = async (docker: FakeDocker): Promise<string[]> =>
  (await docker.told()).filter((line) => / (rm|stop) /.test(line));

/** A terminal at which somebody types this when the question is there. */
function typing(keys: string): Terminal & { shown: () => string } {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = "";
  let typed = false;
  output.on("data", (chunk: Buffer) => {
    shown += chunk.toString("utf8");
    if (typed || !shown.includes("Remove all of these")) return;
    typed = true;
    setImmediate(() => input.write(keys));
  });
  return { input, output, shown: () => shown };
}

const REMOVED = [
  "container stop --time 5 c1 c2",
  "container rm --force --volumes c1 c2",
  "network rm n1",
  "volume rm ape-x_grafana",
  "image rm ape-test:0.1.0",
  "image rm sha256:i2",
];

test("--yes removes what bears the project's label, and asks nothing", async () => {
  const docker = await machine();
  const { exit, io } = await folder.run("clean --yes", { env: docker.env });
  expect(io.stderr()).toBe("");
  expect(exit).toBe(0);
  expect(io.stdout()).toBe("removed 2 containers, 1 network, 1 volume, 2 images\n");
  expect(await removals(docker)).toEqual(REMOVED);
});

test("without --yes and without a terminal it lists everything, removes nothing and says how", async () => {
  const docker = await machine();
  const { exit, io } = await folder.run("clean", { env: docker.env });
  expect(exit).toBe(104);
  expect(io.stdout().split("\n")).toEqual([
    "container ape-x-agent-1 (running)",
    "container ape-x-nats-1 (exited)",
    "network   ape-x_agents",
    "volume    ape-x_grafana",
    "image     ape-test:0.1.0",
    "image     <none>:<none>",
    "",
  ]);
  expect(io.stderr()).toMatch(/nothing was removed[\s\S]*ape-test clean --yes/);
  expect(await removals(docker)).toEqual([]);
});

test("on a terminal it asks; only a yes removes", async () => {
  const docker = await machine();
  for (const [keys, code] of [
    [NO, 0],
    [CTRL_C, 105],
  ] as const) {
    const { exit, io } = await folder.run("clean", { env: docker.env, terminal: typing(keys) });
    expect(exit).toBe(code);
    expect(io.stdout()).toMatch(/image {5}ape-test:0\.1\.0[\s\S]*nothing was removed\n$/);
    expect(await removals(docker)).toEqual([]);
  }
  const terminal = typing(YES);
  const { exit, io } = await folder.run("clean", { env: docker.env, terminal });
  expect(terminal.shown()).toContain(`of project ${project}?`);
  expect(exit).toBe(0);
  expect(io.stdout()).toContain("removed 2 containers");
  expect(await removals(docker)).toEqual(REMOVED);
});

test("an image that others use stays, and that is said", async () => {
  const docker = await FakeDocker.create(folder.path, {
    "image ls --no-trunc --filter reference=*": "",
    [`image ls --no-trunc ${filter()}`]: "sha256:i1\tape-test:0.1.0\n",
    "* ls *": "",
    "image rm *": FakeDocker.failing("conflict: unable to remove repository reference (must force)"),
  });
  const used = await folder.run("clean --yes", { env: docker.env });
  expect(used.io.stderr()).toBe("image ape-test:0.1.0 stays: containers of others use it\n");
  expect(used.io.stdout()).toBe("removed nothing\n");
  expect(used.exit).toBe(0);
});

test("where the project has nothing, nothing is asked", async () => {
  const docker = await FakeDocker.create(folder.path, { "* ls *": "" });
  const { exit, io } = await folder.run("clean", { env: docker.env });
  expect(exit).toBe(0);
  expect(io.stdout()).toBe(`project ${project} has no containers, networks, volumes or images\n`);
});

test("what Docker refuses for another reason is an error", async () => {
  const docker = await machine({ "network rm n1": FakeDocker.failing("network has active endpoints") });
  const { exit, io } = await folder.run("clean --yes", { env: docker.env });
  expect(exit).not.toBe(0);
  expect(io.stderr()).toContain("network has active endpoints");
});

test("a live run's containers stay, and the message says how to end it", async () => {
  const docker = await machine();
  const release = await acquireProjectLock(folder.path, "20261128-040000-a1b2");
  try {
    const { exit, io } = await folder.run("clean --yes", { env: docker.env });
    expect(exit).toBe(104);
    expect(io.stderr()).toMatch(/run 20261128-040000-a1b2 is live[\s\S]*ape-test stop/);
    expect(await removals(docker)).toEqual([]);
  } finally {
    await release();
  }
});
