import { plain, stem } from "../../words/words.ts";

/** A sentence of its own: everything behind it belongs to it. */
const SENTENCE = /^(?:I|I'm|I'll|We|It|My|Our|This|There|Please)\s/;
/** A text ends before these, unless a phrase of its own follows: `Tremor fading in the west`. */
const JOINS = /^(?:in|on|at|for|from|by|to|into|onto|with)$/i;
/** Behind these stands what or whom it is for. */
const RECEIVES = /^(?:for|to)$/i;
const ENDS = /^(?:then|that|which|or)$/i;
const ARTICLE = /^(?:the|an?|my|our|its|their|his|her)$/i;
/** Behind `and` something else begins. */
const BEGINS = /^(?:the|an?|its?|my|our|then|check|make|verify|confirm|log|see)$/i;

/**
 * The text without quotation marks that stands behind the name of a field: `Keep away from the crater` of `the text Keep away from the
 * crater and the headline ..`. It ends at a comma, and before what says something of another field or thing.
 * @param isOther whether a stem is a word for another field, or for what the call is about
 */
export function proseAt(text: string, isOther: (stem: string) => boolean = () => false): string {
  if (SENTENCE.test(text)) return text.trim();
  const words = text.trim().split(/\s+/);
  const end = words.findIndex(
    (_, at) => at > 0 && (/[,;]$/.test(words[at - 1] ?? "") || isEnd(words, at, isOther)),
  );
  return (end < 0 ? words : words.slice(0, end)).join(" ").replace(/[,;]$/, "").trim();
}

/** Whether a text ends before one of its words. */
function isEnd(words: readonly string[], at: number, isOther: (stem: string) => boolean): boolean {
  const word = words[at] ?? "";
  const next = words[at + 1] ?? "";
  const noun = ARTICLE.test(next) ? (words[at + 2] ?? "") : next;
  const isNext = isOther(stem(plain(noun)));
  if (isOther(stem(plain(word))) && /^[\p{Lu}\p{N}]/u.test(next)) return true;
  // `Replace the battery 3 days`: the number is that of another field.
  if (/^\d/.test(word) && isOther(stem(plain(next)))) return true;
  if (ENDS.test(word)) return true;
  if (/^and$/i.test(word)) return isNext || BEGINS.test(next) || /^[\p{Lu}\p{N}]/u.test(next);
  if (!JOINS.test(word)) return false;
  if (RECEIVES.test(word) && ARTICLE.test(next)) return true;
  // `The title Hello in the news` says where, `Tremor fading in the west` goes on.
  const isOneWord = at === 1 && /^\p{Lu}/u.test(words[0] ?? "");
  return isNext || isOneWord || /^[\p{Lu}\p{N}]/u.test(noun) || noun === "";
}
