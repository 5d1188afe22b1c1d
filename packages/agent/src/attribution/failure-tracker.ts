import { statedReason } from "@ape/core/protocol/fields/stated-reason";
import { operationShape } from "@ape/core/protocol/operations/operation";
import type { Attribution, Outcome } from "@ape/core/protocol/outcome";
import { effectiveStatus, hasFailed, type ToolCall, type ToolResult } from "@ape/core/protocol/tool-call";
import type { AttributionFinding } from "./finding.ts";

interface Failure {
  step: number;
  /** Target and shape of the operation. */
  key: string;
  operation: string;
  /** Summary of the answer: `answered 409`. */
  answered: string;
  /** The reason that the answer itself gives, in words. */
  said?: string;
  finding: AttributionFinding;
  writing: boolean;
  status: number;
}

/** A check that does not hold at the end of a session. */
export interface UnmetCheck {
  key: string;
  label: string;
  /** What the target answered to a probe, if it contradicts the check. */
  refuted: string | undefined;
  /** The target did not find the resource that it had issued before. */
  missing?: boolean;
  /** The target failed to answer a probe. */
  failed?: boolean;
  /** All answers to a probe showed the old state of what the target had confirmed to be changed or gone. */
  contradicted?: boolean;
  /** Target and path that a probe last asked for. */
  place?: string;
  /** How the answer of a successful action differs from what a check expects, or from what a probe needs of it. */
  differs?: string;
  /** What it needs stands behind a redirect that APE itself does not follow: what was answered, and why it was not. */
  unfollowed?: string;
}

/** Who caused the failure of a session, and by which evidence. */
export interface FailureCause {
  attribution: Attribution;
  reason: string;
  step?: number;
}

const MAX_FAILURES = 50;

/** The failed and not yet recovered operations of a session, and the verdict they lead to. */
export class FailureTracker {
  /** In the order of their steps. */
  #open: Map<string, Failure> | undefined;
  /** The first writing call whose redirect APE itself did not follow. */
  #unfollowed: { step: number; operation: string; why: string } | undefined;

  /** Notes a result: a success recovers the earlier failures of its operation. */
  note(step: number, call: ToolCall, result: ToolResult, finding: AttributionFinding | undefined): void {
    if (result.unfollowed === true && call.method !== "GET")
      this.#unfollowed ??= { step, operation: result.operation, why: result.warning ?? "" };
    const failed = hasFailed(result) && finding !== undefined;
    if (!failed && (this.#open === undefined || result.unproven !== undefined)) return;
    const key = `${call.target} ${operationShape(result.operation)}`;
    if (!failed) {
      this.#open?.delete(key);
      return;
    }
    this.#open ??= new Map();
    if (this.#open.has(key) || this.#open.size >= MAX_FAILURES) return;
    const { error, operation } = result;
    const status = effectiveStatus(result);
    const why = error === undefined ? `answered ${status}` : `${error.code}: ${error.message}`;
    const said =
      error === undefined && result.body.kind === "json" ? statedReason(result.body.json) : undefined;
    this.#open.set(key, {
      step,
      key,
      operation,
      answered: why,
      ...(said === undefined ? {} : { said }),
      finding,
      writing: call.method !== "GET",
      status,
    });
  }

  /** Replaces the finding of a step, after a verification read. */
  settle(step: number, finding: AttributionFinding): void {
    for (const failure of this.#open?.values() ?? []) if (failure.step === step) failure.finding = finding;
  }

  /**
   * Decides a session that did not succeed by the first failure that was never recovered and that an unmet check
   * depends on. An unmet check depends on its own operation, whose 5xx or missing answer decides by itself; a 4xx there
   * can follow from an earlier write that failed (no login, no cart), which then decides. A check that was never tried
   * depends on everything; a probe that the target refuted depends on the writes before it. The target is the cause if
   * it does not show what it had issued; a value that differs can be the session's choice.
   */
  decide(outcome: Outcome, unmet: readonly UnmetCheck[]): FailureCause {
    const failures = [...(this.#open?.values() ?? [])];
    const own = failures.find(({ key }) => unmet.some((check) => check.key === key));
    if (own !== undefined) {
      const consequence = own.status >= 400 && own.status < 500 && own.status !== 429;
      const cause = consequence
        ? failures.find(({ writing, step }) => writing && step < own.step)
        : undefined;
      return this.#blame(cause ?? own);
    }
    const onlyProbes = unmet.length > 0 && unmet.every(({ refuted }) => refuted !== undefined);
    const allAnswered =
      unmet.length > 0 &&
      unmet.every(({ refuted, differs }) => refuted !== undefined || differs !== undefined);
    const first = failures.find(({ writing }) => writing || !allAnswered);
    if (first !== undefined) return this.#blame(first);
    const away = unmet.find(({ unfollowed }) => unfollowed !== undefined);
    if (away?.unfollowed !== undefined)
      return {
        attribution: "infrastructure",
        reason: `nothing failed, but ${away.label} does not hold (${away.unfollowed})`,
      };
    if (onlyProbes) {
      const proven = unmet.find(({ missing, failed }) => missing === true || failed === true);
      if (proven !== undefined)
        return { attribution: "target", reason: `every call went well, but ${proven.refuted}` };
      const contradicted = unmet.find((check) => check.contradicted === true);
      if (contradicted !== undefined)
        return {
          attribution: "target",
          reason: `every call went well, but ${contradicted.refuted}, although it had confirmed the change`,
        };
      return {
        attribution: "unclear",
        reason: `every call went well, but ${unmet[0]?.refuted}: either the target did not do what it confirmed (target), or the session asked for something else (simulation)`,
      };
    }
    const different = unmet.find(({ differs }) => differs !== undefined);
    if (different?.differs !== undefined)
      return {
        attribution: "unclear",
        reason: `nothing failed, but ${different.label} does not hold (${different.differs}): either the target answers wrongly (target), or the session asked for something else (simulation)`,
      };
    const missing = unmet.find(({ refuted }) => refuted === undefined)?.label ?? "the goal";
    return {
      attribution: "simulation",
      reason: `nothing failed, but ${missing} was not reached (${outcome})`,
    };
  }

  /** A refused credential behind a redirect that was not followed can be the consequence of that: of a login elsewhere. */
  #blame(failure: Failure): FailureCause {
    const cause = blame(failure);
    const before = this.#unfollowed;
    if (before === undefined || before.step >= failure.step || cause.attribution === "target") return cause;
    if (failure.status !== 401 && failure.status !== 403) return cause;
    const { operation, step, why } = before;
    const reason = `${cause.reason}; the redirect of ${operation} in step ${step} was not followed: ${why}`;
    return { ...cause, attribution: "infrastructure", reason };
  }
}

const blame = ({ operation, answered, said, finding, step }: Failure): FailureCause => ({
  attribution: finding.attribution,
  reason: `${operation} ${answered} in step ${step}${said === undefined ? "" : ` (${JSON.stringify(said)})`}${finding.because === "" ? "" : `; ${finding.because}`}`,
  step,
});
