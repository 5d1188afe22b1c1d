import { parseHttpDate } from "@ape/core/lib/header-date/http-date";

/** Answer headers by lower-case name. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Whether a request may succeed when it is repeated: limits, overload, timeouts and conflicts. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 409 || status === 425 || status === 429 || status >= 500;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/**
 * Milliseconds until a limit's reset: float seconds (`12.5`, Cerebras), or amounts with units (`6m0s`, `20ms`, OpenAI).
 * @returns undefined if the text is neither
 */
export function parseReset(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+(?:\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1_000;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(trimmed)) return undefined;
  let total = 0;
  for (const [, amount, unit] of trimmed.matchAll(PART)) total += Number(amount) * (UNIT_MS[unit ?? ""] ?? 0);
  return total;
}

/** A wait of more than a month is implausible: the header is then ignored. */
const LONGEST_WAIT_MS = 31 * 86_400_000;
/** Bare numbers above these are instants since 1970, in ever finer units; below they are seconds to wait. */
const INSTANTS: readonly [from: number, perMs: number][] = [
  [1e17, 1e6],
  [1e14, 1e3],
  [1e11, 1],
  [1e9, 1e-3],
];

/**
 * Milliseconds until the moment in a limit's reset or `retry-after`: seconds, amounts with units, an instant since 1970
 * in seconds, milliseconds or finer (DigitalOcean, OpenRouter), or a date.
 * @param epoch the current time in milliseconds since 1970
 * @returns undefined if the text is none of these, or an implausible wait
 */
export function resetWait(text: string, epoch: number): number | undefined {
  const trimmed = text.trim();
  const instant = /^\d+(?:\.\d+)?$/.test(trimmed) ? instantOf(Number(trimmed)) : undefined;
  let wait = instant === undefined ? parseReset(trimmed) : instant - epoch;
  if (wait === undefined) {
    const date = parseHttpDate(trimmed);
    if (date !== undefined) wait = date - epoch;
  }
  if (wait === undefined || wait > LONGEST_WAIT_MS) return undefined;
  return Math.max(0, wait);
}

function instantOf(value: number): number | undefined {
  const unit = INSTANTS.find(([from]) => value >= from);
  return unit === undefined ? undefined : value / unit[1];
}

/**
 * How long a provider asks to wait, in milliseconds: `retry-after-ms`, else `retry-after` (also with units, as some
 * providers write it), else, for 429 only, `x-ratelimit-reset-*`: the longest of the limits whose `x-ratelimit-remaining-*` is 0,
 * or the shortest of all where none is. Where no header says it, for 429 and 503 the body may.
 * @param epoch the present in milliseconds since 1970, for dates
 * @param body of the refusal as text
 * @returns undefined where nothing says it
 */
export function requestedWait(
  headers: AnswerHeaders,
  status: number,
  epoch: number,
  body = "",
): number | undefined {
  const exact = Number(one(headers["retry-after-ms"])?.trim() || Number.NaN);
  if (exact >= 0 && exact <= LONGEST_WAIT_MS) return exact;
  const wait = resetWait(one(headers["retry-after"]) ?? "", epoch);
  const said = wait ?? (status === 429 ? limitReset(headers, epoch) : undefined);
  return said ?? (status === 429 || status === 503 ? bodyWait(body) : undefined);
}

/** Of a longer body only the beginning is read. */
const MAX_BODY = 20_000;
const AMOUNT = String.raw`((?:\d{1,6}(?:\.\d{1,9})?(?:ms|s|m|h))+)`;
/**
 * `"retryDelay": "2s"` (Google's RPC status, `google.rpc.RetryInfo`), `Please try again in 2.5s` (OpenAI, Groq),
 * `Please retry in 1m3.2s` (Gemini), `try again in 20 seconds`.
 */
const BODY_WAITS: readonly RegExp[] = [
  new RegExp(String.raw`"retryDelay"\s*:\s*"${AMOUNT}"`),
  new RegExp(String.raw`\b(?:try again|retry) (?:in|after) ${AMOUNT}(?![a-z])`, "i"),
];
const WORDED =
  /\b(?:try again|retry) (?:in|after) (\d{1,6}(?:\.\d{1,9})?) ?(seconds?|minutes?|milliseconds?)\b/i;

/** The wait that a refusal's body tells in milliseconds. */
function bodyWait(body: string): number | undefined {
  const text = body.slice(0, MAX_BODY);
  for (const pattern of BODY_WAITS) {
    const wait = parseReset(pattern.exec(text)?.[1] ?? "");
    if (wait !== undefined && wait <= LONGEST_WAIT_MS) return wait;
  }
  const [, amount, unit = ""] = WORDED.exec(text) ?? [];
  if (amount === undefined) return undefined;
  return Number(amount) * (/^milli/i.test(unit) ? 1 : /^s/i.test(unit) ? 1_000 : 60_000);
}

function limitReset(headers: AnswerHeaders, epoch: number): number | undefined {
  let exhausted: number | undefined;
  let shortest: number | undefined;
  for (const name of Object.keys(headers)) {
    if (!/^(?:x-)?ratelimit-reset/.test(name)) continue;
    const reset = resetWait(one(headers[name]) ?? "", epoch);
    if (reset === undefined) continue;
    shortest = Math.min(shortest ?? reset, reset);
    const remaining = one(headers[name.replace("-reset", "-remaining")]);
    if (remaining !== undefined && Number(remaining) <= 0) exhausted = Math.max(exhausted ?? 0, reset);
  }
  return exhausted ?? shortest ?? structuredReset(one(headers.ratelimit) ?? "");
}

/** The longest wait of the exhausted limits: `"default";r=0;t=2` (draft-ietf-httpapi-ratelimit-headers). */
function structuredReset(value: string): number | undefined {
  let longest: number | undefined;
  for (const [, seconds] of value.matchAll(/;\s*r=0\s*;\s*t=(\d{1,7})\b/g))
    longest = Math.max(longest ?? 0, Number(seconds) * 1_000);
  return longest;
}

/** The first value of a header. */
export function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
