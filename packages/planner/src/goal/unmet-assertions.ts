import { clauseText } from "@ape/catalog/goal/clause";
import { asserts } from "@ape/catalog/goal/things/sought-text";
import { plain } from "@ape/catalog/words/words";
import type { Json } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import type { PlanningContext } from "../planning-context.ts";
import type { Step } from "./plan.ts";

/** The state that is asserted, at the end. */
const STATE = /\b(?:is|are|was|were)\s+(?:now\s+|still\s+|really\s+)?(not\s+)?(\p{L}[\p{L}-]*)[.\s]*$/iu;

/**
 * What a goal asserts and its own reads did not show: numbers, and states that the document knows. What is no longer visible may
 * have been so.
 */
export function unmetAssertions({ plan, progress }: PlanningContext): string[] {
  const clauses = new Set(
    plan.steps.flatMap(({ clause, operation }) => (operation.writes ? [] : (clause ?? []))),
  );
  return [...clauses].filter(asserts).flatMap((clause) => {
    const at = plan.steps.findLastIndex((step) => step.clause === clause);
    const step = plan.steps[at];
    const body = progress.attempts[at]?.findLast(({ ok }) => ok)?.answer?.body;
    return step === undefined || body === undefined || isShown(step, body) ? [] : [clauseText(clause)];
  });
}

function isShown({ clause, operation }: Step, body: Json): boolean {
  const text = ` ${plain(writeJson(body))} `;
  const numbers = (clause?.amounts ?? []).filter(({ money }) => !money).map(({ value }) => value);
  if (numbers.some((value) => !new RegExp(`(?<![\\d.])${value}(?![\\d])`).test(text))) return false;
  const [, negated, word = ""] = STATE.exec(clause?.said ?? "") ?? [];
  const state = plain(word);
  const isKnown = operation.answers.some(({ enum: options }) =>
    options?.some((option) => plain(String(option)) === state),
  );
  return !isKnown || text.includes(` ${state} `) === (negated === undefined);
}
