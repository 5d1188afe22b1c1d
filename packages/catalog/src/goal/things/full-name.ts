/** The pattern of a first and a last name with at most one word between them, as the source of a regular expression with the flag `u`. */
export const FULL_NAME = "\\p{Lu}\\p{Ll}+(?: \\p{L}[\\p{L}'’.-]*)? \\p{Lu}\\p{Ll}+";
const WHOLE = new RegExp(`^${FULL_NAME}$`, "u");

/** Whether a text is the first and the last name of a person. */
export const isFullName = (text: string): boolean => WHOLE.test(text);
