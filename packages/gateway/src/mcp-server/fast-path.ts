import type { IncomingHttpHeaders } from "node:http";
import { isJsonObject, type JsonObject } from "@ape/core/lib/json";
import { parseJson, writeJson } from "@ape/core/lib/lossless-number";
import { CALLER_META, MCP_META, MCP_REVISION } from "@ape/core/protocol/mcp";
import { resultTexts } from "./result-text.ts";
import type { CallOutcome } from "./tool-executor.ts";

/** Longest body that is parsed here; a longer one is left to the SDK. */
const MAX_BODY = 1024 * 1024;

/** A well-formed modern `tools/call`. */
export interface FastCall {
  id: string | number;
  name: string;
  args: JsonObject;
  meta: JsonObject;
}

const PROTOCOL_VERSION = `${MCP_META}protocolVersion`;
const CLIENT_CAPABILITIES = `${MCP_META}clientCapabilities`;
const CLIENT_INFO = `${MCP_META}clientInfo`;
const TYPE = /^application\/json(?:\s*;\s*charset=utf-8)?$/i;
const NAME = /^[A-Za-z0-9_.-]{1,128}$/;

/**
 * Parses a body as a well-formed modern `tools/call`, or returns undefined: then the SDK answers. It accepts a small
 * part of what MCP 2026-07-28 allows, so that it never decides on an error itself.
 */
export function fastCall(headers: IncomingHttpHeaders, text: string): FastCall | undefined {
  if (
    headers["mcp-protocol-version"] !== MCP_REVISION ||
    headers["mcp-method"] !== "tools/call" ||
    headers["mcp-session-id"] !== undefined ||
    text.length > MAX_BODY ||
    !TYPE.test(headers["content-type"] ?? "")
  )
    return undefined;
  let message: unknown;
  try {
    message = parseJson(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(message) || !hasOnly(message, MESSAGE)) return undefined;
  const { id, params } = message;
  if (message.jsonrpc !== "2.0" || message.method !== "tools/call") return undefined;
  if (typeof id !== "string" && !(typeof id === "number" && Number.isSafeInteger(id))) return undefined;
  if (!isJsonObject(params) || !hasOnly(params, PARAMS)) return undefined;
  const { name, _meta: meta } = params;
  const args = params.arguments ?? {};
  if (typeof name !== "string" || !NAME.test(name) || headers["mcp-name"] !== name) return undefined;
  if (params.arguments === null || !isJsonObject(args) || !isJsonObject(meta) || !isPlainMeta(meta))
    return undefined;
  return { id, name, args, meta };
}

const MESSAGE: ReadonlySet<string> = new Set(["jsonrpc", "id", "method", "params"]);
const PARAMS: ReadonlySet<string> = new Set(["name", "arguments", "_meta"]);
const CLIENT: ReadonlySet<string> = new Set(["name", "version"]);

function hasOnly(object: JsonObject, keys: ReadonlySet<string>): boolean {
  for (const key in object) if (!keys.has(key)) return false;
  return !Object.hasOwn(object, "__proto__");
}

/** The envelope of a client that requests only an answer: no progress, no log. */
function isPlainMeta(meta: JsonObject): boolean {
  for (const key in meta) {
    const value = meta[key];
    if (key === PROTOCOL_VERSION) {
      if (value !== MCP_REVISION) return false;
    } else if (key === CLIENT_CAPABILITIES) {
      if (!isJsonObject(value) || !arePlainCapabilities(value)) return false;
    } else if (key === CLIENT_INFO) {
      if (!isJsonObject(value) || !hasOnly(value, CLIENT)) return false;
      if (typeof value.name !== "string" || typeof value.version !== "string") return false;
    } else if (!PASSED.has(key) || typeof value !== "string") return false;
  }
  return (
    meta[PROTOCOL_VERSION] !== undefined &&
    meta[CLIENT_CAPABILITIES] !== undefined &&
    meta[CLIENT_INFO] !== undefined
  );
}

const PASSED: ReadonlySet<string> = new Set([
  "traceparent",
  "tracestate",
  "baggage",
  CALLER_META.session,
  CALLER_META.agent,
  CALLER_META.text,
  CALLER_META.origin,
]);

/** Common client capabilities; the server uses none of them. */
function arePlainCapabilities(capabilities: JsonObject): boolean {
  for (const key in capabilities) {
    const value = capabilities[key];
    if (!isJsonObject(value)) return false;
    if (key === "roots") {
      if (!hasOnly(value, ROOTS)) return false;
      if (value.listChanged !== undefined && typeof value.listChanged !== "boolean") return false;
    } else if ((key !== "sampling" && key !== "elicitation") || !isEmpty(value)) return false;
  }
  return !Object.hasOwn(capabilities, "__proto__");
}

const ROOTS: ReadonlySet<string> = new Set(["listChanged"]);

function isEmpty(object: JsonObject): boolean {
  for (const _key in object) return false;
  return true;
}

/** The answer to a call as text, with constant parts serialized once: identical to the SDK's. */
export function answerWriter(server: {
  name: string;
  version: string;
}): (id: string | number, outcome: CallOutcome, short: boolean) => string {
  const tail = `,"resultType":"complete","_meta":${JSON.stringify({ [`${MCP_META}serverInfo`]: server })}},"jsonrpc":"2.0","id":`;
  return (id, outcome, short) => {
    const texts = short ? [outcome.text] : resultTexts(outcome);
    const content = texts.map((text) => `{"type":"text","text":${JSON.stringify(text)}}`).join(",");
    return `{"result":{"content":[${content}],"structuredContent":${writeJson(outcome.structured)}${
      outcome.isError ? ',"isError":true' : ""
    }${tail}${JSON.stringify(id)}}`;
  };
}
