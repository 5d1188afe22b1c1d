import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { EXIT } from "@ape/core/lib/errors";
import { loadProject } from "@ape/engine/project/project";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestFolder } from "../test/run-directory.ts";
import { type TestIo, testIo } from "../test/test-io.ts";
import { showDryRun } from "./dry-run-output.ts";

let folder: TestFolder;
let server: Server;
let asked: string[];
let onRequest: () => void;

beforeEach(async () => {
  folder = await TestFolder.create();
  asked = [];
  onRequest = () => undefined;
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    onRequest();
    response.writeHead(200, { "content-type": "application/json" }).end("[]");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await folder.remove();
});

/** Shows a session that is to list things, and must have called `operation`. */
async function shown(
  operation: string,
  options: { json?: boolean; more?: string; io?: TestIo } = {},
): Promise<{ how: string; io: TestIo }> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await folder.write(
    "openapi.yaml",
    `openapi: 3.1.0
info: { title: Things, version: "1" }
paths:
  /things: { get: { summary: List things, responses: { "200": { description: Things } } } }
  /others: { get: { summary: List others, responses: { "200": { description: Others } } } }
`,
  );
  await folder.write(
    "ape.config.yaml",
    `version: 1
seed: 1
targets: { app: { baseUrl: "${url}", spec: openapi.yaml } }
goals:
  - name: look
    prompt: List the things.
    success: [{ action: { operation: "${operation}" } }]
    budget: { steps: 2, time: 10s, tokens: auto }
inference: { provider: simulated }
load: { agents: 1, duration: 1s, thinkTime: { constant: 1ms } }
${options.more ?? ""}`,
  );
  const io = options.io ?? testIo({ cwd: folder.path });
  const project = await loadProject({ cwd: folder.path, environment: {} });
  return { how: await showDryRun(project, io, options.json ?? false), io };
}

test("a goal that is reached ends well, and its steps are shown", async () => {
  const { how, io } = await shown("GET /things");
  expect(how).toBe("ok");
  expect(asked).toContain("GET /things");
  expect(io.stdout()).toContain("GET /things");
  expect(io.stderr()).toBe("dry run: one session against the real targets; nothing is kept\n");
});

test("a goal that is not reached ends with the thresholds' exit", async () => {
  expect((await shown("GET /others")).how).toBe("thresholds");
});

test("with JSON each event is a line, and nothing else is said", async () => {
  const { io } = await shown("GET /things", { json: true });
  const types = io
    .stdout()
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { type: string }).type);
  expect(types[0]).toBe("session_started");
  expect(types).toContain("step");
  expect(types.at(-1)).toBe("session_ended");
  expect(io.stderr()).toBe("");
});

test.each(["setup", "teardown"])("requests of %s are left out, which is said", async (name) => {
  const { io } = await shown("GET /things", {
    more: `${name}: [{ operation: GET /prepared }]\n`,
  });
  expect(io.stderr()).toContain("the requests of setup and teardown are left out\n");
  expect(asked).not.toContain("GET /prepared");
});

test("one interrupt cuts it off, a second one leaves at once", async () => {
  const io = testIo({ cwd: folder.path });
  onRequest = () => {
    io.interrupt();
    expect(io.left).toEqual([]);
    io.interrupt();
  };
  const { how } = await shown("GET /others", { io });
  expect(how).toBe("interrupted");
  expect(io.left).toEqual([EXIT.interrupted]);
  // It no longer listens.
  io.interrupt();
  expect(io.left).toHaveLength(1);
});
