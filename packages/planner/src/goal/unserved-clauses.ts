import { asksForAction, type Clause, clauseText } from "@ape/catalog/goal/clause";
import type { StatedName } from "@ape/catalog/goal/goal-text";
import { nameOf, type ThingName, thingNamed } from "@ape/catalog/goal/phrases/thing-name";
import { VERB_CLASSES } from "@ape/catalog/words/lexicon";
import { isOfLostNumber } from "./numbered-names.ts";
import type { SoughtKind } from "./plan.ts";
import { topicOf } from "./topic-name.ts";

/** What nothing here serves of a goal, and what later clauses may say of it. */
export class UnservedClauses {
  /** The clauses, in the goal's words. */
  readonly texts: string[] = [];
  /** Names and numbers that no call can find. */
  readonly unnamed: ThingName[] = [];
  /** What a clause looks for by a name that has no operation of its own: `find the Kilim`, where there are objects. */
  #sought: { name: ThingName; text: string } | undefined;
  /** What it looks for by a kind that nothing has a word for: `find a comedy`, where there are plays. */
  #kind: SoughtKind | undefined;

  /** Notes a clause. */
  add(clause: Clause): void {
    this.texts.push(clauseText(clause));
  }

  /** Notes a clause that has no operation. What it looks for by a name may be among what a later clause chooses from. */
  leave(clause: Clause): void {
    const isRead = VERB_CLASSES.get(clause.verb ?? "") === "read";
    const name = isRead ? thingNamed(clause) : undefined;
    if (name !== undefined) this.#sought = { name, text: clauseText(clause) };
    else if (isRead) this.#kind = kindSought(clause);
    this.add(clause);
  }

  /** Whether `it` is what the clause before would have made, which nothing serves: any other thing is not meant. */
  isTopicOf(clause: Clause, earlier: readonly Clause[]): boolean {
    const { object, another } = clause;
    const lost = this.unnamed.flatMap(({ numbered }) => numbered?.said ?? []);
    if (isOfLostNumber(clause, earlier, [...this.texts, ...lost])) return true;
    const about = topicOf(clause, earlier);
    const isLost = about !== undefined && this.texts.includes(clauseText(about));
    const isSought = VERB_CLASSES.get(about?.verb ?? "") === "read";
    if (isLost && !isSought && thingNamed(about) === undefined && about.names.some(isOfThing)) return true;
    if (!object.refers || object.nouns.size > 0 || another) return false;
    const before = earlier.findLast((one) => one.active && asksForAction(one));
    const verbClass = VERB_CLASSES.get(before?.verb ?? "");
    // What was looked for may be among what this clause chooses from.
    if (before === undefined || verbClass === "read") return false;
    if (!before.indefinite && verbClass !== "create") return false;
    return this.texts.at(-1) === clauseText(before);
  }

  /** The name of what was looked for before, where a clause is about that, and the list of such things is at hand. */
  soughtBy(clause: Clause): ThingName | undefined {
    if (this.#sought === undefined || !refersBack(clause)) return undefined;
    const { name, text } = this.#sought;
    this.#sought = undefined;
    this.texts.splice(this.texts.indexOf(text), 1);
    return name;
  }

  /** The kind of what was looked for before, where a clause is about that. */
  kindSoughtBy(clause: Clause): SoughtKind | undefined {
    return refersBack(clause) ? this.#kind : undefined;
  }
}

/** A thing of a kind that no operation has a word for: `find a comedy that still has seats`. */
const KIND_SOUGHT =
  /\b(?:an?|any|some)\s+(?:\p{Ll}[\p{Ll}-]*\s+)*?(\p{Ll}[\p{Ll}-]+)(?=\s+(?:that|which|who|whose|with|for|in|at|on|by|from|to|under|below|over|above|of|costing)\b|[.,;]|\s*$)/u;

/** What a clause looks for by its kind. */
function kindSought(clause: Clause): SoughtKind | undefined {
  const { text, indefinite, quoted } = clause;
  const kind = indefinite && quoted.length === 0 ? KIND_SOUGHT.exec(text)?.[1] : undefined;
  return kind === undefined ? undefined : { name: { ...nameOf(kind), of: true }, clause: clauseText(clause) };
}

/** Whether a clause is about what one before it looked for. */
const refersBack = ({ text, another }: Clause): boolean => PRONOUN.test(text) && !another;

/** Whether a name says where a thing is or whose it is: `polish the wheel in the Salt Room`. */
const isOfThing = ({ preposition }: StatedName): boolean => /^(?:in|at|of|from|on)$/i.test(preposition);
const PRONOUN = /\b(?:it|them|this|that|one)\b/i;
