import type { Clause } from "@ape/catalog/goal/clause";
import { nameOf } from "@ape/catalog/goal/phrases/thing-name";
import { nameAt } from "@ape/catalog/goal/unquoted-name";
import { resultNouns, subjectOf } from "@ape/catalog/operations/operation-subject";
import { plain, stem } from "@ape/catalog/words/words";
import type { ListChoice, Step } from "../plan.ts";

/** `Of the depot North`, `in shelf S-12`: a noun with a name behind it. */
const NOUN_AND_NAME =
  /\b(?:in|on|at|of|from|to|for|within)\s+(?:the\s+)?(?:\p{Ll}[\p{Ll}-]*\s+)??(\p{Ll}[\p{Ll}-]*)\s+(?=((?:\p{Lu}|\d).*$))/gu;
/** A code and what that is in: `S-12 of North`. */
const CODE_OF =
  /^((?=[\p{L}\p{N}/_-]*\p{N})[\p{L}\p{N}/_-]+)\s+(?:of|in|at)\s+(?:the\s+)?(?:(\p{Ll}[\p{Ll}-]*)\s+)?(\p{Lu}.*)$/u;

/**
 * Names what the list of a choice belongs to, where the clause says which one that is: the shelf and the depot of
 * `remove the crate "Bolts" in shelf S-12 of the depot North`. What is so named is no further condition of the choice itself.
 */
export function nameParents(choice: ListChoice, clause: Clause, steps: readonly Step[]): void {
  const chain = parentsOf(choice, steps);
  if (chain.length === 0) return;
  const said = Array.from(clause.text.matchAll(NOUN_AND_NAME), ([, noun = "", behind = ""]) => ({
    noun,
    name: nameAt(behind, true) ?? codeOf(behind),
  }));
  for (const parent of chain.filter(isOpen)) {
    const name = said.find(({ noun }) => isFor(noun, parent, steps))?.name;
    if (name !== undefined) parent.called = nameOf(name);
  }
  splitNames(choice, chain, steps);
  const names = chain.flatMap(({ called }) => called?.text ?? []);
  const about = choice.about?.filter(({ text }) => !names.some((name) => text.includes(name)));
  if (about?.length === 0) delete choice.about;
  else if (about !== undefined) choice.about = about;
  const parts = choice.parts?.filter(({ value }) => !names.includes(String(value)));
  if (parts?.length === 0) delete choice.parts;
  else if (parts !== undefined) choice.parts = parts;
}

/** Gives the second name of `S-12 of North` to what the first one is in. */
function splitNames(choice: ListChoice, chain: readonly ListChoice[], steps: readonly Step[]): void {
  for (const [at, one] of [choice, ...chain].entries()) {
    const [, code = "", noun, name = ""] = CODE_OF.exec(one.called?.text ?? "") ?? [];
    const outer = chain
      .slice(at)
      .find((parent) => isOpen(parent) && (noun === undefined || isFor(noun, parent, steps)));
    if (code === "" || outer === undefined) continue;
    one.called = nameOf(code);
    outer.called = nameOf(name);
  }
}

const codeOf = (text: string): string | undefined =>
  /^[\p{L}\p{N}/_-]*\p{N}[\p{L}\p{N}/_-]*/u.exec(text)?.[0];

const isOpen = ({ called, numbers, told, position }: ListChoice): boolean =>
  [called, numbers, told, position].every((one) => one === undefined);

/** Whether a noun is one for what a choice is made of. */
const isFor = (noun: string, { step }: ListChoice, steps: readonly Step[]): boolean => {
  const listing = steps[step]?.operation;
  return listing !== undefined && resultNouns(subjectOf(listing)).includes(stem(plain(noun)));
};

/** The choices that the list of a choice is asked for by, innermost first. */
function parentsOf(choice: ListChoice, steps: readonly Step[]): ListChoice[] {
  const step = steps[choice.step];
  const found = [...(step?.bindings ?? [])].flatMap(([field, binding]) =>
    binding.kind === "choice" && field.in === "path" && binding.choice !== choice ? [binding.choice] : [],
  );
  return [...new Set(found.reverse())];
}
