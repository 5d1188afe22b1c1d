/** Smallest share of the cost budget that a worker is granted at a time. */
const SMALLEST_SHARE = 0.01;

/** Grants workers parts of a run's cost budget. */
export class CostGrants {
  readonly maxUsd: number;
  #grantedUsd = 0;

  constructor(maxUsd: number) {
    this.maxUsd = maxUsd;
  }

  /**
   * Grants money for model calls.
   * @param wantedUsd above 0
   * @returns USD: at least what is wanted, 0 where less is left
   */
  grant(wantedUsd: number): number {
    const left = this.maxUsd - this.#grantedUsd;
    // Sums of dollars are off by some 1e-16 of themselves.
    const usd =
      left < wantedUsd * (1 - 1e-9) ? 0 : Math.min(left, Math.max(wantedUsd, this.maxUsd * SMALLEST_SHARE));
    this.#grantedUsd += usd;
    return usd;
  }
}
