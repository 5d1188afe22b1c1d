import { constants } from "node:fs";
import { chmod, chown, cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { BusAccess } from "@ape/core/config/runtime/bus";
import { leadsOut } from "@ape/core/config/runtime/leads-out";
import {
  documentReferences,
  FILE_ROLES,
  rolePartsOf,
  variableValues,
} from "@ape/core/config/runtime/role-parts";
import { ApeError } from "@ape/core/lib/errors";
import { parse } from "yaml";
import type { Project } from "../project/project.ts";

/** User and group that roles run as. */
export interface RoleUser {
  uid: number;
  gid: number;
}

/** Names of the files in the folder that {@link writeRoleFiles} makes; the Compose file mounts them. */
const ROLE_FILES = {
  /** The run's token, for roles. */
  token: "token",
  /** The run's token, for Prometheus, which runs as another user. */
  scrapeToken: "scrape-token",
  /** Configuration of NATS, with the run's token. */
  nats: "nats.conf",
  /** How roles reach the message bus, as one JSON object. */
  busAccess: "bus.json",
  /** Storage folder of the message bus. */
  bus: "bus",
} as const;

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o400;

/**
 * Writes what the containers of a run read, each role's in a folder of its own: its part of the configuration, the
 * values of the variables in that part, the files that this part names, and the run's token. Nothing else of the
 * project reaches a container. A variable without a value stays without one, so that `${NAME:-default}` means the same
 * as outside of containers.
 * @param folder made new; only its owner may enter it
 * @param bus how roles reach the message bus
 * @throws ApeError FILE_MISSING if a named file is outside of the project's folder
 */
export async function writeRoleFiles(
  folder: string,
  project: Project,
  { token, bus, user }: { token: string; bus: BusAccess; user: RoleUser },
): Promise<void> {
  const { config, configFile, directory, environment } = project;
  const raw = parse(await readFile(configFile, "utf8"), { merge: true }) as Record<string, unknown>;
  await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
  await chmod(folder, PRIVATE_FOLDER);
  const write = (name: string, text: string): Promise<void> => writeOwned(join(folder, name), text, user);
  await write(ROLE_FILES.token, token);
  await write(ROLE_FILES.nats, natsConfiguration(token));
  await write(ROLE_FILES.busAccess, JSON.stringify(bus));
  await writeFile(join(folder, ROLE_FILES.scrapeToken), token, { mode: 0o444 });
  await makeOwned(join(folder, ROLE_FILES.bus), user);
  const parts = rolePartsOf(config, raw);
  for (const role of FILE_ROLES) {
    const { configuration, files, variables } = parts[role];
    await makeOwned(join(folder, role), user);
    for (const file of files) await copyInto(join(folder, role), directory, file, user);
    if (configuration === undefined) continue;
    await write(join(role, configuration.name), configuration.text);
    await write(`${role}.variables.json`, JSON.stringify(variableValues(variables, environment)));
  }
}

/**
 * Deletes what the containers of a run read, secrets first; Prometheus' copy of the token stays, because Prometheus
 * does.
 */
export async function removeRoleFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    if (name !== ROLE_FILES.scrapeToken) await rm(join(folder, name), { recursive: true, force: true });
}

/** Copies a file or folder to its place under the role's folder, and the files that an API document refers to. */
async function copyInto(target: string, directory: string, file: string, user: RoleUser): Promise<void> {
  const from = resolve(directory, file);
  const place = relative(directory, from);
  if (isAbsolute(file) || leadsOut(place) || place === "")
    throw new ApeError("FILE_MISSING", `${file} is not inside of the folder of the configuration`, {
      hint: "Containers get the files that the configuration names by a path below its folder: move or copy it there.",
    });
  const to = join(target, place);
  const found = await stat(from).catch(() => undefined);
  // The role that reads it reports what is missing, with the place in the configuration.
  if (found === undefined || (await stat(to).catch(() => undefined)) !== undefined) return;
  for (const folder of foldersAbove(place)) await makeOwned(join(target, folder), user);
  await cp(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
  await own(to, user);
  if (found.isFile() && /\.(?:ya?ml|json)$/i.test(file))
    for (const other of documentReferences(await readFile(from, "utf8"))) {
      const next = relative(directory, resolve(dirname(from), other));
      if (next !== "" && !leadsOut(next)) await copyInto(target, directory, next, user);
    }
}

/** `a/b/c.yaml` -> `a`, `a/b`. */
function foldersAbove(place: string): string[] {
  const names = place.split(sep).slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join(sep));
}

/**
 * NATS' configuration. Its monitor listens inside of its container only: the health check runs there, agents do not.
 */
function natsConfiguration(token: string): string {
  return `port: 4222
http: "127.0.0.1:8222"
authorization { token: ${JSON.stringify(token)} }
jetstream { store_dir: "/data" }
`;
}

async function writeOwned(file: string, text: string, user: RoleUser): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, text, { mode: PRIVATE_FILE });
  await give(file, user);
}

async function makeOwned(folder: string, user: RoleUser): Promise<void> {
  await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
  await give(folder, user);
}

async function own(path: string, user: RoleUser): Promise<void> {
  const isFolder = (await stat(path)).isDirectory();
  await chmod(path, isFolder ? PRIVATE_FOLDER : PRIVATE_FILE);
  await give(path, user);
  if (isFolder) for (const name of await readdir(path)) await own(join(path, name), user);
}

/** Only root can change the owner of a file; roles of other users run as the user itself. */
async function give(path: string, { uid, gid }: RoleUser): Promise<void> {
  if (process.getuid?.() === 0) await chown(path, uid, gid);
}
