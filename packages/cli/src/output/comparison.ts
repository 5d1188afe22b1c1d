import { percentage } from "@ape/core/lib/percentage";
import type { ChangeVerdict, ComparedFigure, Comparison } from "@ape/core/report/comparison";
import { figure, table } from "./figure.ts";
import { printable } from "./printable.ts";
import type { Style } from "./style.ts";

const SAID: Record<ChangeVerdict, string> = {
  worse: "worse",
  better: "better",
  same: "same",
  uncertain: "uncertain",
  too_few: "too few values",
};

/** Compares two runs: what changed, how certain that is, and the verdict. */
export function comparisonText(comparison: Comparison, style: Style): string {
  const { a, b, figures, regressions, differences } = comparison;
  const head = ["", "", "before", "after", "change", "99% interval", ""];
  const rows = figures.map((one) => [
    printable(one.operation ?? one.metric),
    one.statistic,
    ...(one.verdict === "too_few"
      ? ["-", "-", "-", "-"]
      : [
          value(one, one.a),
          value(one, one.b),
          change(one, one.change),
          `${change(one, one.low)} .. ${change(one, one.high)}`,
        ]),
    SAID[one.verdict],
  ]);
  const lines = [
    `${regressions === 0 ? style.tick : style.cross} ${style.bold(verdictText(comparison))}`,
    `  ${printable(b)} against ${printable(a)}; tolerance ${percentage(comparison.tolerance)} of a duration, ${points(comparison.rateTolerance)} of a share`,
    ...differences.map((difference) => `  not the same: ${printable(difference)}`),
    "",
    table([head, ...rows]),
  ];
  return `\n${lines.join("\n")}\n`;
}

function verdictText({ figures, regressions }: Comparison): string {
  if (regressions > 0) return `${regressions} ${regressions === 1 ? "figure is" : "figures are"} worse`;
  if (figures.every(({ verdict }) => verdict === "too_few")) return "too few values to compare";
  const uncertain = figures.filter(({ verdict }) => verdict === "uncertain").length;
  return uncertain === 0 ? "nothing is worse" : `nothing is worse for certain, ${uncertain} could be`;
}

function value({ statistic, unit }: ComparedFigure, of: number): string {
  return statistic === "rate" ? percentage(of) : figure(of, unit);
}

function change({ statistic }: ComparedFigure, of: number): string {
  const sign = of > 0 ? "+" : "";
  if (!Number.isFinite(of)) return "from nothing";
  return statistic === "rate" ? `${sign}${points(of)}` : `${sign}${percentage(of)}`;
}

const points = (share: number): string => `${(share * 100).toFixed(2)} points`;
