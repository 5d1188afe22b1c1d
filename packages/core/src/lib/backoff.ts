/** How long to wait between attempts, in milliseconds. */
export interface Backoff {
  /** After the first failed attempt. */
  base: number;
  /** Upper bound of the wait; default none. */
  longest?: number;
  /** The share of the wait that is random, 0 to 1; default 0. Clients that failed together then do not return together. */
  jitter?: number;
  /** Uniform in [0, 1); needed with `jitter`. */
  random?: () => number;
}

/**
 * Exponential back-off: `base`, doubled with each failed attempt up to `longest`, of which the last share is random. With
 * `jitter: 1` this is "full jitter". Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 * @param attempt the attempt that failed, counted from 1
 * @returns milliseconds
 */
export function backoff(attempt: number, { base, longest = Infinity, jitter = 0, random }: Backoff): number {
  const wait = Math.min(longest, base * 2 ** (attempt - 1));
  return jitter === 0 || random === undefined ? wait : wait * (1 - jitter + jitter * random());
}
