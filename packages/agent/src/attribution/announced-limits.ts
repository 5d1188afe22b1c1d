import type { ApiDescription } from "@ape/core/protocol/api";
import type { ToolResult } from "@ape/core/protocol/tool-call";

/** Headers that state how many requests a client may send: gateways use different names. */
const LIMIT_HEADER =
  /rate-?limit|throttl|quota|requests?-?(?:available|remaining|left|counter)|order-count|(?:call|request|usage|api|concurrency)s?-?limit|limit-?remaining|remaining-?(?:calls|requests)|limit-?remain|used-weight|-usage$/;
const DOCUMENTED =
  /\brate[ -]?limit(?:s|ed)?\b.*\d|\d[\d,. ]*(?:requests?|calls?|times)\b[^.]{0,30}\b(?:per|an?|every)\s+(?:second|minute|hour|day|month)\b/i;

/**
 * The rate limits that targets announced to any session of this process: in headers of earlier answers (`RateLimit`,
 * draft-ietf-httpapi-ratelimit-headers; `X-RateLimit-*` and its variants) or in the API document.
 */
class AnnouncedLimits {
  readonly #announced = new Set<string>();

  constructor(apis: readonly ApiDescription[]) {
    for (const { target, title, operations, announcesLimit } of apis)
      if (
        announcesLimit === true ||
        DOCUMENTED.test(title) ||
        operations.some(({ summary }) => DOCUMENTED.test(summary))
      )
        this.#announced.add(target);
  }

  has(target: string): boolean {
    return this.#announced.has(target);
  }

  /** Notes what an answer announces. */
  note(target: string, { headers }: ToolResult): void {
    if (this.#announced.has(target)) return;
    for (const name in headers)
      if (LIMIT_HEADER.test(name)) {
        this.#announced.add(target);
        return;
      }
  }
}

const tables = new WeakMap<readonly ApiDescription[], AnnouncedLimits>();

/** Returns the limits that all sessions with the same API descriptions share. */
export function announcedLimitsOf(apis: readonly ApiDescription[]): AnnouncedLimits {
  let limits = tables.get(apis);
  if (limits === undefined) {
    limits = new AnnouncedLimits(apis);
    tables.set(apis, limits);
  }
  return limits;
}
