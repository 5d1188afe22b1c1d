import type { ModelAnswer, ModelError } from "@ape/core/protocol/chat";

/** How a model is asked for decisions: with tools, or for JSON by a schema. */
export type DecisionMode = "tools" | "json";

/** Answers in a row with calls as text after which the server counts as one that does not parse calls. */
const TEXT_CALLS = 3;
/** Answers in a row of text without a call, although one was required, after which the same applies. */
const TEXT_ANSWERS = 2;
const UNSUPPORTED: ReadonlySet<number> = new Set([400, 404, 422, 500, 501]);
const NAMES_TOOLS = /\btools?\b|tool[_ -]?(?:choice|calls?|calling|use|parser)|function[_ -]?call/i;
/** Errors of another value of `tool_choice`: the server takes tools. */
const OTHER_CHOICE = /tool_choice.{0,40}\b(?:only|must be|one of)\b.{0,60}\bauto\b/i;
/** A call that the server could not parse does not mean that it has no tools. */
const UNREADABLE_CALL = /tool_use_failed|failed_generation|failed to (?:call|parse)/i;

/** Holds the decision mode of a process. `auto` starts with tools and switches to JSON at most once. */
export class DecisionModeSelector {
  #mode: DecisionMode;
  readonly #auto: boolean;
  readonly #notice: (message: string) => void;
  #textCalls = 0;
  #textAnswers = 0;

  /** @param notice called once, when the mode changes */
  constructor(decisions: "tools" | "json" | "auto", notice: (message: string) => void = () => undefined) {
    this.#auto = decisions === "auto";
    this.#mode = decisions === "json" ? "json" : "tools";
    this.#notice = notice;
  }

  get mode(): DecisionMode {
    return this.#mode;
  }

  /** Counts an answer to a request with tools. */
  noteAnswer({ toolCalls, content, error }: ModelAnswer, heldTextCalls: boolean): void {
    if (!this.#auto || this.#mode === "json" || error !== undefined) return;
    if (toolCalls.length > 0) {
      this.#textCalls = 0;
      this.#textAnswers = 0;
    } else if (heldTextCalls) {
      this.#textCalls += 1;
      if (this.#textCalls >= TEXT_CALLS)
        this.#change(`${TEXT_CALLS} answers in a row held their tool call as text`);
    } else if (content !== "") {
      this.#textAnswers += 1;
      if (this.#textAnswers >= TEXT_ANSWERS)
        this.#change(`${TEXT_ANSWERS} answers in a row were text in place of a tool call`);
    }
  }

  /**
   * Whether a failed request with tools is to be repeated with JSON: the server refused tools, or lets the model ignore
   * them.
   */
  changesAfter(error: ModelError): boolean {
    if (!this.#auto) return false;
    const refused = refusesTools(error);
    if (!refused && !(error.code === "length" && error.inText === true)) return false;
    if (this.#mode === "tools")
      this.#change(
        refused
          ? `the provider refused tools: ${error.message.slice(0, 200)}`
          : "an answer was endless text in place of a tool call",
      );
    return true;
  }

  #change(reason: string): void {
    this.#mode = "json";
    this.#notice(
      `decisions are asked for as JSON from now on, because ${reason}; inference.decisions: json does so from the start`,
    );
  }
}

function refusesTools({ code, status, message }: ModelError): boolean {
  return (
    code === "refused" &&
    UNSUPPORTED.has(status) &&
    NAMES_TOOLS.test(message) &&
    !OTHER_CHOICE.test(message) &&
    !UNREADABLE_CALL.test(message)
  );
}
