import type { Json } from "@ape/core/lib/json";
import { afterEach, expect, test } from "vitest";
import { Rig } from "../../test/rig.ts";

const rig = new Rig();
afterEach(() => rig.close());

/** A server whose calls of tools are answered with `answer`, as JSON or as an event. */
function serveOdd(form: "json" | "events", answer: (id: Json) => string): Promise<string> {
  return rig.serve((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      if (request.method !== "POST") {
        response.writeHead(405).end();
        return;
      }
      const { id, method, params } = JSON.parse(Buffer.concat(parts).toString("utf8"));
      if (id === undefined) {
        response.writeHead(202).end();
        return;
      }
      const result =
        method === "initialize"
          ? {
              protocolVersion: params.protocolVersion,
              capabilities: { tools: {} },
              serverInfo: { name: "odd", version: "1" },
            }
          : { tools: [{ name: "save", inputSchema: { type: "object" } }] };
      const text = method === "tools/call" ? answer(id) : JSON.stringify({ jsonrpc: "2.0", id, result });
      response.writeHead(200, { "content-type": form === "json" ? "application/json" : "text/event-stream" });
      response.end(form === "json" ? text : `event: message\ndata: ${text}\n\n`);
    });
  });
}

test.each(
  (["json", "events"] as const).flatMap((form) =>
    [
      ["a result of null", (id: Json) => JSON.stringify({ jsonrpc: "2.0", id, result: null })],
      ["a result that is a text", (id: Json) => JSON.stringify({ jsonrpc: "2.0", id, result: "done" })],
      ["no result", (id: Json) => JSON.stringify({ jsonrpc: "2.0", id })],
      ["no JSON", () => "saved"],
      [
        "content that is no list",
        (id: Json) => JSON.stringify({ jsonrpc: "2.0", id, result: { content: "done" } }),
      ],
    ].map(([name, answer]) => [form, name, answer] as [typeof form, string, (id: Json) => string]),
  ),
)("over %s %s is a failed call, not a wait for another answer", async (form, _, answer) => {
  const gateway = await rig.open({ kind: "mcp", baseUrl: await serveOdd(form, answer) });
  const result = await rig.call(gateway, { method: "POST", path: "", tool: { name: "save", arguments: {} } });
  expect(["protocol", "contract"]).toContain(result.error?.code);
});

test.each<[string, object]>([
  ["an error", { error: { code: -32000, message: "no key K3y-4711/x here" } }],
  [
    "a tool's error",
    { result: { isError: true, content: [{ type: "text", text: "no key K3y-4711/x here" }] } },
  ],
  [
    "a result",
    {
      result: {
        content: [{ type: "text", text: "ok" }],
        structuredContent: { key: "K3y-4711/x", b: "SzN5LTQ3MTEveA==" },
      },
    },
  ],
])("the credentials of a target are masked in %s", async (_, answer) => {
  const baseUrl = await serveOdd("json", (id) => JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
  const auth = { apiKey: { in: "header", name: "x-api-key", value: "K3y-4711/x" } };
  const gateway = await rig.open({ kind: "mcp", baseUrl, auth });
  const result = await rig.call(gateway, { method: "POST", path: "", tool: { name: "save", arguments: {} } });
  expect(JSON.stringify(result)).toContain("***");
  expect(JSON.stringify(result)).not.toMatch(/K3y-4711|SzN5LTQ3MTEveA/);
});

test("an event that is no message is passed over where the answer follows", async () => {
  const url = await serveOdd(
    "events",
    (id) =>
      `ping\n\ndata: ${JSON.stringify({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text: "saved" }] } })}`,
  );
  const gateway = await rig.open({ kind: "mcp", baseUrl: url });
  const result = await rig.call(gateway, { method: "POST", path: "", tool: { name: "save", arguments: {} } });
  expect(result.error).toBeUndefined();
  expect(result.body).toMatchObject({ kind: "text", text: "saved" });
});

/** A server with these capabilities that answers `initialize`, and a list of tools if it shall. */
function serveList(capabilities: Json, list: Json | undefined, asked: string[]): Promise<string> {
  return rig.serve((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      if (request.method !== "POST") return void response.writeHead(405).end();
      const { id, method, params } = JSON.parse(Buffer.concat(parts).toString("utf8"));
      asked.push(method);
      if (id === undefined) return void response.writeHead(202).end();
      if (method === "tools/list" && list === undefined) return;
      const info = {
        protocolVersion: params?.protocolVersion,
        capabilities,
        serverInfo: { name: "odd", version: "1" },
      };
      response.writeHead(200, { "content-type": "application/json" });
      const results: Record<string, Json | undefined> = { initialize: info, "tools/list": list };
      const result = results[method];
      const error = { code: -32_601, message: "Method not found" };
      response.end(
        JSON.stringify({ jsonrpc: "2.0", id, ...(result === undefined ? { error } : { result }) }),
      );
    });
  });
}

test("a list of tools that does not come is waited for as long as any answer", async () => {
  const asked: string[] = [];
  const url = await serveList({ tools: {} }, undefined, asked);
  const timeouts = { connect: "1s", firstByte: "1s", total: "1s" };
  await expect(rig.open({ kind: "mcp", baseUrl: url, timeouts })).rejects.toMatchObject({
    code: "TARGET_UNREACHABLE",
    message: expect.stringContaining("does not list its tools"),
  });
  expect(asked).toContain("tools/list");
});

test("a server without the capability for tools is not asked for them", async () => {
  const asked: string[] = [];
  const gateway = await rig.open({
    kind: "mcp",
    baseUrl: await serveList({ prompts: {} }, undefined, asked),
  });
  expect(gateway.describe("api").operations).toEqual([]);
  expect(asked).not.toContain("tools/list");
});
