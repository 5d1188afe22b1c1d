const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
const DAY_MS = 86_400_000;

/** Cached: nearly every step is of the same day. */
let day = Number.NaN;
let text = "";

/** A moment as a date of UTC: `Saturday, 2026-11-28`. */
export function dateText(epochMs: number): string {
  const wanted = Math.floor(epochMs / DAY_MS);
  if (wanted !== day) {
    const date = new Date(epochMs);
    text = `${WEEKDAYS[date.getUTCDay()]}, ${date.toISOString().slice(0, 10)}`;
    day = wanted;
  }
  return text;
}
