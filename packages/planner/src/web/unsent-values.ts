import type { Clause } from "@ape/catalog/goal/clause";
import { plain } from "@ape/catalog/words/words";
import { doesClause, isLooking, sentWords, type WebCall } from "./web-progress.ts";

/**
 * The texts, names and numbers of clauses that change something, of which no form and no label had any: nothing shows that
 * they were understood. Left out are clauses that only look, and those that a button without fields did: its place on the
 * page may be what they were for.
 */
export function unsentValues(clauses: readonly Clause[], calls: readonly WebCall[]): string[] {
  const said = calls.flatMap(({ fields, label }) => [...Object.values(fields).flat().map(String), label]);
  const sent = ` ${said.map(plain).join(" | ")} `;
  const has = (text: string): boolean => sent.includes(` ${plain(text)} `);
  const own = sentWords(calls);
  const isChoice = (clause: Clause): boolean =>
    calls.some(
      (call) =>
        call.kind === "form" && Object.keys(call.fields).length === 0 && doesClause(call, clause, own),
    );
  const unsent = clauses
    .filter((clause) => !isLooking(clause) && !isChoice(clause))
    .flatMap(({ quoted, names, amounts }) => [
      ...quoted.filter((text) => !/^\{\{/.test(text) && !has(text)),
      ...names.flatMap(({ text, preposition }) => (has(text) ? [] : `${preposition} ${text}`.trim())),
      ...amounts.flatMap(({ value, money }) => (money || has(String(value)) ? [] : String(value))),
    ]);
  return [...new Set(unsent)];
}
