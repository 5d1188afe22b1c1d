import { existsSync } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestFolder } from "../../test/run-directory.ts";

let folder: TestFolder;
beforeEach(async () => {
  folder = await TestFolder.create();
});
afterEach(() => folder.remove());

const read = (name: string): Promise<string> => readFile(join(folder.path, name), "utf8");
const ANSWERS =
  "--target http://127.0.0.1:9 --kind rest --spec none --auth none --data none --provider simulated --ci none";

test("a project of flags alone says what it wrote, what it is for, and what comes next", async () => {
  const { exit, io } = await folder.run(
    `init p --yes ${ANSWERS} --goal Buy-a-lamp --agents 3 --duration 45 --runtime embedded`,
  );
  expect([exit, io.stderr()]).toEqual([0, expect.any(String)]);
  expect(io.stdout()).toContain("✓ ape.config.yaml\n");
  expect(io.stdout()).toContain("3 agents will use http://127.0.0.1:9: ");
  expect(io.stdout()).toMatch(
    /\nNext:\n {2}cd p\n {2}npm install\n {2}npx ape-test validate\n {2}npx ape-test start\n$/,
  );
  const config = await read("p/ape.config.yaml");
  expect(config).toContain("agents: 3");
  expect(config).toContain("duration: 45s");
  expect(config).toContain("http://127.0.0.1:9");
  expect(existsSync(join(folder.path, "p/.git"))).toBe(false);
});

test("files that are there are kept, unless they may be written over", async () => {
  await folder.write("ape.config.yaml", "mine\n");
  const kept = await folder.run(`init --yes ${ANSWERS} --goal Buy-a-lamp`);
  expect(kept.exit).not.toBe(0);
  expect(await read("ape.config.yaml")).toBe("mine\n");
  const { exit, io } = await folder.run(`init --yes ${ANSWERS} --goal Buy-a-lamp --overwrite`);
  expect(exit).toBe(0);
  expect(io.stdout()).toContain("✓ ape.config.yaml (written over)\n");
  expect(io.stdout()).not.toContain("  cd ");
  expect(await read("ape.config.yaml")).toContain("http://127.0.0.1:9");
  const again = await folder.run(`init --yes ${ANSWERS} --goal Buy-a-lamp --overwrite`);
  expect(again.io.stdout()).toContain("  ape.config.yaml (as it was)\n");
});

test("what an import leaves out is said", async () => {
  const script = `import http from "k6/http";
import { sleep } from "k6";
export const options = { scenarios: { odd: { executor: "constant-arrival-rate", rate: 5, duration: "10s" } } };
export default function () { http.get("http://127.0.0.1:9/things"); http.get(somewhere()); sleep(1); }
`;
  await folder.write("t.js", script);
  const { exit, io } = await folder.run(`init p --yes ${ANSWERS} --k6 t.js`);
  expect(exit).toBe(0);
  const left = io
    .stderr()
    .split("\n")
    .filter((line) => line.startsWith("left out: "));
  expect(left.length).toBeGreaterThan(0);
  expect(left.every((line) => line.length > "left out: ".length)).toBe(true);
  expect(
    io
      .stderr()
      .split("\n")
      .every((line) => line === "" || /^(?:left out|warning): \S/.test(line)),
  ).toBe(true);
});

test("a folder becomes a repository where that is wanted, once", async () => {
  await folder.run(`init p --yes ${ANSWERS} --goal Buy-a-lamp --git`);
  expect(existsSync(join(folder.path, "p/.git"))).toBe(true);
  await mkdir(join(folder.path, "p", "inner"));
  await folder.run(`init p/inner --yes ${ANSWERS} --goal Buy-a-lamp --git`);
  expect(existsSync(join(folder.path, "p/inner/.git"))).toBe(false);
});

test("a program that fails is a warning", async () => {
  const { exit, io } = await folder.run(`init p --yes ${ANSWERS} --goal Buy-a-lamp --install`, {
    env: { PATH: "/nowhere" },
  });
  expect(exit).toBe(0);
  expect(io.stderr()).toContain("warning: `npm install --no-audit --no-fund --loglevel=error` failed: ");
  expect(io.stdout()).toContain("  npm install\n");
});

test("examples are listed, and a project can begin as one of them, with its own target", async () => {
  const { io } = await folder.run("init --list-templates");
  const names = Array.from(io.stdout().matchAll(/^(\S+) {2,}\S/gm), ([, name = ""]) => name);
  expect(names.length).toBeGreaterThan(1);
  const [name = ""] = names;
  const made = await folder.run(
    `init p --template ${name} --target http://127.0.0.1:7777 --agents 7 --duration 90s`,
  );
  expect(made.exit).toBe(0);
  const config = await read("p/ape.config.yaml");
  expect(config).toContain("http://127.0.0.1:7777");
  expect(config).toContain("agents: 7");
  expect(config).toMatch(/duration: (?:90s|1m30s)/);
  expect(await readdir(join(folder.path, "p"))).not.toContain(".github");
  const plain = await folder.run(`init q --template ${name} --ci github`);
  expect(plain.exit).toBe(0);
  expect(await read("q/ape.config.yaml")).not.toContain("7777");
  expect(await readdir(join(folder.path, "q"))).toContain(".github");
});

test.each([
  ["init", "there is no terminal to ask questions in"],
  ["init --template shop --goal x --auth none", "--template answers --auth, --goal itself"],
  ["init --template nothing", "nothing"],
  ["init --yes --duration soon", "a duration such as 30s, 2m or 1h is expected."],
  ["init --yes --duration 0", "a duration such as 30s, 2m or 1h is expected."],
  ["init --yes --agents 0", "at least 1"],
  ["init --yes --port 65536", "at most 65535"],
  ["init --yes --kind soap", "Allowed choices are"],
])("%s is refused: %s", async (line, message) => {
  const { exit, io } = await folder.run(line);
  expect(exit).toBe(104);
  expect(io.stderr()).toContain(message);
  expect(await readdir(folder.path)).toEqual([]);
});
