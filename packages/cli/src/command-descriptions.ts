import type { Command } from "commander";
import { examplesOf } from "./examples.ts";
import type { Io } from "./io.ts";
import { commandsBelow, defineProgram } from "./program.ts";

/** A term of a command's help and what it means. */
export interface HelpEntry {
  term: string;
  description: string;
}

/** A command as its help says it. */
export interface CommandDescription {
  /** `ape-test start`. */
  usage: string;
  description: string;
  parameters: readonly HelpEntry[];
  options: readonly HelpEntry[];
  examples: readonly string[];
}

/** Options that every command has. */
const COMMON = new Set(["--verbose", "-h, --help"]);

/** All commands that do something by themselves, in the order of the help. */
export async function describeCommands(): Promise<CommandDescription[]> {
  const out = { write: () => true, columns: 100 };
  const io = { out, err: out } as unknown as Io;
  const program = await defineProgram({ io, args: [], exit: () => undefined }, () => true);
  return commandsBelow(program)
    .filter((command) => command.commands.length === 0)
    .map(describeCommand);
}

function describeCommand(command: Command): CommandDescription {
  const help = command.createHelp();
  const entry = (term: string, description: string): HelpEntry => ({ term, description });
  const path = help.commandUsage(command).replace(/ \[options\]/, "");
  return {
    usage: path,
    description: help.commandDescription(command),
    parameters: help
      .visibleArguments(command)
      .map((one) => entry(help.argumentTerm(one), help.argumentDescription(one))),
    options: help
      .visibleOptions(command)
      .map((one) => entry(help.optionTerm(one), help.optionDescription(one)))
      .filter(({ term }) => !COMMON.has(term)),
    examples: examplesOf(command),
  };
}
