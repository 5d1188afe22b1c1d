import type { VNode } from "preact";
import { usePage } from "../data/page-state.ts";
import { offsetText } from "../format.ts";
import type { ChartLine } from "./chart-data.ts";

interface LegendProps {
  lines: readonly ChartLine[];
  hidden: ReadonlySet<string>;
  onHide: (hidden: ReadonlySet<string>) => void;
  /** Bucket under the cursor; without it the figure of the whole run, or the last value of a live one. */
  at: number | undefined;
  bucketMs: number;
  format: (value: number) => string;
}

/** The names of a chart's lines with their values; a click hides a line. */
export function Legend({ lines, hidden, onHide, at, bucketMs, format }: LegendProps): VNode {
  const { live } = usePage();
  const isLive = live === "live";
  const toggle = (label: string): void => {
    const next = new Set(hidden);
    if (!next.delete(label)) next.add(label);
    onHide(next);
  };
  return (
    <div class="legend">
      {lines.map(({ label, color, values, whole, dash }) => {
        const value = at !== undefined ? (values[at] ?? null) : isLive ? lastOf(values) : (whole ?? null);
        return (
          <button
            key={label}
            type="button"
            class="legend-item"
            aria-pressed={!hidden.has(label)}
            title={hidden.has(label) ? "Show this line" : "Hide this line"}
            onClick={() => toggle(label)}
          >
            <svg class="swatch" width="18" height="6" aria-hidden="true">
              <line
                class={`line-${color}`}
                x2="18"
                y1="3"
                y2="3"
                stroke-width="3"
                stroke-dasharray={dash?.join(" ")}
              />
            </svg>
            {label} {value === null ? null : <b>{format(value)}</b>}
          </button>
        );
      })}
      <span class="note at">
        {at === undefined ? (isLive ? "now" : "whole run") : `at ${offsetText(at * bucketMs)}`}
      </span>
    </div>
  );
}

function lastOf(values: readonly (number | null)[]): number | null {
  for (let index = values.length - 1; index >= 0; index -= 1) {
    const value = values[index] ?? null;
    if (value !== null) return value;
  }
  return null;
}
