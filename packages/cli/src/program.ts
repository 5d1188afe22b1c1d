import { ApeError, EXIT, type ExitName, messageOf } from "@ape/core/lib/errors";
import { Command, CommanderError, type Option } from "commander";
import type { CommandContext, CommandDefinition } from "./commands/command.ts";
import { withExamples } from "./examples.ts";
import type { Io } from "./io.ts";
import { failureText } from "./output/failure.ts";
import { colours } from "./output/style.ts";
import { version } from "./version.ts";

/** Each command's line in `ape-test --help`; its code is loaded only when the command is called. */
const VERBS: Record<string, { description: string; load: () => Promise<CommandDefinition> }> = {
  init: {
    description: "Set a load test up in a folder: writes its configuration and everything around it.",
    load: async () => (await import("./commands/init.ts")).initVerb,
  },
  demo: {
    description: "See APE at work: agents buy in a small shop, decided by the simulated model. Needs no key.",
    load: async () => (await import("./commands/demo.ts")).demoVerb,
  },
  start: {
    description: "Run the load test of this folder's ape.config.yaml.",
    load: async () => (await import("./commands/start.ts")).startVerb,
  },
  status: {
    description: "How a run is doing (the newest that is running, unless one is named).",
    load: async () => (await import("./commands/status.ts")).statusVerb,
  },
  stop: {
    description:
      "Stop a run (the newest that is running, unless one is named): sessions may end, results are kept.",
    load: async () => (await import("./commands/stop.ts")).stopVerb,
  },
  scale: {
    description:
      "Change the number of agents of a running test (the newest that is running, unless one is named); no session is cut off.",
    load: async () => (await import("./commands/scale.ts")).scaleVerb,
  },
  logs: {
    description:
      "What happened, event by event. Services: agents, gateway, inference, engine (or llama_agent, mcp_gateway, cerebras_proxy).",
    load: async () => (await import("./commands/logs.ts")).logsVerb,
  },
  trace: {
    description: "One session as a timeline: decision, call, result, state gained, checks.",
    load: async () => (await import("./commands/trace.ts")).traceVerb,
  },
  runs: {
    description: "The runs of this folder, newest first.",
    load: async () => (await import("./commands/runs.ts")).runsVerb,
  },
  report: {
    description:
      "Compute a run's results again from its events (also after a crash), and end with its exit code.",
    load: async () => (await import("./commands/report.ts")).reportVerb,
  },
  page: {
    description:
      "Show the runs of this folder in a browser: a list, every run, and comparisons. Ends with Ctrl-C.",
    load: async () => (await import("./commands/page.ts")).pageVerb,
  },
  compare: {
    description:
      "What changed from one run to another, with how much certainty; ends with 99 where it got worse.",
    load: async () => (await import("./commands/compare.ts")).compareVerb,
  },
  validate: {
    description:
      "Check the configuration, its data and its API documents, without a run: all mistakes at once.",
    load: async () => (await import("./commands/validate.ts")).validateVerb,
  },
  doctor: {
    description:
      "Look at this machine and folder: Node, cores, memory, disk, open files, ports, Docker, configuration, keys, clock, model.",
    load: async () => (await import("./commands/doctor.ts")).doctorVerb,
  },
  evaluate: {
    description:
      "Try the configured model on ten bundled goals (REST, GraphQL, web pages, MCP) and say how well it does, at what cost.",
    load: async () => (await import("./commands/evaluate.ts")).evaluateVerb,
  },
  goals: {
    description: "What agents want, and how it is proven.",
    load: async () => (await import("./commands/goals.ts")).goalsVerb,
  },
  generate: {
    description: "Write the files that are made from the configuration, or check them.",
    load: async () => (await import("./commands/generate.ts")).generateVerb,
  },
  serve: {
    description:
      "Run one role alone, on loopback. inference: an OpenAI-compatible server before the configured model. gateway: the MCP server before the targets. agents: a process of agents that a run in containers conducts. engine: the engine of a run on Kubernetes, in its pod.",
    load: async () => (await import("./commands/serve.ts")).serveVerb,
  },
  fetch: {
    description: "Bring the results of a run on Kubernetes into this folder.",
    load: async () => (await import("./kubernetes/fetch-command.ts")).fetchVerb,
  },
  clean: {
    description:
      "Remove this project's containers, networks, volumes and images, Prometheus' and Grafana's data with them. Runs and other projects stay.",
    load: async () => (await import("./commands/clean.ts")).cleanVerb,
  },
};

