import type { Attribution } from "@ape/core/protocol/outcome";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";

/** Who caused a failed action, and why it is said. */
export interface AttributionFinding {
  attribution: Attribution;
  /** One clause; for an unclear failure it holds both readings. */
  because: string;
}

/** A failed action that one read can clear up. */
export interface VerifiableFinding extends AttributionFinding {
  /** A safe read of the resource that the action was about. */
  verify?: { call: ToolCall; judge: (read: ToolResult) => AttributionFinding };
}

export const causedByTarget = (because: string): VerifiableFinding => ({ attribution: "target", because });
export const causedBySimulation = (because: string): VerifiableFinding => ({
  attribution: "simulation",
  because,
});
export const causedByInfrastructure = (because: string): VerifiableFinding => ({
  attribution: "infrastructure",
  because,
});
/**
 * A failure that has two readings.
 * @param ifTarget what is wrong at the target, in one reading
 * @param ifNot what the session did, or what else happened, in the other
 */
export const unclearCause = (
  ifTarget: string,
  ifNot: string,
  other: Exclude<Attribution, "target" | "unclear"> = "simulation",
): VerifiableFinding => ({
  attribution: "unclear",
  because: `either ${ifTarget} (target), or ${ifNot} (${other})`,
});
