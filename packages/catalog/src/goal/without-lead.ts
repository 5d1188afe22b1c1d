import { stem } from "../words/words.ts";
import type { Clause } from "./clause.ts";

/** The words of a clause without its verb: `Open The Seagull` says nothing of what is open. */
export function withoutLead({ text, lead }: Pick<Clause, "text" | "lead">): string {
  if (lead === undefined || lead.startsWith("~")) return text;
  const verb = Array.from(text.matchAll(/[\p{L}'-]+/gu)).find(([word]) => stem(word.toLowerCase()) === lead);
  return verb === undefined
    ? text
    : `${text.slice(0, verb.index)}${text.slice(verb.index + verb[0].length)}`.trim();
}
