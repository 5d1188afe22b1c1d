/** How an ended session ended. */
export const OUTCOMES = [
  "succeeded",
  "failed",
  "gave_up",
  "step_budget",
  "time_budget",
  "token_budget",
  "error",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Who caused a failed step or session; `unclear` if the evidence has two readings, and never the target's. */
export const ATTRIBUTIONS = ["target", "simulation", "inference", "infrastructure", "unclear"] as const;
export type Attribution = (typeof ATTRIBUTIONS)[number];
