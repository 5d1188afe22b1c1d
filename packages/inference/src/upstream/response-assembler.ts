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

/** Whether a call's arguments are complete. */
function isObject(text: string): boolean {
  try {
    return isJsonObject(JSON.parse(text));
  } catch {
    return false;
  }
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
const OBJECT_ARGUMENTS = /"arguments"\s*:\s*\{/;

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
      .sort((a, b) => a.index - b.index)
      .map((call) => ({ name: call.name, arguments: withoutRepeats(call.arguments, call.repeating) }));
  }

  /** Reads the data of one server-sent event. */
  event(data: string): void {
    if (this.error !== undefined) return;
    if (this.#takeForm(data)) return;
    if (data === "[DONE]") {
      this.#finished = true;
      this.isDone = true;
      return;
    }
    let chunk: unknown;
    try {
      chunk = (OBJECT_ARGUMENTS.test(data) ? parseJson : JSON.parse)(data);
    } catch {
      this.#fail(`a chunk of the stream is not JSON${excerpt(data)}`);
      return;
    }
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
    if (this.error !== undefined || this.#finished) return;
    this.#fail(
      this.begun ? "the stream ended without finish_reason and [DONE]" : "the stream held no answer",
    );
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
    if (this.error === undefined && !this.#finished) this.#fail("the answer holds no choices");
  }

  #fail(message: string): void {
    this.error = { code: "protocol", status: this.#status, message };
  }

  #take(json: unknown, part: "delta" | "message"): void {
    if (!isJsonObject(json)) {
      this.#fail("a chunk of the answer is no JSON object");
      return;
    }
    const { choices, usage } = json;
    if (!Array.isArray(choices) || (json.error !== undefined && json.error !== null)) {
      const generated = failedGeneration(json);
      if (generated !== undefined && this.#calls.length === 0) {
        this.content = generated;
        this.#finished = true;
        return;
      }
      const error = wireError(json);
      if (error !== undefined) {
        const status = this.begun ? undefined : statedStatus(json);
        if (status === undefined) this.error = midStreamError(error, this.#status, this.begun);
        else {
          this.refusal = JSON.stringify(json);
          this.error = statusError(status, this.refusal);
        }
        return;
      }
    }
    if (isJsonObject(usage)) {
      if (typeof usage.prompt_tokens === "number") this.inputTokens = usage.prompt_tokens;
      if (typeof usage.completion_tokens === "number") this.outputTokens = usage.completion_tokens;
      this.told = parseUsageDetails(json, usage, this.told);
    } else if (json.time_info !== undefined) this.told = parseUsageDetails(json, {}, this.told);
    if (!Array.isArray(choices)) return;
    for (const choice of choices) {
      if (!isJsonObject(choice) || (choice.index !== undefined && choice.index !== 0)) continue;
      if (part === "message" || typeof choice.finish_reason === "string") this.#finished = true;
      if (typeof choice.finish_reason === "string") this.finish = choice.finish_reason;
      const piece = this.#pieceOf(choice, part);
      if (isJsonObject(piece)) this.#add(piece, part === "message");
      else if (part === "message") this.#fail("the answer's choice holds no message");
    }
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
    if (Array.isArray(calls)) for (const [at, call] of calls.entries()) this.#addCall(call, at, whole);
    // The older form of a call, which some servers still use (OpenAI API reference, "function_call").
    else if (isJsonObject(piece.function_call)) {
      this.#addCall({ index: 0, function: piece.function_call }, 0, whole);
      this.#grown = undefined;
    }
  }

  #addCall(call: Json, at: number, whole: boolean): void {
    if (!isJsonObject(call) || !isJsonObject(call.function)) return;
    const { name, arguments: text } = call.function;
    const draft = whole ? this.#begin(this.#calls.length, "") : this.#draftOf(call, at);
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
  #draftOf(call: JsonObject, at: number): ToolCallDraft {
    const id = typeof call.id === "string" ? call.id : "";
    const last = this.#calls.at(-1);
    const index = typeof call.index === "number" ? call.index : at > 0 ? at : (last?.index ?? 0);
    const known = id === "" ? undefined : this.#calls.find((one) => one.id === id);
    if (known !== undefined && (typeof call.index !== "number" || known.index === index)) return known;
    const same = this.#latest(index);
    if (same === undefined) return this.#begin(index, id);
    const { name } = call.function as JsonObject;
    const other = id !== "" && same.id !== "" && same.id !== id;
    const named = typeof name === "string" && name !== "" && same.name !== "";
    if (other || (named && (id !== "" || isObject(same.arguments)))) return this.#begin(index, id);
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
