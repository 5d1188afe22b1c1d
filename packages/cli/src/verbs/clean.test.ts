import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeDocker } from "../fake-docker.testing.ts";
import type { Terminal } from "../io.ts";
import { TestFolder } from "../testing-run.ts";

const YES = "y\r";
const NO = "\r";
const CTRL_C = "\u0003";
let folder: TestFolder;
let project: string;

beforeEach(async () => {
  folder = await TestFolder.create();
  // Only where it is matters: what a broken configuration left can be removed, too.
  await folder.write("ape.config.yaml", "version: 7");
  project = `ape-${folder.path.split("/").at(-1)?.toLowerCase()}`;
});
afterEach(() => folder.remove());

const filter = (): string => `--filter label=com.docker.compose.project=${project} --format *`;

/** A machine with things of this project; every other question to Docker fails. */
function machine(more: Record<string, string> = {}): Promise<FakeDocker> {
  return FakeDocker.create(folder.path, {
    [`container ls --all --no-trunc ${filter()}`]: "c1\tape-x-agent-1 (running)\nc2\tape-x-nats-1 (exited)\n",
    [`network ls --no-trunc ${filter()}`]: "n1\tape-x_agents\n",
    [`volume ls ${filter()}`]: "ape-x_grafana\n",
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
