import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { closeAfterTest, closeRig, openRig, serve } from "./gateway-rig.ts";

/** A folder into which `npm i` has brought what test/peers/package.json names. */
const PEERS = join(process.env.APE_PEERS ?? "", "node_modules");
const NODE = join(PEERS, "node-22/bin/node");
const SUITE = join(PEERS, "@modelcontextprotocol/conformance/dist/index.js");
const INSPECTOR = join(PEERS, "@modelcontextprotocol/inspector/clients/launcher/build/index.js");
const absent = (...files: string[]) => !files.every((file) => existsSync(file));

afterEach(closeRig);

/** Two of the tools that the suite calls, as operations of a target: what the gateway makes of them is what it tests. */
const DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "Fixture", version: "1" },
  paths: {
    "/text": {
      get: { operationId: "simple_text", summary: "A text", responses: { 200: { description: "" } } },
    },
    "/error": {
      get: { operationId: "error_handling", summary: "An error", responses: { 500: { description: "" } } },
    },
  },
};

async function openFixture(fast: boolean) {
  const folder = await mkdtemp(join(tmpdir(), "ape-conformance-"));
  closeAfterTest(() => rm(folder, { recursive: true }));
  const spec = join(folder, "openapi.json");
  await writeFile(spec, JSON.stringify(DOCUMENT));
  const origin = await serve((request, response) => {
    response.writeHead(request.url === "/error" ? 500 : 200, { "content-type": "application/json" });
    response.end('{"said":"This is a simple text response for testing."}');
  });
  const { mcpServer } = await openRig(origin, {
    name: "test",
    fast,
    target: { spec, allow: ["* /**"] },
    settings: { expose: "operations" },
  });
  return mcpServer;
}

function run(script: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(NODE, [script, ...args], { maxBuffer: 1 << 26, timeout: 100_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr }),
    );
  });
}

test.skipIf(absent(NODE, SUITE)).each([
  ["2026-07-28", "both lanes", true],
  ["2026-07-28", "the SDK's lane alone", false],
  ["2025-11-25", "both lanes", true],
] as const)(
  "what MCP %s requires, through %s, passes or stands in the list of absent features",
  { timeout: 120_000 },
  async (revision, _, fast) => {
    const mcpServer = await openFixture(fast);
    const list = new URL(`./gateway-conformance-${revision}.yaml`, import.meta.url).pathname;
    const { code, output } = await run(SUITE, [
      "server",
      "--url",
      mcpServer.url,
      "--requirements",
      revision,
      "--expected-failures",
      list,
    ]);
    expect(code, output.slice(-3000)).toBe(0);
    // The fast lane serves the newest revision only.
    if (fast && revision === "2026-07-28") expect(mcpServer.lanes.fast).toBeGreaterThan(0);
    else expect(mcpServer.lanes.fast).toBe(0);
    expect(mcpServer.lanes.sdk).toBeGreaterThan(0);
  },
);

test.skipIf(absent(NODE, INSPECTOR))(
  "the MCP Inspector lists and calls tools",
  { timeout: 120_000 },
  async () => {
    const mcpServer = await openFixture(true);
    const inspect = (...args: string[]) =>
      run(INSPECTOR, ["--cli", mcpServer.url, "--transport", "http", ...args]);
    const listed = await inspect("--method", "tools/list");
    expect(listed.output).toContain("test_simple_text");
    const called = await inspect("--method", "tools/call", "--tool-name", "test_simple_text");
    expect(called.output).toContain("This is a simple text response for testing.");
    expect(called.output).toContain('"status": 200');
  },
);
