import { type Clause, clausesOf, clauseText } from "@ape/catalog/goal/clause";
import { isMove } from "@ape/catalog/goal/phrases/move";
import { ownNameIn } from "../named-thing.ts";

const NO_VERBS: ReadonlySet<string> = new Set();
const TO_IT = /\b(to|into|onto)\s+(?:it|there)\b/i;

/** Clauses in which a thing is moved to what the clause before was about, by its name: `set the lamp of berth K3 to on, move the Tern to it`. */
export const withPlaces = (clauses: readonly Clause[]): Clause[] =>
  clauses.map((clause, at) => {
    if (!clause.active || !isMove(clause) || !TO_IT.test(clause.text) || ownNameIn(clause) === undefined)
      return clause;
    const before = clauses.slice(0, at).findLast((one) => ownNameIn(one) !== undefined);
    const place = before && ownNameIn(before);
    if (place === undefined || /["“]/.test(clause.said)) return clause;
    const noun = before?.text.match(/(\p{Ll}+)\s+(?=\p{Lu}|\d)/u)?.[1] ?? "";
    const [read] = clausesOf(clauseText(clause).replace(TO_IT, `$1 ${noun} ${place.text}`), NO_VERBS);
    return read === undefined ? clause : read;
  });
