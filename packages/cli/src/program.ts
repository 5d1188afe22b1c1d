import { ApeError, EXIT, type ExitName, messageOf } from "@ape/core/errors";
import { Command, CommanderError, type Option } from "commander";
import { withExamples } from "./examples.ts";
import type { Io } from "./io.ts";
import { failureText } from "./text/failure.ts";
import { colours } from "./text/style.ts";
import { cleanVerb } from "./verbs/clean.ts";
import { compareVerb } from "./verbs/compare.ts";
import { demoVerb } from "./verbs/demo.ts";
import { doctorVerb } from "./verbs/doctor.ts";
import { generateVerb } from "./verbs/generate.ts";
import { goalsVerb } from "./verbs/goals.ts";
import { initVerb } from "./verbs/init.ts";
import { logsVerb } from "./verbs/logs.ts";
import { reportVerb } from "./verbs/report.ts";
import { runsVerb } from "./verbs/runs.ts";
import { scaleVerb } from "./verbs/scale.ts";
import { serveVerb } from "./verbs/serve.ts";
import { startVerb } from "./verbs/start.ts";
import { statusVerb } from "./verbs/status.ts";
import { stopVerb } from "./verbs/stop.ts";
import { traceVerb } from "./verbs/trace.ts";
import { validateVerb } from "./verbs/validate.ts";
import { version } from "./version.ts";

/** What a verb is given, and how it says with which exit it ended. */
export interface VerbContext {
  io: Io;
  /** The command line, without the program. */
  args: readonly string[];
  exit(name: ExitName): void;
}

/** Adds a verb to the program. */
export type Verb = (program: Command, context: VerbContext) => void;

const VERBS: readonly Verb[] = [
  initVerb,
  demoVerb,
  startVerb,
  statusVerb,
  stopVerb,
  scaleVerb,
  logsVerb,
  traceVerb,
  runsVerb,
  reportVerb,
  compareVerb,
  validateVerb,
  doctorVerb,
  goalsVerb,
  generateVerb,
  serveVerb,
  cleanVerb,
];

/** Runs one command line; returns the exit code. Never throws. Without any word it shows its help, as k6 does. */
export async function runProgram(args: readonly string[], io: Io): Promise<number> {
  let exit: ExitName = "ok";
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
  for (const verb of VERBS)
    verb(program, {
      io,
      args,
      exit: (name) => {
        exit = name;
      },
    });
  for (const command of commandsBelow(program))
    command
      .option("--verbose", "show causes and stacks of errors")
      .helpOption("-h, --help", "show this help");
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...args], { from: "user" });
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT.ok;
    const error = toApeError(thrown);
    io.err.write(failureText(error, colours(io.err, io.env), args.includes("--verbose")));
    exit = error.exit;
  }
  return EXIT[exit];
}

/** An option's description with its choices and default; what stands in for an absent argument says nothing to a reader. */
function optionDescription({ description, argChoices, defaultValue }: Option): string {
  const more: string[] = [];
  if (argChoices !== undefined) more.push(`one of ${argChoices.join(", ")}`);
  if (defaultValue !== undefined) more.push(`default ${defaultValue}`);
  return more.length === 0 ? description : `${description} (${more.join("; ")})`;
}

function commandsBelow(command: Command): Command[] {
  return command.commands.flatMap((below) => [below, ...commandsBelow(below)]);
}

function toApeError(thrown: unknown): ApeError {
  if (thrown instanceof ApeError) return thrown;
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
