import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TargetAnswer } from "@ape/setup/answers/answers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setupEnvironmentOf } from "./setup-environment.ts";

let folder = "";
let server: Server;
let base = "";
const asked: string[] = [];

const SPEC = JSON.stringify({
  openapi: "3.1.0",
  info: { title: "t", version: "1" },
  paths: { "/orders": { get: { summary: "List the orders", responses: { 200: { description: "x" } } } } },
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? "";
  asked.push(path);
  const redirect = /^\/hop(\d+)$/.exec(path)?.[1];
  if (redirect !== undefined)
    response.writeHead(302, { location: redirect === "0" ? "/end" : `/hop${Number(redirect) - 1}` }).end();
  else if (path === "/away") response.writeHead(302, { location: "http://127.0.0.1:1/x" }).end();
  else if (path === "/round") response.writeHead(302, { location: "/round" }).end("here");
  else if (path === "/nowhere") response.writeHead(302).end("none");
  else if (path === "/locked") response.writeHead(401, { "www-authenticate": ["Basic", "Bearer"] }).end("no");
  else if (path === "/latin")
    response.writeHead(200, { "content-type": "text/plain" }).end(Buffer.from("ok", "utf16le"));
  else if (path === "/large")
    response.writeHead(200, { "content-length": String(10 * 1024 * 1024 + 1) }).end();
  else if (path === "/")
    response.writeHead(200, { "content-type": "text/html" }).end('<a href="/cart">Cart</a>');
  else response.writeHead(200, { "content-type": "text/plain" }).end(`at ${path}`);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-setup-environment-"));
  await mkdir(join(folder, "inner"));
  await writeFile(join(folder, "openapi.json"), SPEC);
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const environment = (directory = folder) => setupEnvironmentOf({ env: {}, cwd: folder }, directory);
const read = (path: string) => environment().read(`${base}${path}`);

test("an address is read with its status, its type and its text", async () => {
  expect(await read("/a?b=1")).toEqual({ status: 200, type: "text/plain", text: "at /a?b=1" });
  expect(await environment().read("http://127.0.0.1:1/")).toBeUndefined();
});

test("redirects are followed within the origin, five at most", async () => {
  expect(await read("/hop4")).toMatchObject({ status: 200, text: "at /end" });
  expect(await read("/hop5")).toMatchObject({ status: 302 });
  expect(await read("/away")).toMatchObject({ status: 302 });
  expect(await read("/round")).toMatchObject({ status: 302, text: "here" });
  expect(await read("/nowhere")).toMatchObject({ status: 302, text: "none" });
});

test("a 401 says which credentials it asks for", async () => {
  expect(await read("/locked")).toEqual({ status: 401, type: "", text: "no", challenge: "Basic, Bearer" });
  expect(await read("/a")).not.toHaveProperty("challenge");
});

test("what is too large is not read", async () => {
  expect(await read("/large")).toBeUndefined();
});

test("loopback and private addresses need no word, others do", () => {
  const { isPublic } = environment();
  expect(
    [
      "http://127.0.0.1:1",
      "http://localhost",
      "http://10.0.0.1",
      "http://192.168.1.1",
      "http://example.com",
      "http://8.8.8.8",
    ].map(isPublic),
  ).toEqual([false, false, false, false, true, true]);
});

test("services are those of a Compose file of the project, else of where the command is given", async () => {
  const file = (port: number) => `services:\n  web:\n    image: x\n    ports: ["${port}:80"]\n`;
  expect(await environment(join(folder, "inner")).services()).toBeUndefined();
  await writeFile(join(folder, "compose.yaml"), file(8081));
  const found = await environment(join(folder, "inner")).services();
  expect([found?.file, found?.services.map(({ name }) => name)]).toEqual(["compose.yaml", ["web"]]);
  await writeFile(join(folder, "inner", "docker-compose.yml"), file(8082));
  expect((await environment(join(folder, "inner")).services())?.file).toBe("docker-compose.yml");
  expect((await environment().services())?.file).toBe("compose.yaml");
});

const target = (more: Partial<TargetAnswer> = {}): TargetAnswer => ({
  name: "app",
  kind: "rest",
  baseUrl: base,
  auth: "none",
  authorized: false,
  ...more,
});

test("a target is looked at: whether it answers, and what it offers", async () => {
  const bare = await environment().look(target());
  expect(bare.reachable).toBe(true);
  expect(bare).not.toHaveProperty("problem");
  const known = await environment().look(target({ spec: "./openapi.json" }));
  expect(known.api?.operations.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /orders"]);
  const allowed = await environment().look(target({ allow: ["POST /orders"] }));
  expect(allowed.api?.operations.map(({ method, path }) => `${method} ${path}`)).toContain("POST /orders");
});

test("a target that does not answer is told in a word, a document that cannot be read with its problem", async () => {
  expect(await environment().look(target({ baseUrl: "http://127.0.0.1:1" }))).toEqual({
    reachable: "connection refused",
  });
  const lacking = await environment().look(target({ spec: "./missing.json" }));
  expect(lacking).toMatchObject({ reachable: true, problem: expect.stringContaining("missing.json") });
});

test("a web application is described by its first pages", async () => {
  const { api, reachable } = await environment().look(target({ kind: "web" }));
  expect(reachable).toBe(true);
  expect(JSON.stringify(api?.operations)).toContain("Cart");
});
