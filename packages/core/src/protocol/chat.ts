import type { JsonObject } from "../lib/json.ts";

/** The part of OpenAI's chat-completions wire that APE's agents use. Source: OpenAI API reference, "Create chat completion". */
export interface ChatMessage {
  role: "system" | "user" | "assistant" | "tool";
  content: string | null;
  tool_calls?: ToolCallWire[];
  tool_call_id?: string;
}

export interface ToolCallWire {
  id: string;
  type: "function";
  /** `arguments` is JSON as text, and a model may get it wrong. */
  function: { name: string; arguments: string };
}

export interface ToolDefinition {
  type: "function";
  function: { name: string; description: string; parameters: JsonObject };
}

/** Asks for JSON that follows a schema. Source: OpenAI API reference, `response_format`. */
export interface ResponseFormat {
  type: "json_schema";
  json_schema: { name: string; schema: JsonObject; strict?: boolean };
}

export interface ChatRequest {
  model: string;
  messages: readonly ChatMessage[];
  tools?: readonly ToolDefinition[];
  tool_choice?: "auto" | "required" | "none";
  response_format?: ResponseFormat;
  stream?: boolean;
  stream_options?: { include_usage: boolean };
  max_completion_tokens?: number;
  temperature?: number;
  seed?: number;
}

/** What an agent asks with: who asks, so that the inference event can be joined to its step. */
export interface ModelCall {
  request: ChatRequest;
  session: string;
  step: number;
  traceparent: string;
  /** The agent, for the log of a proxy that runs apart. */
  agent?: string;
  signal?: AbortSignal;
}

/** An assembled answer, streamed or not. */
export interface ModelAnswer {
  /** Id of the inference event that the proxy emits for this call. */
  inference: string;
  content: string;
  toolCalls: readonly { name: string; arguments: string }[];
  inputTokens: number;
  outputTokens: number;
  /** Time in the proxy before the request went upstream, in milliseconds. */
  queueMs: number;
  /** Set if the model gave no answer; everything else is then empty. */
  error?: ModelError;
}

/**
 * `limit`: 429 after its retries; `timeout`; `refused`: 4xx other than 429; `unavailable`: 5xx or no connection; `protocol`: not
 * the wire; `length`: cut off at the answer's longest length; `filter`: withheld by a content filter; `refusal`: the model
 * declined to answer; `budget`: the run's `maxCost` does not allow the call;
 * `context`: the prompt and the answer's limit are longer than the model takes.
 */
export interface ModelError {
  code:
    | "limit"
    | "timeout"
    | "refused"
    | "unavailable"
    | "protocol"
    | "cancelled"
    | "length"
    | "filter"
    | "refusal"
    | "budget"
    | "context";
  status: number;
  message: string;
  /** The answer that was cut off was text and held no call. */
  inText?: true;
}

/** How a model policy reaches the inference proxy: in process, or OpenAI over HTTP. */
export interface ModelTransport {
  /** Never rejects: a call that fails is an answer with `error`. */
  complete(call: ModelCall): Promise<ModelAnswer>;
}
