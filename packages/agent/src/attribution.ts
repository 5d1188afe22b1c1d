import { operationShape } from "@ape/core/operation";
import type { Attribution, Outcome } from "@ape/core/outcome";
import { hasFailed, meantStatus, type ToolCall, type ToolResult } from "@ape/core/tool-call";
import { carriedValues, namedFields } from "./carried.ts";

const OWN_MISTAKES = ["denied", "invalid_call", "unknown_target"];
/** 4xx that speak of how the request was written, whatever values it carried (RFC 9110, section 15.5). */
const BADLY_WRITTEN = [405, 406, 411, 413, 414, 415];
/** 4xx that speak of the whole of what was sent. */
const BAD_CONTENT = [400, 422];

/** What a session knows about a failed call of its own. */
export interface Circumstances {
  /** Whether a value was issued to this session by a target. */
  issued(value: string): boolean;
  /** The session held credentials that should have been good. */
  signedIn: boolean;
  /** The API document does not know the operation. */
  invented: boolean;
  /** The API document says that the operation needs no credentials: its 401 is about what was sent. */
  open: boolean;
  /** The target accepted a write since the operation last went well: what it now conflicts with was agreed to. */
  prepared: boolean;
  /** Of a call that the session's time budget cut: it took most of that time. */
  hung: boolean;
}

/**
 * Whose fault a failed action is (DESIGN section 6): the target's for 5xx, timeout, refused, reset, broken contract,
 * 429, for a 4xx on a value that the target itself had issued, and for a 409 against what it had accepted before; the
 * simulation's for other 4xx, invented paths and forbidden calls.
 */
export function attributeAction(call: ToolCall, result: ToolResult, known: Circumstances): Attribution {
  const { error } = result;
  const status = meantStatus(result);
  if (error !== undefined && error.code !== "failure") {
    if (error.code === "gateway") return "infrastructure";
    if (error.code === "cancelled") return known.hung ? "target" : "simulation";
    return OWN_MISTAKES.includes(error.code) ? "simulation" : "target";
  }
  if (status >= 500 || status === 429 || status === 0) return "target";
  if (known.invented) return "simulation";
  if (status === 401) return known.signedIn && !known.open ? "target" : "simulation";
  if (BADLY_WRITTEN.includes(status)) return "simulation";
  const values = carriedValues(call, result.operation);
  if (values.length === 0) return status === 409 && known.prepared ? "target" : "simulation";
  if (BAD_CONTENT.includes(status) && result.body.kind === "json") {
    const named = namedFields(call, result.body.json);
    // What the answer complains about decides, where it says so.
    if (named.length > 0)
      return named.every((own) => own.length > 0 && own.every(known.issued)) ? "target" : "simulation";
  }
  const issued = BAD_CONTENT.includes(status) ? values.every(known.issued) : values.some(known.issued);
  return issued ? "target" : "simulation";
}

interface Failure {
  step: number;
  /** Target and shape of the operation. */
  key: string;
  attribution: Attribution;
  evidence: string;
  writing: boolean;
  status: number;
}

/** A check that does not hold at the end of a session. */
export interface UnmetCheck {
  key: string;
  label: string;
  /** Of a probe that the target answered otherwise than its earlier answers promise: what it said. */
  refuted: string | undefined;
}

/** Who is to blame for a session, and by which evidence. */
export interface Blame {
  attribution: Attribution;
  reason: string;
  step?: number;
}

const MAX_FAILURES = 50;

/** The failed and not yet recovered operations of a session, and the verdict they lead to. */
export class FailureLedger {
  #open: Map<string, Failure> | undefined;

  /** Notes a result: a success recovers the earlier failures of its operation. */
  note(step: number, call: ToolCall, result: ToolResult, attribution: Attribution | undefined): void {
    const failed = hasFailed(result) && attribution !== undefined;
    if (!failed && this.#open === undefined) return;
    const key = `${call.target} ${operationShape(result.operation)}`;
    if (!failed) {
      this.#open?.delete(key);
      return;
    }
    this.#open ??= new Map();
    if (this.#open.has(key) || this.#open.size >= MAX_FAILURES) return;
    const { error, operation } = result;
    const status = meantStatus(result);
    const why = error === undefined ? `answered ${status}` : `${error.code}: ${error.message}`;
    this.#open.set(key, {
      step,
      key,
      attribution,
      evidence: `${operation} ${why} in step ${step}`,
      writing: call.method !== "GET",
      status,
    });
  }

  /**
   * Decides a session that did not succeed by the first failure that was never recovered and that an unmet check
   * depends on. An unmet check depends on its own operation, whose 5xx or silence decides by itself; a 4xx there can
   * follow from an earlier write that failed (no login, no cart), which then decides. A check that was never tried
   * depends on everything; a probe that the target refuted, on the writes before it and then on the target.
   */
  decide(outcome: Outcome, unmet: readonly UnmetCheck[]): Blame {
    const failures = [...(this.#open?.values() ?? [])].sort((a, b) => a.step - b.step);
    const own = failures.find(({ key }) => unmet.some((check) => check.key === key));
    if (own !== undefined) {
      const consequence = own.status >= 400 && own.status < 500 && own.status !== 429;
      const cause = consequence
        ? failures.find(({ writing, step }) => writing && step < own.step)
        : undefined;
      return blame(cause ?? own);
    }
    const onlyProbes = unmet.length > 0 && unmet.every(({ refuted }) => refuted !== undefined);
    const first = failures.find(({ writing }) => writing || !onlyProbes);
    if (first !== undefined) return blame(first);
    if (onlyProbes)
      return { attribution: "target", reason: `every call went well, but ${unmet[0]?.refuted ?? ""}` };
    const missing = unmet.find(({ refuted }) => refuted === undefined)?.label ?? "the goal";
    return {
      attribution: "simulation",
      reason: `nothing failed, but ${missing} was not reached (${outcome})`,
    };
  }
}

const blame = ({ attribution, evidence, step }: Failure): Blame => ({ attribution, reason: evidence, step });
