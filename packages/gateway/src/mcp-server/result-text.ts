import type { JsonObject } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { CALLER_META } from "@ape/core/protocol/mcp";
import type { Body } from "@ape/core/protocol/tool-call";
import type { CallOutcome } from "./tool-executor.ts";

/** Whether a caller reads the structured content and needs no text besides. */
export function wantsShortText(meta: JsonObject | undefined): boolean {
  return meta?.[CALLER_META.text] === "short";
}

/**
 * The texts of a result: the body, for clients that read no structured content, then one sentence with the status.
 * Source: MCP 2026-07-28, "Structured Content": the serialized JSON should also be given as text.
 */
export function resultTexts({ text, structured: { body } }: CallOutcome): string[] {
  const shown = bodyText(body);
  return shown === undefined ? [text] : [shown, text];
}

function bodyText(body: Body): string | undefined {
  switch (body.kind) {
    case "json":
      return writeJson(body.json);
    case "text":
      return body.text === "" ? undefined : body.text;
    case "page":
      return `${body.page.title}\n${body.page.text}`;
    default:
      return undefined;
  }
}