/**
 * The program with the commands that are asked for fully defined, the others by name.
 * @param isAsked whether a command's code is loaded
 */
export async function defineProgram(
  context: CommandContext,
  isAsked: (name: string) => boolean,
): Promise<Command> {
  const { io } = context;
  const program = new Command("ape-test")
    .description("Load testing by agents instead of scripts.")
    .version(version(), "-V, --version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: () => undefined,
      getOutHelpWidth: () => io.out.columns,
      getOutHasColors: () => false,
    })
    .configureHelp({ optionDescription })
    .showSuggestionAfterError();
  withExamples(program, "ape-test demo", "ape-test start --agents 100", "ape-test help start");
  for (const [name, { description, load }] of Object.entries(VERBS)) {
    const command = program.command(name).description(description);
    if (isAsked(name)) (await load())(command, context);
  }
  for (const command of commandsBelow(program))
    command
      .option("--verbose", "show causes and stacks of errors")
      .helpOption("-h, --help", "show this help");
  return program;
}

/** Runs one command line; returns the exit code. Never throws. Without arguments it shows its help, as k6 does. */
export async function runProgram(args: readonly string[], io: Io): Promise<number> {
  let exit: ExitName = "ok";
  const asked = args[0] === "help" ? args[1] : args[0];
  const tell = (name: ExitName): void => {
    exit = name;
  };
  const program = await defineProgram({ io, args, exit: tell }, (name) => name === asked);
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...args], { from: "user" });
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT.ok;
    const group = program.commands.find((command) => command.name() === asked);
    const error = toApeError(thrown, group);
    io.err.write(failureText(error, colours(io.err, io.env), args.includes("--verbose")));
    exit = error.exit;
  }
  return EXIT[exit];
}

/**
 * An option's description with its choices and default; values that only represent an absent argument are not shown.
 */
function optionDescription({ description, argChoices, defaultValue }: Option): string {
  const more: string[] = [];
  if (argChoices !== undefined) more.push(`one of ${argChoices.join(", ")}`);
  if (defaultValue !== undefined) more.push(`default ${defaultValue}`);
  return more.length === 0 ? description : `${description} (${more.join("; ")})`;
}

export function commandsBelow(command: Command): Command[] {
  return command.commands.flatMap((below) => [below, ...commandsBelow(below)]);
}

/** @param group the command that was asked for */
function toApeError(thrown: unknown, group: Command | undefined): ApeError {
  if (thrown instanceof ApeError) return thrown;
  // A command that only groups others was given none of them.
  if (thrown instanceof CommanderError && thrown.code === "commander.help" && group !== undefined) {
    const names = group.commands.map((command) => `\`ape-test ${group.name()} ${command.name()}\``);
    return new ApeError("USAGE", `\`ape-test ${group.name()}\` needs one of its commands`, {
      hint: `Write ${names.join(" or ")}; see \`ape-test ${group.name()} --help\`.`,
    });
  }
  if (thrown instanceof CommanderError) {
    const [message = "", ...more] = thrown.message
      .replace(/^error: /, "")
      .trim()
      .split("\n");
    const suggestion = more.map((line) => `${line.replace(/^\(|\)$/g, "")} `).join("");
    return new ApeError("USAGE", message, {
      hint: `${suggestion}See \`ape-test --help\`, or \`ape-test COMMAND --help\`.`,
    });
  }
  return new ApeError("INTERNAL", messageOf(thrown), {
    cause: thrown,
    hint: "This is a defect of APE: please report it with the lines below.",
  });
}
