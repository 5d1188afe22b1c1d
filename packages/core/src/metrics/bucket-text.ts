/**
 * Buckets of a histogram as text, about a third of their JSON: for each pair the step from the last index, then the count,
 * as numbers of five bits per character, lowest first. All characters are printable and need no escape in JSON.
 */
const BITS = 5;
const LOW = (1 << BITS) - 1;
/** The last character of a number, and one that others follow; `\` is between both ranges. */
const LAST = 0x3c;
const MORE = 0x5d;

/** @param pairs of index and count, by rising index */
export function encodeBuckets(pairs: readonly number[]): string {
  let text = "";
  let before = 0;
  for (let i = 0; i < pairs.length; i += 2) {
    const index = pairs[i] as number;
    text += encodeNumber(index - before) + encodeNumber(pairs[i + 1] as number);
    before = index;
  }
  return text;
}

function encodeNumber(value: number): string {
  let text = "";
  let rest = value;
  for (; rest > LOW; rest = Math.floor(rest / (LOW + 1)))
    text += String.fromCharCode(MORE + (rest % (LOW + 1)));
  return text + String.fromCharCode(LAST + rest);
}

/** The pairs of index and count that {@link encodeBuckets} got. */
export function decodeBuckets(text: string): number[] {
  const pairs: number[] = [];
  let value = 0;
  let factor = 1;
  let index = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= MORE) {
      value += (code - MORE) * factor;
      factor *= LOW + 1;
      continue;
    }
    value += (code - LAST) * factor;
    // Every other number is the step to an index.
    if (pairs.length % 2 === 0) {
      index += value;
      value = index;
    }
    pairs.push(value);
    value = 0;
    factor = 1;
  }
  return pairs;
}
