import { ApeError } from "@ape/core/errors";
import { readEventsOfSession } from "@ape/engine/store/event-reader";
import { eventsDirectory, findRun } from "@ape/engine/store/run-directory";
import type { Verb } from "../program.ts";
import { colours } from "../text/style.ts";
import { timelineText } from "../text/timeline.ts";

export const traceVerb: Verb = (program, { io }) => {
  program
    .command("trace")
    .description("One session as a timeline: decision, call, result, state gained, checks.")
    .argument("<id>", "session id, or the beginning of a trace id")
    .option("--run <run>", "id of the run or its beginning", "latest")
    .option("--json", "its events as NDJSON")
    .action(async (id: string, options: { run: string; json?: boolean }) => {
      const sessions = await readEventsOfSession(eventsDirectory(await findRun(io.cwd, options.run)), id);
      if (sessions.size === 0)
        throw new ApeError("RUN_NOT_FOUND", `no session or trace begins with "${id}" in this run`, {
          hint: "Trace ids are in the summary and in `ape-test logs`; other runs are named with --run.",
        });
      const style = colours(io.out, io.env);
      for (const events of sessions.values())
        io.out.write(
          options.json === true
            ? events.map((event) => `${JSON.stringify(event)}\n`).join("")
            : timelineText(events, style),
        );
    });
};
