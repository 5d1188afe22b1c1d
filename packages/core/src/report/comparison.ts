import type { MetricUnit } from "../metrics/metrics.ts";

/** A change relative to the first value (0.1: a tenth more), with the bounds of its confidence interval of 99%. */
export interface RelativeChange {
  a: number;
  b: number;
  change: number;
  low: number;
  high: number;
}

/** The verdict on a figure's change. `uncertain`: the change may be within the tolerance or beyond it. */
export type ChangeVerdict = "worse" | "better" | "same" | "uncertain" | "too_few";

/** One figure of two runs. */
export interface ComparedFigure extends RelativeChange {
  metric: string;
  /** Only for this operation. */
  operation?: string;
  statistic: "med" | "p(95)" | "rate";
  unit: MetricUnit;
  verdict: ChangeVerdict;
}

/** Two runs, figure by figure. */
export interface Comparison {
  schema: 1;
  a: string;
  b: string;
  /** Relative, for durations; `rateTolerance` is absolute, for shares. */
  tolerance: number;
  rateTolerance: number;
  figures: ComparedFigure[];
  /** Figures that are certainly worse. */
  regressions: number;
  /** Settings that differ between the runs, in words. */
  differences: string[];
}
