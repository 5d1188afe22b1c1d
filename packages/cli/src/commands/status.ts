import type { RunProgress } from "@ape/core/report/progress";
import type { ContainerState } from "@ape/engine/launch/docker";
import { controlOf, isActive, livePageOf } from "@ape/engine/run/control";
import { computeResults } from "@ape/engine/run/report";
import { readManifest, readSummary } from "@ape/engine/store/run-directory";
import { stackOf } from "../docker/run-stack.ts";
import { withExamples } from "../examples.ts";
import { continueHint, locateActive, traceCommand } from "../find-run.ts";
import type { Io } from "../io.ts";
import { onCluster, withRuntime } from "../kubernetes/cluster-option.ts";
import { LiveDisplay, usableColumns } from "../output/live.ts";
import { printable } from "../output/printable.ts";
import { progressBlock } from "../output/progress.ts";
import { colours } from "../output/style.ts";
import { summaryText } from "../output/summary.ts";
import type { CommandDefinition } from "./command.ts";

interface StatusOptions {
  watch?: boolean;
  json?: boolean;
  runtime?: string;
}

const SECOND = 1_000;
/** After the last progress report an engine computes the results; a watcher waits this long for them. */
const RESULT_WAITS = 10;

export const statusVerb: CommandDefinition = (command, { io }) => {
  withRuntime(command)
    .argument("[run]", "id, its beginning, or path")
    .option("--watch", "continue until it ends")
    .option("--json", "as JSON; with --watch one line per second")
    .action(async (id: string | undefined, options: StatusOptions) => {
      const { runtime } = options;
      if (
        await onCluster(io, { runtime, wanted: id }, ({ showClusterRun }, api, run) =>
          showClusterRun(api, run, io, options),
        )
      )
        return;
      const directory = await locateActive(io, id);
      if (!(await isActive(directory))) {
        await showEnded(directory, io, options.json === true);
        return;
      }
      const control = controlOf(directory);
      const page = await livePageOf(directory);
      const style = colours(io.out, io.env);
      const show = (progress: RunProgress): void => {
        if (options.json === true) io.out.write(`${JSON.stringify(progress)}\n`);
        else {
          const lines = progressBlock(progress, style, usableColumns(io.out.columns)).map(({ text }) => text);
          io.out.write(
            `run ${progress.run}\n${lines.join("\n")}\n${page === undefined ? "" : `page ${page}\n`}`,
          );
        }
      };
      if (options.watch !== true) {
        show(await control.status());
        const manifest = await readManifest(directory);
        if (manifest.runtime === "compose" && options.json !== true)
          for (const line of serviceLines(await stackOf(io, manifest).containers()))
            io.out.write(`${line}\n`);
        return;
      }
      const display = new LiveDisplay(io);
      while (!io.out.closed) {
        const progress = await control.status().catch(() => undefined);
        if (progress === undefined) break;
        if (options.json === true) show(progress);
        else display.show(progress);
        await io.sleep(SECOND);
      }
      display.clear();
      for (let wait = 0; wait < RESULT_WAITS && (await readSummary(directory)) === undefined; wait += 1)
        await io.sleep(SECOND);
      const summary = await readSummary(directory);
      const how =
        summary === undefined
          ? "the run is not active and has no results yet"
          : `the run has ended: ${summary.run.status}, ${printable(summary.run.reason)}`;
      io.err.write(`${how}: see \`ape-test report\`\n`);
    });
  withExamples(command, "ape-test status --watch", "ape-test status --json | jq .sessions");
};

/** The state of the containers, one line per service: `mcp_gateway  1 healthy`. */
function serviceLines(containers: readonly ContainerState[]): string[] {
  const services = new Map<string, Map<string, number>>();
  for (const { service, state, health } of containers) {
    const stands = services.get(service) ?? new Map<string, number>();
    const how = state === "running" && health !== "" ? health : state;
    stands.set(how, (stands.get(how) ?? 0) + 1);
    services.set(service, stands);
  }
  const width = Math.max(...[...services.keys()].map((service) => service.length));
  return [...services].map(
    ([service, stands]) =>
      `${service.padEnd(width)}  ${Array.from(stands, ([how, many]) => `${many} ${how}`).join(", ")}`,
  );
}

/** The figures of a run that is over; from its events if it left no summary. */
async function showEnded(directory: string, io: Io, json: boolean): Promise<void> {
  const hint = await continueHint(directory);
  if (hint !== undefined) io.err.write(`the run's engine died, its containers may be running\n${hint}\n`);
  const summary = (await readSummary(directory)) ?? (await computeResults(directory)).summary;
  if (json) io.out.write(`${JSON.stringify(summary, null, 2)}\n`);
  else {
    const text = summaryText(summary, colours(io.out, io.env), directory, traceCommand(io, directory));
    io.out.write(`run ${summary.run.id} has ended\n${text}`);
  }
}
