import { backoff } from "@ape/core/lib/backoff";
import type { Clock } from "@ape/core/lib/clock";
import { parseRetryAfter } from "@ape/core/lib/header-date/retry-after";
import { effectiveStatus, hasFailed, type ToolResult } from "@ape/core/protocol/tool-call";

/** Waits after 429 and 503 if the target does not state one. */
const REFUSAL_BACKOFF = { base: 500, longest: 30_000 };
/** Number of logins, each followed by a refusal, after which the session gives up. */
const LOGIN_LOOPS = 3;
/** Number of times in a row that the same call may fail before the session ends. */
const SAME_FAILURES = 5;

/** What is known of a call beyond its result. */
export interface AttemptInfo {
  target: string;
  /** The call as its policy wrote it: two calls with the same text are the same. */
  text: string;
  /** It brought new credentials. */
  loggedIn: boolean;
  /** Its success proves that the credentials are valid. */
  secured: boolean;
}

/** Why a session cannot continue, and whether the target certainly caused that. */
export interface AbandonReason {
  reason: string;
  byTarget: boolean;
  /** The persona leaves by its own choice, whatever failed before. */
  byChoice?: true;
}

/** The session's own reactions to refusals: waits after 429 and 503, and giving up. */
export class Recovery {
  readonly #clock: Clock;
  #refusals = 0;
  #waitMs = 0;
  /** Logins since a call with their credentials last succeeded; `#fresh`: the last one was not refused yet. */
  #refusedLogins = 0;
  #fresh = false;
  #failure = "";
  #failures = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the milliseconds that the next action has to wait, and resets them. */
  takeWait(): number {
    const wait = this.#waitMs;
    this.#waitMs = 0;
    return wait;
  }

  /** Records a result; returns the reaction to it, in words for the policy. */
  note(tried: AttemptInfo, result: ToolResult): string | undefined {
    const status = effectiveStatus(result);
    const key = `${tried.target} ${tried.text}`;
    if (!hasFailed(result)) this.#failures = 0;
    else this.#failures = this.#failure === key ? this.#failures + 1 : 1;
    this.#failure = key;
    if (status === 401) {
      if (this.#fresh) this.#refusedLogins += 1;
      this.#fresh = false;
    } else if (tried.loggedIn) this.#fresh = true;
    else if (tried.secured && !hasFailed(result)) {
      this.#fresh = false;
      this.#refusedLogins = 0;
    }
    if (status !== 429 && status !== 503) {
      this.#refusals = 0;
      return undefined;
    }
    this.#refusals += 1;
    const header = result.headers["retry-after"];
    const asked = typeof header === "string" ? parseRetryAfter(header, this.#clock.epoch()) : undefined;
    // The wait that the target states is kept, however long: the session's own time budget bounds it.
    this.#waitMs = asked ?? backoff(this.#refusals, REFUSAL_BACKOFF);
    return `waited ${Math.round(this.#waitMs)} ms`;
  }

  /**
   * Why to give up after a result that was noted, or undefined.
   * @param stated the target had stated a lifetime of the refused credential, and it had not passed
   */
  abandonReason(result: ToolResult, stated: boolean): AbandonReason | undefined {
    if (effectiveStatus(result) === 401 && this.#refusedLogins >= LOGIN_LOOPS)
      return {
        reason: `logged in ${this.#refusedLogins} times, and ${result.operation} still answers 401`,
        byTarget: stated,
      };
    if (this.#failures < SAME_FAILURES) return undefined;
    return { reason: `${result.operation} failed ${SAME_FAILURES} times in a row`, byTarget: false };
  }
}
