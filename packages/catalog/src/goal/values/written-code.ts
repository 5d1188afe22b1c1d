/** A code that has a sign within: letters and digits with a slash or a hyphen, and a space in it or before them. */
const CODE =
  /(?<![\p{L}\p{N}_/.-])(?!(?:EUR|USD|GBP|CHF) )(?:(?:\d{1,4} )?\p{Lu}[\p{Lu}\d]{0,4}(?: \d+)* \d+(?:[/-]\d+)+|\p{Lu}[\p{Lu}\d]*(?:[/-][\p{Lu}\d]+)*[/-]?\d[\p{Lu}\d]*(?:[/-][\p{Lu}\d]+)+)(?![\p{L}\p{N}_])/gu;

/** The codes in a text that are whole values, with the spaces and slashes in them: `K 240/26`, `INV-2026/04`. */
export const codesIn = (text: string): string[] => Array.from(text.matchAll(CODE), ([code]) => code);

/** The code that a text begins with. */
export function codeAt(text: string): string | undefined {
  const [code] = codesIn(text);
  return code !== undefined && text.startsWith(code) ? code : undefined;
}

/** A code with the space before it. */
const WITH_SPACE = new RegExp(` ?${CODE.source}`, "gu");

/** A text without its codes: their digits are no amounts. */
export const withoutCodes = (text: string): string => text.replaceAll(WITH_SPACE, "");
