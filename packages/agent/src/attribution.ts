import { operationShape } from "@ape/core/operation";
import type { Attribution, Outcome } from "@ape/core/outcome";
import { hasFailed, type ToolCall, type ToolResult } from "@ape/core/tool-call";

const OWN_MISTAKES = ["denied", "invalid_call", "unknown_target"];

/**
 * Whose fault a failed action is (DESIGN section 6): the target's for 5xx, timeout, refused, reset, broken contract,
 * 429, and for a 4xx on a value that the target itself had issued; the simulation's for other 4xx and forbidden calls.
 * @param issued whether a value was issued to this session by the target
 */
export function attributeAction(
  call: ToolCall,
  result: ToolResult,
  issued: (value: string) => boolean,
  hadToken: boolean,
): Attribution {
  const { status, error } = result;
  if (error !== undefined) {
    if (error.code === "gateway") return "infrastructure";
    return OWN_MISTAKES.includes(error.code) ? "simulation" : "target";
  }
  if (status >= 500 || status === 429 || status === 0) return "target";
  if (status === 401) return hadToken ? "target" : "simulation";
  return valuesOf(call).some(issued) ? "target" : "simulation";
}

/** The values that a call carries: segments of its path, its query and its data, bounded. */
function valuesOf(call: ToolCall): string[] {
  const values = call.path
    .split(/[/?&=]/)
    .slice(1, 40)
    .map(decode);
  for (const value of Object.values(call.query ?? {})) values.push(String(value));
  if (typeof call.data === "object" && call.data !== null)
    for (const value of Object.values(call.data).slice(0, 40))
      if (typeof value === "string" || typeof value === "number") values.push(String(value));
  return values.filter((value) => value !== "");
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

interface Failure {
  step: number;
  attribution: Attribution;
  evidence: string;
}

const MAX_FAILURES = 50;

/** The failed and not yet recovered operations of a session, and the verdict they lead to. */
export class FailureLedger {
  readonly #open = new Map<string, Failure>();

  /** Notes a result: a success recovers the earlier failures of its operation. */
  note(step: number, target: string, result: ToolResult, attribution: Attribution | undefined): void {
    const key = `${target} ${operationShape(result.operation)}`;
    if (!hasFailed(result) || attribution === undefined) {
      this.#open.delete(key);
      return;
    }
    if (this.#open.has(key) || this.#open.size >= MAX_FAILURES) return;
    const why =
      result.error === undefined
        ? `answered ${result.status}`
        : `${result.error.code}: ${result.error.message}`;
    this.#open.set(key, { step, attribution, evidence: `${result.operation} ${why} in step ${step}` });
  }

  /**
   * Decides a session that did not succeed: the first failure that was never recovered, one of an unmet check's own
   * operation before all others; without any, nothing failed and the goal was not pursued.
   * @param unmet keys (target and shape) of the checks that do not hold
   */
  decide(
    outcome: Outcome,
    unmet: readonly { key: string; label: string }[],
  ): { attribution: Attribution; reason: string; step?: number } {
    const failures = [...this.#open.entries()].sort(([, a], [, b]) => a.step - b.step);
    const own = failures.find(([key]) => unmet.some((check) => check.key === key));
    const [, first] = own ?? failures[0] ?? [];
    if (first !== undefined)
      return { attribution: first.attribution, reason: first.evidence, step: first.step };
    const missing = unmet[0]?.label ?? "the goal";
    return {
      attribution: "simulation",
      reason: `nothing failed, but ${missing} was not reached (${outcome})`,
    };
  }
}
