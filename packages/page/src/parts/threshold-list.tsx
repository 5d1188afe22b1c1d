import type { VNode } from "preact";
import { thresholdsIn } from "../data/metrics.ts";
import { usePage } from "../data/page-state.ts";

/** Every threshold with the value that decided it. */
export function ThresholdList(): VNode | null {
  const { run } = usePage();
  const thresholds = thresholdsIn(run.summary);
  if (thresholds.length === 0) return null;
  return (
    <section class="card" aria-labelledby="thresholds">
      <h3 id="thresholds">Thresholds</h3>
      <table class="thresholds">
        <thead class="sr">
          <tr>
            <th scope="col">result</th>
            <th scope="col">threshold</th>
            <th scope="col">measured</th>
          </tr>
        </thead>
        <tbody>
          {thresholds.map(({ metric, expression, ok, isDefault, actual }) => (
            <tr key={`${metric} ${expression}`}>
              <td class={ok ? "good-text" : "bad-text"}>{ok ? "✓ holds" : "✗ crossed"}</td>
              <th scope="row">
                <code>{metric}</code> <code>{expression}</code>
                {isDefault ? <span class="note"> default</span> : null}
              </th>
              <td class="number">{actual}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
