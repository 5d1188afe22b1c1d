import type { IncomingHttpHeaders } from "node:http";
import type { Json } from "@ape/core/lib/json";
import { withDoubles } from "@ape/core/lib/lossless-number";
import { MCP_REVISION } from "@ape/core/protocol/mcp";
import fc from "fast-check";
import { expect, test } from "vitest";
import { answerWriter, fastCall } from "./fast-path.ts";

const META = {
  "io.modelcontextprotocol/protocolVersion": MCP_REVISION,
  "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};
const HEADERS: IncomingHttpHeaders = {
  "content-type": "application/json",
  "mcp-protocol-version": MCP_REVISION,
  "mcp-method": "tools/call",
  "mcp-name": "http_get",
};
const message = (args: unknown, id: unknown = 7) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name: "http_get", arguments: args, _meta: META },
});
const GOOD = JSON.stringify(message({ path: "/a", data: { x: ["ü", 1, null] } }));

/** As long as there is time: a slow machine tries less, and still tries. */
const BUDGET = { interruptAfterTimeLimit: 1_500, numRuns: 5_000, markInterruptAsFailure: false };

/** What every call that was taken must be, read by nothing but JSON.parse. */
function expectWellFormed(text: string, headers: IncomingHttpHeaders): void {
  const call = fastCall(headers, text);
  if (call === undefined) return;
  const read = JSON.parse(text) as ReturnType<typeof message>;
  expect(read).toMatchObject({ jsonrpc: "2.0", method: "tools/call" });
  expect(["string", "number"]).toContain(typeof read.id);
  expect(call.id).toBe(read.id);
  expect(call.name).toBe(read.params.name);
  expect(headers["mcp-name"]).toBe(read.params.name);
  // Numbers whose digits a double would change keep them: JSON.parse has the nearest double.
  expect(withDoubles(call.args)).toEqual(read.params.arguments ?? {});
  expect(call.meta).toEqual(read.params._meta);
  expect(Object.keys(read).every((key) => ["jsonrpc", "id", "method", "params"].includes(key))).toBe(true);
  expect(Object.keys(read.params).every((key) => ["name", "arguments", "_meta"].includes(key))).toBe(true);
}

test("any arguments and ids of a well-formed call are taken as they are", () => {
  const id = fc.oneof(fc.string(), fc.maxSafeInteger());
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), id, fc.boolean(), (args, given, spaced) => {
      const text = JSON.stringify(message(args, given), null, spaced ? 2 : 0);
      expect(fastCall(HEADERS, text)).toMatchObject({
        id: given === 0 ? 0 : given,
        name: "http_get",
        meta: META,
      });
      expectWellFormed(text, HEADERS);
    }),
    BUDGET,
  );
});

test("a text that is cut, doubled, or changed anywhere is taken for what it says or left to the SDK", () => {
  const piece = fc.constantFrom(
    '"',
    "{",
    "}",
    "[",
    ",",
    ":",
    "\\",
    "\\u0000",
    "null",
    '"__proto__":{},',
    '"id":8,',
    '"id":1e400,',
    '"jsonrpc":"1.0",',
    '"method":"tools/list",',
    '"name":"http_post",',
    '"_meta":{},',
    '"arguments":[],',
    "\ufeff",
    "\ud800",
  );
  const edit = fc.record({
    at: fc.nat(GOOD.length),
    remove: fc.nat(12),
    put: fc.oneof(piece, fc.string({ unit: "binary", maxLength: 3 })),
  });
  let taken = 0;
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 3 }), (edits) => {
      let text = GOOD;
      for (const { at, remove, put } of edits) text = text.slice(0, at) + put + text.slice(at + remove);
      if (fastCall(HEADERS, text) !== undefined) taken += 1;
      expectWellFormed(text, HEADERS);
    }),
    { ...BUDGET, examples: [[[]]] },
  );
  expect(taken).toBeGreaterThan(0);
});

test("any headers beside a good body are taken only where they name the very call", () => {
  const value = fc.oneof(
    fc.constantFrom(
      ...Object.values(HEADERS).map(String),
      "http_post",
      "application/json; charset=utf-8",
      "",
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...Object.keys(HEADERS), "mcp-session-id"), value, {
        noNullPrototype: true,
      }),
      (given) => {
        const headers = { ...HEADERS, ...given };
        const taken = fastCall(headers, GOOD) !== undefined;
        const same = ["mcp-protocol-version", "mcp-method", "mcp-name"].every(
          (name) => headers[name] === HEADERS[name],
        );
        const type = /^application\/json(\s*;\s*charset=utf-8)?$/i.test(headers["content-type"] ?? "");
        expect(taken).toBe(same && type && headers["mcp-session-id"] === undefined);
      },
    ),
    BUDGET,
  );
});

test("no JSON value whatever throws, nor does one that is deep", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(fastCall(HEADERS, JSON.stringify(value))).toBeUndefined();
    }),
    BUDGET,
  );
  expect(() => fastCall(HEADERS, `${"[".repeat(200_000)}${"]".repeat(200_000)}`)).not.toThrow();
});

test("an answer is JSON of what was answered, whatever it holds", () => {
  const write = answerWriter({ name: 'ape"gateway', version: "1\n0" });
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: "binary" }), fc.maxSafeInteger()),
      fc.string({ unit: "binary" }),
      fc.jsonValue(),
      fc.boolean(),
      fc.boolean(),
      (id, text, value, isError, short) => {
        const structured = { status: 200, body: { kind: "json", json: value as Json } };
        const outcome = { text, structured, isError } as unknown as Parameters<typeof write>[1];
        const read = JSON.parse(write(id, outcome, short)) as {
          id: unknown;
          result: Record<string, unknown>;
        };
        expect(read.id).toBe(Object.is(id, -0) ? 0 : id);
        const sentence = { type: "text", text };
        const body = { type: "text", text: JSON.stringify(value) };
        expect(read.result.content).toEqual(short ? [sentence] : [body, sentence]);
        expect(read.result.structuredContent).toEqual(JSON.parse(JSON.stringify(structured)));
        expect(read.result.isError).toBe(isError ? true : undefined);
      },
    ),
    BUDGET,
  );
});
