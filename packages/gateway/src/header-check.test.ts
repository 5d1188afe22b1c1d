import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { request } from "undici";
import { expect, test } from "vitest";
import { invalidHeader } from "./header-check.ts";

test.each([
  ["a line break", { "x-a": "1\r\nhost: evil" }],
  ["a line feed", { "x-a": "1\nx" }],
  ["a name with a space", { "x a": "1" }],
  ["a name with a colon", { "x-a:": "1" }],
  ["an empty name", { "": "1" }],
  ["a NUL", { "x-a": "\0" }],
  ["a character beyond Latin-1", { "x-a": "Ā" }],
  ["a value above 8 KB", { "x-a": "a".repeat(8193) }],
  ["Host", { Host: "evil" }],
  ["Transfer-Encoding", { "Transfer-Encoding": "chunked" }],
  ["Content-Length", { "content-length": "0" }],
])("%s is refused", (_, headers) => {
  expect(invalidHeader(headers)).toBeTypeOf("string");
});

test("each of several headers is looked at", () => {
  expect(invalidHeader({ "x-a": "1", "x b": "2" })).toBeTypeOf("string");
  expect(invalidHeader({ "x-a": "1", "x-b": "2" })).toBeUndefined();
  expect(invalidHeader(undefined)).toBeUndefined();
});

test("what is let through arrives as the one header that it is", { timeout: 20_000 }, async () => {
  const seen: string[][] = [];
  const server = createServer((incoming, response) => {
    seen.push(incoming.rawHeaders);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const odd = fc.string({
    unit: fc.constantFrom("a", "Z", "-", ":", " ", "\t", "\r", "\n", "\0", "é", "\u0100", ",", '"'),
    maxLength: 12,
  });
  const name = fc.oneof(
    odd,
    odd.map((text) => `x-${text}`),
    fc.constant("x-plain"),
  );
  try {
    await fc.assert(
      fc.asyncProperty(name, odd, async (key, value) => {
        if (invalidHeader({ [key]: value }) !== undefined) return;
        seen.length = 0;
        const { statusCode, body } = await request(url, { headers: { [key]: value, "x-after": "1" } });
        await body.dump();
        const [raw = []] = seen;
        expect(statusCode).toBe(200);
        const at = raw.findIndex((text) => text.toLowerCase() === key.toLowerCase());
        expect(raw[at + 1]).toBe(value.replaceAll(/^[\t ]+|[\t ]+$/g, ""));
        expect(raw.filter((_, index) => index % 2 === 0)).toHaveLength(4);
      }),
      { interruptAfterTimeLimit: 3_000, numRuns: 400 },
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
