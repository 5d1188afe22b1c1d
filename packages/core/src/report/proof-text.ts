import type { GoalProof } from "./summary.ts";

const quoted = (texts: readonly string[]): string => texts.map((text) => JSON.stringify(text)).join(", ");

/** Behind words of a goal that nothing accounts for, which stand among the unproven parts. */
const WORDS = / \(not understood\)$/;
const isPart = (text: string): boolean => !WORDS.test(text);

/**
 * `checks prove 1 of 4 parts of the goal: nothing proves "reply to it"; not understood: "in Bern"; no check demands "order 17"`;
 * undefined if all parts are proven, all words understood and all that the goal names is demanded: then no session passes that
 * did it to something else.
 */
export function proofText({ parts, unproven, unchecked = [] }: GoalProof): string | undefined {
  const open = unproven.filter(isPart);
  const words = unproven.flatMap((text) => (isPart(text) ? [] : text.replace(WORDS, "")));
  const all = parts.filter(isPart).length;
  const texts = [
    ...(unproven.length === 0
      ? []
      : [
          `checks prove ${countText(all - open.length, all)} of the goal${open.length === 0 ? "" : `: nothing proves ${quoted(open)}`}`,
        ]),
    ...(words.length === 0 ? [] : [`not understood: ${quoted(words)}`]),
    ...(unchecked.length === 0 ? [] : [`no check demands ${quoted(unchecked)}`]),
  ];
  return texts.length === 0 ? undefined : texts.join("; ");
}

/** What is said of the parts that nothing but the target's own good answer proves. */
export function acceptedText({ accepted = [] }: GoalProof): string | undefined {
  return accepted.length === 0 ? undefined : `judged by its answer alone, not read back: ${quoted(accepted)}`;
}

/** What {@link proofText} says of each goal that its checks do not prove as a whole. */
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
  /** `checks prove 0 of 3 parts`, `no check demands "order 17"`. */
  text: string;
  /** No part is proven: the share says nothing of what the sessions reached. */
  isNothing: boolean;
}

/** Texts that no check demands that are named beside a share; the lines of their goals have all. */
const MOST_UNCHECKED = 3;

/**
 * How much of all goals' parts a share of successful sessions proves; undefined if all of them are proven, all words understood
 * and all that the goals name is demanded, or none is known.
 */
export function proofBeside(proof: Readonly<Record<string, GoalProof>> = {}): ProofBeside | undefined {
  const all = Object.values(proof);
  const parts = all.flatMap((one) => one.parts.filter(isPart)).length;
  const named = all.flatMap((one) => one.unproven);
  const unproven = named.filter(isPart).length;
  const unchecked = [...new Set(all.flatMap((one) => one.unchecked ?? []))];
  if (named.length === 0 && unchecked.length === 0) return undefined;
  const words = named.length === unproven ? "" : ", and some words are not understood";
  const more = unchecked.length > MOST_UNCHECKED ? " and more" : "";
  const texts = [
    ...(named.length === 0 ? [] : [`checks prove ${countText(parts - unproven, parts)}${words}`]),
    ...(unchecked.length === 0
      ? []
      : [`no check demands ${quoted(unchecked.slice(0, MOST_UNCHECKED))}${more}`]),
  ];
  return { text: texts.join("; "), isNothing: named.length > 0 && unproven === parts };
}

const countText = (proven: number, all: number): string =>
  `${proven} of ${all} ${all === 1 ? "part" : "parts"}`;
