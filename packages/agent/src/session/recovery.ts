import { backoff } from "@ape/core/lib/backoff";
import type { Clock } from "@ape/core/lib/clock";
import { parseRetryAfter } from "@ape/core/lib/retry-after";
import { effectiveStatus, hasFailed, type ToolResult } from "@ape/core/protocol/tool-call";

/** Waits after 429 and 503, where the target does not say how long. */
const REFUSAL_BACKOFF = { base: 500, longest: 30_000 };
/** Logins that were each followed by a refusal before the session gives up. */
const LOGIN_LOOPS = 3;
/** The same call failing so often in a row ends the session. */
const SAME_FAILURES = 5;

/** What is known of a call beyond its result. */
export interface AttemptInfo {
  target: string;
  /** The call as its policy wrote it: what makes two calls the same. */
  text: string;
  /** It brought new credentials. */
  loggedIn: boolean;
  /** Its success proves that the credentials are good. */
  secured: boolean;
}

/** Why a session cannot go on, and whether that is the target's fault for certain. */
export interface AbandonReason {
  reason: string;
  byTarget: boolean;
}

/** What a session does by itself about refusals: how long it waits after 429 and 503, and when it gives up. */
export class Recovery {
  readonly #clock: Clock;
  #refusals = 0;
  #waitMs = 0;
  /** Logins since a call with their credentials last went well; `#fresh`: the last one was not refused yet. */
  #refusedLogins = 0;
  #fresh = false;
  #failure = "";
  #failures = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds that the next action has to wait; asked for once. */
  takeWait(): number {
    const wait = this.#waitMs;
    this.#waitMs = 0;
    return wait;
  }

  /** Looks at a result; returns what the session does about it, in words for its policy. */
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
    // What the target asks for is kept, however long: the session's own time budget cuts it.
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
