import { isJsonObject, type JsonObject } from "@ape/core/lib/json";
import type { ModelError } from "@ape/core/protocol/chat";

/** `type` of the errors that APE's own proxy makes; a client of the proxy takes code and status from them. */
export const PROXY_ERROR = "ape_proxy";

const CODES: readonly string[] = [
  "limit",
  "timeout",
  "refused",
  "unavailable",
  "protocol",
  "cancelled",
  "budget",
  "context",
];
const LONGEST = 300;

/** An error in a JSON answer, in either shape: `{error: {message, ...}}`, or flat `{message, code}`. */
export interface WireError {
  message: string;
  /** `code` and `type` as received, to distinguish a limit from a failure. */
  kind: string;
  /** Set if APE's own proxy made the error. */
  proxy?: ModelError;
}

/** Reads the error of a JSON answer, also within a list (Google); undefined if there is none. */
export function wireError(json: unknown): WireError | undefined {
  if (Array.isArray(json)) return json.length === 0 ? undefined : wireError(json[0]);
  if (!isJsonObject(json)) return undefined;
  const body = json.error ?? (json.choices === undefined ? json : undefined);
  if (typeof body === "string") return { message: cut(body), kind: "" };
  if (!isJsonObject(body)) return undefined;
  const message = textOf(body.message ?? body.detail ?? body.errors);
  if (message === undefined) {
    if (json.error === undefined || json.error === null) return undefined;
    return { message: cut(JSON.stringify(body)), kind: "" };
  }
  const error: WireError = {
    message: cut(withCause(message, body)),
    kind: `${body.code ?? ""} ${body.type ?? ""}`,
  };
  if (body.type === PROXY_ERROR && typeof body.code === "string" && CODES.includes(body.code))
    error.proxy = {
      code: body.code as ModelError["code"],
      status: typeof body.status === "number" ? body.status : 0,
      message: error.message,
    };
  return error;
}

/** A router's message with that of the provider behind it. Source: OpenRouter API reference, "Errors", `metadata.raw`. */
function withCause(message: string, { metadata }: JsonObject): string {
  const raw = isJsonObject(metadata) ? metadata.raw : undefined;
  if (typeof raw !== "string" || raw.trim() === "") return message;
  let cause: string | undefined;
  try {
    cause = wireError(JSON.parse(raw))?.message;
  } catch {
    cause = isHtmlPage(raw) ? "an HTML page" : raw.trim();
  }
  return cause === undefined ? message : `${message}: ${cause}`;
}

/** An error's text: unchanged, or joined from a list of faults with their places (Pydantic's `loc` and `msg`). */
function textOf(said: unknown): string | undefined {
  if (typeof said === "string" && said !== "") return said;
  if (Array.isArray(said)) {
    const texts = said.map(textOf).filter((text) => text !== undefined);
    return texts.length === 0 ? undefined : texts.join("; ");
  }
  if (!isJsonObject(said)) return undefined;
  const text = textOf(said.msg ?? said.message ?? said.detail);
  if (text === undefined || !Array.isArray(said.loc)) return text;
  return `${said.loc.filter((part) => part !== "body").join(".")}: ${text}`;
}

/** Error codes for a model's answer that its server could not parse as a tool call or as JSON: Groq's and compatible servers'. */
const TOOL_USE_FAILED =
  /tool_use_failed|tool_call_(?:failed|parse)|output_parse_failed|json_validate_failed/i;
const TOOL_USE_MESSAGE =
  /failed to (?:call|parse|generate)\b.{0,40}\b(?:function|tool)|tool (?:call )?(?:arguments|choice)? ?(?:could not be|failed to be?) pars|json does not match the expected schema for tool/i;

/**
 * Returns what a model generated if its server refuses it because it is no tool call: the model's mistake, which it may
 * correct. Source: Groq documentation, "Tool use", `tool_use_failed` and `failed_generation`.
 * @returns undefined for other errors
 */
export function failedToolUse(body: string): string | undefined {
  try {
    return failedGeneration(JSON.parse(body));
  } catch {
    return undefined;
  }
}

/** {@link failedToolUse} of parsed JSON. */
export function failedGeneration(json: unknown): string | undefined {
  const error = isJsonObject(json) ? (isJsonObject(json.error) ? json.error : json) : undefined;
  if (error === undefined) return undefined;
  const { code, type, message, failed_generation: generated } = error;
  if (
    !TOOL_USE_FAILED.test(`${code ?? ""} ${type ?? ""}`) &&
    !(typeof message === "string" && TOOL_USE_MESSAGE.test(message))
  )
    return undefined;
  if (typeof generated === "string" && generated !== "") return generated;
  if (isJsonObject(generated) || Array.isArray(generated)) return JSON.stringify(generated);
  return typeof message === "string" ? message : "the call of a tool could not be read";
}

/**
 * An error in an answer that had begun successfully.
 * @param begun whether a part of the answer came before it
 */
export function midStreamError(error: WireError, status: number, begun: boolean): ModelError {
  if (error.proxy !== undefined) return error.proxy;
  const limited = /rate.?limit|too_many|429|quota/i.test(error.kind);
  return {
    code: limited ? "limit" : "unavailable",
    status,
    message: begun ? `the stream broke off: ${error.message}` : error.message,
  };
}

