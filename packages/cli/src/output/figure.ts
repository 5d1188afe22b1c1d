import { formatDuration } from "@ape/core/lib/duration";
import type { MetricUnit } from "@ape/core/metrics/metrics";

/** A value in its metric's unit, for people. */
export function figure(value: number | undefined, unit: MetricUnit): string {
  if (value === undefined) return "-";
  if (unit === "ms") return formatDuration(value);
  if (unit === "usd") return `$${value.toFixed(value < 1 ? 4 : 2)}`;
  return count(value);
}

/** A number with thin groups: 12,345 or 3.2. */
export function count(value: number): string {
  return Number.isInteger(value)
    ? value.toLocaleString("en-US")
    : value.toLocaleString("en-US", { maximumFractionDigits: 2 });
}

/** Rows as columns, each as wide as its widest cell; all but the first column are right-aligned. */
export function table(rows: readonly (readonly string[])[], indent = "  "): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return rows
    .map(
      (row) =>
        indent +
        row
          .map((cell, index) =>
            index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
          )
          .join("  ")
          .trimEnd(),
    )
    .join("\n");
}
