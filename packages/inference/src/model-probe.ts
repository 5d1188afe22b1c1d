import { isJsonObject, type JsonObject } from "@ape/core/lib/json";
import type { ChatRequest, ModelAnswer } from "@ape/core/protocol/chat";
import type { Event } from "@ape/core/protocol/events";
import { createInference, type Inference } from "./inference.ts";
import type { InferenceOptions } from "./inference-options.ts";
import { editRequest } from "./providers/edit-request.ts";
import type { CompletedCall } from "./server/call-service.ts";
import { encodeRequest } from "./upstream/encode.ts";

/** Reads a model's answers as agents do, with the repairs that they make. */
export interface ProbeReader {
  /** The arguments of a call of {@link REPORT_TOOL}; why it is none; undefined if the answer holds no call. */
  call(answer: Pick<ModelAnswer, "toolCalls" | "content">): JsonObject | string | undefined;
  /** The arguments that a text holds as JSON. */
  json(text: string): JsonObject | undefined;
}

/** Result of one tool call, which shows what a model and its server can do. */
export interface ModelProbe {
  provider: string;
  model: string;
  /** Why the call failed, in the provider's words; then nothing else is known. */
  error: string | undefined;
  /** HTTP status of the answer; 0 where none came. */
  status: number;
  /** `called`: the tool with the requested arguments; `malformed`: other arguments or another tool; `text`: no call. */
  tools: "called" | "malformed" | "text";
  /** The answer, if it was no call, and the call if it was another one than asked for. */
  said: string;
  /** Whether it answers with JSON by a schema; tested only if the tool was not called correctly. */
  json: boolean | undefined;
  /** Whether the tool was sent as `strict`. */
  strict: boolean;
  /** Whether the answer came as server-sent events. */
  streamed: boolean;
  firstTokenMs: number | undefined;
  durationMs: number;
  /** Whether the answer reported its tokens. */
  usage: boolean;
  /** Whether a seed was sent. */
  seed: boolean;
  /** Fields that the provider refused, in the words of the run's notices. */
  notices: readonly string[];
}

/** The longest text of an answer that is shown, in characters. */
const LONGEST_SAID = 120;
const ORDER = 4711;

/** The tool that a probe asks for, and the values of its argument `state`. */
export const REPORT_TOOL = "report_order";
export const REPORT_STATES: readonly string[] = ["open", "paid"];

const PARAMETERS: JsonObject = {
  type: "object",
  properties: {
    order: { type: "integer", description: "The order's number." },
    state: { type: "string", enum: [...REPORT_STATES] },
  },
  required: ["order", "state"],
  additionalProperties: false,
};

/** A request of the form that agents send: one required strict tool, in a stream that reports its usage. */
function toolRequest(model: string): ChatRequest {
  const report = {
    name: REPORT_TOOL,
    description: "Reports the state of an order.",
    parameters: PARAMETERS,
    strict: true,
  };
  return {
    model,
    messages: [
      { role: "system", content: "You answer with exactly one call of a tool, never with text." },
      { role: "user", content: `Order ${ORDER} has been paid. Report it.` },
    ],
    tools: [{ type: "function", function: report }],
    tool_choice: "required",
    stream: true,
    stream_options: { include_usage: true },
    seed: 1,
  };
}

/** The same request for JSON by a schema. */
function jsonRequest(model: string): ChatRequest {
  return {
    model,
    messages: [
      {
        role: "system",
        content: `You answer with one JSON object of this schema, and nothing else: ${JSON.stringify(PARAMETERS)}`,
      },
      { role: "user", content: `Order ${ORDER} has been paid. Report it.` },
    ],
    response_format: {
      type: "json_schema",
      json_schema: { name: REPORT_TOOL, schema: PARAMETERS },
    },
    stream: true,
    stream_options: { include_usage: true },
    seed: 1,
  };
}

/**
 * Makes one tool call against the configured model, and one for JSON by a schema if that failed; at most 512 tokens of
 * answer each by default. Other sources of `fallback` are not called.
 * @throws ApeError as {@link createInference}
 */
