import { messageOf } from "@ape/core/lib/errors";
import { isJsonObject, type JsonObject } from "@ape/core/lib/json";
import { parseJson, writeJson } from "@ape/core/lib/lossless-number";
import { CALLER_META, MCP_META, MCP_REVISION } from "@ape/core/protocol/mcp";
import {
  rejectedResult,
  type ToolCall,
  type ToolResult,
  type ToolTransport,
} from "@ape/core/protocol/tool-call";
import { Pool } from "undici";
import { cachedDnsLookup } from "./cached-dns-lookup.ts";

/** How long to wait for a gateway that restarts; the call is not made in that time. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 50;
/** How long it may take to connect to a gateway: the address of one that was moved answers nothing. */
const CONNECT_MS = 2_000;

/** The transport of an agent to a gateway over MCP. */
export interface McpTransport extends ToolTransport {
  close(): Promise<void>;
}

export interface McpTransportOptions {
  /** URL of the gateway's MCP endpoint, such as `http://127.0.0.1:4030/mcp`. */
  url: string;
  /** The run's token. */
  token?: string;
  /** Maximum number of connections. */
  connections?: number;
  /** Milliseconds until a gateway that does not answer is abandoned. */
  timeoutMs?: number;
}

/**
 * A ToolTransport over MCP's Streamable HTTP, revision 2026-07-28: one POST per call. Repeats a call that no gateway
 * accepted (no connection, or one that is closing); never one that may have been executed.
 */
export function createMcpTransport(options: McpTransportOptions): McpTransport {
  const { origin, pathname } = new URL(options.url);
  const pool = new Pool(origin, {
    connections: options.connections ?? 256,
    pipelining: 1,
    connect: { lookup: cachedDnsLookup(), timeout: CONNECT_MS },
    keepAliveTimeout: 30_000,
    headersTimeout: options.timeoutMs ?? 120_000,
    bodyTimeout: options.timeoutMs ?? 120_000,
  });
  const fixed: Record<string, string> = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": MCP_REVISION,
    "mcp-method": "tools/call",
    ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
  };
  const readyPath = new URL("readyz", options.url).pathname;
  let away: Promise<void> | undefined;
  /**
   * Pings a gateway until it accepts calls. A ping may be lost with its connection while a server closes its port; a
   * call must not be, so none is sent before the ping's answer.
   */
  const backAgain = async (): Promise<void> => {
    const until = performance.now() + PATIENCE_MS;
    for (let ready = false; !ready && performance.now() < until; ) {
      await sleep(PAUSE_MS);
      ready = await pool.request({ path: readyPath, method: "GET" }).then(
        async ({ statusCode, body }) => {
          await body.dump();
          return statusCode !== 503;
        },
        () => false,
      );
    }
    away = undefined;
  };
  let ids = 0;
  const send = async (call: ToolCall, signal: AbortSignal | undefined): Promise<ToolResult> => {
    ids += 1;
    const name = toolOf(call);
    const body = requestText(ids, name, call);
    const began = performance.now();
    const until = began + PATIENCE_MS;
    // Without a gateway the call is not made: that time is not the target's.
    let heldMs = 0;
    for (;;) {
      while (away !== undefined && signal?.aborted !== true) {
        await Promise.race([away, sleep(PAUSE_MS)]);
        heldMs = performance.now() - began;
      }
      const answer = await pool
        .request({
          path: pathname,
          method: "POST",
          headers: { ...fixed, "mcp-name": name },
          body,
          signal: signal ?? null,
        })
        .then(
          async (response) => ({ status: response.statusCode, text: await response.body.text() }),
          (thrown: unknown) => ({ thrown }),
        );
      const taken = "thrown" in answer ? !isUnreachable(answer.thrown) : answer.status !== 503;
      if (taken || signal?.aborted === true || performance.now() > until) {
        const result =
          "thrown" in answer ? lost(answer.thrown, signal) : resultOf(answer.status, answer.text);
        return heldMs === 0 ? result : { ...result, heldMs };
      }
      away ??= backAgain();
    }
  };
  return {
    call: (call, signal) => send(call, signal).catch((thrown: unknown) => lost(thrown, signal)),
    close: () => pool.destroy(),
  };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const ENVELOPE = JSON.stringify({
  [`${MCP_META}protocolVersion`]: MCP_REVISION,
  [`${MCP_META}clientInfo`]: { name: "ape-agent", version: "1" },
  [`${MCP_META}clientCapabilities`]: {},
  // The body comes as structured content: a second copy as text would only cost.
  [CALLER_META.text]: "short",
}).slice(0, -1);

