import type { Field } from "../../operations/field.ts";
import { subjectOf } from "../../operations/operation-subject.ts";
import { stateAfter } from "../../operations/state-change.ts";
import { VERB_CLASSES } from "../../words/lexicon.ts";
import { isInSynset } from "../../words/thesaurus.ts";
import { lastWord, meaningOf, plain, stem } from "../../words/words.ts";
import type { ExpectedValue } from "../check-draft.ts";
import type { ChangePart } from "../goal-parts.ts";

/**
 * What a thing shows that was removed, and that may still be read: the state of an enumeration (`cancelled`), a date or flag
 * of its end (`deletedAt`). Undefined if its fields have no such thing.
 */
export function removedState(
  fields: readonly Field[],
  part: ChangePart,
): readonly [Field, ExpectedValue] | undefined {
  for (const field of fields) {
    const state =
      stateAfter(part.clause, field) ??
      field.enum?.find((option) => typeof option === "string" && saysRemoved(lastWord(option), part));
    if (state !== undefined) return [field, state];
  }
  for (const field of fields) {
    if (field.enum !== undefined || part.operation.inputs.includes(field)) continue;
    const [first = "", ...rest] = plain(field.leaf)
      .replace(/^(?:is|was|date|time) /, "")
      .split(" ");
    if (!saysRemoved(first, part) || rest.some((word) => !STAMP.has(word))) continue;
    return [field, field.type.startsWith("boolean") ? true : { exists: true, ne: null }];
  }
  return undefined;
}

const STAMP: ReadonlySet<string> = new Set(["at", "on", "date", "time"]);

/** Whether a word, as the participle of a state, says what removing does. */
function saysRemoved(word: string, { clause, operation }: ChangePart): boolean {
  if (VERB_CLASSES.get(meaningOf(word) ?? "") === "delete") return true;
  const base = stem(word);
  return isInSynset(base, clause.leadSynsets) || isInSynset(base, subjectOf(operation).verbSynsets);
}