/** A 429 that waiting does not help: the account has no money left. */
const NO_MONEY =
  /insufficient_quota|insufficient_balance|billing_(?:hard_limit|not_active)|exceeded your current quota/i;
/** The prompt was withheld by a content filter (Azure: code `content_filter`). */
const FILTERED =
  /content_filter|content_policy_violation|ResponsibleAIPolicyViolation|content management policy/i;
/** The prompt is longer than the model takes: OpenAI's `context_length_exceeded`, and the words of other servers. */
const TOO_LONG =
  /context_length_exceeded|context[ _-]?(?:length|window|size)|maximum context|(?:prompt|input|request)[^.]{0,40}(?:too long|too large|exceeds?)[^.]{0,60}(?:token|context|model)|too many (?:input |prompt )?tokens|exceed_context_size|string_above_max_length/i;
/** An error of the server that is about the length of this request (Ollama). */
const SAYS_LENGTH = /exceed|longer than|too (?:long|large)|\b\d+ tokens/i;
/** Says how long the request itself is: then that is the fault, also where the answer's limit is named (vLLM). */
const REQUEST_LENGTH = /\b(?:request|prompt|messages?|input)\b[^.]{0,40}?\b\d+ (?:input |prompt )?tokens/i;
/** A refusal of the answer's limit itself, which may name the context too (Groq). */
const LIMIT_TOO_HIGH =
  /max_(?:completion_|new_|output_)?tokens\W{0,4}(?:must|is too|should|cannot|may not)\b/i;
/**
 * Refusals of the request itself that some servers send with 5xx: llama.cpp without `--jinja`, for unknown fields, for
 * schemas that make no grammar, and for chat templates that fail; others for what a model does not support.
 */
const NEVER_PASSES =
  /\bgrammar\b|(?:json|response|tool)[ _-]?schema\b|unrecognized schema|jinja|raise_exception|chat template|\bat row \d+, column \d+|roles (?:are supported|must alternate)|\bdoes not support\b|unexpected keyword argument|extra_forbidden|validation errors? for\b|requires --\w|cannot use tools with|unsupported param(?:eter)?\b|(?:tools?|functions?|stream_options|response_format|tool_choice)\b[^.\n]{0,60}(?:not supported|unsupported|not implemented)/i;
/** Request timeout, conflict, too early: the same request may pass when it is sent again. */
const PASSING: ReadonlySet<number> = new Set([408, 409, 425]);

/** What an answer with a status other than 2xx means. */
function codeOf(status: number, text: string): ModelError["code"] {
  if (status === 429) return NO_MONEY.test(text) ? "refused" : "limit";
  if (PASSING.has(status)) return "unavailable";
  if (status === 501) return "refused";
  if (status >= 500 && TOO_LONG.test(text) && SAYS_LENGTH.test(text)) return "context";
  if (status >= 500) return NEVER_PASSES.test(text) ? "refused" : "unavailable";
  if (status === 400 && FILTERED.test(text)) return "filter";
  if ((status === 400 || status === 413 || status === 422) && TOO_LONG.test(text))
    return LIMIT_TOO_HIGH.test(text) && !REQUEST_LENGTH.test(text) ? "refused" : "context";
  return status >= 400 ? "refused" : "protocol";
}

/** Types of errors that stand for a status. Sources: OpenAI API reference, vLLM, Google's `google.rpc.Code`. */
const STATUS_OF_TYPE: readonly (readonly [type: RegExp, status: number])[] = [
  [/bad_?request|invalid_?(?:request|argument)/i, 400],
  [/authentication|unauthenticated/i, 401],
  [/rate_?limit|resource_?exhausted/i, 429],
];

/** The status that an error within an answer with status 2xx names, or that its words mean; undefined if it has none. */
export function statedStatus(json: unknown): number | undefined {
  const error = isJsonObject(json) ? json.error : undefined;
  if (typeof error === "string") return NEVER_PASSES.test(error) ? 400 : undefined;
  if (!isJsonObject(error)) return undefined;
  for (const value of [error.code, error.status, error.status_code]) {
    const status = Number(value);
    if (Number.isInteger(status) && status >= 400 && status < 600) return status;
  }
  const kind = [error.type, error.status].filter((one) => typeof one === "string").join(" ");
  return STATUS_OF_TYPE.find(([type]) => type.test(kind))?.[1];
}

/** Returns the error for an answer with a status other than 2xx. */
export function statusError(status: number, body: string): ModelError {
  let found: WireError | undefined;
  try {
    found = wireError(JSON.parse(body));
  } catch {
    found = undefined;
  }
  if (found?.proxy !== undefined) return found.proxy;
  const text = found === undefined ? body : `${found.kind} ${found.message}`;
  const code = codeOf(status, text);
  return { code, status, message: found === undefined ? `HTTP ${status}${excerpt(body)}` : found.message };
}

/** Whether an answer is an HTML page: that of a login, or of a server that is not the API. */
export const isHtmlPage = (body: string): boolean => /^\s*<(?:!doctype|html)/i.test(body);

/** The first words of an answer that is no JSON, for a message. */
export function excerpt(body: string): string {
  const text = body.trim();
  if (text === "") return " with an empty body";
  if (isHtmlPage(text)) return " with an HTML page";
  return `: ${cut(text)}`;
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}
