import { plain } from "./words.ts";

/** What the words of a field say that its codes are of. */
const KINDS: readonly (readonly [RegExp, Intl.DisplayNamesType])[] = [
  [/\b(?:languages?|lang|locale)\b/, "language"],
  [/\b(?:country|countries|nation|nationality)\b/, "region"],
  [/\bcurrenc(?:y|ies)\b/, "currency"],
];
const CODE = /^[a-z]{2,3}(?:[-_][a-z]{2})?$/i;
const displays = new Map<Intl.DisplayNamesType, Intl.DisplayNames>();

/**
 * The English name of a code of a language (BCP 47), a country (ISO 3166-1) or a currency (ISO 4217), in small letters; undefined
 * where a field is about none of them, or there is no such code.
 * @param words the name and the label of the field
 */
export function nameOfCode(code: string, words: string): string | undefined {
  if (!CODE.test(code)) return undefined;
  const text = plain(words);
  const kind = KINDS.find(([pattern]) => pattern.test(text))?.[1];
  if (kind === undefined) return undefined;
  let display = displays.get(kind);
  if (display === undefined) {
    display = new Intl.DisplayNames(["en"], { type: kind, fallback: "none" });
    displays.set(kind, display);
  }
  try {
    const name = display.of(kind === "language" ? code.replace("_", "-") : code.toUpperCase());
    return name === undefined ? undefined : plain(name);
  } catch {
    return undefined;
  }
}
