import { isShortFor } from "../words/short-forms.ts";
import { plain, stem } from "../words/words.ts";
import type { Field } from "./field.ts";

/** A description of as many words at most is what people call a field. */
const MOST_LABEL_WORDS = 3;
/** Words that say only that a name or a number stands in a field. */
const LABELS = /^(?:number|no|nr|num|name|title)$/;

/** The names of a field, each as its words: its own, what a form has beside it, and its own without `number` or `name`. */
function namesOf({ leaf, description }: Pick<Field, "leaf" | "description">): string[][] {
  const own = plain(leaf).split(" ");
  const label = plain(description).split(" ");
  return [
    own,
    ...(own.length > 1 && LABELS.test(own.at(-1) ?? "") ? [own.slice(0, -1)] : []),
    ...(label.length <= MOST_LABEL_WORDS && label[0] !== "" ? [label] : []),
  ];
}

const isWord = (own: string, said: string): boolean =>
  own === said || stem(own) === stem(said) || isShortFor(own, said);

/** Whether words are the name of a field, in any spelling of it: `start number` of `startNo`. */
export function isNamedBy(field: Pick<Field, "leaf" | "description">, words: readonly string[]): boolean {
  return namesOf(field).some(
    (name) => name.length === words.length && name.every((own, at) => isWord(own, words[at] ?? "")),
  );
}

/** The names of a field as a text has them: `start number` for `startNo`; none where the text does not speak of it. */
export function namesIn(field: Pick<Field, "leaf" | "description">, text: string): string[] {
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
