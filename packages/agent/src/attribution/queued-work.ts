import { isJsonObject, type Json } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import type { ToolResult } from "@ape/core/protocol/tool-call";

const FLAG = /^(?:is_?)?(?:queued|pending|processing|async(?:hronous)?|deferred|in_?progress)$/i;
/** What a server names for its clients to ask for the work's progress. */
const JOB =
  /^(?:job|operation|workflow|batch|queue|process|progress|poll(?:ing)?|async)_?(?:id|uuid|url|uri|href|link|location)$/i;
/** As well, where the answer has no id of its own: in a list of things to do each has one. */
const TASK = /^(?:task|run|execution)_?(?:id|uuid|url|uri|href)$/i;

/**
 * Whether an answer that accepted a write says that the work is not done: 202 (RFC 9110, section 15.3.3), `Retry-After`,
 * `Preference-Applied: respond-async` (RFC 7240, section 4.1), or a job to ask for that the request did not name.
 */
export function isQueued({ status, headers, body }: ToolResult, isSent: (value: string) => boolean): boolean {
  if (status === 202 || headers["retry-after"] !== undefined) return true;
  if (/\brespond-async\b/i.test(String(headers["preference-applied"] ?? ""))) return true;
  return body.kind === "json" && namesJob(body.json, 1, isSent);
}

function namesJob(json: Json, below: number, isSent: (value: string) => boolean): boolean {
  if (!isJsonObject(json)) return false;
  for (const key in json) {
    const value = json[key] ?? null;
    if (value === true) {
      if (FLAG.test(key)) return true;
    } else if (typeof value === "string" || isNumber(value)) {
      if ((JOB.test(key) || (TASK.test(key) && json.id === undefined)) && !isSent(String(value))) return true;
    } else if (below > 0 && namesJob(value, below - 1, isSent)) return true;
  }
  return false;
}
