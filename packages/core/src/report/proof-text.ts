import type { GoalProof } from "./summary.ts";

const quoted = (texts: readonly string[]): string => texts.map((text) => JSON.stringify(text)).join(", ");

/** Behind words of a goal that nothing accounts for, which stand among the unproven parts. */
const WORDS = / \(not understood\)$/;
const isPart = (text: string): boolean => !WORDS.test(text);

/**
 * `checks prove 1 of 4 parts of the goal: nothing proves "reply to it"; not understood: "in Bern"`; undefined if all parts are
 * proven and all words understood.
 */
export function proofText({ parts, unproven }: GoalProof): string | undefined {
  if (unproven.length === 0) return undefined;
  const open = unproven.filter(isPart);
  const words = unproven.flatMap((text) => (isPart(text) ? [] : text.replace(WORDS, "")));
  const all = parts.filter(isPart).length;
  return [
    `checks prove ${countText(all - open.length, all)} of the goal${open.length === 0 ? "" : `: nothing proves ${quoted(open)}`}`,
    ...(words.length === 0 ? [] : [`not understood: ${quoted(words)}`]),
  ].join("; ");
}

/** What is said of the parts that nothing but the target's own good answer proves, and of what no check demands. */
export function acceptedText({ accepted = [], unchecked = [] }: GoalProof): string | undefined {
  const text = [
    ...(accepted.length === 0 ? [] : [`judged by its answer alone, not read back: ${quoted(accepted)}`]),
    ...(unchecked.length === 0 ? [] : [`no check demands ${quoted(unchecked)}`]),
  ].join("; ");
  return text === "" ? undefined : text;
}

/** What {@link proofText} says of each goal with a part that no check proves. */
export function unprovenTexts(
  proof: Readonly<Record<string, GoalProof>> = {},
): [goal: string, text: string][] {
  return textsBy(proofText, proof);
}

/** What {@link acceptedText} says of each goal with a part that no check reads back. */
export function acceptedTexts(
  proof: Readonly<Record<string, GoalProof>> = {},
): [goal: string, text: string][] {
  return textsBy(acceptedText, proof);
}

function textsBy(
  say: (proof: GoalProof) => string | undefined,
  proof: Readonly<Record<string, GoalProof>>,
): [string, string][] {
  return Object.entries(proof).flatMap(([goal, own]): [string, string][] => {
    const text = say(own);
    return text === undefined ? [] : [[goal, text]];
  });
}

/** What belongs beside a share of successful sessions. */
export interface ProofBeside {
  /** `checks prove 0 of 3 parts`. */
  text: string;
  /** No part is proven: the share says nothing of what the sessions reached. */
  isNothing: boolean;
}

/**
 * How much of all goals' parts a share of successful sessions proves; undefined if all of them are proven and all words
 * understood, or none is known.
 */
export function proofBeside(proof: Readonly<Record<string, GoalProof>> = {}): ProofBeside | undefined {
  const all = Object.values(proof);
  const parts = all.flatMap((one) => one.parts.filter(isPart)).length;
  const named = all.flatMap((one) => one.unproven);
  const unproven = named.filter(isPart).length;
  if (named.length === 0) return undefined;
  const words = named.length === unproven ? "" : ", and some words are not understood";
  return {
    text: `checks prove ${countText(parts - unproven, parts)}${words}`,
    isNothing: unproven === parts,
  };
}

const countText = (proven: number, all: number): string =>
  `${proven} of ${all} ${all === 1 ? "part" : "parts"}`;
