import { ApeError, EXIT, type ExitName, messageOf } from "@ape/core/errors";
import { Command, CommanderError } from "commander";
import type { Io } from "./io.ts";
import { colours } from "./text/style.ts";
import { demoVerb } from "./verbs/demo.ts";
import { doctorVerb } from "./verbs/doctor.ts";
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
  exit(name: ExitName): void;
}

/** Adds a verb to the program. */
export type Verb = (program: Command, context: VerbContext) => void;

const VERBS: readonly Verb[] = [
  demoVerb,
  startVerb,
  statusVerb,
  stopVerb,
  scaleVerb,
  logsVerb,
  traceVerb,
  runsVerb,
  reportVerb,
  validateVerb,
  doctorVerb,
  serveVerb,
];

/** Runs one command line; returns the exit code. Never throws. */
export async function runProgram(args: readonly string[], io: Io): Promise<number> {
  let exit: ExitName = "ok";
  const program = new Command("ape-test")
    .description("Load testing by agents instead of scripts.")
    .version(version(), "-V, --version")
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out.write(text), writeErr: () => undefined })
    .showSuggestionAfterError()
    .addHelpText(
      "after",
      "\nTry `ape-test demo`, then `ape-test start --agents 100` in a folder with an ape.config.yaml.",
    );
  for (const verb of VERBS)
    verb(program, {
      io,
      exit: (name) => {
        exit = name;
      },
    });
  for (const command of program.commands) command.exitOverride().configureOutput(program.configureOutput());
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (thrown) {
    exit = report(thrown, io, args.includes("--verbose"));
  }
  return EXIT[exit];
}

/** Writes an error as its code, its details and its next step; a stack only for a defect of APE's own. */
function report(thrown: unknown, io: Io, verbose: boolean): ExitName {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return "ok";
  const error = toApeError(thrown);
  const style = colours(io.err, io.env);
  io.err.write(`${style.bad(`error ${error.code}:`)} ${messageOf(error)}\n`);
  for (const detail of error.details) io.err.write(`  ${detail}\n`);
  if (error.hint !== undefined) io.err.write(`hint: ${error.hint}\n`);
  if (verbose || error.code === "INTERNAL")
    io.err.write(`${String((error.cause as Error | undefined)?.stack ?? error.stack)}\n`);
  return error.exit;
}

function toApeError(thrown: unknown): ApeError {
  if (thrown instanceof ApeError) return thrown;
  if (thrown instanceof CommanderError) {
    const text = thrown.message.replace(/^error: /, "").trim();
    return new ApeError("USAGE", text === "(outputHelp)" ? "a command is needed" : text, {
      hint: "See `ape-test --help`, or `ape-test COMMAND --help`.",
    });
  }
  return new ApeError("INTERNAL", messageOf(thrown), {
    cause: thrown,
    hint: "This is a defect of APE: please report it with the lines below.",
  });
}
