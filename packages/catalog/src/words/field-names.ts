import { isShortFor } from "./short-forms.ts";
import { plain, stem } from "./words.ts";

/** A description of as many words at most is what people call a field. */
const MOST_LABEL_WORDS = 3;
/** Words that say only that a name or a number stands in a field. */
const LABELS = /^(?:number|no|nr|num|name|title)$/;

/** What says how a field is called. */
interface Named {
  leaf: string;
  description: string;
}

/** The names of a field, each as its words: its own, and what a form has beside it. */
function namesOf({ leaf, description }: Named): string[][] {
  const label = plain(description).split(" ");
  return [plain(leaf).split(" "), ...(label.length <= MOST_LABEL_WORDS && label[0] !== "" ? [label] : [])];
}

/** The own name of a field without the word that says only that a name or a number is in it. */
function shortNameOf({ leaf }: Named): string[][] {
  const own = plain(leaf).split(" ");
  return own.length > 1 && LABELS.test(own.at(-1) ?? "") ? [own.slice(0, -1)] : [];
}

const isWord = (own: string, said: string): boolean => own === said || isShortFor(own, said);

const isNamed = (name: readonly string[], said: readonly string[]): boolean =>
  name.length === said.length &&
  name.every((own, at) => isWord(own, said[at] ?? "") || stem(own) === stem(said[at] ?? ""));

/** Whether words are the name of a field, in any spelling of it: `start number` of `startNo`. */
export const isNamedBy = (field: Named, words: readonly string[]): boolean =>
  [...namesOf(field), ...shortNameOf(field)].some((name) => isNamed(name, words));

/** The names of a field as a text has them: `start number` for `startNo`; none where the text does not speak of it. */
export function fieldNamesIn(field: Named, text: string): string[] {
  const words = plain(text).split(" ");
  const found = new Set<string>();
  for (const name of namesOf(field))
    for (const at of words.keys()) {
      const said = words.slice(at, at + name.length);
      if (said.length === name.length && name.every((own, index) => isWord(own, said[index] ?? "")))
        found.add(said.join(" "));
    }
  return [...found];
}
