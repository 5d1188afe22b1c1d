import { isJsonObject, type Json } from "../../lib/json.ts";

/** Names of what answers say of a refusal, most telling first; `title` of a problem (RFC 9457) is its kind. */
const REASONS = ["detail", "message", "error_description", "reason", "error", "title", "errors"];
/** Other names under which a text says something of a refusal. */
const SAYS = /^(?:problem|msg|text|description|explanation|hint|info|warning)s?$/i;
const DEEPEST = 3;
const LONGEST = 160;

/** The reason that a target's own answer gives for a refusal, on one line: a sentence before a code; undefined if it says none. */
export function statedReason(body: Json | undefined): string | undefined {
  const texts = [...reasonsIn(body, DEEPEST)].map((text) => text.replaceAll(/\s+/g, " ").trim());
  const text = texts.find((one) => one.includes(" ")) ?? texts.find((one) => one !== "");
  if (text === undefined) return undefined;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function* reasonsIn(body: Json | undefined, depth: number): Generator<string> {
  // A page is no reason.
  if (typeof body === "string" && !/^\s*</.test(body)) yield body;
  if (depth === 0) return;
  if (Array.isArray(body)) for (const item of body) yield* reasonsIn(item, depth - 1);
  if (!isJsonObject(body)) return;
  for (const name of REASONS) yield* reasonsIn(body[name], depth - 1);
  for (const [name, value] of Object.entries(body))
    if (!REASONS.includes(name) && (SAYS.test(name) || typeof value !== "string"))
      yield* reasonsIn(value, depth - 1);
}
