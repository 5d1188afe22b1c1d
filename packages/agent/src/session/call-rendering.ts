import { LosslessNumber, writeJson } from "@ape/core/lib/lossless-number";
import { byName } from "@ape/core/protocol/fields/by-name";
import type { QueryValue, ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import { digestBody } from "../memory/digest.ts";
import type { Decision } from "../policy/decision.ts";
import { graphqlOperation } from "./graphql-text.ts";

/** A decision that reaches a target. */
export type ActionDecision = Decision & { kind: "action" };

/**
 * A JSON body above this many bytes is recorded as a digest: serializing megabytes for a few lines would block all
 * sessions of the process.
 */
const MAX_WHOLE = 16_384;
/**
 * Headers of answers that a further request may need: of conditional requests (RFC 9110, sections 8.8 and 13), of
 * redirection and retries, of forged-request protection, and of paging.
 */
const SHOWN_HEADER_NAME =
  /^(?:location|content-location|retry-after|link|etag|last-modified|content-range|(?:x-)?(?:csrf|xsrf)(?:-?token)?|x-(?:total|page|per-page|next|prev|pagination|cursor|offset|limit|has-more|continuation)(?:-?[a-z]+)*)$/;
const isShownHeader = byName((name) => SHOWN_HEADER_NAME.test(name));
/** Rate limits that are nearly used up, by the usual names. */
const RATE_HEADER = /^(?:x-)?ratelimit-(?:remaining|reset)$/;
const FEW_LEFT = 5;
const MAX_HEADER = 300;
/** Characters of what a form is about. */
const MAX_SUBJECT = 60;
const MAX_HEADERS = 12;

/**
 * The text of a call as it was decided, placeholders unfilled, at most `limit` characters: `POST /cart?x=1
 * {"id":"p1"}`.
 */
export function callText(decision: ActionDecision, limit: number): string {
  const text = wholeText(decision);
  return text.length > limit ? `${text.slice(0, limit - 3)}...` : text;
}

/**
 * As in {@link callText}: `query orders {"first":5}`, `tool search {"q":"a"}`, `submit_form 2 "Log in" {"user":"a"}`,
 * `submit_form 1 "Next" of "Your booking" {"seats":2}`; a link is followed by its text.
 */
function wholeText({ method, path, query, data, graphql, call, form, label, about }: ActionDecision): string {
  if (graphql !== undefined) {
    const { kind, root } = graphqlOperation(graphql.query, graphql.operationName);
    const given =
      graphql.variables === undefined ? graphql.query.replaceAll(/\s+/g, " ") : writeJson(graphql.variables);
    return `${kind} ${root} ${given}`;
  }
  if (call !== undefined) return `tool ${call.name} ${writeJson(call.arguments)}`;
  const named = label === undefined || label === "" ? "" : ` ${writeJson(label)}`;
  if (form !== undefined) {
    const subject =
      about === undefined || about === "" ? "" : ` of ${writeJson(about.slice(0, MAX_SUBJECT))}`;
    return `submit_form ${form.named ?? "1"}${named}${subject} ${writeJson(form.fields)}`;
  }
  const pairs = query === undefined ? "" : `?${queryText(query)}`;
  return `${method} ${path}${pairs}${named}${data === undefined ? "" : ` ${writeJson(data)}`}`;
}

function queryText(query: NonNullable<ToolCall["query"]>): string {
  return Object.entries(query)
    .map(([key, value]) => `${key}=${isPlain(value) ? String(value) : writeJson(value)}`)
    .join("&");
}

const isPlain = (value: QueryValue): boolean =>
  typeof value !== "object" ||
  value instanceof LosslessNumber ||
  (Array.isArray(value) && value.every((item) => typeof item !== "object" || item instanceof LosslessNumber));

/** A body as text, for the record of a failed action. */
export function bodyText({ body }: ToolResult, hide?: (text: string) => string): string {
  if (body.kind === "json")
    return body.bytes > MAX_WHOLE ? digestBody(body, undefined, hide).text : writeJson(body.json);
  if (body.kind === "text") return body.text;
  if (body.kind === "page") return `${body.page.title}\n${body.page.text}`;
  return body.kind === "empty" ? "" : `${body.bytes} bytes of binary data`;
}

/**
 * The headers of an answer that a model is shown, or undefined if it has none of them.
 * @param named headers that the API document names
 */
export function shownHeaders(
  result: ToolResult,
  hide: (text: string) => string,
  named?: ReadonlySet<string>,
): Record<string, string> | undefined {
  let shown: Record<string, string> | undefined;
  let count = 0;
  const scarce = result.status === 429 || isScarce(result.headers);
  for (const name in result.headers) {
    const value = result.headers[name];
    if (typeof value !== "string") continue;
    if (!isShownHeader(name) && named?.has(name) !== true && !(scarce && RATE_HEADER.test(name))) continue;
    if (count >= MAX_HEADERS) break;
    count += 1;
    shown ??= {};
    shown[name] = hide(value).slice(0, MAX_HEADER);
  }
  return shown;
}

function isScarce(headers: ToolResult["headers"]): boolean {
  const left = headers["x-ratelimit-remaining"] ?? headers["ratelimit-remaining"];
  return typeof left === "string" && left !== "" && Number(left) <= FEW_LEFT;
}
