import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { testIo } from "../../test/test-io.ts";
import { firstSession } from "./first-session.ts";

let server: Server;
let base = "";
let status = 201;
beforeAll(async () => {
  server = createServer((_request, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end('{"id":"n1"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

let folder = "";
beforeEach(async () => {
  status = 201;
  folder = await mkdtemp(join(tmpdir(), "ape-first-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const post = (summary: string) => ({ post: { summary, responses: { 201: { description: "made" } } } });
const SPEC = {
  openapi: "3.1.0",
  info: { title: "t", version: "1" },
  paths: { "/notes": post("Write a note"), "/letters": post("Send a letter") },
};

/** What one session of a project with this goal shows. */
async function session(goal: string, ...checks: string[]) {
  const config = {
    version: 1,
    targets: { app: { baseUrl: base, spec: "./openapi.json", allow: ["POST /**"] } },
    inference: { provider: "simulated" },
    goals: [
      {
        name: "g",
        prompt: goal,
        success: checks.map((operation) => ({ action: { operation } })),
        budget: { steps: 6, time: "20s", tokens: "auto" },
      },
    ],
    load: { agents: 1, duration: "10s", thinkTime: "none" },
  };
  await writeFile(join(folder, "openapi.json"), JSON.stringify(SPEC));
  await writeFile(join(folder, "ape.config.yaml"), JSON.stringify(config));
  return firstSession(testIo({ cwd: folder }), folder);
}

test("a session that reached its goal names what is proven, and what is not", async () => {
  expect(await session("Write a note.", "POST /notes")).toEqual({
    reached: true,
    line: 'one session reached the goal "g"; proven: "Write a note"',
  });
  expect(await session("Write a note, send a letter.", "POST /notes")).toEqual({
    reached: true,
    line: 'one session reached the goal "g"; proven: "Write a note"; not proven: "send a letter" (a check of POST /letters, its last change, may prove it)',
  });
});

test("a session that did not reach it says why", async () => {
  status = 403;
  const { reached, line } = await session("Write a note.", "POST /notes");
  expect(reached).toBe(false);
  expect(line).toMatch(/^one session did not reach the goal "g": \S/);
  expect(line).not.toContain("may prove it");
});

test("a project that cannot be read has no session", async () => {
  await writeFile(join(folder, "ape.config.yaml"), "version: 2\n");
  expect(await firstSession(testIo({ cwd: folder }), folder)).toEqual({
    reached: false,
    line: expect.stringMatching(/^no session could be run: ape\.config\.yaml has/),
  });
});
