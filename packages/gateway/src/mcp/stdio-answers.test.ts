import type { Json } from "@ape/core/lib/json";
import { afterEach, expect, test } from "vitest";
import { Rig } from "../../test/rig.ts";

const rig = new Rig();
afterEach(() => rig.close());

/** A server over stdio that answers a call of `save` with the texts of its argument, where `ID` is the id of the call. */
const SERVER = `
const write = (text) => process.stdout.write(text + "\\n");
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const answer = (result) => write(JSON.stringify({ jsonrpc: "2.0", id, result }));
  if (method === "initialize")
    answer({ protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "s", version: "1" } });
  else if (method === "tools/list")
    answer({ tools: ["save", "wait"].map((name) => ({ name, inputSchema: { type: "object" } })) });
  else if (params?.name === "save") for (const text of params.arguments.lines) write(text.replaceAll("ID", JSON.stringify(id)));
  else if (params?.name === "wait") globalThis.held = answer;
  else write(JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32601, message: "unknown" } }));
  if (method === "tools/call" && params.arguments.release) held({ content: [{ type: "text", text: "held" }] });
});
`;

const open = () =>
  rig.open({
    kind: "mcp",
    command: [process.execPath, "-e", SERVER],
    timeouts: { connect: "60s", firstByte: "60s", total: "60s" },
  });
const save = async (gateway: Awaited<ReturnType<typeof open>>, lines: string[], more: Json = {}) =>
  rig.call(gateway, {
    method: "POST",
    path: "",
    tool: { name: "save", arguments: { lines, ...(more as object) } },
  });
const GOOD = '{"jsonrpc":"2.0","id":ID,"result":{"content":[{"type":"text","text":"saved"}]}}';

test.each([
  ['{"jsonrpc":"2.0","id":ID}', "it has neither a result nor an error"],
  ['{"jsonrpc":"2.0","id":ID,"result":null}', "its result is no object"],
  ['{"jsonrpc":"2.0","id":ID,"result":"saved"}', "its result is no object"],
  ['{"jsonrpc":"2.0","id":ID,"error":{"message":"no"}}', "its error is none of JSON-RPC 2.0"],
  ['{"jsonrpc":"2.0","id":ID,"error":{"code":"E1","message":"no"}}', "its error is none of JSON-RPC 2.0"],
  ['{"jsonrpc":"2.0","id":ID,"error":null}', "its error is none of JSON-RPC 2.0"],
  ['{"id":ID,"result":{"content":[]}}', "it is not of JSON-RPC 2.0"],
  ['{"jsonrpc":"1.0","id":ID,"result":{"content":[]}}', "it is not of JSON-RPC 2.0"],
  [`[${GOOD}]`, "it is a list of messages"],
  ['{"jsonrpc":"2.0","id":ID,"result":{"content":[}', "it is not JSON"],
])("an answer over stdio that is none of JSON-RPC ends its call at once: %s", async (line, problem) => {
  const gateway = await open();
  expect((await save(gateway, [line])).error).toMatchObject({
    code: "protocol",
    message: expect.stringContaining(`the answer is no MCP message: ${problem}`),
  });
  // The process goes on, and so does the connection.
  expect((await save(gateway, [GOOD])).body).toMatchObject({ text: "saved" });
});

test("lines that answer no call in flight end none: logs, requests, answers to others", async () => {
  const gateway = await open();
  const { error, body } = await save(gateway, [
    "saving ID",
    'DEBUG <- {"jsonrpc":"2.0","id":ID,"method":"tools/call"}',
    '{"level":"info","id":ID,"message":"saving"}',
    '{"jsonrpc":"2.0","note":{"id":ID}}',
    '{"jsonrpc":"2.0","id":ID,"method":"tools/call","params":{',
    '{"jsonrpc":"2.0","id":987654}',
    '{"jsonrpc":"2.0","id":987654,"result":',
    '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}',
    "",
    '["ID", {"id":ID}]',
    `${" ".repeat(100_000)}{"id":ID}`,
    GOOD,
  ]);
  expect(error).toBeUndefined();
  expect(body).toMatchObject({ text: "saved" });
});

test("an unreadable answer ends its own call, and no other that shares the process", async () => {
  const gateway = await open();
  const waiting = rig.call(gateway, { method: "POST", path: "", tool: { name: "wait", arguments: {} } });
  const broken = await save(gateway, ['{"jsonrpc":"2.0","id":ID}'], { release: true });
  expect(broken.error?.code).toBe("protocol");
  expect(await waiting).toMatchObject({ body: { text: "held" } });
});
