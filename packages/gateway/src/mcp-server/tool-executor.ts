import type { JsonObject } from "@ape/core/lib/json";
import { maskSecrets } from "@ape/core/lib/mask";
import type { ApiDescription } from "@ape/core/protocol/api";
import {
  cutDeepBody,
  hasFailed,
  MAX_BODY_LEVELS,
  rejectedResult,
  type ToolCall,
  type ToolResult,
} from "@ape/core/protocol/tool-call";
import type { Gateway } from "../gateway.ts";
import type { CallContext } from "./call-context.ts";
import type { McpTool } from "./mcp-tool.ts";
import type { ToolCatalog } from "./tool-catalog.ts";

export type Lane = "fast" | "sdk";

/** One call as it is logged: ids and figures, no body, no header, no path. */
export interface CallLine {
  at: number;
  lane: Lane;
  tool: string;
  target: string;
  operation: string;
  status: number;
  durationMs: number;
  trace: string;
  span: string;
  parent: string;
  session: string;
  agent: string;
  correlation: string;
  error?: string;
}

/** The outcome of a tool call, in terms of MCP. */
export interface CallOutcome {
  /** One short sentence about the result; the body is in `structured`. */
  text: string;
  structured: ToolResult & { traceId: string };
  isError: boolean;
}

/** Listener for every call. */
export interface CallObserver {
  log?(line: CallLine): void;
  measure(call: ToolCall, result: ToolResult): void;
}

/** A gateway with its tools: replaced as a whole by a reload, and closed when its last call has ended. */
export class ToolExecutor {
  readonly gateway: Gateway;
  readonly tools: ToolCatalog;
  /** The descriptions of all targets for APE's agents. */
  readonly described: readonly ApiDescription[];
  readonly #correlationHeader: string;
  readonly #secrets: readonly string[];
  #calls = 0;
  #leave: (() => void) | undefined;

  constructor(options: {
    gateway: Gateway;
    tools: ToolCatalog;
    described: readonly ApiDescription[];
    correlationHeader: string;
    secrets: readonly string[];
  }) {
    this.gateway = options.gateway;
    this.tools = options.tools;
    this.described = options.described;
    this.#correlationHeader = options.correlationHeader;
    this.#secrets = options.secrets;
  }

  get correlationHeader(): string {
    return this.#correlationHeader;
  }

  get calls(): number {
    return this.#calls;
  }

  /** Resolves when no call is in flight. No further call may be made while this is awaited. */
  empty(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#calls === 0) resolve();
      else this.#leave = resolve;
    });
  }

  /** Makes a call; never rejects. Both paths use it, so that they answer identically. */
  async run(
    tool: McpTool,
    args: JsonObject,
    context: CallContext,
    lane: Lane,
    observer: CallObserver,
    signal?: AbortSignal,
  ): Promise<CallOutcome> {
    this.#calls += 1;
    const began = performance.now();
    const read = tool.read(args);
    let call: ToolCall | undefined;
    let result: ToolResult;
    if (typeof read === "string") result = rejectedResult("other", "invalid_call", read);
    else {
      call = read;
      this.#carry(call, context);
      result = withinDepth(await this.gateway.transport.call(call, signal));
      observer.measure(call, result);
    }
    this.#calls -= 1;
    if (this.#calls === 0) this.#leave?.();
    observer.log?.(this.#line(tool, call, result, context, lane, performance.now() - began));
    const failed = hasFailed(result);
    return {
      text: textOf(result),
      structured: { ...result, traceId: context.trace },
      isError: failed,
    };
  }

  /** The target receives the call's own span instead of the caller's. */
  #carry(call: ToolCall, context: CallContext): void {
    const headers: Record<string, string> = {};
    for (const name in call.headers)
      if (name.toLowerCase() !== "traceparent") headers[name] = call.headers[name] as string;
    headers.traceparent = `00-${context.trace}-${context.span}-${context.flags}`;
    if (context.correlation !== "") headers[this.#correlationHeader] = context.correlation;
    call.headers = headers;
    if (context.origin !== undefined) call.origin = context.origin;
  }

  #line(
    tool: McpTool,
    call: ToolCall | undefined,
    result: ToolResult,
    context: CallContext,
    lane: Lane,
    durationMs: number,
  ): CallLine {
    const { trace, span, parent, session, agent, correlation } = context;
    const hide = (text: string): string => maskSecrets(text, this.#secrets);
    const line: CallLine = {
      at: Date.now(),
      lane,
      tool: tool.definition.function.name,
      target: hide(call?.target ?? ""),
      operation: hide(result.operation),
      status: result.status,
      durationMs: Math.round(durationMs * 1000) / 1000,
      trace,
      span,
      parent,
      session: hide(session),
      agent: hide(agent),
      correlation: hide(correlation),
    };
    if (result.error !== undefined) line.error = hide(`${result.error.code}: ${result.error.message}`);
    return line;
  }
}

/** Returns a result that can be serialized and parsed as JSON: a body that is nested too deep is left out, with a note. */
function withinDepth(result: ToolResult): ToolResult {
  const body = cutDeepBody(result.body);
  if (body === undefined) return result;
  return {
    ...result,
    body,
    warning: `the answer is nested more than ${MAX_BODY_LEVELS} levels deep and is not shown`,
  };
}

/** One short sentence. */
function textOf({ status, operation, error, body }: ToolResult): string {
  if (error !== undefined) return `${operation}: ${error.code}, ${error.message}`;
  return `${operation}: ${status}, ${body.kind}`;
}
