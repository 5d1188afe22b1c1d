import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Environment } from "@ape/core/config/environment";
import { decodeText } from "@ape/core/lib/charset";
import { ApeError } from "@ape/core/lib/errors";

const NAME = "ape.env";

/**
 * Reads `ape.env` of a folder by Node's own rules (`util.parseEnv`, as of `node --env-file`): comments, quotes, values
 * of several lines. Accepts any encoding with a byte-order mark.
 * @returns nothing if there is no such file
 * @throws ApeError FILE_MISSING if it exists and cannot be read
 */
export async function readEnvironmentFile(folder: string): Promise<Environment> {
  let bytes: Buffer;
  try {
    bytes = await readFile(join(folder, NAME));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return {};
    throw new ApeError("FILE_MISSING", `${NAME} is there and cannot be read`, {
      cause,
      hint: "It must be a file that the user of ape-test may read.",
    });
  }
  return parseEnvironment(decodeText(bytes).text);
}

/** A line of an environment file that sets nothing, or more than intended. */
export interface EnvironmentFileProblem {
  /** 1-based. */
  line: number;
  message: string;
  /** Set if Node's reader would take the line for a part of the next one. */
  isNoAssignment?: true;
}

/** Lines that Node's reader ignores without an error: without `=`, with an invalid name, with an unclosed quote. */
export function environmentFileProblems(text: string): EnvironmentFileProblem[] {
  const problems: EnvironmentFileProblem[] = [];
  const lines = text.replace(/^\ufeff/, "").split(/\r\n?|\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const line = (lines[at] as string).trim().replace(/^export\s+/, "");
    if (line === "" || line.startsWith("#")) continue;
    const equals = line.indexOf("=");
    const name = line.slice(0, equals).trim();
    if (equals < 0)
      problems.push({ line: at + 1, message: "has no `=`, so it sets nothing", isNoAssignment: true });
    else if (name === "")
      problems.push({ line: at + 1, message: "has no name before `=`", isNoAssignment: true });
    else if (!/^[A-Za-z_]\w*$/.test(name))
      problems.push({ line: at + 1, message: `\`${name.slice(0, 40)}\` is no name of a variable` });
    else {
      const value = line.slice(equals + 1).trim();
      const quote = /^["'`]/.exec(value)?.[0];
      if (quote === undefined || value.indexOf(quote, 1) > 0) continue;
      const closing = lines.findIndex((later, index) => index > at && later.includes(quote));
      if (closing < 0) problems.push({ line: at + 1, message: `the quote ${quote} never ends` });
      else at = closing;
    }
  }
  return problems;
}

/** What is wrong with the `ape.env` of a folder; nothing if there is none. */
export async function checkEnvironmentFile(folder: string): Promise<EnvironmentFileProblem[]> {
  const bytes = await readFile(join(folder, NAME)).catch(() => undefined);
  return bytes === undefined ? [] : environmentFileProblems(decodeText(bytes).text);
}

/**
 * The variables of an environment file's text. Lines that assign nothing are left out: Node's reader would lose what is
 * behind them.
 */
export function parseEnvironment(text: string): Environment {
  const skipped = new Set(
    environmentFileProblems(text).flatMap(({ line, isNoAssignment }) => (isNoAssignment ? [line - 1] : [])),
  );
  if (skipped.size === 0) return parseEnv(text) as Environment;
  const lines = text.split(/\r\n?|\n/).filter((_, index) => !skipped.has(index));
  return parseEnv(lines.join("\n")) as Environment;
}
