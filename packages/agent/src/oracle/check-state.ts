import type { CompiledCheck } from "./check.ts";
import type { OracleOptions } from "./oracle-options.ts";

/** What the oracle knows of one check of a session. */
export interface CheckState {
  held: boolean;
  evidence: string;
  /** The last answer to a probe is the target's statement: it neither fits nor refuses the credentials. */
  refuted: boolean;
  /** The last answer to a probe did not find the resource that the target had issued. */
  missing: boolean;
  /** The last answer to a probe proves by itself that the target failed. */
  failed: boolean;
  /** All answers to a probe showed the old state of what the target had confirmed to be changed or gone. */
  contradicted: boolean;
  /** Target and path of the last probe. */
  place: string | undefined;
  /** Of an action: target and shape of the operation whose answer it was about; it may differ from the check's own. */
  key: string | undefined;
  /** Counts the captures that a running probe began with: results of an older probe no longer count. */
  round: number;
  /** Of an action: answers that fit. */
  seen: number;
  /** The action succeeded, but its answer differs from what the check expects. */
  differs: boolean;
  /** Step of an action whose answer fits, but shows neither what was done nor that it was refused. */
  unproven: number | undefined;
  /** The last answer was a redirect that APE itself does not follow. */
  unfollowed: boolean;
}

/** Evidence of a check that no answer was about yet. */
const UNTRIED: Record<CompiledCheck["kind"], string> = {
  action: "was not done",
  probe: "was not asked: its captures never came to be",
  never: "did not happen",
  state: "was not looked at",
};

/** The state of a check before the session's first action: only prohibitions hold. */
export const initialState = (kind: CompiledCheck["kind"]): CheckState => ({
  held: kind === "never",
  evidence: UNTRIED[kind],
  refuted: false,
  missing: false,
  failed: false,
  contradicted: false,
  place: undefined,
  key: undefined,
  round: 0,
  seen: 0,
  differs: false,
  unproven: undefined,
  unfollowed: false,
});

/**
 * Marks a check as held, and records an event the first time.
 * @param index of its verdict
 */
export function markHeld(
  state: CheckState,
  index: number,
  step: number,
  evidence: string,
  { recorder, clock, session }: OracleOptions,
): void {
  const first = !state.held;
  state.held = true;
  state.refuted = false;
  state.evidence = evidence;
  if (first) recorder.record({ type: "check", at: clock.epoch(), session, check: index, step, evidence });
}
