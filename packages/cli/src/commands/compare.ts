import type { ExitName } from "@ape/core/lib/errors";
import type { Comparison } from "@ape/core/report/comparison";
import { compareRuns, DEFAULT_TOLERANCES, type Tolerances } from "@ape/engine/compare/compare";
import { type Command, InvalidArgumentError } from "commander";
import { withExamples } from "../examples.ts";
import { locateRun } from "../find-run.ts";
import { comparisonText } from "../output/comparison.ts";
import { colours } from "../output/style.ts";
import type { CommandDefinition } from "./command.ts";

export interface ToleranceOptions {
  tolerance: number;
  rateTolerance: number;
}

/** The options that `compare` and `start --baseline` share. */
export function withTolerances(command: Command): Command {
  return command
    .option(
      "--tolerance <percent>",
      "how much longer a duration may get",
      percentage,
      100 * DEFAULT_TOLERANCES.tolerance,
    )
    .option(
      "--rate-tolerance <points>",
      "by how many percentage points a share may get worse",
      percentage,
      100 * DEFAULT_TOLERANCES.rateTolerance,
    );
}

export function tolerancesOf({ tolerance, rateTolerance }: ToleranceOptions): Tolerances {
  return { tolerance: tolerance / 100, rateTolerance: rateTolerance / 100 };
}

/** A regression is a crossed threshold; runs that cannot be compared are inconclusive. */
export function comparisonExit({ figures, regressions }: Comparison): ExitName {
  if (regressions > 0) return "thresholds";
  return figures.every(({ verdict }) => verdict === "too_few") ? "inconclusive" : "ok";
}

function percentage(text: string): number {
  const value = Number(text.replace(/%$/, ""));
  if (!/^\d+(?:\.\d+)?%?$/.test(text) || value > 1_000)
    throw new InvalidArgumentError("a percentage such as 10 or 2.5 is expected.");
  return value;
}

export const compareVerb: CommandDefinition = (command, { io, exit }) => {
  withTolerances(
    command
      .argument("<run-a>", "the run before: id, its beginning, or path")
      .argument("[run-b]", "the run after", "latest"),
  )
    .option("--json", "as JSON")
    .action(async (runA: string, runB: string, options: ToleranceOptions & { json?: boolean }) => {
      const directories = [await locateRun(io, runA), await locateRun(io, runB)] as const;
      const comparison = await compareRuns(...directories, tolerancesOf(options));
      io.out.write(
        options.json === true
          ? `${JSON.stringify(comparison, null, 2)}\n`
          : comparisonText(comparison, colours(io.out, io.env)),
      );
      exit(comparisonExit(comparison));
    });
  withExamples(
    command,
    "ape-test compare 20261120 20261123",
    "ape-test compare 20261120 --tolerance 20 --json | jq .regressions",
  );
};
