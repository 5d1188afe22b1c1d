import { plain, stem } from "../../words/words.ts";

/** A state of a thing that is so or is not so: `unavailable` of `make Ida Lund unavailable`. */
export interface SaidFlag {
  thing: string;
  /** The word without what denies it. */
  word: string;
  isSo: boolean;
}

const MAKES =
  /^\W*(?:(?:[Tt]hen|[Aa]lso|[Pp]lease|[Ff]inally|[Nn]ow|[Aa]nd)\s+)*(?:[Mm]ake|[Mm]ark|[Ss]et|[Dd]eclare|[Ff]lag)\s+((?:the\s+\p{Ll}[\p{Ll}-]*\s+)?(?:quoted\d+|\p{Lu}\S*(?:\s+\p{Lu}\S*)*))\s+(?:as\s+|to\s+be\s+|to\s+)?(not\s+)?(\p{Ll}[\p{Ll}-]+)[\s.,]*$/u;
const DENIES = /^(?:un|in|im|non-?)(?=\p{L}{4})/u;

/** What a clause makes a thing with a name be, each as it may be read: `inactive` may be no `active`. */
export function saidFlags(written: string): SaidFlag[] {
  const [, thing = "", not, word = ""] = MAKES.exec(written) ?? [];
  if (thing === "") return [];
  const isSo = not === undefined;
  const base = word.replace(DENIES, "");
  return [{ thing, word, isSo }, ...(base === word ? [] : [{ thing, word: base, isSo: !isSo }])];
}

/** Whether a field that is true or false is called by a word: `isAvailable` by `available`. */
export const isFlagCalled = ({ leaf, type }: { leaf: string; type: string }, word: string): boolean =>
  type.startsWith("boolean") && stem(plain(leaf).replace(/^(?:is|has) /, "")) === stem(plain(word));
