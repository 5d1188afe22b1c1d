import type { LookupAddress } from "node:dns";
import { targetSchema } from "@ape/core/config/target";
import { isLoopback, isPrivate } from "@ape/http/address";
import { afterEach, expect, test } from "vitest";
import { Rig } from "../test/rig.ts";
import { lookupFor, requireAuthorized } from "./authorization.ts";
import { createGateway } from "./gateway.ts";

const rig = new Rig();
afterEach(() => rig.close());

const found = (...addresses: string[]): LookupAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
const clock = {
  now: () => performance.now(),
  epoch: () => Date.now(),
  sleep: () => Promise.resolve(),
};

test.each([
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["0.0.0.0", true],
  ["[::]", true],
  ["[::1]", true],
  ["[::ffff:127.0.0.1]", true],
  ["[::ffff:7f00:1]", true],
  ["10.1.2.3", true],
  ["172.16.0.1", true],
  ["172.32.0.1", false],
  ["192.168.1.1", true],
  ["169.254.169.254", false],
  ["100.64.0.1", true],
  ["100.128.0.1", false],
  ["198.18.0.1", true],
  ["[::ffff:10.0.0.1]", true],
  ["[::ffff:8.8.8.8]", false],
  ["[fd00::1]", true],
  ["[fe80::1]", false],
  ["fe80::1%eth0", false],
  ["[2606:4700::1111]", false],
  ["8.8.8.8", false],
  ["localhost", true],
  ["LOCALHOST.", true],
  ["shop.localhost", true],
  ["shop", true],
  ["shop.internal.", true],
  ["shop.example.com", false],
  ["internal.example.com", false],
])("%s is loopback or private: %s", (host, inside) => {
  expect(isLoopback(host) || isPrivate(host)).toBe(inside);
});

test.each([
  ["http://shop", ["203.0.113.7"], false],
  ["http://shop.internal", ["203.0.113.7", "2606:4700::1111"], false],
  ["http://shop.test", ["::ffff:8.8.8.8"], false],
  ["http://shop.internal", ["10.0.0.7"], true],
  ["http://shop", ["2606:4700::1111", "10.0.0.7"], true],
  ["http://shop.example.com", ["10.0.0.7"], true],
  ["http://shop.example.com", ["203.0.113.7"], false],
  ["http://shop.internal", [], true],
  ["http://shop.example.com", [], false],
  ["http://203.0.113.7", ["10.0.0.7"], false],
] as const)("%s that resolves to %j may be loaded: %s", async (baseUrl, addresses, allowed) => {
  const resolve = async () => {
    if (addresses.length === 0) throw new Error("ENOTFOUND");
    return found(...addresses);
  };
  const answer = requireAuthorized("shop", { baseUrl, authorized: false }, resolve);
  if (allowed) await expect(answer).resolves.toBeUndefined();
  else
    await expect(answer).rejects.toMatchObject({
      code: "TARGET_NOT_AUTHORIZED",
      hint: expect.stringContaining("targets.shop.authorized"),
    });
  await expect(requireAuthorized("shop", { baseUrl, authorized: true }, resolve)).resolves.toBeUndefined();
});

test.each(["rest", "web"])(
  "a name that comes to lead to a public address is not followed: %s",
  async (kind) => {
    const received: string[] = [];
    const url = new URL(
      await rig.serve((request, response) => {
        received.push(request.url ?? "");
        response.setHeader("connection", "close");
        response.end("{}");
      }),
    );
    let addresses = found("127.0.0.1");
    const api = targetSchema.parse({ kind, baseUrl: `http://shop.internal:${url.port}`, allow: ["* /**"] });
    const gateway = await createGateway({
      targets: { api },
      clock,
      baseDir: await rig.directory(),
      resolve: async () => addresses,
    });
    const call = (path: string) => gateway.transport.call({ target: "api", method: "GET", path }, undefined);
    try {
      await gateway.reach("api");
      expect((await call("/a")).status).toBe(200);
      addresses = found("203.0.113.7");
      const refused = await call("/b");
      expect(refused).toMatchObject({ status: 0, error: { code: "gateway" } });
      expect(refused.error?.message).toContain("203.0.113.7");
      expect(refused.error?.message).toContain("targets.api.authorized");
      await expect(gateway.reach("api")).rejects.toMatchObject({ code: "TARGET_NOT_AUTHORIZED" });
      expect(received).toEqual(["/", "/a"]);
    } finally {
      await gateway.close();
    }
  },
);

test("of several addresses only loopback and private ones are connected to", async () => {
  const target = { baseUrl: "https://shop.internal", authorized: false };
  const lookup = lookupFor("shop", target, async () => found("2606:4700::1111", "10.0.0.7", "fd00::7"));
  const ask = (options: object): Promise<unknown> =>
    new Promise((resolve) =>
      lookup?.("shop.internal", options, (error, address) => resolve(error ?? address)),
    );
  expect(await ask({ all: true })).toEqual(found("10.0.0.7", "fd00::7"));
  expect(await ask({})).toBe("10.0.0.7");
  expect(await ask({ family: 6 })).toBe("fd00::7");
  expect(lookupFor("shop", { ...target, authorized: true }, async () => [])).toBeUndefined();
  expect(lookupFor("shop", { ...target, baseUrl: "http://10.0.0.1" }, async () => [])).toBeUndefined();
});

test("an MCP server whose name comes to lead to a public address is not connected to", async () => {
  const url = new URL(
    await rig.serve((request, response) => {
      let text = "";
      request.on("data", (part: Buffer) => {
        text += part.toString();
      });
      request.on("end", () => {
        const { id, method } = JSON.parse(text === "" ? "{}" : text) as { id?: number; method?: string };
        const results: Record<string, object> = {
          initialize: {
            protocolVersion: "2025-06-18",
            capabilities: { tools: {} },
            serverInfo: { name: "s", version: "1" },
          },
          "tools/list": { tools: [{ name: "t", inputSchema: { type: "object" } }] },
        };
        const result = results[method ?? ""];
        const error = { code: -32601, message: "none" };
        response.setHeader("connection", "close");
        if (id === undefined) response.writeHead(text === "" ? 405 : 202).end();
        else
          response
            .setHeader("content-type", "application/json")
            .end(JSON.stringify({ jsonrpc: "2.0", id, ...(result === undefined ? { error } : { result }) }));
      });
    }),
  );
  let addresses = found("127.0.0.1");
  const api = targetSchema.parse({ kind: "mcp", baseUrl: `http://tools.internal:${url.port}/mcp` });
  const gateway = await createGateway({
    targets: { api },
    clock,
    baseDir: await rig.directory(),
    resolve: async () => addresses,
  });
  addresses = found("2606:4700::1111");
  const call = { target: "api", method: "POST", path: "", tool: { name: "t", arguments: {} } } as const;
  const result = await gateway.transport.call(call, undefined);
  await gateway.close();
  expect(result.error?.code).toBe("gateway");
  expect(result.error?.message).toContain("2606:4700::1111");
});
