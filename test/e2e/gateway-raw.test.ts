import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { closeRig, headersFor, message, openRig, serve } from "./gateway-rig.ts";

/** What no library for clients would send, but anybody who reaches the port may. */
afterEach(closeRig);

const target = (): Promise<string> =>
  serve((incoming, response) => {
    const wait = incoming.url === "/slow" ? 60 : 0;
    setTimeout(() => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ url: incoming.url }));
    }, wait);
  });

/** A request as its bytes. */
function bytes(method: string, headers: Record<string, string>, body = "", version = "1.1"): string {
  const length = body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const lines = Object.entries({ host: "127.0.0.1", ...headers, ...length });
  return `${method} /mcp HTTP/${version}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
}

const callOf = (path: string, headers: Record<string, string> = {}, version = "1.1"): string =>
  bytes("POST", headersFor("http_get", headers), JSON.stringify(message("http_get", { path })), version);

/** Writes to the MCP server and reads what it says until it closes, or until so many answers are there. */
async function say(url: string, text: string, answers: number): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let said = "";
  socket.setEncoding("utf8").on("data", (part: string) => {
    said += part;
    if (said.split("HTTP/1.1 ").length > answers && said.endsWith("}")) socket.end();
  });
  socket.on("error", () => undefined);
  socket.write(text);
  await once(socket, "close");
  return said;
}
const statuses = (said: string): string[] =>
  [...said.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, code]) => code ?? "");

test("methods and headers that the web does not know are refused, and the MCP server stands", async () => {
  const { mcpServer } = await openRig(await target(), { token: "run" });
  const signed = { authorization: "Bearer run", connection: "close" };
  for (const method of ["TRACE", "PROPFIND", "PUT"])
    expect(statuses(await say(mcpServer.url, bytes(method, signed), 1))[0], method).toMatch(/^4/);
  expect(statuses(await say(mcpServer.url, bytes("CONNECT", signed), 1))).toEqual(["405"]);
  expect(statuses(await say(mcpServer.url, bytes("POST", { ...signed, host: "a b" }), 1))).toEqual(["403"]);
  expect(statuses(await say(mcpServer.url, bytes("POST", { ...signed, "content-length": "x" }), 1))).toEqual([
    "400",
  ]);
  expect(statuses(await say(mcpServer.url, callOf("/", signed), 1))).toEqual(["200"]);
});

test("calls that are sent without waiting are answered in their order, and an old revision of HTTP is answered", async () => {
  const { mcpServer } = await openRig(await target());
  const said = await say(mcpServer.url, `${callOf("/slow")}${callOf("/quick")}`, 2);
  expect(statuses(said)).toEqual(["200", "200"]);
  expect(said.indexOf("/slow")).toBeLessThan(said.indexOf("/quick"));
  expect(mcpServer.lanes).toEqual({ fast: 2, sdk: 0 });
  expect(statuses(await say(mcpServer.url, callOf("/", {}, "1.0"), 1))).toEqual(["200"]);
});

test("who has no business here is refused before the body is there, and a body without an end is cut off", async () => {
  const { mcpServer } = await openRig(await target(), { token: "run", settings: { maxRequest: 2_000 } });
  const half = bytes("POST", { "content-length": "1000" });
  expect(statuses(await say(mcpServer.url, half, 1))).toEqual(["401"]);
  const endless = bytes("POST", { authorization: "Bearer run", "transfer-encoding": "chunked" });
  const piece = `400\r\n${"x".repeat(1024)}\r\n`;
  expect(statuses(await say(mcpServer.url, endless + piece.repeat(4), 1))).toEqual(["413"]);
  expect(mcpServer.lanes).toEqual({ fast: 0, sdk: 0 });
});

test("a caller that leaves in the middle of its request, or before its answer, disturbs nobody", async () => {
  const { mcpServer } = await openRig(await target());
  for (const text of [callOf("/").slice(0, -5), callOf("/slow"), bytes("POST", {}, "{}")]) {
    const socket = connect(Number(new URL(mcpServer.url).port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(text, () => setTimeout(() => socket.destroy(), 10));
    await once(socket, "close");
  }
  expect(statuses(await say(mcpServer.url, callOf("/slow"), 1))).toEqual(["200"]);
});
