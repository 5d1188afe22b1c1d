import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createHttpServer } from "./http-server.ts";
import { RequestGuard } from "./request-guard.ts";

async function serve(
  options: { exposedHeaders?: readonly string[] } = { exposedHeaders: ["mcp-session-id"] },
) {
  const guard = new RequestGuard({
    token: "t",
    allowedOrigins: ["app.example", "https://other.example:8443"],
    ...options,
  });
  const server = createHttpServer({
    guard: () => guard,
    handle: (request, response) => {
      if (request.url === "/broken") throw new Error("broken");
      response.writeHead(200, { "content-type": "text/plain" }).end("served");
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return (path: string, method: string, headers: Record<string, string>) =>
    fetch(url + path, { method, headers });
}

const ALLOWED = [
  "https://app.example",
  "http://app.example:3000",
  "https://other.example:8443",
  "http://localhost:5173",
];

test.each(ALLOWED)("a page of %s may ask first, call, and read answers and errors", async (origin) => {
  const send = await serve();
  const asked = await send("/mcp", "OPTIONS", {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type,mcp-protocol-version",
  });
  expect(asked.status).toBe(204);
  expect(Object.fromEntries(asked.headers)).toMatchObject({
    "access-control-allow-origin": origin,
    "access-control-allow-headers": "authorization,content-type,mcp-protocol-version",
    vary: "origin",
  });
  expect(asked.headers.get("access-control-allow-methods")).toContain("POST");
  for (const [path, status, token] of [
    ["/mcp", 200, "t"],
    ["/mcp", 401, "wrong"],
    ["/broken", 500, "t"],
  ] as const) {
    const answer = await send(path, "GET", { origin, authorization: `Bearer ${token}` });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    expect(answer.headers.get("access-control-expose-headers")).toBe("mcp-session-id");
  }
});

test.each(["https://evil.example", "https://app.example.evil", "https://other.example", "null", "file://"])(
  "a page of %s gets neither",
  async (origin) => {
    const send = await serve();
    const asked = await send("/mcp", "OPTIONS", { origin, "access-control-request-method": "POST" });
    expect(asked.status).toBe(403);
    expect(asked.headers.get("access-control-allow-origin")).toBeNull();
    expect((await send("/mcp", "GET", { origin, authorization: "Bearer t" })).status).toBe(403);
  },
);

test("programs need no such headers, and servers without pages never send them", async () => {
  const send = await serve();
  expect((await send("/mcp", "GET", { authorization: "Bearer t" })).headers.get("vary")).toBeNull();
  const closed = await serve({});
  const answer = await closed("/mcp", "GET", { origin: "http://localhost:5173", authorization: "Bearer t" });
  expect(answer.headers.get("access-control-allow-origin")).toBeNull();
});
