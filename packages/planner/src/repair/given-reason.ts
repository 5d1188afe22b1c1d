import { isJsonObject, type Json } from "@ape/core/lib/json";
import type { PastCall } from "../goal/past-call.ts";

/** Names of what answers say of a refusal, most telling first. */
const REASONS = ["detail", "message", "error_description", "reason", "error", "title", "errors"];
const LONGEST = 160;

/** The reason that the target itself gave for a refusal, ` ("only drafts can be changed")`; empty if it gave none. */
export function reasonGiven({ answer, status }: Pick<PastCall, "answer" | "status">): string {
  const text = status < 400 ? undefined : reasonIn(answer?.body, 3);
  if (text === undefined) return "";
  const line = text.replaceAll(/\s+/g, " ").trim();
  return ` (${JSON.stringify(line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line)})`;
}

function reasonIn(body: Json | undefined, depth: number): string | undefined {
  // A page is no reason.
  if (typeof body === "string") return body === "" || /^\s*</.test(body) ? undefined : body;
  if (depth === 0) return undefined;
  if (Array.isArray(body))
    return body.map((one) => reasonIn(one, depth - 1)).find((text) => text !== undefined);
  if (!isJsonObject(body)) return undefined;
  for (const name of REASONS) {
    const found = reasonIn(body[name], depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
