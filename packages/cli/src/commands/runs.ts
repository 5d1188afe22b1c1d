import { join } from "node:path";
import { formatDuration } from "@ape/core/lib/duration";
import { ApeError } from "@ape/core/lib/errors";
import { percentage } from "@ape/core/lib/percentage";
import { canBeContinued } from "@ape/engine/launch/resume-file";
import { isActive } from "@ape/engine/run/control";
import { findRun, pruneRuns, readManifest, readSummary, runIds } from "@ape/engine/store/run-directory";
import { withExamples } from "../examples.ts";
import { wholeNumber } from "../option.ts";
import { count, table } from "../output/figure.ts";
import type { CommandDefinition } from "./command.ts";

const KEEP = 10;

export const runsVerb: CommandDefinition = (command, { io }) => {
  command.option("--json", "as JSON").action(async ({ json }: { json?: boolean }) => {
    const found = await Promise.all((await runIds(io.cwd)).map((id) => describe(io.cwd, id)));
    if (json === true) io.out.write(`${JSON.stringify(found)}\n`);
    else if (found.length === 0) io.out.write("no runs yet: `ape-test start`\n");
    else io.out.write(`${table([HEADER, ...found.map(row)], "")}\n`);
  });
  const prune = command
    .command("prune")
    .description("Delete old runs; running ones stay.")
    .option("--keep <n>", "how many of the newest stay", wholeNumber(0), KEEP)
    .option("--yes", "do it, without it nothing is deleted")
    .action(async ({ keep, yes }: { keep: number; yes?: boolean }) => {
      const ids = await runIds(io.cwd);
      const ended: string[] = [];
      for (const id of ids) if (!(await isActive(await findRun(io.cwd, id)))) ended.push(id);
      const doomed = ended.slice(keep);
      if (yes !== true && doomed.length > 0)
        throw new ApeError(
          "USAGE",
          `this would delete ${doomed.length} of ${ids.length} runs in ${join(io.cwd, ".ape", "runs")}`,
          { hint: "Say --yes to do it." },
        );
      const deleted = await pruneRuns(io.cwd, keep, isActive);
      io.out.write(`${deleted.length} runs deleted\n`);
    });
  withExamples(command, "ape-test runs", "ape-test runs prune --keep 5 --yes");
  withExamples(prune, "ape-test runs prune --keep 5 --yes");
};

const HEADER = ["run", "status", "exit", "agents", "time", "ended", "succeeded"];

interface RunLine {
  id: string;
  status: string;
  exitCode: number | null;
  agents: number | null;
  durationMs: number | null;
  ended: number | null;
  successRate: number | null;
}

async function describe(home: string, id: string): Promise<RunLine> {
  const directory = await findRun(home, id);
  const [manifest, summary, active, continuable] = await Promise.all([
    readManifest(directory).catch(() => undefined),
    readSummary(directory),
    isActive(directory),
    canBeContinued(directory),
  ]);
  const ended = summary?.sessions.ended ?? null;
  const left =
    manifest === undefined
      ? "unreadable (its run.json is broken, or of another version)"
      : "crashed (see `ape-test report`)";
  return {
    id,
    status: active
      ? "running"
      : continuable
        ? `engine died (continue it with \`ape-test start --continue ${id}\`)`
        : (summary?.run.status ?? left),
    exitCode: active ? null : (summary?.run.exitCode ?? null),
    agents: manifest?.agents ?? null,
    durationMs: summary?.run.durationMs ?? null,
    ended,
    successRate:
      summary === undefined || ended === 0 || ended === null ? null : summary.sessions.succeeded / ended,
  };
}

function row({ id, status, exitCode, agents, durationMs, ended, successRate }: RunLine): string[] {
  const cell = (value: number | null, text: (value: number) => string): string =>
    value === null ? "" : text(value);
  return [
    id,
    status,
    cell(exitCode, String),
    cell(agents, count),
    cell(durationMs, formatDuration),
    cell(ended, count),
    cell(successRate, percentage),
  ];
}
