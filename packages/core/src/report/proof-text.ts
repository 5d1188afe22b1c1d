import type { GoalProof } from "./summary.ts";

const quoted = (texts: readonly string[]): string => texts.map((text) => JSON.stringify(text)).join(", ");

/** `checks prove 1 of 4 parts of the goal: nothing proves "reply to it"`; undefined if all parts are proven. */
export function proofText({ parts, unproven }: GoalProof): string | undefined {
  if (unproven.length === 0) return undefined;
  const count = countText(parts.length - unproven.length, parts.length);
  return `checks prove ${count} of the goal: nothing proves ${quoted(unproven)}`;
}

/** What is said of the parts that nothing but the target's own good answer proves. */
export function acceptedText({ accepted = [] }: GoalProof): string | undefined {
  if (accepted.length === 0) return undefined;
  return `accepted by the target, not read back: ${quoted(accepted)}`;
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

/** How much of all goals' parts a share of successful sessions proves; undefined if all of them are proven, or none is known. */
export function proofBeside(proof: Readonly<Record<string, GoalProof>> = {}): ProofBeside | undefined {
  const all = Object.values(proof);
  const parts = all.reduce((sum, one) => sum + one.parts.length, 0);
  const unproven = all.reduce((sum, one) => sum + one.unproven.length, 0);
  if (unproven === 0) return undefined;
  return { text: `checks prove ${countText(parts - unproven, parts)}`, isNothing: unproven === parts };
}

const countText = (proven: number, all: number): string =>
  `${proven} of ${all} ${all === 1 ? "part" : "parts"}`;
