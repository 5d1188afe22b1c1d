import type { VNode } from "preact";
import { usePage } from "../data/page-state.ts";
import { offsetText } from "../format.ts";
import type { ChartLine } from "./chart-data.ts";

interface LegendProps {
  lines: readonly ChartLine[];
  hidden: ReadonlySet<string>;
  onHide: (hidden: ReadonlySet<string>) => void;
  /** Bucket under the cursor; without it the average, or the last value of a live run. */
  at: number | undefined;
  bucketMs: number;
  format: (value: number) => string;
}

/** The names of a chart's lines with their values; a click hides a line. */
export function Legend({ lines, hidden, onHide, at, bucketMs, format }: LegendProps): VNode {
  const { live } = usePage();
  const idle = live === "live" ? lastOf : averageOf;
  const toggle = (label: string): void => {
    const next = new Set(hidden);
    if (!next.delete(label)) next.add(label);
    onHide(next);
  };
  return (
    <div class="legend">
      {lines.map(({ label, color, values }) => {
        const value = at === undefined ? idle(values) : (values[at] ?? null);
        return (
          <button
            key={label}
            type="button"
            class="legend-item"
            aria-pressed={!hidden.has(label)}
            title={hidden.has(label) ? "Show this line" : "Hide this line"}
            onClick={() => toggle(label)}
          >
            <span class={`swatch bg-${color}`} />
            {label} <b>{value === null ? "–" : format(value)}</b>
          </button>
        );
      })}
      <span class="note at">
        {at === undefined ? (live === "live" ? "now" : "average") : `at ${offsetText(at * bucketMs)}`}
      </span>
    </div>
  );
}

function averageOf(values: readonly (number | null)[]): number | null {
  const numbers = values.filter((value): value is number => value !== null);
  return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

function lastOf(values: readonly (number | null)[]): number | null {
  for (let index = values.length - 1; index >= 0; index -= 1) {
    const value = values[index] ?? null;
    if (value !== null) return value;
  }
  return null;
}
