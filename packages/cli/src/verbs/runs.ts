import { join } from "node:path";
import { ApeError } from "@ape/core/errors";
import { isActive } from "@ape/engine/control";
import { findRun, pruneRuns, readManifest, readSummary, runIds } from "@ape/engine/store/run-directory";
import { wholeNumber } from "../option.ts";
import type { Verb } from "../program.ts";
import { count, percent, table } from "../text/figure.ts";

const KEEP = 10;

export const runsVerb: Verb = (program, { io }) => {
  const runs = program
    .command("runs")
    .description("The runs of this folder, newest first.")
    .option("--json", "as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const found = await Promise.all((await runIds(io.cwd)).map((id) => describe(io.cwd, id)));
      if (json === true) io.out.write(`${JSON.stringify(found)}\n`);
      else if (found.length === 0) io.out.write("no runs yet: `ape-test start`\n");
      else
        io.out.write(
          `${table([["run", "status", "exit", "agents", "ended", "succeeded"], ...found.map(row)], "")}\n`,
        );
    });
  runs
    .command("prune")
    .description("Delete old runs.")
    .option("--keep <n>", "how many of the newest stay", wholeNumber(0), KEEP)
    .option("--yes", "do not ask")
    .action(async ({ keep, yes }: { keep: number; yes?: boolean }) => {
      const ids = await runIds(io.cwd);
      const doomed = Math.max(0, ids.length - keep);
      if (yes !== true && doomed > 0)
        throw new ApeError(
          "USAGE",
          `this would delete ${doomed} of ${ids.length} runs in ${join(io.cwd, ".ape/runs")}`,
          { hint: "Say --yes to do it." },
        );
      const deleted = await pruneRuns(io.cwd, keep, isActive);
      io.out.write(`${deleted.length} runs deleted\n`);
    });
};

interface RunLine {
  id: string;
  status: string;
  exitCode: number | null;
  agents: number;
  ended: number | null;
  successRate: number | null;
}

async function describe(home: string, id: string): Promise<RunLine> {
  const directory = await findRun(home, id);
  const [manifest, summary, active] = await Promise.all([
    readManifest(directory),
    readSummary(directory),
    isActive(directory),
  ]);
  const ended = summary?.sessions.ended ?? null;
  return {
    id,
    status: active ? "running" : (summary?.run.status ?? "crashed (see `ape-test report`)"),
    exitCode: active ? null : (summary?.run.exitCode ?? null),
    agents: manifest.agents,
    ended,
    successRate:
      summary === undefined || ended === 0 || ended === null ? null : summary.sessions.succeeded / ended,
  };
}

function row({ id, status, exitCode, agents, ended, successRate }: RunLine): string[] {
  return [
    id,
    status,
    exitCode === null ? "" : String(exitCode),
    count(agents),
    ended === null ? "" : count(ended),
    successRate === null ? "" : percent(successRate),
  ];
}
