import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sampleManifest } from "@ape/engine/test/sample-run";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestIo, testIo } from "../test/test-io.ts";
import { runProgram } from "./program.ts";

let cwd = "";
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "ape-cli-"));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ exit: number; io: TestIo }> {
  const io = testIo({ cwd });
  return { exit: await runProgram(args, io), io };
}

test("without any word the help is shown", async () => {
  const io = testIo({ cwd });
  expect(await runProgram([], io)).toBe(0);
  expect(io.stdout()).toContain("Usage: ape-test");
});

test("--version prints the version", async () => {
  expect((await run("--version")).io.stdout()).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("help names every verb, and each verb has help of its own, as it was reviewed", async () => {
  const { exit, io } = await run("--help");
  expect(exit).toBe(0);
  const texts = [io.stdout()];
  const verbs = Array.from(io.stdout().matchAll(/^ {2}([a-z]+) .* {2}/gm), ([, verb = ""]) => verb);
  expect(verbs).toEqual(
    expect.arrayContaining(["init", "demo", "start", "status", "trace", "report", "serve"]),
  );
  for (const verb of verbs.filter((name) => name !== "help")) {
    const help = await run(verb, "--help");
    expect(help.exit).toBe(0);
    expect(help.io.stdout()).toMatch(new RegExp(`Examples:\\n {2}ape-test ${verb}`));
    texts.push(help.io.stdout());
  }
  await expect(texts.join("\n\n")).toMatchFileSnapshot(
    join(import.meta.dirname, "../test/approved/help.txt"),
  );
});

test.each([
  [["strat"], /unknown command 'strat'[\s\S]*start/],
  [["start", "--agent", "5"], /unknown option '--agent'[\s\S]*--agents/],
  [["start", "--agents", "many"], /whole number of at least 1/],
  [["start", "--agents", "0"], /whole number of at least 1/],
  [["start", "--agents", "1000001"], /at most 1000000/],
  [["start", "--workers", "257"], /at most 256/],
  [["start", "--seed", "4294967296"], /at most 4294967295/],
  [["start", "--duration", "0s"], /duration such as 30s/],
  [["start", "now"], /too many arguments/],
  [["serve"], /missing required argument 'role'/],
  [["serve", "everything"], /Allowed choices are inference, gateway, agents/],
  [["serve", "gateway", "--host", "0.0.0.0"], /needs the run's token/],
  [["start", "--observability", "much"], /Allowed choices are none, metrics, full/],
  [["serve", "inference", "--gateway-config", "x.json"], /gateway alone/],
  [["serve", "inference", "--port", "65536"], /at most 65535/],
  [["logs", "gatewy"], /Did you mean "gateway"/],
  [["logs", "toString"], /no service "toString"/],
  [["runs", "prune", "--keep", "-1"], /at least 0/],
  [["demo", "--fault", "{}"], /Did you mean --faults/],
  [["start", "--duration", "soon"], /duration such as 30s/],
  [["start", "--json=xml"], /--json=stream/],
  [["start", "--runtime", "moon"], /Allowed choices are embedded/],
  [["scale"], /--agents/],
  [["goals"], /needs one of its commands[\s\S]*ape-test goals suggest/],
  [["trace"], /missing required argument/],
  [["logs", "kitchen"], /no service "kitchen"|no runs/],
])("%j is refused with exit 104 and a hint", async (args, message) => {
  const { exit, io } = await run(...args);
  expect(exit).toBe(104);
  expect(io.stderr()).toMatch(/^error USAGE: /);
  expect(io.stderr()).toMatch(message);
  expect(io.stderr()).toMatch(/hint: /);
  expect(io.stdout()).toBe("");
});

test("agents without a run say what they need", async () => {
  const { exit, io } = await run("serve", "agents");
  expect(exit).toBe(104);
  expect(io.stderr()).toMatch(/ENV_MISSING: APE_RUN is not set[\s\S]*--runtime compose/);
});

test.each(["status", "stop", "report", "trace x", "scale --agents 3"])(
  "%s without any run says how to start one",
  async (line) => {
    const { exit, io } = await run(...line.split(" "));
    expect(exit).toBe(104);
    expect(io.stderr()).toMatch(/RUN_NOT_FOUND[\s\S]*ape-test start/);
  },
);

test("runs: none yet, then a crashed one, pruned only when asked twice", async () => {
  expect((await run("runs")).io.stdout()).toContain("no runs yet");
  const directory = join(cwd, ".ape/runs/20260101-000000-abcd");
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "run.json"), "{}");
  expect((await run("runs")).io.stdout()).toMatch(/20260101-000000-abcd\s+unreadable/);
  const manifest = sampleManifest({ id: "20260101-000000-abcd", agents: 7 });
  await writeFile(join(directory, "run.json"), JSON.stringify(manifest));
  expect((await run("runs")).io.stdout()).toMatch(/20260101-000000-abcd\s+crashed/);
  expect(JSON.parse((await run("runs", "--json")).io.stdout())).toMatchObject([{ agents: 7, ended: null }]);
  expect((await run("runs", "prune", "--keep", "0")).io.stderr()).toContain("--yes");
  expect((await run("runs", "prune", "--keep", "0", "--yes")).io.stdout()).toContain("1 runs deleted");
});

test("doctor and validate look and tell", async () => {
  const doctor = await run("doctor", "--json");
  expect(JSON.parse(doctor.io.stdout())).toContainEqual(expect.objectContaining({ name: "node", ok: true }));
  await writeFile(
    join(cwd, "ape.config.yaml"),
    "version: 1\ntargets: { a: { baseUrl: http://127.0.0.1:9 } }\ngoals: [{ name: g, prompt: p, success: [{ action: { operation: GET / } }] }]\n",
  );
  const { exit, io } = await run("validate");
  expect(exit).toBe(0);
  expect(io.stdout()).toMatch(
    /configuration: follows the schema[\s\S]*warning ape\.config\.yaml:2:\d+: .*refused/,
  );
  await writeFile(join(cwd, "ape.config.yaml"), "version: 2\n");
  const bad = await run("validate");
  expect(bad.exit).toBe(104);
  expect(bad.io.stdout()).toMatch(/error ape\.config\.yaml:1:\d+: version/);
});

const CONFIG =
  "version: 1\ntargets: { a: { baseUrl: http://127.0.0.1:9 } }\ngoals: [{ name: buy, prompt: p, success: [{ action: { operation: GET / } }] }]\n";

test("start says what it lacks before anything begins; a cause is shown where asked for", async () => {
  await writeFile(join(cwd, "ape.config.yaml"), CONFIG);
  const goal = await run("start", "--goal", "by");
  expect(goal.io.stderr()).toMatch(/no goal "by"[\s\S]*Did you mean "buy"/);
  expect(goal.io.stderr()).not.toMatch(/^ {4}at /m);
  expect((await run("start", "--goal", "by", "--verbose")).io.stderr()).toMatch(/^ {4}at /m);
  expect((await run("start", "--duration", "2s", "--sessions", "3")).io.stderr()).toContain("contradict");
  expect((await run("start", "--detach", "--config", "other.yaml")).io.stderr()).toContain(
    "CONFIG_NOT_FOUND",
  );
});

test("the inference proxy serves alone until it is interrupted", async () => {
  await writeFile(join(cwd, "ape.config.yaml"), CONFIG);
  const io = testIo({ cwd });
  const serving = runProgram(["serve", "inference", "--port", "0"], io);
  await expect
    .poll(() => io.stdout(), { timeout: 15_000 })
    .toMatch(/^simulated at http:\/\/127\.0\.0\.1:\d+\/v1\n$/);
  const url = /http\S+/.exec(io.stdout())?.[0];
  const answer = await fetch(`${url}/models`);
  expect(answer.status).toBe(200);
  await answer.text();
  io.interrupt();
  expect(await serving).toBe(0);
  await expect(fetch(`${url}/models`)).rejects.toThrow();
});

test("the demo in a folder that cannot be written", async () => {
  await writeFile(join(cwd, ".ape"), "a file where a folder is wanted");
  const demo = await run("demo");
  expect(demo.exit).toBe(104);
  expect(demo.io.stderr()).toMatch(/^error RUN_DIRECTORY: /);
});
