import { isNestedDeeper, type Json, type JsonObject } from "../lib/json.ts";
import type { LosslessNumber } from "../lib/lossless-number.ts";
import type { HttpMethod } from "./operations/operation.ts";
import type { Page } from "./page.ts";
import type { FormOrigin } from "./sign-in.ts";

/**
 * A value of the query string. The API document defines how lists and objects are serialized; without one a list
 * repeats its name.
 */
export type QueryValue = string | number | LosslessNumber | boolean | readonly Json[] | JsonObject;

/** What an agent sends through its transport to a target. Everything of the session is in it: the gateway keeps none. */
export interface ToolCall {
  /** The target's name in the configuration (`api_name` in a tool's arguments). */
  target: string;
  method: HttpMethod;
  /** Absolute path relative to the target's `baseUrl`; may carry a query. */
  path: string;
  query?: Record<string, QueryValue>;
  /** Headers of the session: cookies, tokens, `traceparent`. */
  headers?: Record<string, string>;
  /** Sent as JSON, unless a `content-type` header of the call or the spec asks for a form. */
  data?: Json;
  /** Of a GraphQL target: the document and its variables. `method` is POST then, and `path` empty. */
  graphql?: { query: string; variables?: JsonObject; operationName?: string };
  /** Of an MCP target: the tool and its arguments. `method` is POST then, and `path` empty. */
  tool?: { name: string; arguments: JsonObject };
  /** Of a form: what its page showed before. The answer alone does not tell what is new in it. */
  origin?: FormOrigin;
  /** Who calls, for the gateway's log. */
  caller?: { session: string; agent: string };
}

/** Milliseconds on a monotonic clock. Parts that did not happen are 0 (a reused connection has no `connect`). */
export interface Timing {
  /** Hand-over to the gateway until the answer is complete: everything below, retries and back-off included. */
  total: number;
  /** Waiting in the gateway for a free connection. */
  queue: number;
  dns: number;
  connect: number;
  tls: number;
  /** Request sent until the first byte of the answer. */
  firstByte: number;
  /** First byte until the last. */
  body: number;
}

/** One try on the wire. */
export interface Attempt {
  /** 0 without a status line. */
  status: number;
  /** dns + connect + tls + firstByte + body of this try: the wire only, in milliseconds. */
  duration: number;
  /** Waited before this try because of the last one, in milliseconds. */
  backoff: number;
  /** The request had been sent before, on a reused connection that its server closed without an answer. */
  resent?: true;
  error?: TransportError;
}

/**
 * Why a call has no answer, or an answer cannot be believed.
 * `failure`: the answer came with a good status and says itself that the call failed (errors of GraphQL, `isError` of MCP).
 * `circuit_open`: the circuit breaker holds calls back, because the target kept failing.
 * `circuit_open`, `denied`, `invalid_call` and `unknown_target` never reached the target.
 */
export const TRANSPORT_ERRORS = [
  "dns",
  "refused",
  "reset",
  "timeout",
  "tls",
  "protocol",
  "body_too_large",
  "contract",
  "failure",
  "circuit_open",
  "denied",
  "invalid_call",
  "unknown_target",
  "cancelled",
  "gateway",
] as const;
export type TransportErrorCode = (typeof TRANSPORT_ERRORS)[number];

export interface TransportError {
  code: TransportErrorCode;
  /** One sentence for a person and for the model; no secret in it. */
  message: string;
  /** For a `failure`: the equivalent HTTP status. */
  like?: number;
  /**
   * Of a `failure`: `unproven`, where nothing shows that it worked and nothing that it was refused; `signed_out`, where
   * the target asks to sign in instead.
   */
  reading?: "unproven" | "signed_out";
}

/** What a target answered, bounded. */
export type Body =
  | { kind: "empty" }
  | { kind: "json"; json: Json; bytes: number }
  /** `cut`: only the first part was kept; `bytes` is what was read. */
  | { kind: "text"; text: string; bytes: number; cut: boolean }
  /** A page for people, read for what can be done with it. */
  | { kind: "page"; page: Page; bytes: number; cut: boolean }
  | { kind: "binary"; bytes: number; cut: boolean };

/** The result of a call for an agent. A 4xx or 5xx is a normal result; `error` is for failures without a status. */
export interface ToolResult {
  /** 0 without an answer. */
  status: number;
  /** Lower-case names; `set-cookie` is a list. */
  headers: Record<string, string | string[]>;
  body: Body;
  timing: Timing;
  attempts: readonly Attempt[];
  /** `METHOD /template` of the spec, or with ids folded where there is none; `query name`, `tool name`. Bounded. */
  operation: string;
  error?: TransportError;
  /** What is wrong with the call although it was sent: it breaks the API document. */
  warning?: string;
  /**
   * A good answer to a write that shows neither what was made or changed nor that it was refused: why. A check of its
   * status proves nothing.
   */
  unproven?: string;
  /**
   * Milliseconds before the call was sent in which it waited for APE itself: for the store of the run's events, or for a
   * gateway that restarts. They are part of no duration.
   */
  heldMs?: number;
  /** It is a redirect that APE does not follow; `warning` says why. */
  unfollowed?: true;
  /** A 502, 503 or 504 through a forward proxy that may have made it itself, as it does without an answer of the target. */
  forwarded?: true;
}

/** How a session reaches the gateway: in process, or over MCP. */
export interface ToolTransport {
  /** Never rejects: a call that fails is a result with `error`. */
  call(call: ToolCall, signal?: AbortSignal): Promise<ToolResult>;
}

/** Levels of an answer that are read: readers and writers of JSON are recursive, and most servers allow far fewer. */
export const MAX_BODY_LEVELS = 1_000;
/** A level takes two characters. */
const FEWEST_BYTES = 2 * MAX_BODY_LEVELS;

/** A body that is nested deeper than {@link MAX_BODY_LEVELS}, as a text that was cut; undefined of any other. */
export function cutDeepBody(body: Body): Body | undefined {
  if (body.kind !== "json" || body.bytes <= FEWEST_BYTES || !isNestedDeeper(body.json, MAX_BODY_LEVELS))
    return undefined;
  return { kind: "text", text: "", bytes: body.bytes, cut: true };
}

/** Whether an action counts as failed: transport error, 4xx, 5xx or broken contract after the last attempt. */
export function hasFailed(result: ToolResult): boolean {
  return result.error !== undefined || result.status >= 400 || result.status === 0;
}

/** The effective status of a result: that of its failure if the answer reports one, else its own. */
export function effectiveStatus(result: ToolResult): number {
  return result.error?.code === "failure" ? (result.error.like ?? result.status) : result.status;
}

/** The result of a call that was never sent, or that nothing is known of. */
export function rejectedResult(operation: string, code: TransportErrorCode, message: string): ToolResult {
  return {
    status: 0,
    headers: {},
    body: { kind: "empty" },
    timing: { total: 0, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 0, body: 0 },
    attempts: [],
    operation,
    error: { code, message },
  };
}

/** Milliseconds that the gateway itself took: the total less attempts, back-off and queue. */
export function gatewayOverhead({ timing, attempts }: Pick<ToolResult, "timing" | "attempts">): number {
  let elsewhere = timing.queue;
  for (const { duration, backoff } of attempts) elsewhere += duration + backoff;
  return Math.max(0, timing.total - elsewhere);
}
