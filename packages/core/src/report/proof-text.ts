import type { GoalProof } from "./summary.ts";

/** `checks prove 1 of 4 parts of the goal: nothing proves "reply to it"`; undefined if all parts are proven. */
export function proofText({ parts, unproven }: GoalProof): string | undefined {
  if (unproven.length === 0) return undefined;
  const named = unproven.map((text) => JSON.stringify(text)).join(", ");
  const count = `${parts.length - unproven.length} of ${parts.length} ${parts.length === 1 ? "part" : "parts"}`;
  return `checks prove ${count} of the goal: nothing proves ${named}`;
}

/** What {@link proofText} says of each goal with a part that no check proves. */
export function unprovenTexts(
  proof: Readonly<Record<string, GoalProof>> = {},
): [goal: string, text: string][] {
  return Object.entries(proof).flatMap(([goal, own]): [string, string][] => {
    const text = proofText(own);
    return text === undefined ? [] : [[goal, text]];
  });
}
