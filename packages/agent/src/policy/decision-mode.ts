import type { ModelAnswer, ModelError } from "@ape/core/protocol/chat";

/** How a model is asked for decisions: with tools, or for JSON by a schema. */
export type DecisionMode = "tools" | "json";

/** Answers in a row with calls as text after which the server counts as one that does not parse calls. */
const TEXT_CALLS = 3;
/**
 * Answers in a row of text without a call, although one was required, after which the same applies. One is enough as long
 * as no answer was a call.
 */
const TEXT_ANSWERS = 2;
const UNSUPPORTED: ReadonlySet<number> = new Set([400, 404, 422, 500, 501]);
/** Statuses that servers give for what they cannot use in a request. */
const MALFORMED: ReadonlySet<number> = new Set([400, 422, 500, 501]);
const NAMES_TOOLS = /\btools?\b|tool[_ -]?(?:choice|calls?|calling|use|parser)|function[_ -]?call/i;
/** Grammars of tools, or chat templates, that a server could not use. */
const NAMES_TEMPLATE =
  /\bgrammar\b|xgrammar|outlines|guided[ _-]|structured[ _-]output|\bjinja|raise_exception|chat[ _]template|\bat row \d+, column \d+|tool[ _-]schema/i;
/** Errors of another value of `tool_choice`: the server takes tools. */
const OTHER_CHOICE = /tool_choice.{0,40}\b(?:only|must be|one of)\b.{0,60}\bauto\b/i;
/** A call that the server could not parse does not mean that it has no tools. */
const FAILED_CALL = /tool_use_failed|failed_generation/i;
const UNREADABLE_CALL = /failed to (?:call|parse)/i;

/** Refusals of a prompt's or an answer's length, of a key, or of a call that could not be parsed. */
const OTHER_CAUSE =
  /context[ _-]?(?:length|window|size|limit)|(?:maximum|longest|exceed\w*)[^.]{0,20} context|tokens\b|api[ _-]?key|credential|billing|quota|tool_use_failed|failed_generation|failed to (?:call|parse) a|tool_choice/i;

/** Holds the decision mode of a process. `auto` starts with tools and switches to JSON at most once. */
export class DecisionModeSelector {
  #mode: DecisionMode;
  readonly #auto: boolean;
  readonly #notice: (message: string) => void;
  #textCalls = 0;
  #textAnswers = 0;
  /** Whether any answer was a tool call. */
  #called = false;
  /** Whether a request with tools was answered, or JSON was tried in its place without success. */
  #settled = false;

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
    this.#settled = true;
    if (toolCalls.length > 0) {
      this.#textCalls = 0;
      this.#textAnswers = 0;
      this.#called = true;
    } else if (heldTextCalls) {
      this.#textCalls += 1;
      if (this.#textCalls >= TEXT_CALLS)
        this.#change(`${TEXT_CALLS} answers in a row held their tool call as text`);
    } else if (content !== "") {
      this.#textAnswers += 1;
      if (!this.#called) this.#change("an answer was text before any was a tool call");
      else if (this.#textAnswers >= TEXT_ANSWERS)
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

  /** What to do about a refusal of tools where the configuration allows nothing else; undefined for another error. */
  adviceFor(error: ModelError): string | undefined {
    return !this.#auto && this.#mode === "tools" && refusesTools(error)
      ? "set `inference.decisions` to `json` or `auto`"
      : undefined;
  }

  /**
   * Whether a failed request is to be repeated with JSON to see if the server takes that: it refused requests with tools
   * in words that say nothing of tools, and never answered one.
   */
  triesAfter({ code, status, message }: ModelError): boolean {
    if (!this.#auto || this.#mode === "json" || this.#settled) return false;
    return code === "refused" && MALFORMED.has(status) && !OTHER_CAUSE.test(message);
  }

  /** Notes how a request went that {@link triesAfter} repeated. */
  noteTrial(refusal: ModelError, { error }: ModelAnswer): void {
    if (error?.code === "refused") this.#settled = true;
    else if (error === undefined && this.#mode === "tools")
      this.#change(`the provider takes it where it refused tools: ${refusal.message.slice(0, 200)}`);
  }

  #change(reason: string): void {
    this.#mode = "json";
    this.#notice(
      `decisions are asked for as JSON from now on, because ${reason}; inference.decisions: json does so from the start`,
    );
  }
}

function refusesTools({ code, status, message }: ModelError): boolean {
  if (code !== "refused" || !UNSUPPORTED.has(status)) return false;
  if (OTHER_CHOICE.test(message) || FAILED_CALL.test(message)) return false;
  return NAMES_TEMPLATE.test(message) || (NAMES_TOOLS.test(message) && !UNREADABLE_CALL.test(message));
}
