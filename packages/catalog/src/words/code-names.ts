import { plain } from "./words.ts";

/** What the words of a field say that its codes are of. */
const KINDS: readonly (readonly [RegExp, Intl.DisplayNamesType])[] = [
  [/\b(?:languages?|lang|locale)\b/, "language"],
  [/\b(?:country|countries|nation|nationality)\b/, "region"],
  [/\bcurrenc(?:y|ies)\b/, "currency"],
];
const CODE = /^[a-z]{2,3}(?:[-_][a-z]{2})?$/i;
const LETTERS = Array.from({ length: 26 }, (_, at) => String.fromCharCode(97 + at));
const displays = new Map<Intl.DisplayNamesType, Intl.DisplayNames>();
/** Codes of two letters by their English names. */
const byName = new Map<Intl.DisplayNamesType, ReadonlyMap<string, string>>();

/** What the codes of a field are of, by its name and its label. */
const kindOf = (words: string): Intl.DisplayNamesType | undefined => {
  const text = plain(words);
  return KINDS.find(([pattern]) => pattern.test(text))?.[1];
};

/**
 * The English name of a code of a language (BCP 47), a country (ISO 3166-1) or a currency (ISO 4217), in small letters; undefined
 * where a field is about none of them, or there is no such code.
 * @param words the name and the label of the field
 */
export function nameOfCode(code: string, words: string): string | undefined {
  if (!CODE.test(code)) return undefined;
  const kind = kindOf(words);
  return kind === undefined ? undefined : nameIn(code, kind);
}

/** The code of two letters that a language or a country has, by its English name; undefined for other fields and names. */
export function codeOfName(name: string, words: string): string | undefined {
  const kind = kindOf(words);
  return kind === "language" || kind === "region" ? codesOf(kind).get(plain(name)) : undefined;
}

/** Whether a word is the English name of a language that has a code of two letters. */
export const isLanguage = (name: string): boolean => codesOf("language").has(plain(name));

/** Whether the words of a field say that it is a language. */
export const isOfLanguage = (words: string): boolean => kindOf(words) === "language";

function nameIn(code: string, kind: Intl.DisplayNamesType): string | undefined {
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

function codesOf(kind: "language" | "region"): ReadonlyMap<string, string> {
  let codes = byName.get(kind);
  if (codes === undefined) {
    const all = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
    const found = new Map<string, string>();
    for (const code of all) {
      const name = nameIn(code, kind);
      const written = kind === "region" ? code.toUpperCase() : code;
      if (name !== undefined && !found.has(name)) found.set(name, written);
    }
    codes = found;
    byName.set(kind, found);
  }
  return codes;
}
