import { isJsonObject, type Json } from "@ape/core/lib/json";
import type { ApiDescription } from "@ape/core/protocol/api";
import { byName } from "@ape/core/protocol/fields/by-name";
import type { ToolResult } from "@ape/core/protocol/tool-call";

/** Headers that state how many requests a client may send: gateways use different names. */
const LIMIT_HEADER_NAME =
  /rate-?limit|throttl|quota|requests?-?(?:available|remaining|left|counter)|order-count|(?:call|request|usage|api|concurrency)s?-?limit|remaining-?(?:calls|requests)|limit-?remain|used-weight|-usage$/;
const DOCUMENTED =
  /\brate[ -]?limit(?:s|ed)?\b.*\d|\d[\d,. ]*(?:requests?|calls?|times)\b[^.]{0,30}\b(?:per|an?|every)\s+(?:second|minute|hour|day|month)\b/i;

/** Fields of a body that state such limits: of GitHub, Shopify, Stack Exchange, Slack and others. */
const LIMIT_FIELD_NAME =
  /^(?:x_?)?(?:(?:api|request|call|usage)s?_?)?(?:rate_?limit\w*|throttl\w*|backoff|retry_?after\w*|quota_?(?:max|remaining|left|limit|reset\w*))$|^(?:requests?|(?:api_?)?calls?|queries)_?(?:limit|quota|left|remaining|available|per_?(?:second|minute|hour|day))\w*$|^(?:remaining|max(?:imum)?|available)_?(?:api_?)?(?:requests?|calls?|queries)\w*$/i;
/** Fields in which a text for people can say it. */
const TEXT_FIELD = /^(?:message|msg|notice|warnings?|info|note|detail|description|error)$/i;
/** A text about few requests left; one about so many per time is {@link DOCUMENTED}. */
const SAID = /\b\d+ (?:\w+ )?(?:requests?|calls?|queries)\b[^.]{0,20}\b(?:left|remaining)\b/i;
/** An object of limits, and what is limited in it: `limits: { perMinute: 1 }`. */
const LIMIT_OBJECT_NAME =
  /^(?:(?:rate|api|requests?|calls?)_?)?(?:limits?|limiting|quotas?|throttling|usage)$/i;
const LIMITED_RATE =
  /^(?:(?:max|requests?|calls?|api|burst)_?)*per_?(?:second|minute|hour|day|month)$|^(?:rp[smhd]|[qt]ps)$|^(?:requests?|(?:api_?)?calls?|queries|burst)(?:_?(?:max|limit|remaining|left|used))?$/i;
const MAX_FIELDS = 60;
const MAX_DEPTH = 3;
const MAX_TEXT = 500;

/** A pause that a refusal asks for: no limit of the requests after it. */
const PAUSE = /^(?:x_?)?(?:retry_?after\w*|backoff)$/i;

const isLimitHeader = byName((name) => LIMIT_HEADER_NAME.test(name));
const isLimitField = byName((name) => LIMIT_FIELD_NAME.test(name));
const isLimitObject = byName((name) => LIMIT_OBJECT_NAME.test(name));
const isTextField = byName((name) => TEXT_FIELD.test(name));

/**
 * Whether a body announces a limit of requests, in the fields of its outer objects; lists are not read.
 * @param isRefusal the body is of a 429, whose words are about this request
 */
function bodyAnnouncesLimit(json: Json, isRefusal: boolean): boolean {
  let left = MAX_FIELDS;
  const look = (value: Json, depth: number, within = ""): boolean => {
    if (!isJsonObject(value) || depth > MAX_DEPTH) return false;
    for (const key in value) {
      left -= 1;
      if (left < 0) return false;
      const one = value[key] ?? null;
      if (one === null || one === false) continue;
      if (isLimitObject(within) && LIMITED_RATE.test(key)) return true;
      if (isLimitField(key) && !(isRefusal && (PAUSE.test(key) || typeof one === "string"))) return true;
      if (typeof one === "string") {
        if (
          !isRefusal &&
          isTextField(key) &&
          one.length <= MAX_TEXT &&
          (SAID.test(one) || DOCUMENTED.test(one))
        )
          return true;
      } else if (look(one, depth + 1, key)) return true;
    }
    return false;
  };
  return look(json, 0);
}

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

  /** Notes what an answer announces in its headers or in its body. */
  note(target: string, { status, headers, body }: ToolResult): void {
    if (this.#announced.has(target)) return;
    let announces = body.kind === "json" && bodyAnnouncesLimit(body.json, status === 429);
    for (const name in headers) announces ||= isLimitHeader(name);
    if (announces) this.#announced.add(target);
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
