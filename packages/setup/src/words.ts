import { stemmer } from "stemmer";

const FILLER = new Set(
  "a an the of to in on at for by with from and or your my its it is be all one".split(" "),
);

/** A name as words with blanks between them, in lower case: `/cart/items`, `addToBasket`, `sign_in`. */
export function splitWords(name: string): string {
  return name
    .replaceAll(/\{[^}]*\}/g, " ")
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== "")
    .join(" ");
}

/** The telling words of a name or a sentence. */
export function wordsOf(text: string): string[] {
  return splitWords(text)
    .split(" ")
    .filter((word) => word !== "" && !FILLER.has(word));
}

/** A word without its ending, so that `products` and `product` are one. */
export const stemmed = (word: string): string => stemmer(word);
