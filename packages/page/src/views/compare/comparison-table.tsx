import type { ChangeVerdict, ComparedFigure, Comparison } from "@ape/core/report/comparison";
import type { VNode } from "preact";
import { msText, numberText, percentText } from "../../format.ts";
import { Scroll } from "../../parts/scroll.tsx";

const VERDICTS: Record<ChangeVerdict, readonly [text: string, style: string]> = {
  worse: ["✗ worse", "bad-text"],
  better: ["✓ better", "good-text"],
  same: ["= same", ""],
  uncertain: ["? uncertain", ""],
  too_few: ["– too few values", ""],
};

/** Every compared figure with the bounds of its change. */
export function ComparisonTable({ comparison }: { comparison: Comparison }): VNode {
  const { figures, regressions, differences, tolerance, rateTolerance } = comparison;
  const isComparable = figures.some(({ verdict }) => verdict !== "too_few");
  return (
    <>
      <p>
        <b class={regressions > 0 ? "bad-text" : isComparable ? "good-text" : ""}>
          {isComparable ? regressionsText(regressions) : "Too few values to compare: there is no verdict."}
        </b>{" "}
        <span class="note">
          Worse and better: the whole 99% interval of the change is beyond {percentText(tolerance)} for
          durations, {pointsText(rateTolerance)} for shares.
        </span>
      </p>
      {differences.length === 0 ? null : <p class="warning">The runs differ in {differences.join("; ")}.</p>}
      <Scroll label="Comparison">
        <table>
          <thead>
            <tr>
              <th scope="col">Figure</th>
              <th scope="col" class="number">
                before
              </th>
              <th scope="col" class="number">
                after
              </th>
              <th scope="col" class="number">
                change
              </th>
              <th scope="col" class="number">
                99% interval
              </th>
              <th scope="col">verdict</th>
            </tr>
          </thead>
          <tbody>
            {figures.map((figure) => (
              <FigureRow key={`${figure.metric} ${figure.operation} ${figure.statistic}`} figure={figure} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function regressionsText(count: number): string {
  if (count === 0) return "No figure is certainly worse.";
  return count === 1 ? "One figure is certainly worse." : `${count} figures are certainly worse.`;
}

function pointsText(share: number): string {
  const points = share * 100;
  return `${numberText(points)} ${points === 1 ? "point" : "points"}`;
}

function FigureRow({ figure }: { figure: ComparedFigure }): VNode {
  const { metric, operation, statistic, verdict, a, b, change, low, high } = figure;
  const [text, style] = VERDICTS[verdict];
  const value = (one: number): string => (statistic === "rate" ? percentText(one) : msText(one));
  // A change from nothing is infinite, for which JSON has null.
  const delta = (one: number | null): string =>
    one === null
      ? "from nothing"
      : `${one > 0 ? "+" : ""}${numberText(one * 100)}${statistic === "rate" ? " points" : "%"}`;
  const none = verdict === "too_few";
  return (
    <tr>
      <th scope="row">
        {operation ?? metric} <span class="note">{statistic}</span>
      </th>
      <td class="number">{none ? "–" : value(a)}</td>
      <td class="number">{none ? "–" : value(b)}</td>
      <td class="number">{none ? "–" : delta(change)}</td>
      <td class="number note">{none ? "–" : low === null ? "–" : `${delta(low)} to ${delta(high)}`}</td>
      <td class={style}>{text}</td>
    </tr>
  );
}
