import type { Field } from "../../operations/field.ts";
import { plain } from "../../words/words.ts";
import type { Clause } from "../clause.ts";

/** Whether a clause gives a field a text in quotation marks, right behind its name: `with the method "card"`. */
export const isQuotedFor = ({ leaf }: Field, { labels }: Pick<Clause, "labels">): boolean =>
  labels.some((label) => ` ${plain(label)}`.endsWith(` ${plain(leaf)}`));
