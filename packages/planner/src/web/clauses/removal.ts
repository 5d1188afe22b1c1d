import type { Clause } from "@ape/catalog/goal/clause";
import { verbEntry } from "@ape/catalog/words/thesaurus";
import { meaningOf, stem } from "@ape/catalog/words/words";

/**
 * Verbs that the thesaurus alone has for removing, and that put an end to a thing of a target. Others take something away from it:
 * `clean the rug`, `harvest the bed`, `unpack the crate`, `dispatch the parcel`.
 */
const ENDS: ReadonlySet<string> = new Set(
  (
    "abandon abolish annul cancel countermand delete delist destroy discard dispose eliminate eradicate erase exclude expel expunge " +
    "exterminate invalidate jettison nullify oust purge quash repeal rescind revoke scrap scratch trash void"
  )
    .split(" ")
    .map(stem),
);

/** Whether a stem is that of a verb which puts an end to a thing, or takes it away for good. */
export const isOfEnding = (lead: string): boolean => meaningOf(lead) === "~remove" || ENDS.has(lead);

/** Whether a clause that removes something by its verb puts an end to a thing; a phrasal verb does so by itself: `call off`. */
export const endsThing = ({ verb, lead = "" }: Clause): boolean =>
  verb === "~remove" && (isOfEnding(lead) || verbEntry(lead)?.meaning !== "~remove");
