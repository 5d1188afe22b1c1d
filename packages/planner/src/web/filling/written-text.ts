import type { Clause } from "@ape/catalog/goal/clause";

const NOUN = "(?:text|words?|notes?|message|comment|remark)";
/** `with the text Smells of hay`. */
const WITH_TEXT = new RegExp(
  `\\b(?:with|and|saying|reading)\\s+(?:the\\s+)?${NOUN}\\s+(\\p{Lu}\\p{Ll}+\\s[^,]+)$`,
  "u",
);
/** `add the note Smells of hay`, `write a note on crate K-4, Smells of hay`. */
const NOTE = new RegExp(
  `^\\W*(?:add|write|leave|post|put|make|enter)\\s+(?:the|a|this)\\s+${NOUN}\\s+(\\p{Lu}\\p{Ll}+\\s[^,]+)$`,
  "iu",
);
const BEHIND = new RegExp(
  `^\\W*(?:add|write|leave|post|put|make|enter)\\b[^,]*\\b${NOUN}\\b[^,]*,\\s+(\\p{Lu}\\p{Ll}+\\s.+)$`,
  "iu",
);
/** Where a text goes, behind it: `to crate K-4`. */
const TO_THING = /\s+(?:to|on|for)\s+(?:(?:the|my|our|this)\s|\p{Ll}+\s+\p{Lu}|\p{Lu}).*$/u;

/** The text without quotation marks that a clause writes: `Smells of hay` of `add the note Smells of hay`. */
export function textWritten({ written }: Clause): string | undefined {
  if (/\bquoted\d+\b/.test(written)) return undefined;
  const text = (WITH_TEXT.exec(written) ?? NOTE.exec(written) ?? BEHIND.exec(written))?.[1];
  if (text === undefined || !/^\p{Lu}/u.test(text)) return undefined;
  return text.replace(TO_THING, "").trim();
}
