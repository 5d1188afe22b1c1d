import type { Clause } from "@ape/catalog/goal/clause";
import { isMove } from "@ape/catalog/goal/phrases/move";
import { plain } from "@ape/catalog/words/words";
import { nouns } from "../label-match.ts";
import type { PageSituation } from "../page-situation.ts";

/** The place or value that a clause gives a thing: it tells none. */
const NEW_VALUE = /\s(?:to|into|onto)\s.*$/is;

/** How many words of the goal are said of one of several things; codes, such as that of the place where it lies, count more. */
export function wordsTelling({ clauses, clause }: PageSituation, said: string): number {
  const wanted = new Set(clauses.flatMap(({ text }) => [...nouns(text)]));
  const own = ` ${plain(said)} `;
  const codes = new Set(
    clauses
      .filter((one) => one.active && clauses.indexOf(one) <= clauses.indexOf(clause))
      .flatMap(codesTelling),
  );
  const shown = [...codes].filter((code) => own.includes(` ${code} `)).length;
  return [...nouns(said)].filter((token) => wanted.has(token)).length + MORE * shown;
}
const MORE = 3;

const codesTelling = (clause: Clause): string[] => {
  const { text, verb } = clause;
  const told = verb === "~update" || isMove(clause) || verb === "~add" ? text.replace(NEW_VALUE, "") : text;
  return Array.from(told.matchAll(CODE), ([code]) => plain(code));
};
const CODE = /(?<![\p{L}\p{N}/-])(?=[\p{L}\p{N}/-]*\d)\p{Lu}[\p{L}\p{N}/-]*(?![\p{L}\p{N}])/gu;
