import type { ToolCall, ToolResult } from "@ape/core/tool-call";
import type { Decision } from "./decision.ts";
import { digestBody } from "./digest.ts";

/** A decision that reaches a target. */
export type ActionDecision = Decision & { kind: "action" };

/** A JSON body above this many bytes is recorded in digest: turning megabytes into text for a few lines stalls everyone. */
const MAX_WHOLE = 16_384;
const SHOWN_HEADERS = ["location", "retry-after", "link"] as const;
const MAX_HEADER = 300;

/** A call as it was decided, placeholders unfilled, at most `limit` characters: `POST /cart?x=1 {"id":"p1"}`. */
export function callText({ method, path, query, data }: ActionDecision, limit: number): string {
  const pairs = query === undefined ? "" : `?${queryText(query)}`;
  const text = `${method} ${path}${pairs}${data === undefined ? "" : ` ${JSON.stringify(data)}`}`;
  return text.length > limit ? `${text.slice(0, limit - 3)}...` : text;
}

function queryText(query: NonNullable<ToolCall["query"]>): string {
  return Object.entries(query)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join("&");
}

/** A body as text, for the record of a failed action. */
export function bodyText({ body }: ToolResult): string {
  if (body.kind === "json") return body.bytes > MAX_WHOLE ? digestBody(body).text : JSON.stringify(body.json);
  if (body.kind === "text") return body.text;
  return body.kind === "empty" ? "" : `${body.bytes} bytes of binary data`;
}

/** The headers of an answer that a model is shown, or undefined where it has none of them. */
export function shownHeaders(
  result: ToolResult,
  hide: (text: string) => string,
): Record<string, string> | undefined {
  let shown: Record<string, string> | undefined;
  for (const name of SHOWN_HEADERS) {
    const value = result.headers[name];
    if (typeof value !== "string") continue;
    shown ??= {};
    shown[name] = hide(value).slice(0, MAX_HEADER);
  }
  return shown;
}
