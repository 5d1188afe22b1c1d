import { ApeError } from "@ape/core/lib/errors";
import { sendMalformedRequests } from "@ape/http/test/malformed-requests";
import { afterEach, expect, test } from "vitest";
import { PageServer, type PageSource } from "./page-server.ts";

const servers: PageServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function open(more: Partial<PageSource> = {}) {
  const did: string[] = [];
  const server = await PageServer.open(
    { script: "run()", style: "body{}" },
    {
      folder: async () => ({ runs: [] }),
      run: async (id) => {
        if (id === "lost") throw new ApeError("RUN_NOT_FOUND", "there is no such run");
        return { id };
      },
      scale: (agents) => void did.push(`scale ${agents}`),
      stop: (force) => void did.push(`stop ${force}`),
      ...more,
    },
  );
  servers.push(server);
  const { origin, port, hash } = new URL(server.url);
  const token = new URLSearchParams(hash.slice(1)).get("token") ?? "";
  const call = (path: string, method = "GET", headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${origin}${path}`, { method, headers: { authorization: `Bearer ${token}`, ...headers } });
  return { did, origin, port: Number(port), token, call };
}

test("the page itself is public, allows only its own script and style, and cannot be framed", async () => {
  const { origin } = await open();
  const response = await fetch(origin);
  expect(response.status).toBe(200);
  const policy = response.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src 'sha256-[\w+/=]+'/);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*/);
  expect(await response.text()).toContain("<script>run()</script>");
});

test("data and commands need the token, and pages of other sites get nothing", async () => {
  const { did, origin, call } = await open();
  for (const path of ["/api/folder", "/api/runs/x", "/api/events", "/nothing"])
    expect((await fetch(`${origin}${path}`)).status).toBe(401);
  expect((await fetch(`${origin}/api/stop`, { method: "POST" })).status).toBe(401);
  expect((await call("/api/stop", "POST", { origin: "https://evil.example" })).status).toBe(403);
  expect(did).toEqual([]);
});

test("commands reach the run; malformed ones and other methods do nothing", async () => {
  const { did, call } = await open();
  for (const path of ["/api/scale", "/api/scale?agents=-1", "/api/scale?agents=1e3"])
    expect((await call(path, "POST")).status).toBe(400);
  expect((await call("/api/scale?agents=3")).status).toBe(405);
  expect((await call("/api/folder", "POST")).status).toBe(405);
  expect(did).toEqual([]);
  await call("/api/scale?agents=3", "POST");
  await call("/api/stop?force=false", "POST");
  await call("/api/stop?force=true", "POST");
  expect(did).toEqual(["scale 3", "stop false", "stop true"]);
});

test("what is not there is a 404 with a reason", async () => {
  const { call } = await open();
  expect(await (await call("/api/runs/known")).json()).toEqual({ id: "known" });
  const lost = await call("/api/runs/lost");
  expect([lost.status, await lost.json()]).toEqual([404, { error: "there is no such run" }]);
  for (const path of ["/api/runs/..%2f..", "/api/compare?a=1&b=2", "/api/events", "/index.html"])
    expect((await call(path)).status).toBe(404);
});

test("10,000 malformed requests leave the server serving", { timeout: 180_000 }, async () => {
  const { call, port, token } = await open();
  const paths = ["/", "/api/folder", "/api/runs/x", "/api/scale", "/api/stop"];
  const { uncaught, sent, statuses } = await sendMalformedRequests({ port, paths, token, seed: 4 }, 10_000);
  expect(uncaught).toEqual([]);
  expect(sent).toBeGreaterThanOrEqual(10_000);
  expect(statuses["500"]).toBeUndefined();
  expect((await call("/api/folder")).status).toBe(200);
});
