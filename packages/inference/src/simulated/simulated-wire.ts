import { seedOf } from "@ape/core/lib/random";
import type { ChatRequest } from "@ape/core/protocol/chat";
import type { SimulatedResponse } from "./simulated-response.ts";

/** The parts of an attempt's answer that the wire format shows. */
type Answered = Pick<SimulatedResponse, "answer" | "inputTokens" | "outputTokens">;

/** One piece of a streamed answer. */
export interface WireChunk {
  /** A server-sent event, serialized. */
  text: string;
  /** When to send it, as a share of the time between the first token and the last. */
  share: number;
}

/** Characters per delta: four tokens by the estimate. */
const PIECE = 16;

function idOf(request: ChatRequest, response: Answered): string {
  return `chatcmpl-${seedOf(request.seed ?? 0, JSON.stringify(response.answer))
    .toString(16)
    .padStart(8, "0")}`;
}

function usageOf(response: Answered): {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
} {
  return {
    prompt_tokens: response.inputTokens,
    completion_tokens: response.outputTokens,
    total_tokens: response.inputTokens + response.outputTokens,
  };
}

function finishOf(response: Answered): string {
  return response.answer.toolCalls.length > 0 ? "tool_calls" : "stop";
}

function pieces(text: string): string[] {
  const cut: string[] = [];
  const points = Array.from(text);
  for (let i = 0; i < points.length; i += PIECE) cut.push(points.slice(i, i + PIECE).join(""));
  return cut;
}

/** An answer as the events of a stream, `[DONE]` included; usage only where the request asks for it. Source: OpenAI API reference, "chat.completion.chunk". */
export function chunksOf(request: ChatRequest, response: Answered): WireChunk[] {
  const deltas: object[] = [{ role: "assistant", content: "" }];
  for (const content of pieces(response.answer.content)) deltas.push({ content });
  for (const [index, call] of response.answer.toolCalls.entries()) {
    const id = `call_${index}`;
    deltas.push({
      tool_calls: [{ index, id, type: "function", function: { name: call.name, arguments: "" } }],
    });
    for (const text of pieces(call.arguments))
      deltas.push({ tool_calls: [{ index, function: { arguments: text } }] });
  }
  const head = {
    id: idOf(request, response),
    object: "chat.completion.chunk",
    created: 0,
    model: request.model,
  };
  const event = (fields: object): string => `data: ${JSON.stringify({ ...head, ...fields })}\n\n`;
  const chunks = deltas.map((delta, at) => ({
    text: event({ choices: [{ index: 0, delta, finish_reason: null }] }),
    share: deltas.length < 3 ? 0 : Math.max(0, at - 1) / (deltas.length - 2),
  }));
  let tail = event({ choices: [{ index: 0, delta: {}, finish_reason: finishOf(response) }] });
  if (request.stream_options?.include_usage === true)
    tail += event({ choices: [], usage: usageOf(response) });
  chunks.push({ text: `${tail}data: [DONE]\n\n`, share: 1 });
  return chunks;
}

/** An answer as one body. Source: OpenAI API reference, "chat.completion". */
export function completionOf(request: ChatRequest, response: Answered): object {
  const { content, toolCalls } = response.answer;
  const calls = toolCalls.map((call, at) => ({ id: `call_${at}`, type: "function", function: { ...call } }));
  return {
    id: idOf(request, response),
    object: "chat.completion",
    created: 0,
    model: request.model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: content === "" && calls.length > 0 ? null : content,
          ...(calls.length > 0 ? { tool_calls: calls } : {}),
        },
        finish_reason: finishOf(response),
      },
    ],
    usage: usageOf(response),
  };
}
