import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { OwnTimers } from "@ape/core/test/own-timers";
import { afterEach, expect, test, vi } from "vitest";
import { jsonResult } from "../../test/json-result.ts";
import { createMcpTransport } from "./mcp-http.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A gateway that answers every call; its port is closed until `open`. */
async function gateway() {
  const server = createServer((incoming, outgoing) => {
    incoming.resume();
    const result = { result: { structuredContent: jsonResult({ id: 1 }) } };
    incoming.on("end", () => outgoing.end(incoming.method === "POST" ? JSON.stringify(result) : "ok"));
  });
  const listen = (port: number) => new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  const transport = createMcpTransport({ url: `http://127.0.0.1:${port}/mcp` });
  closing.push(async () => {
    await transport.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return { transport, open: () => listen(port) };
}

const call = { target: "shop", method: "GET", path: "/products" } as const;

/** Resolves when a call has found no gateway and begins to wait for one, by the timer that it sets for that. */
async function isHeld(timers: OwnTimers): Promise<void> {
  await vi.waitFor(() => expect(timers.delays).toContain(50), { timeout: 20_000 });
}

test("time in which no gateway accepts a call is not counted as the call's duration", async () => {
  const { transport, open } = await gateway();
  const timers = new OwnTimers();
  closing.push(async () => timers.restore());
  const held = isHeld(timers);
  const waiting = [transport.call({ ...call }), transport.call({ ...call })];
  await held;
  await open();
  for (const result of await Promise.all(waiting)) {
    expect(result.status).toBe(200);
    expect(result.heldMs).toBeGreaterThan(0);
  }
  expect(await transport.call({ ...call })).not.toHaveProperty("heldMs");
});

test("a call that is cancelled while it waits for a gateway ends as cancelled", async () => {
  const { transport } = await gateway();
  const end = new AbortController();
  const timers = new OwnTimers();
  closing.push(async () => timers.restore());
  const held = isHeld(timers);
  const waiting = transport.call({ ...call }, end.signal);
  await held;
  end.abort();
  expect((await waiting).error?.code).toBe("cancelled");
});
