import { writeJson } from "@ape/core/lib/lossless-number";
import { ProtocolError, SdkError, SdkErrorCode } from "@modelcontextprotocol/client";
import { expect, test } from "vitest";
import { thrownError, toolFailure, toolResultBody } from "./result.ts";

const MANY = 10_000;
const textOf = (body: ReturnType<typeof toolResultBody>): string =>
  body.kind === "json" ? writeJson(body.json) : "";

test("a tool's numbers keep their digits, as text and where the same is structured", () => {
  const text = '{"id":9007199254740993123,"price":12345678901234567890.5}';
  expect(textOf(toolResultBody({ content: [{ type: "text", text }] }, MANY))).toBe(text);
  const structuredContent = JSON.parse(text) as Record<string, unknown>;
  expect(textOf(toolResultBody({ content: [{ type: "text", text }], structuredContent }, MANY))).toBe(text);
});

test("words beside a structured result are not taken for it", () => {
  const structuredContent = { id: 9007199254740992 };
  for (const text of ["done", '{"id":1}', "9007199254740993"])
    expect(toolResultBody({ content: [{ type: "text", text }], structuredContent }, MANY)).toMatchObject({
      json: structuredContent,
    });
});

const failure = (text: string, more: object = {}) => {
  const result = { content: [{ type: "text" as const, text }], ...more };
  return toolFailure(result, toolResultBody(result, MANY));
};

test.each([
  ["Error: no such file", 404],
  ["Error executing tool read_file: ENOENT: no such file or directory", 404],
  ["ERROR: access denied", 403],
  ["Failed to open the page: timeout", 504],
  ["ValueError: amount must be positive", 422],
  ["\u274c Error: not found", 404],
])("a result that is only the text %j is a failure", (text, like) => {
  expect(failure(text)).toEqual({ code: "failure", message: text, like });
});

test.each([
  "No errors were found",
  "Errors: 0",
  "The error: a history",
  `Error: first line of a log\n\n${"GET / 200\n".repeat(3)}`,
  `Error: ${"x".repeat(700)}`,
])("a text about errors is none: %j", (text) => {
  expect(failure(text)).toBeUndefined();
});

test("a structured result says by itself whether it failed", () => {
  expect(failure("Error: none", { structuredContent: { ok: true } })).toBeUndefined();
  expect(failure("fine", { isError: true })).toMatchObject({ code: "failure" });
});

test.each<[unknown, string, RegExp]>([
  [new SyntaxError("Unexpected token 'o'"), "protocol", /no MCP message: it is not JSON$/],
  [new Error("Unexpected content type: text/html"), "protocol", /no MCP message: .*text\/html$/],
  [new Error('[ { "code": "invalid_union" } ]'), "protocol", /not of JSON-RPC 2\.0$/],
  [
    new SdkError(
      SdkErrorCode.InvalidResult,
      'Invalid result for tools/call: [ { "path": ["content", 0], "message": "Invalid input: expected object, received string" } ]',
    ),
    "contract",
    /^Invalid result for tools\/call: content\.0: expected object, received string$/,
  ],
  [
    new SdkError(
      SdkErrorCode.InvalidResult,
      'Invalid result for tools/list: [{"path":["tools",3],"message":"Invalid input"}]',
    ),
    "contract",
    /tools\.3: it has an unknown form$/,
  ],
  [
    new SdkError(SdkErrorCode.InvalidResult, "Invalid result: [broken"),
    "contract",
    /^Invalid result: \[broken$/,
  ],
])("the error %s is told as %s in one sentence", (thrown, code, message) => {
  const { error } = thrownError(thrown, "http://127.0.0.1:1/mcp", 1_000);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
});

test.each([
  [-32603, "Internal error", 500],
  [-32602, "days is missing", 400],
  [-32601, "Method not found", 404],
  [-32000, "The book is already on loan", 409],
  [-32001, "Sign in first", 401],
  [-32042, "days must be at most 5", 422],
])("an error %i of the protocol, %s, is like %i", (code, message, like) => {
  const { status, error } = thrownError(new ProtocolError(code, message), "http://127.0.0.1:1/mcp", 1_000);
  expect([status, error.like]).toEqual([200, like]);
});
