import { plain } from "@ape/catalog/words/words";

const FILLER = new Set(
  "a an the of to in on at for by with from and or your my its it is be all one".split(" "),
);

/**
 * A name as words separated by blanks, in lower case, without its placeholders: `/cart/items`, `addToBasket`,
 * `sign_in`.
 */
export function splitWords(name: string): string {
  return plain(name.replaceAll(/\{[^}]*\}/g, " "));
}

/** The significant words of a name or a sentence. */
export function significantWords(text: string): string[] {
  return splitWords(text)
    .split(" ")
    .filter((word) => word !== "" && !FILLER.has(word));
}
