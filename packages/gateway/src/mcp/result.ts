import { isJsonObject, type Json } from "@ape/core/lib/json";
import { parseJson, writeJson } from "@ape/core/lib/lossless-number";
import type { Body, TransportError } from "@ape/core/protocol/tool-call";
import { type CallToolResult, ProtocolError, SdkError, SdkHttpError } from "@modelcontextprotocol/client";
import { PublicAddressError } from "../authorization.ts";
import { toTransportError } from "../http-exchange.ts";
import { statusFromText } from "../status-from-text.ts";
import { AnswerTooLongError } from "./bounded-result.ts";
import { UnreadableAnswerError } from "./stdio-answers.ts";

const MAX_MESSAGE = 400;

/**
 * A tool's result as a body: its structured content, else its text (parsed if it is JSON), else a description of its
 * parts.
 */
export function toolResultBody(result: CallToolResult, maxBody: number): Body {
  if (result.structuredContent !== undefined) {
    const json = result.structuredContent as Json;
    const written = JSON.stringify(json);
    const exact = exactly(result, written);
    const bytes = Buffer.byteLength(written);
    if (bytes > maxBody) return { kind: "text", text: written.slice(0, maxBody), bytes: maxBody, cut: true };
    return { kind: "json", json: exact ?? json, bytes };
  }
  const parts = result.content.map((part) => {
    if (part.type === "text") return part.text;
    if (part.type === "resource_link") return `[${part.name}: ${part.uri}]`;
    if (part.type === "resource")
      return "text" in part.resource ? part.resource.text : `[${part.resource.uri}]`;
    return `[${part.type} ${part.mimeType}, ${part.data.length} characters]`;
  });
  if (parts.length === 0) return { kind: "empty" };
  const text = parts.join("\n");
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBody) return { kind: "text", text: text.slice(0, maxBody), bytes: maxBody, cut: true };
  if (/^\s*[[{]/.test(text))
    try {
      return { kind: "json", json: parseJson(text) as Json, bytes };
    } catch {
      // The text only looks like JSON.
    }
  return { kind: "text", text, bytes, cut: false };
}

/** A number that JSON.parse may have rounded. */
const ROUNDED = /\d[\d.]{15}|\de[+-]\d/;

/**
 * A structured result with the digits of its numbers. The client has parsed the message and rounded them, but tools
 * send the same as text too (MCP, "Structured Content").
 */
function exactly({ content }: CallToolResult, written: string): Json | undefined {
  if (!ROUNDED.test(written)) return undefined;
  for (const part of content) {
    if (part.type !== "text") continue;
    try {
      if (JSON.stringify(JSON.parse(part.text)) === written) return parseJson(part.text) as Json;
    } catch {
      // The text is for people.
    }
  }
  return undefined;
}

/** The notice that a structured result exceeded the limit and was cut to text; undefined otherwise. */
export function cutOff(result: CallToolResult, body: Body): TransportError | undefined {
  if (result.structuredContent === undefined || body.kind !== "text") return undefined;
  return { code: "body_too_large", message: `the answer is longer than ${body.bytes} bytes` };
}

/** The one short sentence of a tool that failed without saying so by `isError`, as many servers' own helpers write it. */
const ERROR_TEXT =
  /^\W{0,4}(?:[Ee]rror(?: (?:executing|calling|running|in|while)\b[^\n:]{0,80})?|ERROR|Failed to [^\n:]{1,80}|[A-Z]\w{1,40}(?:Error|Exception)|Invalid arguments|Unknown tool)\s*:/;
const MAX_ERROR_TEXT = 600;

/**
 * Whether a result is nothing but a text of an error. Texts of several paragraphs, structured results and texts beside
 * other content may be about errors: a log, a file.
 */
function saysError({ content, structuredContent }: CallToolResult, body: Body): boolean {
  return (
    structuredContent === undefined &&
    content.length === 1 &&
    body.kind === "text" &&
    body.text.length <= MAX_ERROR_TEXT &&
    !body.text.trim().includes("\n\n") &&
    ERROR_TEXT.test(body.text.trimStart())
  );
}

/** The failure that a result reports, or undefined. */
export function toolFailure(result: CallToolResult, body: Body): TransportError | undefined {
  if (result.isError !== true && !saysError(result, body)) return undefined;
  const said = body.kind === "text" ? body.text : body.kind === "json" ? writeJson(body.json) : "";
  const own = body.kind === "json" && isJsonObject(body.json) ? Number(body.json.status) : Number.NaN;
  const like = Number.isInteger(own) && own >= 400 && own < 600 ? own : statusFromText(said);
  return { code: "failure", message: said.slice(0, MAX_MESSAGE) || "the tool failed", like };
}

/** What errors of JSON-RPC are like. Codes of servers' own (-32000 to -32099) say nothing by themselves: their words do. */
const STATUS_OF_CODE: Readonly<Record<number, number>> = {
  [-32700]: 400,
  [-32600]: 400,
  [-32602]: 400,
  [-32601]: 404,
  [-32603]: 500,
};

/**
 * Translates the error of a call. JSON-RPC's codes are in its specification, section 5.1.
 * @param url for messages about network errors
 */
export function thrownError(
  thrown: unknown,
  url: string,
  timeoutMs: number,
): { status: number; error: TransportError; lost: boolean } {
  if (thrown instanceof AnswerTooLongError)
    return { status: 200, error: { code: "body_too_large", message: thrown.message }, lost: false };
  if (thrown instanceof UnreadableAnswerError)
    return { status: 0, error: { code: "protocol", message: thrown.message }, lost: false };
  if (thrown instanceof ProtocolError) {
    if (/output schema|structured content/i.test(thrown.message))
      return { status: 200, error: { code: "contract", message: thrown.message }, lost: false };
    const like = STATUS_OF_CODE[thrown.code] ?? statusFromText(thrown.message);
    return {
      status: 200,
      error: { code: "failure", message: thrown.message.slice(0, MAX_MESSAGE), like },
      lost: false,
    };
  }
  if (thrown instanceof SdkHttpError) {
    const { status } = thrown;
    const error: TransportError = {
      code: "failure",
      message: thrown.message.slice(0, MAX_MESSAGE),
      like: status,
    };
    // 404 to a call of a session: the server has forgotten it (MCP, "Session Management").
    return { status, error, lost: status === 404 };
  }
  if (thrown instanceof SdkError) {
    if (String(thrown.code) === "REQUEST_TIMEOUT")
      return {
        status: 0,
        error: { code: "timeout", message: `no complete answer within ${timeoutMs} ms` },
        lost: false,
      };
    if (String(thrown.code) === "INVALID_RESULT")
      return {
        status: 200,
        error: { code: "contract", message: schemaProblem(thrown.message) },
        lost: false,
      };
  }
  const cause = deepest(thrown);
  const broken = messageProblem(cause);
  if (broken !== undefined) return { status: 0, error: { code: "protocol", message: broken }, lost: true };
  if (cause instanceof PublicAddressError)
    return { status: 0, error: { code: "gateway", message: cause.message }, lost: true };
  const wire = toTransportError(
    cause,
    { origin: url, connectMs: timeoutMs, firstByteMs: timeoutMs, totalMs: timeoutMs },
    false,
  );
  if (wire.code === "gateway" && /no access token/.test(cause.message))
    return { status: 0, error: { code: "gateway", message: cause.message }, lost: false };
  return {
    status: 0,
    error:
      wire.code === "gateway" ? { code: "reset", message: `the connection is gone: ${cause.message}` } : wire,
    lost: true,
  };
}

/** An answer that is no message of JSON-RPC, in one sentence; undefined for other errors. */
export function messageProblem({ name, message }: Error): string | undefined {
  if (/^unexpected content type/i.test(message))
    return `the answer is no MCP message: ${message.slice(0, MAX_MESSAGE)}`;
  if (name === "SyntaxError") return "the answer is no MCP message: it is not JSON";
  return /^\s*\[\s*\{/.test(message) || name.endsWith("ZodError")
    ? "the answer is no MCP message: it is not of JSON-RPC 2.0"
    : undefined;
}

/** What the SDK says of a result that breaks the protocol, with the first problem in words in place of all as JSON. */
function schemaProblem(message: string): string {
  const start = message.indexOf("[");
  if (start < 0) return message.slice(0, MAX_MESSAGE);
  try {
    const [issue] = JSON.parse(message.slice(start)) as { path?: unknown[]; message?: string }[];
    const place = (issue?.path ?? []).map(String).join(".");
    const said = (issue?.message ?? "")
      .replace(/^Invalid input: /, "")
      .replace(/^(?:Invalid input)?$/, "it has an unknown form");
    return `${message.slice(0, start)}${place === "" ? "" : `${place}: `}${said}`.slice(0, MAX_MESSAGE);
  } catch {
    return message.slice(0, MAX_MESSAGE);
  }
}

function deepest(thrown: unknown): Error & { code?: string } {
  let at: unknown = thrown;
  for (let depth = 0; depth < 5; depth += 1) {
    if (!(at instanceof Error) || at.cause === undefined) break;
    at = at.cause;
  }
  return at instanceof Error ? at : new Error(String(at));
}
