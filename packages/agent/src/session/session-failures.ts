import type { Clock } from "@ape/core/lib/clock";
import { parseRetryAfter } from "@ape/core/lib/header-date/retry-after";
import { decodePercent } from "@ape/core/lib/percent";
import type { ApiDescription } from "@ape/core/protocol/api";
import { operationShape } from "@ape/core/protocol/operations/operation";
import type { Page } from "@ape/core/protocol/page";
import { hasFailed, type ToolCall, type ToolResult } from "@ape/core/protocol/tool-call";
import { announcedLimitsOf } from "../attribution/announced-limits.ts";
import { attributeFailure } from "../attribution/attribute-failure.ts";
import type { AttributionContext } from "../attribution/attribution-context.ts";
import { type FailureCause, FailureTracker, type UnmetCheck } from "../attribution/failure-tracker.ts";
import {
  type AttributionFinding,
  causedByTarget,
  unclearCause,
  type VerifiableFinding,
} from "../attribution/finding.ts";
import { isQueued } from "../attribution/queued-work.ts";
import { WriteHistory } from "../attribution/write-history.ts";
import type { Credentials } from "../credentials/credentials.ts";
import type { Memory } from "../memory/memory.ts";
import type { ApiIndex, OperationTraits } from "./api-index.ts";
import type { ActionDecision } from "./call-rendering.ts";
import { sendsValue } from "./referenced-values.ts";

/** Tolerance of timers: a wait that ends this much too early still counts as kept. */
const TIMER_ERROR_MS = 50;
const NO_HEADERS: Readonly<Record<string, string>> = {};
/** Statuses that make a link or form of the target's own page the target's mistake. */
const DEAD_END = [404, 405, 410];
/** Errors after which the effect of a call is unknown. */
const LOST: readonly (string | undefined)[] = ["reset", "timeout"];

/** What the attribution of a session's failures depends on. */
export interface FailureEvidence {
  memory: Memory;
  credentials: Credentials;
  apis: readonly ApiDescription[];
  clock: Clock;
  /** The session's time budget in milliseconds. */
  timeMs: number;
  /** Whether the generator was overloaded within the last second. */
  saturated?: (() => boolean) | undefined;
}

/** Attributes the failed calls of one session and, at its end, the session itself. */
export class SessionFailures {
  readonly #memory: Memory;
  readonly #credentials: Credentials;
  readonly #apis: readonly ApiDescription[];
  readonly #clock: Clock;
  readonly #timeMs: number;
  readonly #saturated: (() => boolean) | undefined;
  readonly #tracker = new FailureTracker();
  readonly #writes = new WriteHistory();
  /** Epoch milliseconds before which each target asked for no further requests. */
  #quietUntil: Map<string, number> | undefined;

  constructor({ memory, credentials, apis, clock, timeMs, saturated }: FailureEvidence) {
    this.#memory = memory;
    this.#credentials = credentials;
    this.#apis = apis;
    this.#clock = clock;
    this.#timeMs = timeMs;
    this.#saturated = saturated;
  }

