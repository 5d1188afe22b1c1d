import type { Attribution, Outcome } from "@ape/core/protocol/outcome";

/** Colours of attributions, each with a name of its own beside it. Palette: M. Okabe and K. Ito, 2008. */
export const ATTRIBUTION_COLORS: Record<Attribution, string> = {
  target: "red",
  simulation: "blue",
  inference: "purple",
  infrastructure: "orange",
  unclear: "gray",
};

/** Colours of outcomes. */
export const OUTCOME_COLORS: Record<Outcome | "interrupted", string> = {
  succeeded: "green",
  failed: "red",
  gave_up: "orange",
  step_budget: "purple",
  time_budget: "sky",
  token_budget: "yellow",
  error: "blue",
  interrupted: "gray",
};
