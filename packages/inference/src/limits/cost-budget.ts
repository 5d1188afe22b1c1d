import { offAbort, onAbort } from "@ape/core/lib/abort";
import type { AbortLike } from "../upstream/upstream.ts";

/** Sums of dollars are off by some 1e-16 of themselves. */
const ROUNDING = 1e-9;
/** Prompt tokens of a call relative to their estimate, until an answer reports usage: two characters per token. */
const FIRST_RATIO = 2;

interface WaitingCall {
  readonly usd: number;
  readonly resolve: (admitted: boolean) => void;
}

/** Estimated maximum use of a call. */
export interface CallEstimate {
  inputTokens: number;
  /** The longest answer that the call requests. */
  outputTokens: number;
}

/**
 * The cost budget for model calls. Admits a call if its highest cost fits beside what is spent and reserved; otherwise
 * the call waits for calls in flight, which mostly cost less than was reserved. The usage that answers report corrects
 * the estimates; until the first report only one call is in flight, so that a wrong estimate costs one call.
 */
export class CostBudget {
  readonly #more: ((usd: number) => Promise<number>) | undefined;
  readonly #waiting: WaitingCall[] = [];
  #granted: number;
  #spent = 0;
  #reserved = 0;
  #underway = 0;
  #inputRatio = FIRST_RATIO;
  #outputRatio = 1;
  #calibrated = false;
  #asking = false;
  #exhausted = false;

  /**
   * @param granted initial US dollars
   * @param more requests further dollars; resolves with what is granted, less if there are no more
   */
  constructor(granted: number, more?: (usd: number) => Promise<number>) {
    this.#granted = granted;
    this.#more = more;
  }

  get spentUsd(): number {
    return this.#spent;
  }

  /** The highest use of a call, as known so far. */
  highest({ inputTokens, outputTokens }: CallEstimate): CallEstimate {
    return {
      inputTokens: Math.ceil(inputTokens * this.#inputRatio),
      outputTokens: Math.ceil(outputTokens * this.#outputRatio),
    };
  }

  /**
   * Reserves the cost of a call.
   * @returns false if there is no money for it or it was cancelled; then nothing is reserved
   */
  admit(usd: number, signal: AbortLike | undefined): true | Promise<boolean> {
    if (this.#waiting.length === 0 && this.#fits(usd)) {
      this.#reserve(usd);
      return true;
    }
    return new Promise((resolve) => {
      const cancel = (): void => {
        const at = this.#waiting.indexOf(call);
        if (at === -1) return;
        this.#waiting.splice(at, 1);
        resolve(false);
      };
      const call: WaitingCall = {
        usd,
        resolve: (admitted) => {
          if (signal !== undefined) offAbort(signal, cancel);
          resolve(admitted);
        },
      };
      this.#waiting.push(call);
      if (signal?.aborted === true) cancel();
      else if (signal !== undefined) onAbort(signal, cancel);
      this.#pump();
    });
  }

  /**
   * Settles an admitted call.
   * @param used usage that its answer reported; undefined if none
   */
  settle(
    reservedUsd: number,
    spentUsd: number,
    estimate: CallEstimate,
    used: { inputTokens: number; outputTokens: number } | undefined,
  ): void {
    this.#reserved -= reservedUsd;
    this.#underway -= 1;
    this.#spent += spentUsd;
    if (used !== undefined && used.inputTokens > 0) {
      const ratio = used.inputTokens / Math.max(1, estimate.inputTokens);
      this.#inputRatio = this.#calibrated ? Math.max(this.#inputRatio, ratio) : ratio;
      this.#outputRatio = Math.max(this.#outputRatio, used.outputTokens / Math.max(1, estimate.outputTokens));
      this.#calibrated = true;
    }
    this.#pump();
  }

  #fits(usd: number): boolean {
    if (!this.#calibrated && this.#underway > 0) return false;
    return this.#spent + this.#reserved + usd <= this.#granted + ROUNDING * this.#granted;
  }

  #reserve(usd: number): void {
    this.#reserved += usd;
    this.#underway += 1;
  }

  /** Admits calls in order; requests more money if the first does not fit, and refuses it if there is none. */
  #pump(): void {
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      if (this.#fits(first.usd)) {
        this.#waiting.shift();
        this.#reserve(first.usd);
        first.resolve(true);
      } else if (!this.#calibrated && this.#underway > 0) return;
      else if (this.#more !== undefined && !this.#exhausted) {
        this.#ask(first.usd);
        return;
      } else if (this.#underway > 0) return;
      else {
        this.#waiting.shift();
        first.resolve(false);
      }
    }
  }

  #ask(usd: number): void {
    if (this.#asking) return;
    this.#asking = true;
    const missing = this.#spent + this.#reserved + usd - this.#granted;
    void this.#more?.(missing).then((granted) => {
      this.#asking = false;
      this.#granted += granted;
      if (granted < missing) this.#exhausted = true;
      this.#pump();
    });
  }
}
