import type { Attribution, Outcome } from "@ape/core/outcome";

/** Why a session stops. Without an attribution of its own, its failed steps decide. */
export interface Ending {
  outcome: Outcome;
  reason: string;
  attribution?: Attribution;
}
