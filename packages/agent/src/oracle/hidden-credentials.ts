import type { ToolResult } from "@ape/core/protocol/tool-call";
import { credentialFields } from "../credentials/credential-fields.ts";

/** Shorter values could be found in ordinary words. */
const SHORTEST = 6;

/**
 * A text about a probe's answer without the credentials of that answer: the session itself has not met them, so that its own
 * masks know nothing of them.
 */
export function hideCredentials(text: string, { body }: ToolResult): string {
  if (body.kind !== "json") return text;
  let hidden = text;
  for (const { name, value } of credentialFields(body.json))
    if (value.length >= SHORTEST && hidden.includes(value)) hidden = hidden.replaceAll(value, `{{${name}}}`);
  return hidden;
}
