import { type Document, isScalar, visit } from "yaml";

/** The values that `${VAR}` may read, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A `${VAR}` that has no value: where it stands. */
export interface MissingVariable {
  variable: string;
  offset: number;
}

const REFERENCE = /\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g;

/**
 * Fills `${VAR}` and `${VAR:-default}` in every string of a document, in place.
 * @returns the variables without a value, and the values that were filled in
 */
export function fillEnvironment(
  document: Document,
  environment: Environment,
): { missing: MissingVariable[]; used: string[] } {
  const missing: MissingVariable[] = [];
  const used: string[] = [];
  visit(document, {
    Scalar(key, node) {
      if (key === "key" || !isScalar(node) || typeof node.value !== "string") return;
      const text = node.value;
      node.value = text.replaceAll(REFERENCE, (whole, variable: string, fallback: string | undefined) => {
        const value = environment[variable] ?? fallback;
        if (value === undefined) {
          missing.push({ variable, offset: node.range?.[0] ?? 0 });
          return whole;
        }
        used.push(value);
        return value;
      });
    },
  });
  return { missing, used };
}

/**
 * Reads `ape.env`: `NAME=value` lines, `#` comments, quotes around a value taken off, `export ` allowed.
 * The form is that of Docker's env files, with quotes as in dotenv.
 */
export function parseEnvironmentFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    if (match === null) continue;
    const raw = match[2] ?? "";
    const quoted = /^(["'])(.*)\1$/.exec(raw);
    values[match[1] as string] = quoted?.[2] ?? raw.replace(/\s+#.*$/, "");
  }
  return values;
}
