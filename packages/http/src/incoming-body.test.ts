import { request as ask, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readIncoming } from "./incoming-body.ts";

const LIMIT = 1000;
const heard: (string | undefined)[] = [];
const server = createServer((request, response) => {
  readIncoming(
    request,
    LIMIT,
    (body) => {
      const text = body?.toString("utf8");
      heard.push(text);
      response.writeHead(text === undefined ? 413 : 200, { connection: "close" }).end(text);
    },
    (thrown) => response.destroy(thrown as Error),
  );
});
let port = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends a body in pieces, each by itself, and reads what comes back. */
const send = (pieces: readonly Buffer[], headers: Record<string, number> = {}): Promise<[number, string]> =>
  new Promise((resolve, reject) => {
    const sending = ask({ port, host: "127.0.0.1", method: "POST", headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () => resolve([answer.statusCode ?? 0, Buffer.concat(parts).toString("utf8")]));
    });
    sending.on("error", reject);
    const next = (index: number): void => {
      const piece = pieces[index];
      if (piece === undefined) sending.end();
      else sending.write(piece, () => setImmediate(next, index + 1));
    };
    next(0);
  });

test("a text comes whole, wherever its bytes are cut", async () => {
  expect(await send([])).toEqual([200, ""]);
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "grapheme", maxLength: 80 }),
      fc.array(fc.nat(200), { maxLength: 3 }),
      async (text, cuts) => {
        const bytes = Buffer.from(text);
        const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort((a, b) => a - b);
        const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        expect(await send(pieces.filter(({ length }) => length > 0))).toEqual([200, bytes.toString("utf8")]);
      },
    ),
    { numRuns: 40 },
  );
});

test("a body that is too long is refused once, whether its length was said or not", async () => {
  heard.length = 0;
  expect(await send([Buffer.alloc(LIMIT, 97)])).toEqual([200, "a".repeat(LIMIT)]);
  expect((await send([Buffer.alloc(LIMIT, 97), Buffer.alloc(1, 97)]))[0]).toBe(413);
  expect((await send([Buffer.alloc(LIMIT + 1, 97)], { "content-length": LIMIT + 1 }))[0]).toBe(413);
  expect(heard).toEqual(["a".repeat(LIMIT), undefined, undefined]);
});

test("nothing is told of a caller that hangs up in the middle", async () => {
  heard.length = 0;
  const met = new Promise((resolve) => server.once("request", (request) => request.once("close", resolve)));
  const sending = ask({ port, host: "127.0.0.1", method: "POST" });
  sending.on("error", () => undefined);
  sending.write("half", () => setTimeout(() => sending.destroy(), 20));
  await met;
  expect(heard).toEqual([]);
});