export async function probeModel(
  options: Omit<InferenceOptions, "recorder">,
  reader: ProbeReader,
  signal: AbortSignal,
): Promise<ModelProbe> {
  const notices: string[] = [];
  const record = (event: Event): void => {
    if (event.type === "log" && event.notice === true) notices.push(event.message);
  };
  const config = { ...options.config, fallback: [], hedgeAfter: undefined, maxCost: undefined };
  const inference = await createInference({ ...options, config, recorder: { record, commit: record } });
  try {
    const limit = config.maxCompletionTokens;
    const { call, sent } = await ask(inference, toolRequest, limit, signal);
    const { answer, last } = call;
    const tools = answer.error === undefined ? judgeCall(reader.call(answer)) : "text";
    const json = tools === "called" ? undefined : await answersJson(inference, reader, limit, signal);
    const [tool] = Array.isArray(sent.tools) ? (sent.tools as { function?: unknown }[]) : [];
    return {
      provider: inference.model.provider,
      model: inference.model.name,
      error: answer.error?.message,
      status: last.status,
      tools,
      said: (tools === "malformed" ? callText(answer.toolCalls) : answer.content.trim()).slice(
        0,
        LONGEST_SAID,
      ),
      json,
      strict: isJsonObject(tool?.function) && tool.function.strict === true,
      streamed: /event-stream/i.test(String(last.headers["content-type"] ?? "")),
      firstTokenMs: last.firstTokenMs,
      durationMs: last.durationMs,
      usage: last.inputTokens !== undefined,
      seed: "seed" in sent || "random_seed" in sent,
      notices,
    };
  } finally {
    await inference.close();
  }
}

async function answersJson(
  inference: Inference,
  reader: ProbeReader,
  limit: number,
  signal: AbortSignal,
): Promise<boolean> {
  const { answer } = (await ask(inference, jsonRequest, limit, signal)).call;
  return answer.error === undefined && isReport(reader.json(answer.content));
}

/** As agents do, a call whose answer was cut off is made once more with twice the configured limit. */
async function ask(
  inference: Inference,
  requestOf: (model: string) => ChatRequest,
  limit: number,
  signal: AbortSignal,
): Promise<{ call: CompletedCall; sent: Readonly<Record<string, unknown>> }> {
  const first = await askOnce(inference, requestOf, signal);
  if (first.call.answer.error?.code !== "length") return first;
  const longer = (model: string): ChatRequest => ({ ...requestOf(model), max_completion_tokens: limit * 2 });
  return askOnce(inference, longer, signal);
}

/** Makes one call; returns it with the last request that was sent. */
async function askOnce(
  inference: Inference,
  requestOf: (model: string) => ChatRequest,
  signal: AbortSignal,
): Promise<{ call: CompletedCall; sent: Readonly<Record<string, unknown>> }> {
  const request = requestOf(inference.model.name);
  let sent: ChatRequest = request;
  const call = await inference.relay({
    id: inference.nextId(),
    model: request.model,
    own: true,
    streamed: true,
    request: () => request,
    body: (model, edits) => {
      sent = editRequest(request, model, edits);
      return encodeRequest(sent);
    },
    session: "probe",
    step: 1,
    traceparent: "",
    signal,
  });
  return { call, sent: sent as unknown as Readonly<Record<string, unknown>> };
}

function judgeCall(read: JsonObject | string | undefined): ModelProbe["tools"] {
  if (read === undefined) return "text";
  return typeof read !== "string" && isReport(read) ? "called" : "malformed";
}

const callText = ([call]: readonly { name: string; arguments: string }[]): string =>
  call === undefined ? "" : `${call.name}(${call.arguments})`;

/** Whether arguments have the values that the message names. */
function isReport(report: JsonObject | undefined): boolean {
  return report?.order === ORDER && report.state === "paid" && Object.keys(report).length === 2;
}
