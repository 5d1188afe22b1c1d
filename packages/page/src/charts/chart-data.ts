/** One line of a chart. */
export interface ChartLine {
  label: string;
  values: readonly (number | null)[];
  /** The figure of the whole run: not the mean of the values, which have unequal weights. */
  whole?: number | undefined;
  /** Name of a colour in the style sheet: `blue` is `--blue`. */
  color: string;
  /** Dashes, so that lines differ without colour. */
  dash?: readonly number[];
  fill?: boolean;
}

/**
 * Lines on top of one another: each with the sum of those before it. A missing value counts as zero, except where no
 * line has one.
 */
export function stacked(lines: readonly ChartLine[]): (number | null)[][] {
  const sums: number[] = [];
  const isEmpty = (index: number): boolean => lines.every(({ values }) => (values[index] ?? null) === null);
  return lines.map(({ values }) =>
    values.map((value, index) => {
      if (isEmpty(index)) return null;
      const sum = (sums[index] ?? 0) + (value ?? 0);
      sums[index] = sum;
      return sum;
    }),
  );
}

/** What a chart shows, in one sentence: for people who do not see it. */
export function describeLines(lines: readonly ChartLine[], format: (value: number) => string): string {
  const parts = lines.map(({ label, values }) => {
    const numbers = values.filter((value): value is number => value !== null);
    const last = numbers.at(-1);
    if (last === undefined) return `${label}: no data`;
    let low = numbers[0] as number;
    let high = low;
    for (const value of numbers) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return `${label}: from ${format(low)} to ${format(high)}, last ${format(last)}`;
  });
  return parts.join("; ");
}

/** Rows of the table beside a chart: at most this many, evenly spread. */
const MAX_ROWS = 30;

/** Indexes of the buckets that the table of a chart shows. */
export function tableRows(length: number): number[] {
  const step = Math.max(1, Math.ceil(length / MAX_ROWS));
  return Array.from({ length: Math.ceil(length / step) }, (_, row) => row * step);
}
