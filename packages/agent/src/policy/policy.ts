import type { ModelError } from "@ape/core/protocol/chat";
import type { View } from "@ape/core/protocol/view";
import type { Decision } from "./decision.ts";

/** Who asks for a decision. */
export interface DecisionContext {
  session: string;
  step: number;
  traceparent: string;
  agent?: string;
  /** Makes a model's choices reproducible: the same seed and view give the same decision. */
  seed: number;
  signal: AbortSignal;
}

/** A decision, or why there is none: `problem` for the model's own mistake, `error` for a failed inference. */
export interface PolicyResult {
  decision?: Decision;
  problem?: string;
  error?: ModelError;
  /** Id of the inference event behind it. */
  inference?: string;
  tokens: number;
  /** Further decisions of the same answer, in order, as long as no answer is unexpected. */
  next?: PolicyResult[];
  /** Milliseconds in APE's own queues. */
  queueMs: number;
}

/** Decides the next step of a session from what it knows. Keeps nothing between calls. */
export interface Policy {
  decide(view: View, context: DecisionContext): Promise<PolicyResult>;
}
