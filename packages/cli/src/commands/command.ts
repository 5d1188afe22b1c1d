import type { ExitName } from "@ape/core/lib/errors";
import type { Command } from "commander";
import type { Io } from "../io.ts";

/** The arguments of a command, and how it reports its exit. */
export interface CommandContext {
  io: Io;
  /** The command line, without the program. */
  args: readonly string[];
  exit(name: ExitName): void;
}

/** Defines a command's arguments, options and action. */
export type CommandDefinition = (command: Command, context: CommandContext) => void;
