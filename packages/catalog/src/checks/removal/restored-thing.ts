import { subjectOf } from "../../operations/operation-subject.ts";
import { isInSynset, verbEntry } from "../../words/thesaurus.ts";
import { stem } from "../../words/words.ts";
import type { ExpectedValue } from "../check-draft.ts";
import type { ChangePart } from "../goal-parts.ts";
import { shownIn } from "../shown-change.ts";
import { type Expected, newThing, type Thing } from "../thing.ts";

/** What brings back what was removed: `restore it`, `reinstate the booking`. */
const RESTORING: ReadonlySet<string> = new Set(
  ["restore", "reinstate", "recover", "revive"].flatMap((verb) => verbEntry(stem(verb))?.synsets ?? []),
);
/** The same, by the stem of a verb that says what it takes back: `undelete`, `unarchive`, `reopen`. */
const TAKES_BACK = /^(?:un|re)(?:delet|cancel|remov|arch|open|activ|inst|stor|list|book)/;

/** Whether a part brings back what an earlier one has removed. */
function isRestoration({ operation, clause }: ChangePart): boolean {
  const { verbs, verbClass } = subjectOf(operation);
  if (operation.method === "DELETE" || verbClass === "delete") return false;
  return [...verbs, ...(clause.lead === undefined ? [] : [clause.lead])].some(
    (verb) => TAKES_BACK.test(verb) || isInSynset(verb, RESTORING),
  );
}

/**
 * A removed thing that a later part has brought back: read once more after that, it is there, and no longer shows that it was
 * removed.
 */
export function restoredThing(removed: Thing, part: ChangePart): Thing | undefined {
  if (removed.removal === undefined || removed.read.isList || !isRestoration(part)) return undefined;
  const { read, removal } = removed;
  const expected = new Map<Thing["read"]["fields"][number], Expected>();
  for (const [field, value] of shownIn(read.fields, part)) expected.set(field, { value, part });
  const [field, value] = removal.state ?? [];
  const left = value === undefined ? undefined : opposite(value);
  if (field !== undefined && left !== undefined && !expected.has(field))
    expected.set(field, { value: left, part });
  const id = read.fields.find(({ leaf }) => leaf === read.idField?.leaf);
  // Where it can be read in no other way once it is removed, that it is there again says all.
  if (expected.size === 0 && removal.state === undefined && id !== undefined)
    expected.set(id, { value: { exists: true }, part });
  const thing = newThing(removed.part, read, { expected });
  thing.last = part;
  thing.proves = [part];
  return thing;
}

/** What a state of removal is no longer; undefined where that is not known: the day of a deletion may be kept. */
function opposite(value: ExpectedValue): ExpectedValue | undefined {
  if (typeof value === "boolean") return !value;
  return typeof value === "string" ? { ne: value } : undefined;
}
