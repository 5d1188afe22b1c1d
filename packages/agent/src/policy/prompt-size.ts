import { tokensOf } from "@ape/catalog/selection/operation-cost";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { DecisionMode } from "./decision-mode.ts";
import { decisionFormat } from "./decision-schema.ts";
import { systemPrompt } from "./instructions.ts";
import { toolsFor } from "./tools.ts";

/** Estimated tokens of one decision. */
export interface PromptSize {
  /** The part of the prompt that every step of every session has: instructions, APIs and tools. */
  fixed: number;
  /** The whole prompt of a typical step. */
  prompt: number;
  /** A typical answer: one call of a tool. */
  answer: number;
}

/**
 * What a session knows and its last answers: 250 tokens in sessions of the demo shop, 1,400 with GitHub's long answers.
 */
const USUAL_VIEW = 1_000;
const USUAL_ANSWER = 60;

/** Estimates the tokens of a decision, as bytes of the request's JSON divided by four. */
export function estimatePromptSize(
  apis: readonly ApiDescription[],
  instructions = "",
  mode: DecisionMode = "tools",
): PromptSize {
  const tools = toolsFor(apis);
  const fixed =
    tokensOf(systemPrompt(apis, instructions, mode)) +
    tokensOf(mode === "json" ? decisionFormat(tools) : tools);
  return { fixed, prompt: fixed + USUAL_VIEW, answer: USUAL_ANSWER };
}
