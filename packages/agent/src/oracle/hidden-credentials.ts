import type { ToolResult } from "@ape/core/protocol/tool-call";
import { credentialFields } from "../credentials/credential-fields.ts";

/** Shorter values could be found in ordinary words. */
const SHORTEST = 6;

/**
 * Hides the credentials of a probe's answer in a text: the session has not seen them, so its own masks do not know
 * them.
 */
export function hideCredentials(text: string, { body }: ToolResult): string {
  if (body.kind !== "json") return text;
  let hidden = text;
  for (const { name, value } of credentialFields(body.json))
    if (value.length >= SHORTEST && hidden.includes(value)) hidden = hidden.replaceAll(value, `{{${name}}}`);
  return hidden;
}
