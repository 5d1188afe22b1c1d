import { isJsonObject, type Json } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import type { ToolResult } from "@ape/core/protocol/tool-call";
import { showsUnready } from "./resource-state.ts";
import { saysLater } from "./words/refusal-words.ts";

const FLAG = /^(?:is_?)?(?:queued|pending|processing|async(?:hronous)?|deferred|in_?progress)$/i;
/** Fields in which a server names the place to ask for the progress of queued work. */
const JOB =
  /^(?:job|operation|workflow|batch|queue|process|progress|poll(?:ing)?|async)_?(?:id|uuid|url|uri|href|link|location)$/i;
/** These fields count too if the answer has no id of its own: each item of a task list has one. */
const TASK = /^(?:task|run|execution)_?(?:id|uuid|url|uri|href)$/i;

/** Link relations (RFC 8288, Azure) that name the place to ask for the progress of queued work. */
const PROGRESS_HEADERS = ["operation-location", "azure-asyncoperation", "x-operation-id", "x-job-id"];
/** Headers of other servers with the state, the place or the number of queued work. */
const PROGRESS_HEADER =
  /^x-(?:[\w-]+-)?(?:job|queue|queued|task|async|processing|background|workflow|replication)-?(?:id|status|state|url|uri|position|location|lag)?$/;
const PROGRESS_RELATION = /rel="?(?:[\w-]+ )*(?:monitor|status|job|operation|progress|describedby-job)\b/i;

/**
 * Whether an answer that accepted a write says that the work is not done: 202 (RFC 9110, section 15.3.3), `Retry-After`,
 * `Preference-Applied: respond-async` (RFC 7240, section 4.1), a job to ask for that the request did not name, headers
 * or fields that say that something is not ready, or a text that says that it takes time.
 */
export function isQueued({ status, headers, body }: ToolResult, isSent: (value: string) => boolean): boolean {
  if (status === 202 || headers["retry-after"] !== undefined) return true;
  if (/\brespond-async\b/i.test(String(headers["preference-applied"] ?? ""))) return true;
  if (PROGRESS_HEADERS.some((name) => headers[name] !== undefined)) return true;
  for (const name in headers)
    if (PROGRESS_HEADER.test(name) || (/consisten/.test(name) && /\beventual/i.test(String(headers[name]))))
      return true;
  if (PROGRESS_RELATION.test(String(headers.link ?? ""))) return true;
  return (
    body.kind === "json" &&
    (namesJob(body.json, 1, isSent) || showsUnready(body.json) || announcesDelay(body.json, 1, isSent))
  );
}

/** Fields with a text for people. */
const MESSAGE =
  /^(?:(?:status|user|success|info)_?)?(?:messages?|msg|notices?|notes?|info(?:rmation)?|hints?|warnings?|details?|remarks?)$/i;

/** Whether a text for people says that the effect shows later; texts that the session wrote itself do not count. */
function announcesDelay(json: Json, below: number, isSent: (value: string) => boolean): boolean {
  if (!isJsonObject(json)) return false;
  return Object.entries(json).some(([key, value]) =>
    MESSAGE.test(key)
      ? [value].flat().some((text) => typeof text === "string" && saysLater(text) && !isSent(text))
      : below > 0 && announcesDelay(value, below - 1, isSent),
  );
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
