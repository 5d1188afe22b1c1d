import type { Command } from "commander";

const examples = new WeakMap<Command, readonly string[]>();

/** The examples in a command's help. */
export const examplesOf = (command: Command): readonly string[] => examples.get(command) ?? [];

/** Ends a command's help with examples, one per line. */
export function withExamples(command: Command, ...lines: readonly string[]): Command {
  examples.set(command, lines);
  return command.addHelpText("after", `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}
