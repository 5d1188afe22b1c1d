import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { leadsOut } from "@ape/core/config/runtime/leads-out";
import {
  documentReferences,
  FILE_ROLES,
  type FileRole,
  rolePartsOf,
  variablesIn,
} from "@ape/core/config/runtime/role-parts";
import { S3_VARIABLES } from "@ape/core/config/runtime/s3-variables";
import type { Config } from "@ape/core/config/schema";
import { ApeError } from "@ape/core/lib/errors";
import { MASK } from "@ape/core/lib/mask";
import { stringify } from "yaml";
import { packFiles } from "./packed-files.ts";

/** The roles that have files: the engine has those of all others. */
export type FileOwner = FileRole | "engine";

/** What pods get of a project. */
export interface ProjectFiles {
  /** The files of each role, by their path in its folder. */
  files: Record<FileOwner, ReadonlyMap<string, Uint8Array>>;
  /** The files of a role that have no room in one ConfigMap, as parts of {@link packFiles}. */
  packed: Partial<Record<FileOwner, readonly Uint8Array[]>>;
  /** Names of the variables that each role reads. */
  variables: Record<FileOwner, readonly string[]>;
}

/**
 * Reads what the roles of a run on Kubernetes need of a project. Values of variables are not in it.
 * @param written the configuration before variables are filled in
 * @throws ApeError FILE_MISSING if a file is outside of the folder; CONFIG_INVALID if the configuration holds a secret, or
 *   its files are too large
 */
export async function readProjectFiles(
  config: Config,
  written: unknown,
  directory: string,
): Promise<ProjectFiles> {
  const parts = rolePartsOf(config, written);
  const files: Record<FileRole, Map<string, Uint8Array>> = {
    gateway: new Map(),
    inference: new Map(),
    agents: new Map(),
  };
  const encoder = new TextEncoder();
  const engine = new Map<string, Uint8Array>();
  for (const role of FILE_ROLES) {
    for (const file of parts[role].files) await collect(files[role], directory, file);
    for (const [path, bytes] of files[role]) engine.set(path, bytes);
    const { configuration } = parts[role];
    if (configuration !== undefined) files[role].set(configuration.name, encoder.encode(configuration.text));
  }
  const text = stringify(written, { lineWidth: 0 });
  if (holdsSecret(written))
    throw new ApeError("CONFIG_INVALID", "the configuration holds a secret, which a ConfigMap must not", {
      hint: "Write `${NAME}` in its place: the values of variables are in Secrets.",
    });
  engine.set("ape.config.yaml", encoder.encode(text));
  const packed: ProjectFiles["packed"] = {};
  for (const [role, content] of Object.entries({ ...files, engine }) as [
    FileOwner,
    Map<string, Uint8Array>,
  ][]) {
    const parts = packFiles(role, content);
    if (parts !== undefined) packed[role] = parts;
  }
  const { agents, gateway, inference } = parts;
  return {
    files: { ...files, engine },
    packed,
    variables: {
      agents: agents.variables,
      gateway: gateway.variables,
      inference: inference.variables,
      engine: [...variablesIn(text), ...(config.results.upload === undefined ? [] : S3_VARIABLES)],
    },
  };
}

/** Whether a configuration, as written and masked, had a secret in it; in the texts of prompts, `***` is markup. */
function holdsSecret(value: unknown): boolean {
  if (typeof value === "string") return value.includes(MASK);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, part]) => key !== "prompt" && holdsSecret(part));
}

/** Adds a file, those of a folder, and those that an API document refers to. */
async function collect(into: Map<string, Uint8Array>, directory: string, file: string): Promise<void> {
  const from = resolve(directory, file);
  const place = relative(directory, from).split(sep).join("/");
  if (isAbsolute(file) || leadsOut(place) || place === "")
    throw new ApeError("FILE_MISSING", `${file} is not inside of the folder of the configuration`, {
      hint: "Pods get the files that the configuration names by a path below its folder: move or copy it there.",
    });
  const found = await stat(from).catch(() => undefined);
  // The role that reads it reports what is missing, with the place in the configuration.
  if (found === undefined || into.has(place)) return;
  if (found.isDirectory()) {
    for (const name of (await readdir(from)).sort()) await collect(into, directory, join(place, name));
    return;
  }
  const bytes = await readFile(from);
  into.set(place, bytes);
  if (!/\.(?:ya?ml|json)$/i.test(file)) return;
  for (const other of documentReferences(bytes.toString("utf8"))) {
    const next = relative(directory, resolve(dirname(from), other));
    if (next !== "" && !leadsOut(next)) await collect(into, directory, next);
  }
}
