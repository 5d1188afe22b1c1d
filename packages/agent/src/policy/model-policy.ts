import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import type { ApiDescription } from "@ape/core/protocol/api";
import type {
  ChatMessage,
  ChatRequest,
  ModelAnswer,
  ModelCall,
  ModelTransport,
} from "@ape/core/protocol/chat";
import { renderView, type View } from "@ape/core/protocol/view";
import { type Decision, readDecision } from "./decision.ts";
import { type DecisionMode, DecisionModeSelector } from "./decision-mode.ts";
import { decisionFormat } from "./decision-schema.ts";
import { systemPrompt } from "./instructions.ts";
import type { Policy, PolicyResult } from "./policy.ts";
import { textCalls, unwrappedCalls } from "./reading/answer-calls.ts";
import { jsonOf } from "./reading/json-text.ts";
import type { WrittenCall } from "./reading/written-call.ts";
import { toolsFor, toolTest } from "./tools.ts";

/** A policy that asks a model at every step: the prompt's beginning is the same for all agents, the view is bounded. */
export function createModelPolicy(options: {
  model: ModelTransport;
  modelName: string;
  maxCompletionTokens: number;
  temperature: number;
  apis: readonly ApiDescription[];
  /** The user's own instructions. */
  instructions?: string | undefined;
  /** How decisions are asked for, shared by all policies that ask the same model; with tools by default. */
  mode?: DecisionModeSelector;
}): Policy {
  const { model, modelName, maxCompletionTokens, temperature, apis, instructions } = options;
  const selector = options.mode ?? new DecisionModeSelector("tools");
  const parts: Partial<Record<DecisionMode, RequestParts>> = {};
  const partsOf = (mode: DecisionMode): RequestParts => {
    parts[mode] ??= requestParts(apis, instructions, mode);
    return parts[mode];
  };
  const reader: CallReader = (call) => readDecision(call.name, call.arguments, apis);
  const isTool = toolTest(apis);
  return {
    decide(view, { session, step, traceparent, agent, seed, signal }): Promise<PolicyResult> {
      const complete = (mode: DecisionMode): Promise<ModelAnswer> => {
        const { system, choice } = partsOf(mode);
        const request: ChatRequest = {
          model: modelName,
          messages: [system, new ViewMessage(view)],
          ...choice,
          stream: true,
          stream_options: STREAM_OPTIONS,
          max_completion_tokens: maxCompletionTokens,
          temperature,
          seed,
        };
        const call: ModelCall = { request, session, step, traceparent, signal };
        if (agent !== undefined) call.agent = agent;
        return model.complete(call);
      };
      const { mode } = selector;
      const read = (answer: ModelAnswer): PolicyResult => {
        const written = mode === "tools" && answer.error === undefined ? textCalls(answer, isTool) : [];
        const toolCalls = unwrappedCalls(answer, isTool);
        if (toolCalls !== answer.toolCalls) answer = { ...answer, toolCalls };
        if (mode === "tools") selector.noteAnswer(answer, written.length > 0);
        return mode === "json" ? readJsonAnswer(answer, isTool, reader) : readAnswer(answer, written, reader);
      };
      return complete(mode).then((answer) => {
        const { error } = answer;
        if (mode === "json" || error === undefined) return read(answer);
        const advice = selector.adviceFor(error);
        if (advice !== undefined) answer.error = { ...error, message: `${error.message} (${advice})` };
        const changes = selector.changesAfter(error);
        if (!changes && !selector.triesAfter(error)) return read(answer);
        return complete("json").then((second) => {
          if (!changes) selector.noteTrial(error, second);
          return changes || second.error === undefined
            ? readJsonAnswer(second, isTool, reader)
            : read(answer);
        });
      });
    },
  };
}

/** The parts of a request that are the same for every agent and step. */
interface RequestParts {
  system: ChatMessage;
  choice: Pick<ChatRequest, "tools" | "tool_choice" | "response_format">;
}

function requestParts(
  apis: readonly ApiDescription[],
  instructions: string | undefined,
  mode: DecisionMode,
): RequestParts {
  const tools = toolsFor(apis);
  return {
    system: { role: "system", content: systemPrompt(apis, instructions, mode) },
    choice: mode === "json" ? { response_format: decisionFormat(tools) } : { tools, tool_choice: "required" },
  };
}

