import { ApeError } from "@ape/core/errors";
import type { Event } from "@ape/core/events";
import { isActive } from "@ape/engine/control";
import { readEvents } from "@ape/engine/store/event-reader";
import { eventsDirectory, findRun } from "@ape/engine/store/run-directory";
import { collect, wholeNumber } from "../option.ts";
import type { Verb } from "../program.ts";
import { eventLine, SERVICES, serviceOf } from "../text/event-line.ts";

interface LogsOptions {
  follow?: boolean;
  tail?: number;
  grep?: string;
  agent?: string;
  session: string[];
  run: string;
}

/** Which events a command line asks for. Sessions of a wanted agent or trace are learned as they begin. */
class Filter {
  readonly #service: string | undefined;
  readonly #options: LogsOptions;
  readonly #sessions: Set<string>;

  constructor(service: string | undefined, options: LogsOptions) {
    this.#service = service;
    this.#options = options;
    this.#sessions = new Set(options.session);
  }

  wants(event: Event): boolean {
    const { agent, grep, session } = this.#options;
    if (event.type === "session_started") {
      if (event.agent === agent) this.#sessions.add(event.session);
      if (grep !== undefined && grep.length >= 8 && event.trace.startsWith(grep))
        this.#sessions.add(event.session);
    }
    if (this.#service !== undefined && serviceOf(event) !== this.#service) return false;
    const own = "session" in event && this.#sessions.has(event.session);
    if ((agent !== undefined || session.length > 0) && !own) return false;
    return grep === undefined || own || JSON.stringify(event).includes(grep);
  }
}

export const logsVerb: Verb = (program, { io }) => {
  program
    .command("logs")
    .description(
      "What happened, event by event. Services: agents, gateway, inference, engine (or llama_agent, mcp_gateway, cerebras_proxy).",
    )
    .argument("[service]", "only this part")
    .option("--follow", "go on until the run ends")
    .option("--tail <n>", "only the last lines", wholeNumber(1))
    .option("--grep <text>", "only events with this text; a trace id brings its whole session")
    .option("--agent <id>", "only this agent's sessions")
    .option("--session <id>", "only this session (repeatable)", collect, [])
    .option("--run <run>", "id of the run or its beginning", "latest")
    .action(async (service: string | undefined, options: LogsOptions) => {
      const part = service === undefined ? undefined : SERVICES[service];
      if (service !== undefined && part === undefined)
        throw new ApeError("USAGE", `there is no service "${service}"`, {
          hint: `The services are ${Object.keys(SERVICES).join(", ")}.`,
        });
      const directory = await findRun(io.cwd, options.run);
      let seen = 0;
      const show = async (): Promise<void> => {
        const filter = new Filter(part, options);
        const lines: string[] = [];
        let count = 0;
        await readEvents(eventsDirectory(directory), (event) => {
          count += 1;
          if (!filter.wants(event) || count <= seen) return;
          lines.push(eventLine(event));
          if (options.tail !== undefined && lines.length > options.tail) lines.shift();
        });
        seen = count;
        for (const line of lines) io.out.write(`${line}\n`);
      };
      await show();
      while (options.follow === true && (await isActive(directory))) {
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        await show();
      }
    });
};
