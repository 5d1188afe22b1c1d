import type { JsonObject } from "@ape/core/json";
import type { ToolCall } from "@ape/core/tool-call";
import type { ActionDecision } from "./call-text.ts";
import { fillPath, fillPlaceholders, type ReadValue } from "./placeholder.ts";

/**
 * Makes the call of a decision: placeholders filled in, header names in lower case.
 * @param origin the target's base URL: a link that begins with it is a path of the target
 * @returns the call, or one sentence that tells the model what is wrong
 */
export function makeCall(
  decision: ActionDecision,
  origin: string | undefined,
  read: ReadValue,
): ToolCall | string {
  const path = fillPath(decision.path, read);
  const unknown = path.unknown;
  const call: ToolCall = { target: decision.target, method: decision.method, path: path.value, headers: {} };
  if (decision.headers !== undefined) {
    const headers = fillPlaceholders(decision.headers as JsonObject, read);
    unknown.push(...headers.unknown);
    const lower: Record<string, string> = {};
    for (const name in headers.value) lower[name.toLowerCase()] = headers.value[name] as string;
    call.headers = lower;
  }
  if (decision.query !== undefined) {
    const query = fillPlaceholders(decision.query as JsonObject, read);
    unknown.push(...query.unknown);
    call.query = query.value as NonNullable<ToolCall["query"]>;
  }
  if (decision.data !== undefined) {
    const data = fillPlaceholders(decision.data, read);
    unknown.push(...data.unknown);
    call.data = data.value;
  }
  if (unknown.length > 0) return `nothing is known as {{${unknown[0]}}}`;
  if (!call.path.startsWith("/")) {
    const base = origin?.replace(/\/$/, "");
    if (base === undefined || !call.path.startsWith(`${base}/`))
      return `the path must begin with /, which ${decision.path} does not once it is filled in`;
    call.path = call.path.slice(base.length);
  }
  return call;
}
