import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { testIo } from "../../test/test-io.ts";
import { runProgram } from "../program.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));

/** Other forms in which the secret may be in a prompt. */
const DERIVED = [
  Buffer.from("very-secret").toString("base64url"),
  Buffer.from("ada:pass word").toString("base64").replace(/=+$/, ""),
  "pass%20word",
  "pass+word",
];

const config = (more: string): string => `version: 1
targets: { api: { baseUrl: "http://127.0.0.1:1", headers: { X-Key: "\${API_KEY}" }, auth: { basic: { username: ada, password: pass word } } } }
inference: { provider: simulated${more} }
goals: [{ name: look, prompt: Look., success: [{ action: { operation: GET / } }] }]
`;

/** Serves a proxy, makes one call of it whose prompt holds a secret, and ends it. */
async function served(more: string) {
  const cwd = await mkdtemp(join(tmpdir(), "ape-role-"));
  folders.push(cwd);
  await writeFile(join(cwd, "ape.config.yaml"), config(more));
  const io = testIo({ cwd, env: { API_KEY: "very-secret", APE_TOKEN: "run" } });
  const ended = runProgram(["serve", "inference", "--port", "0"], io);
  await vi.waitFor(() => expect(io.stdout()).toMatch(/http\S+/), { timeout: 55_000 });
  const answer = await fetch(`${/http\S+/.exec(io.stdout())?.[0]}/chat/completions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: "Bearer run",
      traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
      "x-ape-session": "s0-7",
      "x-ape-agent": "a0-4",
    },
    body: JSON.stringify({
      model: "simulated",
      messages: [{ role: "user", content: `Whose key is very-secret? ${DERIVED.join(" ")}` }],
    }),
  });
  expect(answer.status).toBe(200);
  await answer.text();
  io.interrupt("SIGTERM");
  expect(await ended).toBe(0);
  const lines = io
    .stderr()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { io, calls: lines.filter(({ inference }) => inference !== undefined) };
}

test("each call is one line of JSON, without its prompt and without secrets", async () => {
  const { io, calls } = await served("");
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({
    level: "info",
    service: "inference",
    trace_id: TRACE,
    session_id: "s0-7",
    agent_id: "a0-4",
    provider: "simulated",
    model: "simulated",
    status: 200,
    attempts: 1,
  });
  expect(calls[0]?.inputTokens).toBeGreaterThan(0);
  expect(calls[0]?.outputTokens).toBeGreaterThan(0);
  expect(io.stderr()).not.toMatch(/Whose key|very-secret/);
});

test("with logPrompts the line holds prompt and answer, secrets masked", async () => {
  const { io, calls } = await served(", logPrompts: true");
  expect(String(calls[0]?.prompt)).toContain("Whose key is ***?");
  expect(calls[0]?.answer).toBeDefined();
  for (const secret of ["very-secret", ...DERIVED]) expect(io.stderr()).not.toContain(secret);
});
