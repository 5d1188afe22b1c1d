import type { ToolCall, ToolResult } from "@ape/core/tool-call";
import type { Decision } from "./decision.ts";

const MAX_CALL_TEXT = 200;
const SHOWN_HEADERS = ["location", "retry-after", "link"] as const;

/** A call as the model sees it again: as it wrote it, placeholders unfilled, at most 200 characters. */
export function callText({ method, path, query, data }: Decision & { kind: "action" }): string {
  const pairs = query === undefined ? "" : `?${queryText(query)}`;
  const text = `${method} ${path}${pairs}${data === undefined ? "" : ` ${JSON.stringify(data)}`}`;
  return text.length > MAX_CALL_TEXT ? `${text.slice(0, MAX_CALL_TEXT - 3)}...` : text;
}

function queryText(query: NonNullable<ToolCall["query"]>): string {
  return Object.entries(query)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join("&");
}

/** The headers of an answer that a policy may need; undefined where there are none. */
export function shownHeaders(result: ToolResult): Record<string, string> | undefined {
  let shown: Record<string, string> | undefined;
  for (const name of SHOWN_HEADERS) {
    const value = result.headers[name];
    if (typeof value !== "string") continue;
    shown ??= {};
    shown[name] = value.slice(0, 300);
  }
  return shown;
}

/** An answer's body as text, for the record of a failed action. */
export function bodyText({ body }: ToolResult): string {
  if (body.kind === "json") return JSON.stringify(body.json);
  if (body.kind === "text") return body.text;
  return body.kind === "empty" ? "" : `${body.bytes} bytes of binary data`;
}
