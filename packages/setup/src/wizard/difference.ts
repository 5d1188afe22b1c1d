const MOST_LINES = 20;

/** A line diff of two texts, without their common beginning and end. */
export function differenceOf(before: string, after: string): string {
  const old = before.split("\n");
  const fresh = after.split("\n");
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < fresh.length - head &&
    old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]
  )
    tail += 1;
  const gone = old.slice(head, old.length - tail).map((line) => `- ${line}`);
  const come = fresh.slice(head, fresh.length - tail).map((line) => `+ ${line}`);
  return [`line ${head + 1}:`, ...bounded(gone), ...bounded(come)].join("\n");
}

function bounded(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `  ... and ${lines.length - MOST_LINES} more`];
}
