import type { ValidationFinding } from "./finding.ts";

/** The text with all mechanical corrections, applied from its end so that offsets hold. */
export function fixed(text: string, findings: readonly ValidationFinding[]): { text: string; count: number } {
  let result = text;
  let count = 0;
  let before = Number.POSITIVE_INFINITY;
  for (const { start, end, fix } of [...findings].sort((one, other) => other.start - one.start)) {
    if (fix === undefined || end > before) continue;
    result = `${result.slice(0, start)}${fix}${result.slice(end)}`;
    before = start;
    count += 1;
  }
  return { text: result, count };
}
