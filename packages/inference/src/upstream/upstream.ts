import type { ChatRequest, ModelError } from "@ape/core/protocol/chat";
import type { RequestEdits } from "../providers/dialect.ts";
import type { ResolvedProvider } from "../providers/providers.ts";
import type { AnswerHeaders } from "./retry.ts";

/** Longest answer that is read, in bytes; a longer one is cancelled. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** An object that cancels a call: an agent's signal, or that of a client which disconnected. */
export interface AbortLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** Receives the bytes of a streamed 2xx answer. */
export interface StreamSink {
  /** The answer begins. `queueMs`: how long the call waited in the proxy before it was sent upstream. */
  head(status: number, headers: AnswerHeaders, queueMs: number): void;
  /** @returns false if the reader is slow; the upstream then pauses until {@link whenDrained} calls back */
  data(chunk: Uint8Array | string): boolean;
  whenDrained(resume: () => void): void;
  /** The answer is complete; not called if it broke off. */
  end(): void;
}

/** One attempt to get an answer. */
export interface UpstreamRequest {
  model: string;
  /** The owner in the fair queue; empty if the client does not name one. */
  session: string;
  /** Whether an agent of APE makes the call: then fields may be adapted to the provider. */
  own: boolean;
  streamed: boolean;
  /** Returns the parsed request; on demand, because a request that is only passed on is not parsed. */
  request: () => ChatRequest;
  /**
   * Returns the request as JSON, with another model if one is named, and with changed fields; on demand, because an
   * upstream in process needs none.
   */
  body: (model?: string, edits?: RequestEdits) => string | Uint8Array;
  /** Empty if there is none. */
  traceparent: string;
  /** Headers of the client that are passed on, names and values alternating; undefined if APE's own are sent. */
  passed?: readonly string[] | undefined;
  /** Further headers; names and values alternate. */
  headers?: readonly string[];
  /** Counted from 1. */
  attempt: number;
  signal: AbortLike | undefined;
  tap: StreamSink | undefined;
  /** Wait in earlier attempts and between them, in milliseconds. */
  queuedMs: number;
}

/** Details that only some providers report, and only some answers have. */
export interface UsageDetails {
  /** Prompt tokens that the provider had cached; part of the input tokens. */
  cachedTokens?: number;
  /** Part of the output tokens. */
  reasoningTokens?: number;
  /** The provider's own time for the answer, by its own clock, in milliseconds. */
  providerMs?: number;
  /** From the request to the first delta of reasoning, in milliseconds. */
  firstReasoningMs?: number;
}

/** The result of one attempt. */
export interface UpstreamResponse {
  /** 0 if no status line came. */
  status: number;
  headers: AnswerHeaders;
  content: string;
  toolCalls: readonly { name: string; arguments: string }[];
  /** `finish_reason` of the answer. */
  finish: string | undefined;
  /** The model's own refusal to answer; empty if there is none. */
  refused: string;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  /** Further details of the answer; undefined if it reported none. */
  told: UsageDetails | undefined;
  error: ModelError | undefined;
  /** The connection failed before the first byte: the attempt may be repeated. */
  unsent: boolean;
  /** Milliseconds before it was sent upstream: waiting for a connection, connecting included. */
  queueMs: number;
  /** From the request to the first content or tool-call delta. */
  firstTokenMs: number | undefined;
  /** From the request to the answer's headers. */
  headersMs: number | undefined;
  /** From the request to the last byte, or until it was cancelled. */
  durationMs: number;
  /** Whether the answer, good or bad, was read to its end. */
  whole: boolean;
  /** The answer's bytes as received, if they were not passed to a sink; empty if no client needs them. */
  body: string | Buffer;
  /** The text of an answer other than 2xx. */
  refusal: string;
  /** Whether the bytes that were passed to the sink end between two events. */
  atBoundary: boolean;
  /** The source that answered, if it was not the first. */
  source?: ResolvedProvider;
  /** Further requests for the same attempt. */
  extra?: number;
}

/** A source of answers: a server over HTTP, or the simulated model. */
export interface Upstream {
  /** Never rejects. */
  ask(ask: UpstreamRequest): Promise<UpstreamResponse>;
  close(): Promise<void>;
}

export const NO_CALLS: readonly { name: string; arguments: string }[] = [];
