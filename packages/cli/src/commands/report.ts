import { join } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import { isActive } from "@ape/engine/run/control";
import { computeResults, writeResults } from "@ape/engine/run/report";
import { withExamples } from "../examples.ts";
import { continueHint, locateRun, traceCommand } from "../find-run.ts";
import { colours } from "../output/style.ts";
import { summaryText } from "../output/summary.ts";
import { PATHS } from "../paths.ts";
import type { CommandDefinition } from "./command.ts";

export const reportVerb: CommandDefinition = (command, { io, exit }) => {
  command
    .argument("[run]", "id, its beginning, or path", "latest")
    .option("--json", "as JSON")
    .option("--html", "print the path of report.html, which is always written again, in place of the results")
    .action(async (id: string, { json, html }: { json?: boolean; html?: boolean }) => {
      const directory = await locateRun(io, id);
      if (await isActive(directory))
        throw new ApeError("USAGE", "the run is still running: its results are computed when it ends", {
          hint: "Watch it with `ape-test status --watch`.",
        });
      const hint = await continueHint(directory);
      if (hint !== undefined)
        io.err.write(
          `the run's engine died: these are the results of the events in its folder, and its message bus may hold more\n${hint}\n`,
        );
      const results = await computeResults(directory);
      const { summary, exit: how } = results;
      if (html !== true)
        io.out.write(
          json === true
            ? `${JSON.stringify(summary, null, 2)}\n`
            : summaryText(summary, colours(io.out, io.env), directory, traceCommand(io, directory)),
        );
      try {
        await writeResults(directory, results, PATHS.page);
        if (html === true) io.out.write(`${join(directory, "report.html")}\n`);
      } catch (thrown) {
        if (!(thrown instanceof ApeError)) throw thrown;
        // The figures from the events are shown even so: a full disk must not hide them.
        io.err.write(`warning: the results are not written: ${thrown.message}\n`);
      }
      exit(how);
    });
  withExamples(
    command,
    "ape-test report",
    "ape-test report --json | jq .attribution",
    "ape-test report --html",
  );
};
