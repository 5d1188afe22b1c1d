import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { parseJson, writeJson } from "@ape/core/lib/lossless-number";
import type { ModelError } from "@ape/core/protocol/chat";
import {
  excerpt,
  failedGeneration,
  isHtmlPage,
  midStreamError,
  statedStatus,
  statusError,
  wireError,
} from "../server/wire-error.ts";
import { type AddedText, ChunkForms } from "./chunk-forms.ts";
import type { UsageDetails } from "./upstream.ts";
import { hasText, parseUsageDetails } from "./usage-details.ts";

interface ToolCallDraft {
  /** The server's index; several calls may have the same. */
  index: number;
  id: string;
  name: string;
  arguments: string;
  /** The last part if each part repeats the ones before it. */
  repeating: string | undefined;
}

/** Whether a text is a whole JSON object, as the complete arguments of a call are. */
export function isObject(text: string): boolean {
  try {
    return isJsonObject(JSON.parse(text));
  } catch {
    return false;
  }
}

/** Whether a part with the id of a complete call begins another call: servers give several calls the same id. */
function isAnother({ name, arguments: complete }: ToolCallDraft, next: unknown, text: unknown): boolean {
  if (typeof next !== "string" || next === "" || !isObject(complete)) return false;
  if (next !== name) return true;
  // The same call may come again as a whole, and an empty object before its arguments.
  return typeof text === "string" && isObject(text) && text !== complete && complete.trim() !== "{}";
}

/** Whether an answer's member says an error: some servers send an empty one with every answer. */
const saysError = (error: Json | undefined): boolean =>
  error !== undefined &&
  error !== null &&
  error !== "" &&
  !(isJsonObject(error) && Object.keys(error).length === 0);

/** The usage of an answer: of the whole, of Groq's streams, or of a choice. */
function usageOf({ usage, x_groq: groq, choices }: JsonObject): Json | undefined {
  if (isJsonObject(usage)) return usage;
  if (isJsonObject(groq)) return groq.usage;
  const [choice] = Array.isArray(choices) ? choices : [];
  return isJsonObject(choice) ? choice.usage : undefined;
}

/** The next value of a text whose parts each repeat the ones before: undefined once one does not. */
function repeated(before: string, repeating: string | undefined, part: string): string | undefined {
  if (before === "") return part;
  return repeating !== undefined && part.startsWith(repeating) ? part : undefined;
}

/** A text of parts; the last one where each repeats the ones before, so that only that one is JSON. */
function withoutRepeats(text: string, repeating: string | undefined): string {
  if (repeating === undefined || repeating.length === text.length) return text;
  return !isObject(text) && isObject(repeating) ? repeating : text;
}

