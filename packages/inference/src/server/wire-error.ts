import { isJsonObject } from "@ape/core/lib/json";
import type { ModelError } from "@ape/core/protocol/chat";

/** `type` of the errors that APE's own proxy makes; a client of the proxy takes code and status from them. */
export const PROXY_ERROR = "ape_proxy";

const CODES: readonly string[] = ["limit", "timeout", "refused", "unavailable", "protocol", "cancelled"];
const LONGEST = 300;

/** An error in a JSON answer, in either shape: `{error: {message, ...}}`, or flat `{message, code}`. */
export interface WireError {
  message: string;
  /** `code` and `type` as sent, for telling a limit from a failure. */
  kind: string;
  /** Set where APE's own proxy made the error. */
  proxy?: ModelError;
}

/** Reads an error out of a JSON answer; undefined where it holds none. */
export function wireError(json: unknown): WireError | undefined {
  if (!isJsonObject(json)) return undefined;
  const body = json.error ?? (json.choices === undefined ? json : undefined);
  if (typeof body === "string") return { message: cut(body), kind: "" };
  if (!isJsonObject(body)) return undefined;
  const message = body.message ?? body.detail;
  if (typeof message !== "string") {
    if (json.error === undefined || json.error === null) return undefined;
    return { message: cut(JSON.stringify(body)), kind: "" };
  }
  const error: WireError = { message: cut(message), kind: `${body.code ?? ""} ${body.type ?? ""}` };
  if (body.type === PROXY_ERROR && typeof body.code === "string" && CODES.includes(body.code))
    error.proxy = {
      code: body.code as ModelError["code"],
      status: typeof body.status === "number" ? body.status : 0,
      message: error.message,
    };
  return error;
}

/** An error that came within a stream that had begun well. */
export function midStreamError(error: WireError, status: number): ModelError {
  if (error.proxy !== undefined) return error.proxy;
  const limited = /rate.?limit|too_many|429|quota/i.test(error.kind);
  return {
    code: limited ? "limit" : "unavailable",
    status,
    message: `the stream broke off: ${error.message}`,
  };
}

/** The error that an answer with a status other than 2xx stands for. */
export function statusError(status: number, body: string): ModelError {
  let found: WireError | undefined;
  try {
    found = wireError(JSON.parse(body));
  } catch {
    found = undefined;
  }
  if (found?.proxy !== undefined) return found.proxy;
  const code =
    status === 429 ? "limit" : status >= 500 ? "unavailable" : status >= 400 ? "refused" : "protocol";
  return { code, status, message: found === undefined ? `HTTP ${status}${excerpt(body)}` : found.message };
}

/** The first words of an answer that is no JSON, for a message. */
export function excerpt(body: string): string {
  const text = body.trim();
  if (text === "") return " with an empty body";
  if (/^<(!doctype|html)/i.test(text)) return " with an HTML page";
  return `: ${cut(text)}`;
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}
