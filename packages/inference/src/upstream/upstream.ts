import type { ChatRequest, ModelError } from "@ape/core/protocol/chat";
import type { RequestEdits } from "../providers/dialect.ts";
import type { ResolvedProvider } from "../providers/providers.ts";
import type { AnswerHeaders } from "./retry.ts";

/** Longest answer that is read, in bytes; what goes on beyond is broken off. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** What cancels a call: an agent's signal, or a client that has gone. */
export interface AbortLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** Where the bytes of a streamed 2xx answer go as they come. */
export interface StreamSink {
  /** The answer begins. `queueMs`: how long the call waited in the proxy before it went upstream. */
  head(status: number, headers: AnswerHeaders, queueMs: number): void;
  /** @returns false where the reader is slow; the upstream then pauses until {@link whenDrained} calls back */
  data(chunk: Uint8Array | string): boolean;
  whenDrained(resume: () => void): void;
  /** The answer is complete; not called where it broke off. */
  end(): void;
}

/** One try to get an answer. */
export interface UpstreamRequest {
  model: string;
  /** Whose turn it takes; empty where the client does not say. */
  session: string;
  /** Whether an agent of APE asks: then fields may be changed to what the provider takes. */
  own: boolean;
  streamed: boolean;
  /** The request itself; read on demand, for what is only passed on needs no reading. */
  request: () => ChatRequest;
  /**
   * The request as JSON, for another model where one is named, and with changes of its fields; made on demand, for an upstream
   * in process needs none.
   */
  body: (model?: string, edits?: RequestEdits) => string | Uint8Array;
  /** Empty where there is none. */
  traceparent: string;
  /** Headers of the client that are passed on, name and value in turn; undefined where APE's own are sent. */
  passed?: readonly string[] | undefined;
  /** Further headers, name and value in turn. */
  headers?: readonly string[];
  /** Counted from 1. */
  attempt: number;
  signal: AbortLike | undefined;
  tap: StreamSink | undefined;
  /** Waited in earlier attempts and between them, in milliseconds. */
  queuedMs: number;
}

/** What only some providers tell, and only some answers hold. */
export interface UsageDetails {
  /** Prompt tokens that the provider had cached; part of the input tokens. */
  cachedTokens?: number;
  /** Part of the output tokens. */
  reasoningTokens?: number;
  /** The provider's own time for the answer, by its own clock, in milliseconds. */
  providerMs?: number;
  /** Sent upstream until the first delta of reasoning, in milliseconds. */
  firstReasoningMs?: number;
}

/** What one try gave. */
export interface UpstreamResponse {
  /** 0 where no status line came. */
  status: number;
  headers: AnswerHeaders;
  content: string;
  toolCalls: readonly { name: string; arguments: string }[];
  /** `finish_reason` of the answer. */
  finish: string | undefined;
  /** The model's own refusal to answer; empty where there is none. */
  refused: string;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  /** What else the answer told of itself; undefined where it told nothing. */
  told: UsageDetails | undefined;
  error: ModelError | undefined;
  /** Nothing but the connection failed, before the first byte: the try may be repeated. */
  unsent: boolean;
  /** Milliseconds before it went upstream: waiting for a connection, connecting included. */
  queueMs: number;
  /** Sent upstream until the first content or tool-call delta. */
  firstTokenMs: number | undefined;
  /** Sent upstream until the answer's headers came. */
  headersMs: number | undefined;
  /** Sent upstream until the last byte, or until it was given up. */
  durationMs: number;
  /** Whether the answer, good or bad, was read to its end. */
  whole: boolean;
  /** The answer's bytes as they came, where they did not go through a tap; empty where nobody passes them on. */
  body: string | Buffer;
  /** The text of an answer that is no 2xx. */
  refusal: string;
  /** Whether the bytes that went through the tap end between two events. */
  atBoundary: boolean;
  /** Who answered, where it was not the first one asked. */
  source?: ResolvedProvider;
  /** Requests sent besides this one, for the same try. */
  extra?: number;
}

/** A source of answers: a server over HTTP, or the simulated model. */
export interface Upstream {
  /** Never rejects. */
  ask(ask: UpstreamRequest): Promise<UpstreamResponse>;
  close(): Promise<void>;
}

export const NO_CALLS: readonly { name: string; arguments: string }[] = [];
