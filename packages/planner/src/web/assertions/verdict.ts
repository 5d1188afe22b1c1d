import type { Clause } from "@ape/catalog/goal/clause";
import { STOP } from "@ape/catalog/words/lexicon";
import { plain, stem, stemsOf } from "@ape/catalog/words/words";
import type { SeenPage } from "../page-reader.ts";
import { thingAsserted } from "./asserted-thing.ts";
import { codeOrNameIn } from "./claimed-values.ts";

/** Whether a page shows what a clause asserts of its thing, or something else in its place; undefined where it says neither. */
export type AssertionVerdict = "so" | "not so" | undefined;

/** Words for the state of a thing. */
const STATES: ReadonlySet<string> = new Set("state status stage phase".split(" ").map(stem));
/** The state that is claimed, at the end. */
const STATE = /\b(?:is|are|was|were|been)\s+(?:now\s+|still\s+|really\s+)?(not\s+)?(\p{L}[\p{L}-]*)[.\s]*$/iu;
/** What claims that the values of a form are shown: `it lies there`, `the note is in the list`. */
const SHOWN = /\b(?:there|listed|shown|saved|visible|in the list|on the list|on the page)[.\s]*$/i;
const LONGEST_LABEL = 4;

/**
 * Compares what a clause asserts with the page of its thing.
 * @param before the clause before, of which `it` may be a field: `set the humidity to 93 and check that it is 93`
 * @param sent values of the form that was sent last
 */
export function verdictOn(
  page: SeenPage,
  clause: Clause,
  before: Clause | undefined,
  sent: readonly string[],
): AssertionVerdict {
  const asserted = thingAsserted(clause);
  if (asserted === undefined) return undefined;
  const { claim, name } = asserted;
  const shown = labelled(page);
  const text = ` ${plain([page.title, page.text, ...shown.map(({ value }) => value)].join(" | "))} `;
  const has = (value: string): boolean => text.includes(` ${plain(value)} `);
  if (SHOWN.test(claim)) return sent.length > 0 && sent.some(has) ? "so" : undefined;
  const own = name === undefined ? claim : claim.replace(name.whole, " ").replace(name.text, " ");
  const values = codeOrNameIn(own, clause);
  const [, negated, word = ""] = STATE.exec(claim) ?? [];
  if (values.length === 0) {
    if (word === "") return undefined;
    const states = shown.filter(({ label }) => label.some((one) => STATES.has(one)));
    if (negated === undefined && saysOfIt(page, word)) return "so";
    const isSo = isStated(
      word,
      states.map(({ value }) => value),
    );
    // What has been done is no state for certain.
    if (states.length === 0 || (!isSo && /\bbeen\s/i.test(claim))) return undefined;
    return isSo === (negated === undefined) ? "so" : "not so";
  }
  const words = new Set(stemsOf(own));
  const about = labelsOf(shown, words);
  const fields = about.length > 0 ? about : labelsOf(shown, new Set(before?.object.nouns.keys()));
  const verdicts = values.map((value): AssertionVerdict => {
    if (fields.length > 0)
      return fields.some((one) => ` ${plain(one.value)} `.includes(` ${plain(value)} `)) ? "so" : "not so";
    return has(value) ? "so" : undefined;
  });
  if (verdicts.includes("not so")) return "not so";
  return verdicts.includes(undefined) ? undefined : "so";
}

interface Shown {
  label: readonly string[];
  value: string;
}

/** What a page shows behind labels: lines behind a short one, `label: value`, and the fields of forms. */
function labelled({ text, forms }: SeenPage): Shown[] {
  const lines = text.split("\n").map((line) => line.trim());
  const ofLines = lines.flatMap((line, at): Shown[] => {
    const [, label = "", value = ""] = /^([^:]{2,40}):\s+(\S.*)$/.exec(line) ?? [];
    if (label !== "") return [{ label: labelOf(label), value }];
    const next = lines[at + 1];
    return next === undefined ? [] : [{ label: labelOf(line), value: next }];
  });
  const ofFields = forms.flatMap(({ fields, writes }) =>
    writes
      ? fields.flatMap(({ leaf, description, value }) =>
          value === undefined ? [] : [leaf, description].map((label) => ({ label: labelOf(label), value })),
        )
      : [],
  );
  return [...ofLines, ...ofFields].filter(({ label }) => label.length > 0 && label.length <= LONGEST_LABEL);
}

const labelOf = (text: string): string[] =>
  plain(text)
    .split(" ")
    .filter((word) => word !== "" && !STOP.has(word))
    .map(stem);

/** What stands behind labels all of whose words are said. */
const labelsOf = (shown: readonly Shown[], words: ReadonlySet<string>): Shown[] =>
  shown.filter(({ label }) => label.every((word) => words.has(word)));

const isStated = (word: string, values: readonly string[]): boolean =>
  values.some((value) => stemsOf(value).includes(stem(plain(word))) || plain(value) === plain(word));

/** Whether a sentence of a page says that something is so: `The wheel has been turned.` */
const saysOfIt = ({ text }: SeenPage, word: string): boolean =>
  text
    .split("\n")
    .some(
      (line) =>
        /\b(?:is|are|has|have|was|were|been)\b/i.test(line) &&
        !/\bnot\b/i.test(line) &&
        ` ${plain(line)} `.includes(` ${plain(word)} `),
    );
