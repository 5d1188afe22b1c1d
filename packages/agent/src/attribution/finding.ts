import type { Attribution } from "@ape/core/protocol/outcome";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";

/** Who caused a failed action, and why it is said. */
export interface Finding {
  attribution: Attribution;
  /** One clause; of an unclear failure it holds both readings. */
  because: string;
}

/** A failed action that one read can clear up. */
export interface OpenFinding extends Finding {
  /** A safe read of the resource that the action was about. */
  verify?: { call: ToolCall; judge: (read: ToolResult) => Finding };
}

export const target = (because: string): OpenFinding => ({ attribution: "target", because });
export const simulation = (because: string): OpenFinding => ({ attribution: "simulation", because });
export const infrastructure = (because: string): OpenFinding => ({ attribution: "infrastructure", because });
/**
 * A failure that has two readings.
 * @param ifTarget what is wrong at the target, in one reading
 * @param ifSession what the session did, in the other
 */
export const unclear = (ifTarget: string, ifSession: string): OpenFinding => ({
  attribution: "unclear",
  because: `either ${ifTarget} (target), or ${ifSession} (simulation)`,
});
