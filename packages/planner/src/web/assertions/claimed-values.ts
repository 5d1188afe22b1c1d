import type { Clause } from "@ape/catalog/goal/clause";
import { nameAt } from "@ape/catalog/goal/unquoted-name";

const WORD = /(?<![\p{L}\p{N}/-])[\p{L}\p{N}][^\s,;]*/gu;

/** The values that a claim gives: quoted texts, numbers, codes, days and names. */
export function codeOrNameIn(claim: string, { dates, times }: Clause): string[] {
  const quoted = Array.from(claim.matchAll(/["“]([^"”]+)["”]/g), ([, text = ""]) => text);
  const rest = claim.replaceAll(/["“][^"”]+["”]/g, " ");
  const values: string[] = [...quoted];
  let end = 0;
  for (const match of rest.matchAll(WORD)) {
    if (match.index < end) continue;
    const word = match[0].replace(/[.,;:!?%]+$/, "");
    if (/^\p{Lu}/u.test(word) && match.index > 0) {
      const name = nameAt(rest.slice(match.index), true) ?? word;
      values.push(name);
      end = match.index + name.length;
    } else if (/^\d/.test(word)) values.push(word);
  }
  const isTime = (value: string): boolean => [...dates, ...times].some((one) => one.text.includes(value));
  return values.filter((value) => !isTime(value) || /^\d{4}-\d\d-\d\d$/.test(value));
}
