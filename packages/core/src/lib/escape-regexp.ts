/**
 * A text as a part of a regular expression that matches just this text, outside of character classes. Escapes only what
 * has a meaning there: expressions with the flag `u` take no other escapes (ECMA-262, section 22.2.1, SyntaxCharacter).
 */
export const escapeRegExp = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
