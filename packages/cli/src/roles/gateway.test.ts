import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMcpTransport } from "@ape/agent/transports/mcp-http";
import { afterEach, expect, test, vi } from "vitest";
import { testIo } from "../../test/test-io.ts";
import { runProgram } from "../program.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function target(says: string): Promise<string> {
  const server = createServer((_request, response) => response.end(says)).listen(0, "127.0.0.1");
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise((resolve) => server.once("listening", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const configTo = (baseUrl: string): string => `version: 1
targets:
  api: { baseUrl: "${baseUrl}", headers: { X-Key: "\${API_KEY}" } }
inference: { provider: simulated }
goals: [{ name: look, prompt: Look., success: [{ action: { operation: GET / } }] }]
`;

// The first tests load every module of the role: on a busy machine that takes most of their time.
const LOADING = { timeout: 60_000 };

test("generated, served, reloaded, wrong once, drained", LOADING, async () => {
  const cwd = await mkdtemp(join(tmpdir(), "ape-role-"));
  closing.push(() => rm(cwd, { recursive: true }));
  const env = { API_KEY: "very-secret", APE_TOKEN: "run", APE_RUN: "r9" };
  await writeFile(join(cwd, "ape.config.yaml"), configTo(await target("one")));
  expect(await runProgram(["generate", "gateway"], testIo({ cwd, env }))).toBe(0);

  const io = testIo({ cwd, env });
  const ended = runProgram(
    ["serve", "gateway", "--gateway-config", "ape.mcp-gateway.json", "--port", "0"],
    io,
  );
  await vi.waitFor(() => expect(io.stdout()).toContain("/mcp"), LOADING);
  const transport = createMcpTransport({ url: /http\S+/.exec(io.stdout())?.[0] ?? "", token: "run" });
  closing.push(() => transport.close());
  const says = async (): Promise<unknown> =>
    (await transport.call({ target: "api", method: "GET", path: "/" })).body;
  expect(await says()).toMatchObject({ text: "one" });

  const page = await fetch((/http\S+/.exec(io.stdout())?.[0] ?? "").replace("/mcp", "/metrics"), {
    headers: { authorization: "Bearer run" },
  });
  const figures = await page.text();
  expect(figures).toMatch(/^ape_process_resident_bytes\{run="r9",part="gateway"\} [1-9]/m);
  expect(figures).toMatch(/^ape_target_seconds_count\{run="r9",target="api",operation="[^"]+"\} 1$/m);

  const file = join(cwd, "ape.mcp-gateway.json");
  await writeFile(file, '{"version": 1, "targets": {}}');
  io.interrupt("SIGHUP");
  await vi.waitFor(() => expect(io.stderr()).toContain("not reloaded"), LOADING);
  expect(io.stderr()).toContain("at least one target");
  expect(await says()).toMatchObject({ text: "one" });

  await writeFile(file, JSON.stringify({ version: 1, targets: { api: { baseUrl: await target("two") } } }));
  await vi.waitFor(() => expect(io.stdout()).toContain("reloaded"), LOADING);
  expect(await says()).toMatchObject({ text: "two" });

  io.interrupt("SIGTERM");
  expect(await ended).toBe(0);
  expect(io.stderr()).toContain('"lane":"fast"');
  expect(io.stderr() + io.stdout()).not.toContain("very-secret");
});

test("what the page of a form showed reaches the gateway over MCP", LOADING, async () => {
  const cwd = await mkdtemp(join(tmpdir(), "ape-role-"));
  closing.push(() => rm(cwd, { recursive: true }));
  const page =
    "<!doctype html><title>Hi</title><a href=/account>Account</a><form method=post action=/a><input name=nick value=bea></form>";
  const server = createServer((_request, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end(page),
  ).listen(0, "127.0.0.1");
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await writeFile(
    join(cwd, "ape.config.yaml"),
    configTo(`http://127.0.0.1:${port}`).replace("{ baseUrl", "{ kind: web, baseUrl"),
  );
  const io = testIo({ cwd, env: { API_KEY: "very-secret" } });
  const ended = runProgram(["serve", "gateway", "--port", "0"], io);
  await vi.waitFor(() => expect(io.stdout()).toContain("/mcp"), LOADING);
  const transport = createMcpTransport({ url: /http\S+/.exec(io.stdout())?.[0] ?? "" });
  closing.push(() => transport.close());
  const send = async (edits: boolean) =>
    await transport.call({
      target: "api",
      method: "POST",
      path: "/a",
      data: { nick: "bea" },
      origin: {
        path: "/a",
        signsIn: false,
        hasPassword: false,
        logsOut: false,
        signIns: [],
        edits,
        alerts: [],
        text: "",
      },
    });
  expect((await send(false)).error).toMatchObject({ code: "failure", reading: "unproven" });
  expect((await send(true)).error).toBeUndefined();
  io.interrupt("SIGTERM");
  expect(await ended).toBe(0);
});

test.each([
  ["text that is no YAML", async (file: string) => writeFile(file, "targets: [}")],
  ["an unknown key", async (file: string) => writeFile(file, "version: 1\nnonsense: true\n")],
  [
    "a variable that is not set",
    async (file: string, good: string) => writeFile(file, good.replace("API_KEY", "NOBODY")),
  ],
  [
    "a document that is not there",
    async (file: string, good: string) =>
      writeFile(file, good.replace("headers", "spec: ./gone.yaml, headers")),
  ],
  ["no file at all", async (file: string) => rm(file)],
])(
  "a reload that meets %s fails, is told and counted, and the old configuration continues serving",
  async (_, spoil) => {
    const cwd = await mkdtemp(join(tmpdir(), "ape-role-"));
    closing.push(() => rm(cwd, { recursive: true }));
    const good = configTo(await target("one"));
    const file = join(cwd, "ape.config.yaml");
    await writeFile(file, good);
    const io = testIo({ cwd, env: { API_KEY: "very-secret" } });
    const ended = runProgram(["serve", "gateway", "--port", "0"], io);
    await vi.waitFor(() => expect(io.stdout()).toContain("/mcp"), LOADING);
    const url = /http\S+/.exec(io.stdout())?.[0] ?? "";
    const transport = createMcpTransport({ url });
    closing.push(() => transport.close());
    const says = async (): Promise<unknown> =>
      (await transport.call({ target: "api", method: "GET", path: "/" })).body;
    const counted = async (): Promise<string[]> =>
      (await (await fetch(url.replace("/mcp", "/metrics"))).text()).match(
        /^ape_gateway_reloads_total.*$/gm,
      ) ?? [];
    expect(await says()).toMatchObject({ text: "one" });

    await spoil(file, good);
    io.interrupt("SIGHUP");
    await vi.waitFor(() => expect(io.stderr()).toContain("not reloaded"), { timeout: 5_000 });
    const line =
      io
        .stderr()
        .split("\n")
        .find((one) => one.includes("not reloaded")) ?? "";
    expect(JSON.parse(line)).toMatchObject({ level: "error", service: "gateway", file, serving: ["api"] });
    expect(await says()).toMatchObject({ text: "one" });
    expect((await fetch(url.replace("/mcp", "/readyz"))).status).toBe(200);
    expect(io.stdout()).not.toContain("reloaded");
    const failed = Number(/outcome="failed"\} (\d+)/.exec((await counted()).join("\n"))?.[1]);
    expect(failed).toBeGreaterThan(0);

    await writeFile(file, configTo(await target("two")));
    io.interrupt("SIGHUP");
    await vi.waitFor(() => expect(io.stdout()).toContain("reloaded"), { timeout: 5_000 });
    expect(await says()).toMatchObject({ text: "two" });
    expect((await counted()).join("\n")).toMatch(/outcome="done"\} [1-9]/);
    io.interrupt("SIGTERM");
    expect(await ended).toBe(0);
    expect(io.stderr()).not.toContain("very-secret");
  },
);
