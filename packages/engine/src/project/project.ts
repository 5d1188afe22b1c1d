import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import type { Environment } from "@ape/core/config/environment";
import { nearest } from "@ape/core/config/issue";
import { parseConfig } from "@ape/core/config/parse";
import type { Config } from "@ape/core/config/schema";
import { decodeText } from "@ape/core/lib/charset";
import { ApeError } from "@ape/core/lib/errors";
import { readEnvironmentFile } from "../host/environment-file.ts";
import { NO_THRESHOLDS } from "../thresholds/thresholds.ts";

/** A configuration that was found and read, with the command line's options applied. */
export interface Project {
  /** The configuration's folder: its paths are relative to it. */
  directory: string;
  /** The folder that contains `.ape/runs`: the configuration's by default. */
  home: string;
  configFile: string;
  config: Config;
  written: unknown;
  secrets: readonly string[];
  /** The environment that `${VAR}` and proxy settings were read from. */
  environment: Environment;
}

/** Options of the command line that override the configuration. */
export interface RunOverrides {
  agents?: number;
  durationMs?: number;
  sessions?: number;
  workers?: number;
  seed?: number;
  rampUpMs?: number;
  /** Only these goals. */
  goals?: readonly string[];
  /** Measures without judging. */
  unjudged?: boolean;
}

const CONFIG_NAMES = ["ape.config.yaml", "ape.config.yml"] as const;

/** A configuration's text, and the environment for `${VAR}` in it. */
export interface ProjectText {
  configFile: string;
  /** Its name in messages. */
  name: string;
  text: string;
  environment: Environment;
}

/**
 * Finds the configuration's text and the environment that it is read with.
 * @throws ApeError CONFIG_NOT_FOUND
 */
export async function readProject(options: {
  cwd: string;
  configFile?: string | undefined;
  environment: Environment;
}): Promise<ProjectText> {
  const { configFile, text } = await find(options.cwd, options.configFile);
  const environment = { ...(await readEnvironmentFile(dirname(configFile))), ...options.environment };
  return { configFile, name: options.configFile ?? basename(configFile), text, environment };
}

/**
 * Finds and reads the configuration.
 * @throws ApeError CONFIG_NOT_FOUND, CONFIG_INVALID, ENV_MISSING, USAGE
 */
export async function loadProject(options: {
  cwd: string;
  configFile?: string | undefined;
  environment: Environment;
  overrides?: RunOverrides;
  home?: string;
}): Promise<Project> {
  const read = await readProject(options);
  const { config, written, secrets } = parseConfig(read.text, read.name, read.environment);
  return projectOf(read, { config: apply(config, options.overrides ?? {}), written, secrets }, options.home);
}

/** The project of a parsed configuration. */
export function projectOf(
  { configFile, environment }: Pick<ProjectText, "configFile" | "environment">,
  { config, written, secrets }: Pick<Project, "config" | "written" | "secrets">,
  home = dirname(configFile),
): Project {
  return { directory: dirname(configFile), home, configFile, config, written, secrets, environment };
}

async function find(cwd: string, named: string | undefined): Promise<{ configFile: string; text: string }> {
  for (const name of named === undefined ? CONFIG_NAMES : [named]) {
    const configFile = resolve(cwd, name);
    try {
      return { configFile, text: decodeText(await readFile(configFile)).text };
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ENOTDIR")
        throw new ApeError("CONFIG_NOT_FOUND", `${name} cannot be read`, { cause });
    }
  }
  throw new ApeError("CONFIG_NOT_FOUND", `there is no ${named ?? CONFIG_NAMES[0]} in ${cwd}`, {
    hint: "Name one with --config, or see one at work with `ape-test demo`.",
  });
}

function apply(config: Config, overrides: RunOverrides): Config {
  const load = { ...config.load };
  if (overrides.agents !== undefined) {
    if (load.stages !== undefined)
      throw new ApeError("USAGE", "--agents contradicts the stages of the configuration", {
        hint: "Change the stages, or replace them with --duration or --sessions.",
      });
    load.agents = overrides.agents;
  }
  if (overrides.durationMs !== undefined || overrides.sessions !== undefined) {
    if (overrides.durationMs !== undefined && overrides.sessions !== undefined)
      throw new ApeError("USAGE", "--duration and --sessions contradict one another", {
        hint: "Give one of them.",
      });
    load.duration = overrides.durationMs;
    load.sessions = overrides.sessions;
    load.stages = undefined;
    load.arrivals = undefined;
  }
  if (overrides.rampUpMs !== undefined) load.rampUp = overrides.rampUpMs;
  if (overrides.workers !== undefined) load.workers = overrides.workers;
  return {
    ...config,
    load,
    goals: overrides.goals === undefined ? config.goals : chosen(config, overrides.goals),
    thresholds: overrides.unjudged === true ? NO_THRESHOLDS : config.thresholds,
    seed: overrides.seed ?? config.seed,
  };
}

function chosen(config: Config, names: readonly string[]): Config["goals"] {
  const known = config.goals.map((goal) => goal.name);
  for (const name of names)
    if (!known.includes(name))
      throw new ApeError("USAGE", `there is no goal "${name}"`, {
        hint: `Did you mean "${nearest(name, known) ?? known[0]}"? The goals are ${known.join(", ")}.`,
      });
  return config.goals.filter((goal) => names.includes(goal.name));
}
