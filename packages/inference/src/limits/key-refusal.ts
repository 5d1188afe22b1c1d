import { isHtmlPage } from "../server/wire-error.ts";
import type { UpstreamResponse } from "../upstream/upstream.ts";

/** Statuses that refuse a key: unknown, or not paid. Source: RFC 9110, sections 15.5.2 and 15.5.3. */
const OF_THE_KEY: ReadonlySet<number> = new Set([401, 402]);
/** Words of a 403 about what a request holds, not about who sends it (OpenRouter's moderation). */
const OF_THE_CONTENT = /moderat|flagged|safety|content[ _-]?policy|guardrail/i;
/**
 * Words of refusals with 400 that are about a key or its account: Gemini's "API key not valid" and "API key expired", Groq's
 * `organization_restricted`, and others.
 */
const NAMES_KEY =
  /api[ _-]?key\b[^.]{0,40}\b(?:not valid|invalid|expired|not found|disabled|revoked|suspended|missing)|\b(?:invalid|expired|revoked|incorrect|disabled|unknown) (?:api[ _-]?)?key\b|api_key_\w*(?:invalid|expired)|organi[sz]ation\b[^.]{0,40}\b(?:restricted|disabled|suspended|deactivated)|organi[sz]ation_(?:restricted|disabled)|account\b[^.]{0,40}\b(?:suspended|disabled|deactivated|terminated|restricted)|account_(?:deactivated|suspended|disabled)|billing_not_active/i;

/**
 * The status with which an answer refuses the key of its request; undefined if it does not. Reads errors within an answer of
 * status 2xx too.
 */
export function keyRefusal({ error, status, refusal }: UpstreamResponse): number | undefined {
  if (error === undefined) return undefined;
  const stated = status >= 200 && status < 300 ? error.status : status;
  if (OF_THE_KEY.has(stated) || (stated === 429 && error.code === "refused")) return stated;
  if (stated === 403) return OF_THE_CONTENT.test(refusal) || isHtmlPage(refusal) ? undefined : stated;
  return stated === 400 && NAMES_KEY.test(refusal) ? stated : undefined;
}