/** The tool at the MCP endpoint that makes a call. */
function toolOf({ method, graphql, tool }: ToolCall): string {
  if (graphql !== undefined) return "graphql";
  return tool === undefined ? `http_${method.toLowerCase()}` : "call_tool";
}

function argumentsOf({ path, query, data, graphql, tool }: ToolCall): Record<string, unknown> {
  if (graphql !== undefined)
    return {
      query: graphql.query,
      variables: graphql.variables,
      operation_name: graphql.operationName,
    };
  return tool === undefined ? { path, query, data } : { name: tool.name, arguments: tool.arguments };
}

/** A `tools/call` as text. The trace is in `_meta`, which proxies between do not change. */
function requestText(id: number, name: string, call: ToolCall): string {
  const { target, caller, origin } = call;
  const meta: JsonObject = {};
  let headers = call.headers;
  const traceparent = headers?.traceparent;
  if (traceparent !== undefined) {
    const { traceparent: _moved, ...rest } = headers as Record<string, string>;
    headers = rest;
    meta.traceparent = traceparent;
  }
  if (caller !== undefined) {
    meta[CALLER_META.session] = caller.session;
    meta[CALLER_META.agent] = caller.agent;
  }
  if (origin !== undefined) meta[CALLER_META.origin] = JSON.stringify(origin);
  const args = writeJson({ api_name: target, headers, ...argumentsOf(call) });
  const more = JSON.stringify(meta).slice(1);
  const envelope = more === "}" ? `${ENVELOPE}}` : `${ENVELOPE},${more}`;
  return `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"${name}","arguments":${args},"_meta":${envelope}}}`;
}

function resultOf(status: number, text: string): ToolResult {
  let message: unknown;
  try {
    message = parseJson(text);
  } catch {
    return rejectedResult("other", "gateway", `the gateway answered ${status} without JSON`);
  }
  const result = isJsonObject(message) ? message.result : undefined;
  const structured = isJsonObject(result) ? result.structuredContent : undefined;
  if (isToolResult(structured)) {
    const { traceId: _traceId, ...rest } = structured as JsonObject;
    return rest as unknown as ToolResult;
  }
  const error =
    isJsonObject(message) && isJsonObject(message.error) ? String(message.error.message) : "no result";
  return rejectedResult("other", "gateway", `the gateway answered ${status}: ${error.slice(0, 300)}`);
}

function isToolResult(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    typeof value.status === "number" &&
    typeof value.operation === "string" &&
    isJsonObject(value.headers) &&
    isJsonObject(value.body) &&
    isJsonObject(value.timing) &&
    Array.isArray(value.attempts)
  );
}

/** Whether nothing was sent because no connection was made. */
function isUnreachable(thrown: unknown): boolean {
  const { code, syscall } = thrown as NodeJS.ErrnoException;
  return (
    code === "ECONNREFUSED" ||
    code === "UND_ERR_CONNECT_TIMEOUT" ||
    (code === "ECONNRESET" && syscall === "connect")
  );
}

function lost(thrown: unknown, signal: AbortSignal | undefined): ToolResult {
  if (signal?.aborted === true) return rejectedResult("other", "cancelled", "the call was cancelled");
  return rejectedResult("other", "gateway", `no answer from the gateway: ${messageOf(thrown)}`);
}
