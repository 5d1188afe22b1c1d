import { createServer } from "node:http";
import { gatewaySettings } from "@ape/core/config/gateway";
import { target } from "@ape/core/config/target";
import { closeServer, listen } from "@ape/http/server/http-server";
import { sendMalformedRequests } from "@ape/http/server/malformed-requests.testing";
import { afterEach, expect, test } from "vitest";
import { createGateway } from "../gateway.ts";
import { type Door, openDoor } from "./door.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(token: string): Promise<Door> {
  const api = createServer((_request, response) => response.end("{}"));
  closing.push(() => closeServer(api));
  const baseUrl = await listen(api, { host: "127.0.0.1", port: 0, hint: "" });
  const gateway = await createGateway({
    targets: { api: target.parse({ baseUrl, allow: ["* /**"] }) },
    clock: {
      now: () => performance.now(),
      epoch: () => Date.now(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    },
    baseDir: import.meta.dirname,
  });
  const settings = gatewaySettings.parse({ drain: "1s" });
  const door = await openDoor({
    gateway,
    targets: ["api"],
    settings,
    secrets: [],
    version: "0",
    port: 0,
    token,
  });
  closing.push(() => door.close());
  return door;
}

test("10,000 malformed requests leave a gateway that answers", { timeout: 60_000 }, async () => {
  const { url } = await open("t");
  const { port } = new URL(url);
  const paths = ["/mcp", "/mcp", "/metrics", "/apis", "/healthz", "/readyz"];
  const { uncaught, sent, statuses } = await sendMalformedRequests(
    { port: Number(port), paths, token: "t", seed: 4 },
    10_000,
  );
  expect(uncaught).toEqual([]);
  expect(sent).toBeGreaterThanOrEqual(10_000);
  for (const status of ["400", "401", "403", "404", "415"])
    expect(statuses[status], status).toBeGreaterThan(10);
  expect(statuses["500"]).toBeUndefined();
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      authorization: "Bearer t",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} }),
  });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain("http_get");
});
