import { hasFailed, type ToolCall, type ToolResult } from "@ape/core/tool-call";
import { backoff, parseRetryAfter } from "./backoff.ts";
import type { Ending } from "./ending.ts";

/** Logins that were each followed by a refusal before the session gives up. */
const LOGIN_LOOPS = 3;
/** The same call failing so often in a row ends the session. */
const SAME_FAILURES = 5;

/** What a session does by itself about bad answers: it waits after 429 and 503, and gives up what leads nowhere. */
export class Recovery {
  #backoffMs = 0;
  #refusals = 0;
  #logins = 0;
  #sameFailure = "";
  #sameFailures = 0;

  /** The wait that the next action owes, in milliseconds; asked once. */
  takeBackoff(): number {
    const owed = this.#backoffMs;
    this.#backoffMs = 0;
    return owed;
  }

  /** A target gave the session new credentials. */
  loggedIn(): void {
    this.#logins += 1;
  }

  /**
   * Notes an answer.
   * @param served the answer is a success that credentials were shown for
   * @param now milliseconds since 1970
   * @returns what the policy is told about it
   */
  note(result: ToolResult, served: boolean, now: number): string | undefined {
    if (served) this.#logins = 0;
    if (result.status !== 429 && result.status !== 503) {
      this.#refusals = 0;
      return undefined;
    }
    this.#refusals += 1;
    const header = result.headers["retry-after"];
    this.#backoffMs = backoff(
      parseRetryAfter(typeof header === "string" ? header : undefined, now),
      this.#refusals,
    );
    return `waited ${Math.round(this.#backoffMs)} ms`;
  }

  /**
   * Whether to go on: a login loop, or the same call failing again and again, ends the session.
   * @param text the call as the policy wrote it
   */
  givesUp(call: ToolCall, result: ToolResult, text: string): Ending | undefined {
    if (result.status === 401 && this.#logins >= LOGIN_LOOPS)
      return {
        outcome: "gave_up",
        reason: `logged in ${this.#logins} times, and ${result.operation} still answers 401`,
        attribution: "target",
      };
    if (!hasFailed(result)) {
      this.#sameFailure = "";
      this.#sameFailures = 0;
      return undefined;
    }
    this.#sameFailures = this.#sameFailure === text ? this.#sameFailures + 1 : 1;
    this.#sameFailure = text;
    if (this.#sameFailures < SAME_FAILURES) return undefined;
    return {
      outcome: "gave_up",
      reason: `${call.method} ${result.operation.split(" ")[1] ?? ""} failed ${SAME_FAILURES} times in a row`,
    };
  }
}
