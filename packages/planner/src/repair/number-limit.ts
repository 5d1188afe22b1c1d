const NUM = "(-?\\d+(?:\\.\\d+)?)";
const RANGE = new RegExp(`(?:between|from) ${NUM} (?:and|to) ${NUM}`, "i");
const HIGHEST = new RegExp(
  `(?:at most|no more than|not more than|not exceed|<=|maximum(?: of| is)?|up to|less than or equal to|not be greater than) ?${NUM}`,
  "i",
);
const BELOW = new RegExp(`(?:less than|below|under|<) ?${NUM}`, "i");
const LOWEST = new RegExp(
  `(?:at least|no less than|not less than|>=|minimum(?: of| is)?|greater than or equal to|not be less than) ?${NUM}`,
  "i",
);
const ABOVE = new RegExp(`(?:greater than|more than|above|over|>) ?${NUM}`, "i");

/** The bounds of whole numbers that a text gives: `at most 6`, `between 2 and 4`, `less than 5`. */
export function numberLimitIn(text: string): { low: number | undefined; high: number | undefined } {
  const range = RANGE.exec(text);
  const [least, most] = [LOWEST.exec(text)?.[1], HIGHEST.exec(text)?.[1]];
  // `No less than 5` is not `less than 5`.
  const low = range?.[1] ?? least ?? (most === undefined ? next(ABOVE.exec(text)?.[1], 1) : undefined);
  const high = range?.[2] ?? most ?? (least === undefined ? next(BELOW.exec(text)?.[1], -1) : undefined);
  return { low: toNumber(low), high: toNumber(high) };
}

const next = (text: string | undefined, by: number): string | undefined =>
  text === undefined ? undefined : String(Number(text) + by);

const toNumber = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);
