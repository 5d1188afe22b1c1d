import type { ExitName } from "@ape/core/lib/errors";
import type { Command } from "commander";
import type { Io } from "../io.ts";

/** What a verb is given, and how it says with which exit it ended. */
export interface CommandContext {
  io: Io;
  /** The command line, without the program. */
  args: readonly string[];
  exit(name: ExitName): void;
}

/** Gives a verb its arguments, options and action. */
export type CommandDefinition = (command: Command, context: CommandContext) => void;
