import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Summary } from "@ape/core/report/summary";
import { afterEach, expect, test } from "vitest";

const BIN = new URL("../../packages/cli/bin/ape-test.mjs", import.meta.url).pathname;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "ape-limited-"));
  closing.push(() => rmSync(made, { recursive: true }));
  return made;
}

/** Runs the built command in a shell that has set limits first. */
function ape(
  limits: string,
  cwd: string,
  args: readonly string[],
): Promise<{ exit: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const given = ["-c", `${limits}; exec "$0" "$@"`, process.execPath, BIN, ...args];
    execFile("bash", given, { cwd, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      resolve({ exit: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

/** Every file and folder below, with its mode. */
function modesBelow(directory: string): [path: string, mode: number, isFolder: boolean][] {
  return readdirSync(directory, { withFileTypes: true, recursive: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path, statSync(path).mode & 0o777, entry.isDirectory()];
  });
}

test("400 agents with 256 file descriptors: a warning, and failures that are the infrastructure's", {
  timeout: 60_000,
}, async () => {
  const server = createServer((_request, response) => {
    setTimeout(() => response.writeHead(200, { "content-type": "application/json" }).end("{}"), 200);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  const cwd = folder();
  writeFileSync(
    join(cwd, "openapi.json"),
    JSON.stringify({
      openapi: "3.0.0",
      info: { title: "t", version: "1" },
      paths: { "/a": { get: { summary: "Read a", responses: { 200: { description: "ok" } } } } },
    }),
  );
  writeFileSync(
    join(cwd, "ape.config.yaml"),
    `version: 1
targets: { api: { baseUrl: "http://127.0.0.1:${(server.address() as AddressInfo).port}", spec: ./openapi.json, connections: 1000 } }
inference: { provider: simulated }
goals: [{ name: g, prompt: Read a., success: [{ action: { operation: "GET /a" } }] }]
load: { agents: 400, duration: 2s, workers: 1, thinkTime: { constant: 0s } }
`,
  );
  const { exit, stdout, stderr } = await ape("umask 022; ulimit -n 256", cwd, [
    "start",
    "--no-thresholds",
    "--json",
    "--out",
    "csv=samples.csv",
  ]);
  expect((statSync(join(cwd, "samples.csv")).mode & 0o777).toString(8)).toBe("600");
  expect(exit, stderr).toBe(0);
  expect(stderr).toContain("may need 464 open files and may have 256");
  expect(stderr).not.toMatch(/EMFILE|uncaught|Node\.js v/i);
  const { sessions, attribution, run } = JSON.parse(stdout) as Summary;
  expect(run.status).toBe("finished");
  // How many depends on the machine.
  expect(attribution.infrastructure).toBeGreaterThan(0);
  expect(attribution.target).toBe(0);
  expect(sessions.succeeded).toBeGreaterThan(0);
  const doctor = await ape("ulimit -n 256", cwd, ["doctor"]);
  expect(doctor.stdout).toContain("a process may need 464 and may have 256");
});

test("what a run writes can be read by its user alone", { timeout: 60_000 }, async () => {
  const cwd = folder();
  const args = ["demo", "--sessions", "2", "--agents", "2", "--seed", "1"];
  const { exit, stderr } = await ape("umask 022", cwd, args);
  expect(exit, stderr).toBe(0);
  const written = modesBelow(join(cwd, ".ape"));
  const names = written.map(([path]) => path);
  for (const name of ["run.json", "summary.json", "junit.xml", "accounts.csv"])
    expect(
      names.some((path) => path.endsWith(name)),
      name,
    ).toBe(true);
  expect(names.some((path) => path.endsWith(".seg"))).toBe(true);
  // What the shop of the demo writes is its own.
  for (const [path, mode, isFolder] of written.filter(([path]) => !path.includes("shop-books")))
    expect(mode.toString(8), path).toBe(isFolder ? "700" : "600");
});
