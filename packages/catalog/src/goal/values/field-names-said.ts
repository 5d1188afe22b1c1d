import type { Field } from "../../operations/field.ts";
import { isNumeric } from "../../operations/field.ts";
import { fieldNamesIn } from "../../words/field-names.ts";
import { lastWord, plain } from "../../words/words.ts";

/** Stands for the name of a field: nothing is said on both sides of it together. */
const GAP = " | ";

/**
 * The words of a text that may be options of a field: without the names of several words by which it speaks of fields, as an option may be
 * a word of one. `Set the wash day of cart 4 to 9` says nothing of a `shift` that is `DAY` or `NIGHT`, nor do `move it to day 4` and `the day of it`.
 * @param text in plain words, with a space on either side
 */
export function withoutFieldNames(text: string, field: Field, inputs: readonly Field[]): string {
  const options = new Set((field.enum ?? []).map((option) => plain(String(option))));
  const hasOption = (name: string): boolean => name.split(" ").some((word) => options.has(word));
  let rest = text;
  for (const input of inputs) {
    for (const name of fieldNamesIn(input, text))
      if (name.includes(" ") && hasOption(name)) rest = rest.replaceAll(` ${name} `, GAP);
    const last = plain(lastWord(input.leaf));
    if (isNumeric(input) && options.has(last))
      rest = rest.replaceAll(new RegExp(` ${last} (?=\\d|of )`, "gu"), GAP);
  }
  return rest;
}
