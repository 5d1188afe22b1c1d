import type { Config } from "@ape/core/config/schema";

/** Input of a generator. */
export interface GeneratorInput {
  config: Config;
  /** The configuration as written: `${VAR}` unexpanded, literal secrets masked. */
  written: unknown;
  /** The configuration's folder. */
  directory: string;
  /** The folder of template files that the package carries. */
  templates: string;
  /** It was requested by its name, not together with all others. */
  named?: boolean;
}

/** A file to be written. */
export interface GeneratedFile {
  /** Relative to the configuration's folder, with `/`. */
  path: string;
  text: string;
  /** Permissions; the default of new files if absent. */
  mode?: number;
  /** Belongs to the user once it exists: written once, never again. */
  once?: boolean;
  /** Adds to existing content and removes nothing. */
  merge?: (before: string) => string;
}

/** Makes the files of one kind from the configuration: the same input gives the same text. */
export interface FileGenerator {
  /** Its name on the command line. */
  name: string;
  /** The files' names, for the command's help. */
  summary: string;
  files(input: GeneratorInput): readonly GeneratedFile[] | Promise<readonly GeneratedFile[]>;
}