/** Some servers send the arguments of a call as an object instead of text. */
const OBJECT_ARGUMENTS = /"(?:arguments|parameters)"\s*:\s*\{/;
const DONE = /^\s*\[done\]\s*$/i;
/** Longest data of an event that ends a stream, or says nothing. */
const MAX_MARK = 12;
/** The reasons with which servers end an answer that failed: OpenRouter's `error`, DeepSeek's, SGLang's and others'. */
const FAILED = /^(?:error|(?:internal|server|network)_error|insufficient_system_resource|abort(?:ed)?)$/i;
/** Gemini's reason for a call that its server could not parse. */
export const MALFORMED_CALL = /malformed/i;
/** More tokens are no usage of one request. */
const MOST_TOKENS = 100_000_000;

const isCount = (value: unknown): value is number =>
  typeof value === "number" && value >= 0 && value <= MOST_TOKENS;

/**
 * Assembles an answer from the chunks of a stream or from one body. Source: OpenAI API reference,
 * "chat.completion.chunk".
 */
export class ResponseAssembler {
  content = "";
  /** Whether a content or tool-call delta came; a delta with only a role, or an empty one, does not count. */
  begun = false;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  /** Whether a delta of reasoning came. */
  reasoned = false;
  told: UsageDetails | undefined;
  /** Whether `[DONE]` came: nothing follows it. */
  isDone = false;
  /** The last `finish_reason`. */
  finish: string | undefined;
  /** The model's own refusal. Source: OpenAI API reference, "refusal". */
  refused = "";
  error: ModelError | undefined;
  /** An error in place of an answer that names a status, as JSON; empty where there is none. */
  refusal = "";
  readonly #status: number;
  readonly #calls: ToolCallDraft[] = [];
  #finished = false;
  readonly #forms: ChunkForms;
  /** The part of the chunks that is the same in the whole stream. */
  #head: string | undefined;
  /** The last part of the content if each repeats the ones before it. */
  #repeating: string | undefined;
  /** The text that the last parsed chunk added. */
  #grown: AddedText | undefined;

  /** @param forms of the provider's chunks, known from earlier answers */
  constructor(status: number, forms = new ChunkForms()) {
    this.#status = status;
    this.#forms = forms;
  }

  get toolCalls(): { name: string; arguments: string }[] {
    return this.#calls
      .filter(({ name, arguments: text }) => name !== "" || text !== "")
      .sort((a, b) => a.index - b.index)
      .map((call) => ({ name: call.name, arguments: withoutRepeats(call.arguments, call.repeating) }));
  }

  /** Reads the data of one server-sent event. */
  event(data: string): void {
    if (this.error !== undefined) return;
    if (this.#takeForm(data)) return;
    if (data.length <= MAX_MARK && DONE.test(data)) {
      this.#finished = true;
      this.isDone = true;
      return;
    }
    let chunk: unknown;
    try {
      chunk = data.trim() === "" ? null : (OBJECT_ARGUMENTS.test(data) ? parseJson : JSON.parse)(data);
    } catch {
      // What follows the end of an answer does not take it back.
      if (!this.#finished) this.#fail(`a chunk of the stream is not JSON${excerpt(data)}`);
      return;
    }
    if (chunk === null) return;
    this.#grown = undefined;
    this.#take(chunk, "delta");
    if (this.error === undefined) this.#head = this.#forms.learn(data, this.#grown) ?? this.#head;
  }

  /** Reads a chunk of a known form; false if it has to be parsed. */
  #takeForm(data: string): boolean {
    const head = this.#head;
    // Comparing a slice is several times cheaper than startsWith, which goes character by character.
    if (head === undefined || data.slice(0, head.length) !== head) return false;
    const tail = data.slice(head.length);
    const grown = this.#forms.addedText(tail);
    if (grown !== undefined) {
      if (grown.kind === "content") this.#addContent(grown.text);
      else this.#addArguments(grown.index, grown.text);
      return true;
    }
    const constant = this.#forms.constant(tail);
    if (constant === undefined) return false;
    this.#take(constant, "delta");
    return true;
  }

  /** Ends the stream: without a finish reason it was cut off. */
  end(): void {
    this.content = withoutRepeats(this.content, this.#repeating);
    if (this.error !== undefined) return;
    if (this.#finished) this.#judgeFinish();
    else
      this.#fail(
        this.begun ? "the stream ended without finish_reason and [DONE]" : "the stream held no answer",
      );
  }

  /** Reads the reason of an end without an answer. */
  #judgeFinish(): void {
    const { finish = "" } = this;
    if (this.#calls.length > 0) return;
    if (FAILED.test(finish))
      this.error = {
        code: "unavailable",
        status: this.#status,
        message: `the provider ended the answer before it was complete (finish_reason: ${finish})`,
      };
    else if (MALFORMED_CALL.test(finish) && this.content === "")
      this.content = `the call of a tool could not be read (finish_reason: ${finish})`;
  }

  /** Reads a whole answer that was not streamed. */
  body(text: string): void {
    let json: unknown;
    try {
      json = parseJson(text);
    } catch {
      this.#fail(
        isHtmlPage(text)
          ? "the answer is an HTML page, not JSON: see that `inference.baseUrl` is the address of the API"
          : `the answer is not JSON${excerpt(text)}`,
      );
      return;
    }
    this.#finished = false;
    this.#take(json, "message");
    if (this.error !== undefined) return;
    if (this.#finished) this.#judgeFinish();
    else this.#fail("the answer holds no choices");
  }

  #fail(message: string): void {
    this.error = { code: "protocol", status: this.#status, message };
  }

  #take(json: unknown, part: "delta" | "message"): void {
    if (!isJsonObject(json)) {
      this.#fail("a chunk of the answer is no JSON object");
      return;
    }
    const { choices } = json;
    if (!Array.isArray(choices) || saysError(json.error)) {
      const generated = failedGeneration(json);
      if (generated !== undefined && this.#calls.length === 0) {
        this.content = generated;
        this.#finished = true;
        return;
      }
      if (this.#takeError(json)) return;
    }
    const usage = usageOf(json);
    if (isJsonObject(usage)) {
      if (isCount(usage.prompt_tokens)) this.inputTokens = usage.prompt_tokens;
      if (isCount(usage.completion_tokens)) this.outputTokens = usage.completion_tokens;
      this.told = parseUsageDetails(json, usage, this.told);
    } else if (json.time_info !== undefined) this.told = parseUsageDetails(json, {}, this.told);
    if (!Array.isArray(choices)) return;
    for (const choice of choices) {
      if (!isJsonObject(choice) || (choice.index !== undefined && Number(choice.index) !== 0)) continue;
      if (saysError(choice.error) && this.#takeError({ error: choice.error as Json })) return;
      if (part === "message" || typeof choice.finish_reason === "string") this.#finished = true;
      if (typeof choice.finish_reason === "string") this.finish = choice.finish_reason;
      const piece = this.#pieceOf(choice, part);
      if (isJsonObject(piece)) this.#add(piece, part === "message");
      else if (part === "message") this.#fail("the answer's choice holds no message");
    }
  }

  /** Takes an error in place of an answer, or within it; false if there is none. */
  #takeError(json: JsonObject): boolean {
    const error = wireError(json);
    if (error === undefined) return false;
    const status = this.begun ? undefined : statedStatus(json);
    if (status === undefined) this.error = midStreamError(error, this.#status, this.begun);
    else {
      this.refusal = JSON.stringify(json);
      this.error = statusError(status, this.refusal);
    }
    return true;
  }

  /** Some servers send parts as `message`; others repeat the whole answer under that name in the last chunk. */
  #pieceOf(choice: JsonObject, part: "delta" | "message"): Json | undefined {
    const piece = choice[part];
    const isEmpty = isJsonObject(piece) && Object.keys(piece).length === 0;
    return piece === undefined || piece === null || (isEmpty && !this.begun)
      ? (choice.message ?? piece)
      : piece;
  }

  /** @param whole each call is complete: none continues another */
  #add(piece: JsonObject, whole: boolean): void {
    const { content, tool_calls: calls } = piece;
    if (!this.reasoned && (hasText(piece.reasoning) || hasText(piece.reasoning_content)))
      this.reasoned = true;
    if (typeof piece.refusal === "string") this.refused += piece.refusal;
    if (typeof content === "string" && content !== "") this.#addContent(content);
    else if (Array.isArray(content)) this.#addParts(content);
    if (Array.isArray(calls)) for (const [at, call] of calls.entries()) this.#addCall(call, at, whole);
    // The older form of a call, which some servers still use (OpenAI API reference, "function_call").
    else if (isJsonObject(piece.function_call)) {
      this.#addCall({ index: 0, function: piece.function_call }, 0, whole);
      this.#grown = undefined;
    }
  }

  /** A content in parts: texts, reasoning and refusals (OpenAI API reference; Mistral documentation, "Reasoning"). */
  #addParts(parts: readonly Json[]): void {
    for (const part of parts) {
      if (typeof part === "string") this.#addContent(part);
      if (!isJsonObject(part)) continue;
      if (/think|reason/i.test(String(part.type))) this.reasoned = true;
      else if (typeof part.refusal === "string") this.refused += part.refusal;
      else if (typeof part.text === "string") this.#addContent(part.text);
    }
    this.#grown = undefined;
  }

  #addCall(call: Json, at: number, whole: boolean): void {
    if (!isJsonObject(call)) return;
    // Some servers leave out the object around name and arguments, or call the arguments parameters.
    const part = isJsonObject(call.function)
      ? call.function
      : typeof call.name === "string"
        ? call
        : undefined;
    if (part === undefined) return;
    const { name, arguments: text = part.parameters } = part;
    const draft = whole ? this.#begin(this.#calls.length, "") : this.#draftOf(call, at, name, text);
    const { index } = draft;
    if (typeof name === "string" && name !== "") {
      // A name may come in pieces, or again with every part.
      const goesOn = draft.name !== "" && draft.arguments === "" && !name.startsWith(draft.name);
      draft.name = goesOn ? draft.name + name : name;
      this.begun = true;
    }
    if (text === undefined || text === null || text === "") return;
    // Some servers send the arguments as an object instead of text.
    this.#addTo(draft, typeof text === "string" ? text : writeJson(text));
    if (typeof text === "string") this.#grown = { kind: "arguments", index, text };
  }

  /**
   * Finds the call that a part belongs to. Servers that make several calls may give all of them the same index, or
   * none: another id begins another call, and so does a name if the call before is complete.
   */
  #draftOf(call: JsonObject, at: number, name: Json | undefined, text: Json | undefined): ToolCallDraft {
    const id = typeof call.id === "string" ? call.id : "";
    const last = this.#calls.at(-1);
    const given = call.index === undefined || call.index === null ? Number.NaN : Number(call.index);
    const index = Number.isInteger(given) ? given : at > 0 ? at : (last?.index ?? 0);
    const known = id === "" ? undefined : this.#calls.findLast((one) => one.id === id);
    if (known !== undefined && (Number.isNaN(given) || known.index === index))
      return isAnother(known, name, text) ? this.#begin(index, id) : known;
    const same = this.#latest(index);
    if (same === undefined) return this.#begin(index, id);
    const named = typeof name === "string" && name !== "" && same.name !== "";
    const other = id !== "" && same.id !== "" && same.id !== id;
    // Some servers give each part of a call an id of its own.
    const goesOn = other && !named && same.name !== "" && !isObject(same.arguments);
    if ((other && !goesOn) || (named && (id !== "" || isObject(same.arguments))))
      return this.#begin(index, id);
    if (same.id === "") same.id = id;
    return same;
  }

  #addContent(text: string): void {
    if (text === "") return;
    this.#repeating = repeated(this.content, this.#repeating, text);
    this.content += text;
    this.begun = true;
    this.#grown = { kind: "content", index: 0, text };
  }

  #addArguments(index: number, text: string): void {
    if (text === "") return;
    this.#addTo(this.#latest(index) ?? this.#begin(index, ""), text);
    this.#grown = { kind: "arguments", index, text };
  }

  #addTo(draft: ToolCallDraft, text: string): void {
    draft.repeating = repeated(draft.arguments, draft.repeating, text);
    draft.arguments += text;
    this.begun = true;
  }

  /** The latest call with this index. */
  #latest(index: number): ToolCallDraft | undefined {
    for (let at = this.#calls.length - 1; at >= 0; at -= 1)
      if (this.#calls[at]?.index === index) return this.#calls[at];
    return undefined;
  }

  #begin(index: number, id: string): ToolCallDraft {
    const draft = { index, id, name: "", arguments: "", repeating: undefined };
    this.#calls.push(draft);
    return draft;
  }
}
