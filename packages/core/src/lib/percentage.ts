/**
 * A share of 1 as a percentage with two decimals. A share that was rounded to five digits before gives the same text as
 * the exact one: 244 of 342 are 71.35%, and so is 0.71345, which binary numbers hold as slightly less.
 */
export const percentage = (share: number): string => `${(share * 100 + 1e-9).toFixed(2)}%`;
