/** Words before which a name without quotation marks ends. */
const ENDS = new Set(
  (
    "with and or but then that which who whose for in on at to by from into onto under over below above between before after " +
    "while when where using costing priced due as per via within without until about because"
  ).split(" "),
);
/** Words that names contain between others. */
const INNER = new Set("of the de la le du van von der den di da y".split(" "));
/** What `called` and the like have behind them, where they give no name. */
const NO_NAME = new Set("off up back out it them him her me us you after like so".split(" "));
const MOST_WORDS = 8;

const isCapital = (word: string): boolean => /^[\p{Lu}\p{N}]/u.test(word);

/**
 * The name that a text begins with, without quotation marks: `Road Trip` of `Road Trip with two songs`, `Buy milk`, `Lord of
 * the Rings`. Undefined if it begins with a word that no name does.
 * @param narrow only words in capitals, and what stands between them
 */
export function nameAt(text: string, narrow = false): string | undefined {
  let end = 0;
  let count = 0;
  for (const match of text.matchAll(/\S+/g)) {
    const [written] = match;
    const word = written.replace(/[.,;:!?)]+$/, "");
    if (word === "" || count >= MOST_WORDS || /^["“'{(]/.test(written) || /^quoted\d+$/.test(word)) break;
    if (!isCapital(word)) {
      const lower = word.toLowerCase();
      if (ENDS.has(lower) || (count === 0 && (narrow || NO_NAME.has(lower) || INNER.has(lower)))) break;
      const joins = INNER.has(lower) && isCapitalNext(text.slice(match.index + written.length));
      if ((narrow || INNER.has(lower)) && !joins) break;
    }
    count += 1;
    end = match.index + word.length;
    if (word.length < written.length) break;
  }
  return count === 0 ? undefined : text.slice(0, end);
}

/** Whether a text goes on with a word in capitals, after words that names have between others. */
function isCapitalNext(text: string): boolean {
  for (const word of text.trim().split(/\s+/)) {
    if (/^\p{Lu}/u.test(word)) return true;
    if (!INNER.has(word)) return false;
  }
  return false;
}