  /**
   * Who caused a failed answer; undefined where it did not fail.
   * @param page the page that the target showed last
   * @param text the call as it was decided
   */
  attribute(
    decision: ActionDecision,
    call: ToolCall,
    result: ToolResult,
    index: ApiIndex | undefined,
    operation: OperationTraits | undefined,
    page: Page | undefined,
    text: string,
    durationMs: number,
  ): VerifiableFinding | undefined {
    if (!hasFailed(result)) return undefined;
    const { target } = call;
    const offered = decision.label !== undefined || decision.form !== undefined;
    if (offered && page !== undefined && DEAD_END.includes(result.status))
      return deadEnd(call, page, decision);
    const key = `${target} ${operationShape(result.operation)}`;
    const now = this.#clock.epoch();
    const sentAt = now - durationMs;
    const evidence: AttributionContext = {
      issues: (value) => this.#memory.issues(value),
      isData: (value) => this.#memory.isData(value),
      isOwn: (value) => this.#memory.isOwn(value),
      offers: (path) => this.#memory.offers(path),
      states: (id) => this.#memory.states(id),
      deleted: (path) => this.#writes.hasDeleted(placeOf(target, path)),
      hasWritten: (value) => this.#writes.hasWritten(value),
      isShownFree: (id) => this.#memory.isShownFree(id),
      shown: (id) => this.#memory.shown(id),
      lastWrite: this.#writes.last,
      queued: this.#writes.hasQueued(target),
      repeated: this.#writes.hasAccepted(key, text),
      prepared: this.#writes.isPrepared(key),
      credential: this.#credentials.standing(target, now),
      api: this.#apis.find((api) => api.target === target),
      operation,
      undocumented: index?.documented === true && operation === undefined,
      public: index?.marksSecured === true && operation?.secured === false,
      limited: announcedLimitsOf(this.#apis).has(target) || sentAt < (this.#quietUntil?.get(target) ?? 0),
      saturated: this.#saturated?.() === true,
      hung: durationMs * 2 > this.#timeMs,
      ownHeaders: decision.headers ?? NO_HEADERS,
    };
    return attributeFailure(call, result, evidence);
  }

  /** Records whether a call failed: a success recovers the earlier failures of its operation. */
  note(step: number, call: ToolCall, result: ToolResult, finding: VerifiableFinding | undefined): void {
    // A call that the time budget cut short proves nothing, unless it hung.
    if (result.error?.code !== "cancelled" || finding?.attribution !== "unclear")
      this.#tracker.note(step, call, result, finding);
    this.#noteLimits(call.target, result);
  }

  /** Keeps what an answer announces of rate limits: `Retry-After` beside any status asks for a pause. */
  #noteLimits(target: string, result: ToolResult): void {
    announcedLimitsOf(this.#apis).note(target, result);
    const header = result.headers["retry-after"];
    if (header === undefined) return;
    const now = this.#clock.epoch();
    const waitMs = parseRetryAfter(header, now);
    if (waitMs === undefined) return;
    this.#quietUntil ??= new Map();
    const until = now + waitMs - TIMER_ERROR_MS;
    this.#quietUntil.set(target, Math.max(until, this.#quietUntil.get(target) ?? 0));
  }

  /** Records that a target accepted a call only for later: its effect may not show yet. */
  noteQueued(call: ToolCall, result: ToolResult): void {
    if (call.method !== "GET" && isQueued(result, (value) => sendsValue(call, value)))
      this.#writes.noteQueued(call.target);
  }

  /**
   * Records a write that a target accepted.
   * @param text the call as it was decided
   * @param values of the call that can identify something at the target
   */
  noteAccepted(
    { target, path, method }: ToolCall,
    operation: string,
    text: string,
    values: readonly string[],
  ): void {
    const place = placeOf(target, path);
    this.#writes.note(
      `${target} ${operationShape(operation)}`,
      text,
      values,
      place,
      method === "DELETE" ? place : undefined,
    );
  }

  /** Records a failed write whose effect is unknown; returns whether the call was one. */
  noteLost({ method }: ToolCall, { error }: ToolResult): boolean {
    if (method === "GET" || !LOST.includes(error?.code)) return false;
    this.#writes.lost();
    return true;
  }

  /** Replaces what was found of a step's failure, after a verification read. */
  settle(step: number, finding: AttributionFinding): void {
    this.#tracker.settle(step, finding);
  }

  /** Who caused the end of a session that did not succeed. */
  decide(outcome: Parameters<FailureTracker["decide"]>[0], unmet: readonly UnmetCheck[]): FailureCause {
    const own = unmet.map((check) =>
      check.missing === true && check.place !== undefined && this.#mayBeMissing(check.place)
        ? { ...check, missing: false }
        : check,
    );
    return this.#tracker.decide(outcome, own);
  }

  /**
   * Whether a resource that the target issued may rightly be missing: deleted, changed since, or still being created.
   */
  #mayBeMissing(place: string): boolean {
    const [target = "", path = ""] = place.split(" ");
    const id = decodePercent(path.slice(path.lastIndexOf("/") + 1));
    return this.#writes.hasDeleted(place) || this.#writes.hasQueued(target) || this.#writes.hasWritten(id);
  }
}

/** Target and path without its query. */
const placeOf = (target: string, path: string): string => `${target} ${path.split("?", 1)[0] ?? ""}`;

/**
 * A link or form of the target's own page whose path does not exist: reading the page again shows whether it is still
 * offered.
 */
function deadEnd(call: ToolCall, page: Page, { label, form }: ActionDecision): VerifiableFinding {
  const finding = unclearCause("its page leads nowhere", "the page had changed since it was read");
  return {
    ...finding,
    verify: {
      call: { target: call.target, method: "GET", path: page.path },
      judge: ({ body }): AttributionFinding => {
        if (body.kind !== "page") return finding;
        const { links, forms } = body.page;
        const offered =
          form === undefined
            ? links.some((link) => link.text === label && link.path === call.path)
            : forms.some(({ path }) => path === call.path);
        return offered ? causedByTarget("the page still leads there") : finding;
      },
    },
  };
}
