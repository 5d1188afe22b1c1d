import type { VNode } from "preact";
import { usePage } from "../data/page-state.ts";
import { keyText, msText, numberText } from "../format.ts";
import { Scroll } from "./scroll.tsx";

/** Distributions of the summary, in the order of a session. */
const TRENDS = [
  "session_duration",
  "session_steps",
  "session_start_delay",
  "session_row_wait",
  "time_between_actions",
  "decision_duration",
  "think_duration",
  "queue_duration",
  "time_to_first_token",
  "inference_duration",
  "action_duration",
  "target_duration",
  "gateway_overhead",
] as const;
const STATISTICS = ["avg", "min", "med", "max", "p(90)", "p(95)", "p(99)"] as const;

/** Every distribution of the run with its statistics, as k6 shows them. */
export function LatencyTable(): VNode | null {
  const { metrics } = usePage().run.summary;
  const rows = TRENDS.filter((name) => metrics[name]?.values.avg !== undefined);
  if (rows.length === 0) return null;
  return (
    <section class="card" aria-labelledby="distributions">
      <h3 id="distributions">Durations</h3>
      <Scroll label="Durations, table">
        <table>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              {STATISTICS.map((statistic) => (
                <th key={statistic} scope="col" class="number">
                  {statistic}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((name) => (
              <tr key={name}>
                <th scope="row">{keyText(name)}</th>
                {STATISTICS.map((statistic) => {
                  const value = metrics[name]?.values[statistic];
                  return (
                    <td key={statistic} class="number">
                      {metrics[name]?.unit === "ms" ? msText(value) : numberText(value)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}