/**
 * A view as a message. Its text is written when the call is sent, not while it waits for a connection: with thousands
 * of agents most are waiting, and their memory holds no prompt.
 */
class ViewMessage implements ChatMessage {
  readonly role = "user";
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  get content(): string {
    return renderView(this.#view);
  }

  toJSON(): ChatMessage {
    return { role: this.role, content: this.content };
  }
}

/** Number of calls of one answer that are made before the model is asked again; it sees which were not made. */
const MOST_CALLS = 8;
const STREAM_OPTIONS = { include_usage: true } as const;

type CallReader = (call: WrittenCall) => Decision | string;

function resultOf({ inference, inputTokens, outputTokens, queueMs, error }: ModelAnswer): PolicyResult {
  const result: PolicyResult = { inference, tokens: inputTokens + outputTokens, queueMs };
  if (error !== undefined) result.error = error;
  return result;
}

/** @param written the calls that an answer without tool calls holds as text */
function readAnswer(answer: ModelAnswer, written: readonly WrittenCall[], reader: CallReader): PolicyResult {
  const result = resultOf(answer);
  const repaired = written.length > 0;
  const [first, ...others] = repaired ? written : answer.toolCalls;
  if (result.error !== undefined) return result;
  if (first === undefined)
    result.problem =
      answer.content === ""
        ? "your last answer was empty; answer with a tool call"
        : `your last answer was text, not a tool call; call one of the tools: ${answer.content.slice(0, 80)}`;
  else {
    readCall(first, result, reader, repaired);
    const note = repaired ? "" : noteIn(answer.content);
    if (note !== "" && result.decision !== undefined) result.decision.note = note;
    for (const call of others.slice(0, MOST_CALLS - 1)) {
      const later: PolicyResult = { inference: answer.inference, tokens: 0, queueMs: 0 };
      readCall(call, later, reader, repaired);
      result.next ??= [];
      result.next.push(later);
    }
  }
  return result;
}

const MAX_NOTE = 200;

/** What a model wrote beside its call, without its reasoning, in one line. */
function noteIn(content: string): string {
  if (content === "") return "";
  const text = content
    .slice(0, MAX_NOTE * 50)
    .replaceAll(/<think>[\s\S]*?(?:<\/think>|$)/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return text.length > MAX_NOTE ? `${text.slice(0, MAX_NOTE - 3)}...` : text;
}

/** Reads an answer that was asked for as JSON; other forms of a call are repaired. */
function readJsonAnswer(
  answer: ModelAnswer,
  isTool: (name: string) => boolean,
  reader: CallReader,
): PolicyResult {
  if (answer.error !== undefined || answer.toolCalls.length > 0) return readAnswer(answer, [], reader);
  const call = decisionIn(answer.content);
  if (call !== undefined) {
    const result = resultOf(answer);
    readCall(call, result, reader, false);
    return result;
  }
  const result = readAnswer(answer, textCalls(answer, isTool), reader);
  if (result.decision === undefined && result.problem?.startsWith("your last answer was") === true)
    result.problem = `${answer.content === "" ? "your last answer was empty" : `your last answer was no such object: ${answer.content.slice(0, 80)}`}; answer with {"tool": its name, "arguments": an object}`;
  return result;
}

/** Reads a decision from a text in the form that was asked for. */
function decisionIn(content: string): WrittenCall | undefined {
  const value = jsonOf(content);
  if (!isJsonObject(value as Json) || typeof (value as JsonObject).tool !== "string") return undefined;
  const { tool, arguments: given, ...beside } = value as JsonObject & { tool: string };
  // Some models write the arguments beside the tool's name.
  return { name: tool, arguments: writeJson(given ?? beside) };
}

function readCall(call: WrittenCall, result: PolicyResult, reader: CallReader, fromText: boolean): void {
  const read = reader(call);
  if (typeof read === "string") {
    result.problem = read;
    return;
  }
  if (fromText) read.repairs = ["call_in_text", ...(read.repairs ?? [])];
  result.decision = read;
}
