import { readFile } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { decodeText } from "@ape/core/lib/charset";
import { ApeError } from "@ape/core/lib/errors";
import { isJsonObject } from "@ape/core/lib/json";
import type { ApiDescription } from "@ape/core/protocol/api";
import { parse } from "csv-parse/sync";
import { type DataAnswer, DEFAULTS } from "./answers.ts";
import { isSecretName, signInOf } from "./suggest.ts";

/** A given path, relative to the project's folder, as in a configuration. */
export function projectPath(path: string, { cwd, directory }: { cwd: string; directory: string }): string {
  const found = relative(directory, resolve(cwd, path)).split(sep).join("/");
  return found.startsWith(".") ? found : `./${found}`;
}

/**
 * Reads an existing data file: its columns show which of them are secret.
 * @throws ApeError FILE_MISSING, DATA_INVALID
 */
export async function dataFrom(
  path: string,
  place: { cwd: string; directory: string },
): Promise<DataAnswer & { columns: string[]; rows: number; first: Record<string, string> }> {
  let text: string;
  try {
    text = decodeText(await readFile(resolve(place.cwd, path))).text;
  } catch (cause) {
    throw new ApeError("FILE_MISSING", `${path} cannot be read`, {
      cause,
      hint: "Name a CSV file with a header line, or a JSON list of objects.",
    });
  }
  const rows = rowsOf(text, path);
  const [first = {}] = rows;
  const columns = Object.keys(first);
  if (columns.length === 0)
    throw new ApeError("DATA_INVALID", `${path} has no row`, {
      hint: "Name a CSV file with a header line and at least one row, or a JSON list of objects.",
    });
  return {
    file: projectPath(path, place),
    secret: columns.filter(isSecretName),
    columns,
    rows: rows.length,
    first: Object.fromEntries(columns.map((name) => [name, String(first[name])])),
  };
}

function rowsOf(text: string, path: string): Record<string, unknown>[] {
  try {
    if (path.endsWith(".json")) {
      const list: unknown = JSON.parse(text);
      return Array.isArray(list) && list.every((row) => isJsonObject(row)) ? list : [];
    }
    return parse(text, { columns: true, skip_empty_lines: true, bom: true, trim: true });
  } catch (cause) {
    throw new ApeError("DATA_INVALID", `${path} is neither CSV nor JSON`, {
      cause,
      hint: "The first line of a CSV file names its columns.",
    });
  }
}

/** Which goals need a row: all of them, where an API wants a user and a password with each call. */
export const scopeOf = (api: ApiDescription | undefined): Pick<DataAnswer, "everyGoal"> =>
  api?.auth.some(({ type }) => type === "basic") === true ? { everyGoal: true } : {};

/** Generated accounts with the fields of the target's own login, one per agent. */
export function sampleData(api: ApiDescription | undefined, agents: number): DataAnswer {
  const signIn = api === undefined ? undefined : signInOf(api);
  const columns = signIn?.columns ?? ["email", "password"];
  const secret = signIn?.secret ?? ["password"];
  const count = Math.min(Math.max(agents, DEFAULTS.sampleRows), 1_000);
  const rows = Array.from({ length: count }, (_, index) =>
    columns.map((column) => sampleValue(column, index + 1, secret.includes(column))),
  );
  return { file: DEFAULTS.dataFile, secret, sample: { columns, rows }, ...scopeOf(api) };
}

/** The account in a file of another tool, as the first row. */
export function accountData(account: Readonly<Record<string, string>>): DataAnswer {
  const columns = Object.keys(account);
  return {
    file: DEFAULTS.dataFile,
    secret: columns.filter(isSecretName),
    sample: { columns, rows: [Object.values(account)] },
  };
}

function sampleValue(column: string, number: number, secret: boolean): string {
  if (secret) return `change-me-${number}`;
  if (/mail/i.test(column)) return `user${number}@example.com`;
  return `user${number}`;
}
