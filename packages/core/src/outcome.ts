/** How an ended session ended (DESIGN section 6). */
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

/** Whose fault a failed step or session is. */
export const ATTRIBUTIONS = ["target", "simulation", "inference", "infrastructure"] as const;
export type Attribution = (typeof ATTRIBUTIONS)[number];
