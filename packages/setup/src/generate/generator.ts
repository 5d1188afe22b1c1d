import type { Config } from "@ape/core/config/schema";

/** What a generator makes its files from. */
export interface GeneratorInput {
  config: Config;
  /** The configuration as written: `${VAR}` unread, literal secrets masked. */
  written: unknown;
  /** The configuration's folder. */
  directory: string;
  /** The folder of template files that the package carries. */
  templates: string;
  /** It was asked for by its name, not together with all others. */
  named?: boolean;
}

/** A file to be written. */
export interface GeneratedFile {
  /** Relative to the configuration's folder, with `/`. */
  path: string;
  text: string;
  /** Permissions; as for every new file where left out. */
  mode?: number;
  /** The user's own from the moment it is there: written once, never again. */
  once?: boolean;
  /** Adds to what is there already and takes nothing away. */
  merge?: (before: string) => string;
}

/** Makes the files of one kind from the configuration: the same input gives the same text. */
export interface FileGenerator {
  /** What the command line calls it. */
  name: string;
  /** The files' names, for the command's help. */
  summary: string;
  files(input: GeneratorInput): readonly GeneratedFile[] | Promise<readonly GeneratedFile[]>;
}
