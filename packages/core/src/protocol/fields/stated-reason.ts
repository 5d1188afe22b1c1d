import { isJsonObject, type Json } from "../../lib/json.ts";

/** Names of what answers say of a refusal, most telling first; `title` of a problem (RFC 9457) is its kind. */
const REASONS = ["detail", "message", "error_description", "reason", "error", "title", "errors"];
const DEEPEST = 3;
const LONGEST = 160;

/** The reason that a target's own answer gives for a refusal, on one line; undefined if it says none in words. */
export function statedReason(body: Json | undefined): string | undefined {
  const text = reasonIn(body, DEEPEST)?.replaceAll(/\s+/g, " ").trim();
  if (text === undefined || text === "") return undefined;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function reasonIn(body: Json | undefined, depth: number): string | undefined {
  // A page is no reason.
  if (typeof body === "string") return body === "" || /^\s*</.test(body) ? undefined : body;
  if (depth === 0) return undefined;
  if (Array.isArray(body)) return firstOf(body, depth);
  return isJsonObject(body)
    ? firstOf(
        REASONS.map((name) => body[name]),
        depth,
      )
    : undefined;
}

function firstOf(values: readonly (Json | undefined)[], depth: number): string | undefined {
  for (const value of values) {
    const found = reasonIn(value, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
