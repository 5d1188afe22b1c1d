import { tokensOf } from "@ape/catalog/selection/operation-cost";
import type { ApiDescription } from "@ape/core/protocol/api";
import { systemPrompt } from "./instructions.ts";
import { toolsFor } from "./tools.ts";

/** Estimated tokens of one decision. */
export interface PromptSize {
  /** The part of the prompt that every step of every session has: instructions, APIs and tools. */
  fixed: number;
  /** The whole prompt of a usual step. */
  prompt: number;
  /** A usual answer: one call of a tool. */
  answer: number;
}

/** What a session knows and was last answered: 250 tokens in sessions of the demo shop, 1,400 with GitHub's long answers. */
const USUAL_VIEW = 1_000;
const USUAL_ANSWER = 60;

/** Estimates what a decision takes, in tokens of four bytes of the request's JSON. */
export function estimatePromptSize(apis: readonly ApiDescription[], instructions = ""): PromptSize {
  const fixed = tokensOf(systemPrompt(apis, instructions)) + tokensOf(toolsFor(apis));
  return { fixed, prompt: fixed + USUAL_VIEW, answer: USUAL_ANSWER };
}
