/** Common words of errors without a code, by the equivalent HTTP status; the first match counts. */
const WORDS: readonly (readonly [RegExp, number])[] = [
  [
    /\b(?:unauthori[sz]ed|unauthenticated|not (?:logged|signed) in|(?:log|sign) in first|(?:token|session|login) (?:has |was )?(?:expired|timed out|ended|revoked))\b/i,
    401,
  ],
  [/\b(?:forbidden|permission denied|not permitted|access denied)\b/i, 403],
  [/\b(?:not found|no such|does not exist|unknown (?:id|\w+ id))\b/i, 404],
  [/\b(?:already|taken|sold out|out of stock|not available|unavailable|conflict|no longer)\b/i, 409],
  [/\b(?:rate limit|too many requests|throttled)\b/i, 429],
  // A trace or the name of an exception can be in a refusal, too: the attribution of the failure reads those.
  [/\b(?:internal (?:server )?error|ECONN\w+)\b/i, 500],
  [/\b(?:timed out|timeout)\b/i, 504],
];
/** Refused without a reason: the request was understood, and its content was invalid. */
const UNNAMED = 422;

/** The HTTP status that corresponds to an error's words. */
export function statusFromText(text: string): number {
  return WORDS.find(([pattern]) => pattern.test(text))?.[1] ?? UNNAMED;
}
