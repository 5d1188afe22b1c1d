import type { VNode } from "preact";
import { numberText, percentText } from "../format.ts";

/** One bar: a name, a count, and the name of a colour. */
export interface Bar {
  label: string;
  count: number;
  color?: string;
}

/** Counts as horizontal bars, with their numbers and shares as text. */
export function Bars({ bars, total }: { bars: readonly Bar[]; total: number }): VNode {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <table class="bars">
      <tbody>
        {bars.map(({ label, count, color = "blue" }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td class="bar">
              <svg width="100%" height="12" aria-hidden="true">
                <rect class={`fill-${color}`} width={`${(count / most) * 100}%`} height="12" rx="2" />
              </svg>
            </td>
            <td class="number">{numberText(count)}</td>
            <td class="number note">{percentText(total === 0 ? 0 : count / total)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
