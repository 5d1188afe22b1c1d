/** Retries that a process may make before its calls have earned any. */
const RESERVE = 10;

/**
 * Bounds the retries of a process: each call earns a share of one, so that attempts are at most
 * `calls * (1 + share) + 10`, whatever the attempts a call may have. After the retry budgets of Finagle and gRPC (A6).
 */
export class RetryBudget {
  readonly #share: number;
  #left = RESERVE;

  constructor(share: number) {
    this.#share = share;
  }

  /** A first attempt was made. */
  earn(): void {
    this.#left = Math.min(RESERVE, this.#left + this.#share);
  }

  /** Whether one more attempt may be made. */
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

/**
 * Reads `retry-after`: seconds or an HTTP date. Source: RFC 9110, section 10.2.3.
 * @param now milliseconds since 1970
 * @returns milliseconds, or undefined where the header is neither
 */
export function retryAfter(header: string | string[] | undefined, now: number): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (text === undefined || text === "") return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return /[A-Za-z]/.test(text) && !Number.isNaN(date) ? Math.max(0, date - now) : undefined;
}

/**
 * Milliseconds before the attempt after the `made`th: what the target asks for, else doubling, drawn at random up to
 * that where there is jitter ("full jitter": clients that failed together do not come back together).
 */
export function backoff(
  asked: number | undefined,
  made: number,
  { base, jitter, random }: { base: number; jitter: boolean; random: () => number },
): number {
  if (asked !== undefined) return asked;
  const longest = base * 2 ** (made - 1);
  return jitter ? random() * longest : longest;
}
