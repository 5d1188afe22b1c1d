import type { Clause } from "@ape/catalog/goal/clause";
import { areKin } from "@ape/catalog/words/thesaurus";
import { plain, stem, stemsOf } from "@ape/catalog/words/words";
import type { JsonObject } from "@ape/core/lib/json";
import type { SeenForm } from "../page-reader.ts";

/**
 * A code of a clause that a choice named after its thing does not offer: no other wheel is added for `add wheel W-105`.
 * @param filled what would be sent
 */
export function unofferedCode(clause: Clause, { fields }: SeenForm, filled: JsonObject): string | undefined {
  const sent = Object.values(filled)
    .flat()
    .map((value) => ` ${plain(String(value))} `);
  return Array.from(clause.text.matchAll(CODE), ([code]) => code).find((code) => {
    if (sent.some((value) => value.includes(` ${plain(code)} `))) return false;
    const before = clause.text.slice(0, clause.text.indexOf(code)).trim().split(/\s+/).at(-1) ?? "";
    const noun = stem(plain(before));
    return fields.some(
      ({ enum: options = [], leaf, description }) =>
        options.length > 0 &&
        !options.some((option) => ` ${plain(String(option))} `.includes(` ${plain(code)} `)) &&
        [...stemsOf(leaf), ...stemsOf(description)].some((word) => areKin(word, noun)),
    );
  });
}
const CODE = /(?<![\p{L}\p{N}/-])(?=[\p{Lu}\p{N}/-]*\d)\p{Lu}[\p{Lu}\p{N}/-]*(?![\p{L}\p{N}])/gu;
