import { Child } from "./child.ts";
import { type BenchResult, machine, stealMeter } from "./result.ts";

/**
 * Bytes of the pages, up to twice the default `maxBody` of a target: smaller ones are read within a millisecond, in which a
 * collection of garbage counts for more than the reading.
 */
const SIZES = [128, 256, 512, 1024, 2048].map((kib) => kib * 1024);
/** The size that the times are given for. */
const MEBIBYTE = SIZES.length - 2;
/** Exponents above this are not linear. */
const LIMIT = 1.2;

/** How the time to read a page grows with its size: the exponent of each kind of page, 1 being linear. */
export async function pages(log: (line: string) => void): Promise<BenchResult> {
  const stolen = stealMeter();
  // A young generation that holds what is made of a page: otherwise the collection of garbage, not the reading, tells sizes apart.
  const child = await Child.start("./pages-child.ts", [
    "--max-semi-space-size=512",
    "--min-semi-space-size=512",
  ]);
  const figures: Record<string, number> = {};
  const notes: string[] = [];
  let worst = 0;
  let slowest = 0;
  for (const name of await child.ask<string[]>({})) {
    const times = await child.ask<number[]>({ name, sizes: SIZES });
    const exponent = Math.round(100 * slope(SIZES.map(Math.log), times.map(Math.log))) / 100;
    log(`${name}: ${times.map((ms) => ms.toFixed(1)).join(", ")} ms, exponent ${exponent}`);
    figures[`${name}Exponent`] = exponent;
    worst = Math.max(worst, exponent);
    slowest = Math.max(slowest, times[MEBIBYTE] ?? 0);
  }
  child.end();
  notes.push(
    worst <= LIMIT ? `linear: no exponent above ${LIMIT}` : `not linear: an exponent above ${LIMIT}`,
  );
  notes.push(`stolen CPU ${stolen() ?? "unknown"} %`);
  return {
    name: "pages",
    machine: machine(),
    figures: { ...figures, largestExponent: worst, slowestMebibyteMs: Math.round(slowest) },
    ratios: {},
    notes,
  };
}

/** Slope of the line through the points, by least squares. */
function slope(xs: readonly number[], ys: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  let over = 0;
  let under = 0;
  for (const [i, x] of xs.entries()) {
    over += (x - mx) * ((ys[i] ?? my) - my);
    under += (x - mx) ** 2;
  }
  return over / under;
}
