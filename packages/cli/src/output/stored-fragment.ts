/**
 * The fixed words of an event: keys and constants of its JSON, and the words of `eventLine`. An event may show them
 * although its stored line does not have them.
 */
const FIXED = `
type at run_started run seed run_ended status finished interrupted aborted crashed reason error MODEL_UNUSABLE agents
worker active waiting session_started session trace agent goal persona row startDelayMs waitedMs session_dropped
action_sent step target method path operation durationMs timing total queue dns connect tls firstByte body attempts
duration backoff resent code message failed attribution because request response step source model tool args inference
repairs decisionMs thinkMs queueMs betweenMs action gained decision_invalid provider streamed firstTokenMs
firstReasoningMs inputTokens outputTokens cachedTokens reasoningTokens providerMs costUsd prompt answer probe check held
evidence verification session_ended outcome decidedBy steps checks label session_interrupted health part
eventLoopDelayP99Ms cpu cpuSeconds rssBytes stealPct hook phase setup teardown log level info warn notice mark scale stop
limit true false null gateway engine begins takes an arrival found no free sends in ms out of invalid decision holds
after event loop p99 CPU MiB agents- NaN Infinity
`;

/** Letters, digits and what ids are made of: JSON writes them as they are, and so does a readable line. */
const FRAGMENT = /[\p{L}\p{N}_-]+/gu;
/** May be a part of a number, which is shown rounded, or of a time of day. */
const NUMERIC = /^[\d\-eE]+$/;
const LEAST_CHARS = 3;

/**
 * The longest part of a text that the stored line of every event with this text contains; undefined if there is none,
 * as in a text of numbers, which lines show rounded, or of keys, which are not stored.
 */
export function storedFragment(text: string): string | undefined {
  let longest: string | undefined;
  for (const [fragment] of text.matchAll(FRAGMENT)) {
    if (fragment.length < LEAST_CHARS || NUMERIC.test(fragment) || FIXED.includes(fragment)) continue;
    // A part of the name that lines make of a worker's number.
    if ("agents-".endsWith(fragment.replace(/\d+$/, ""))) continue;
    if (fragment.length > (longest?.length ?? 0)) longest = fragment;
  }
  return longest;
}

const LEAST_DIGITS = 3;
const OPENING_BRACKET = 0x5b;
/** A number that gains a digit's carry when it is rounded up, from 99.5 on. */
const CARRIES = /(?:99|\d\d9)\.[5-9]/;
/** A check is shown with its index plus one; small ones have too few digits. */
const LATE_CHECK = /^\["check",[^,]+,"[^"]*",\d{2}/;

/**
 * For a text with a number: a test that the stored line of every event with this text passes, and few others. A line may
 * show the number in its time of day, or as a duration that was rounded.
 * @returns undefined if the text has no number of at least three digits
 */
export function numberTest(text: string): ((line: string) => boolean) | undefined {
  let digits = "";
  for (const [fragment] of text.matchAll(FRAGMENT))
    if (/^\d+$/.test(fragment) && fragment.length > digits.length) digits = fragment;
  if (digits.length < LEAST_DIGITS) return undefined;
  const value = BigInt(digits);
  const before = value === 0n ? undefined : `${String(value - 1n).padStart(digits.length, "0")}.`;
  const millisecond = digits.length === LEAST_DIGITS ? Number(digits) : undefined;
  return (line) => {
    // An event that is stored as an object is read to be sure: there are few.
    if (line.charCodeAt(0) !== OPENING_BRACKET || line.includes(digits)) return true;
    if (before !== undefined && line.includes(before)) return true;
    const start = line.indexOf(",") + 1;
    const end = line.indexOf(",", start);
    if (millisecond !== undefined && Math.trunc(Number(line.slice(start, end))) % 1_000 === millisecond)
      return true;
    return CARRIES.test(line.slice(end)) || LATE_CHECK.test(line);
  };
}
