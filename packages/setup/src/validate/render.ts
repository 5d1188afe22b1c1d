import { escapeRegExp } from "@ape/core/lib/escape-regexp";
import type { ValidationFinding } from "./finding.ts";

/** Functions that colour words; each may be the identity. */
export interface Paint {
  bad(text: string): string;
  warn(text: string): string;
  dim(text: string): string;
  /** Removes characters that would control a terminal. */
  clean(text: string): string;
}

const MOST_COLUMNS = 120;

/** Shorter secrets are parts of ordinary words: they are hidden as whole words only. */
const MIN_IN_TEXT = 4;
/** The text after a key that names a credential. A list below `secret` has the names of columns. */
const CREDENTIAL =
  /((?:api_?keys?|passwords?|secret(?!["']?\s*:\s*\[)|token|bearer|authorization)["']?\s*:\s*)((?:\$\{[^}]*\}|[^\s{,}\]])(?:\$\{[^}]*\}|[^,}\]])*)/gi;
/** Only a `${VAR}` is no credential; its default may be one. */
const REFERENCE = /\$\{[A-Za-z_]\w*\}|[^[\]"' ,]/g;

/** A line of the configuration with its secrets replaced by asterisks of the same length. */
function hushed(line: string, secrets: readonly string[]): string {
  let quiet = line;
  for (const secret of secrets) {
    const text = escapeRegExp(secret);
    const shown = secret.length < MIN_IN_TEXT ? `(?<![\\p{L}\\p{N}_])${text}(?![\\p{L}\\p{N}_])` : text;
    quiet = quiet.replaceAll(new RegExp(shown, "gu"), "*".repeat(secret.length));
  }
  return quiet.replaceAll(
    CREDENTIAL,
    (_, key: string, value: string) =>
      `${key}${value.replaceAll(REFERENCE, (part) => (part.length > 1 ? part : "*"))}`,
  );
}

/**
 * A finding for people: place, reason, the line itself with a caret below, hint.
 * @param source the configuration's text, and its secrets
 */
export function renderFinding(
  finding: ValidationFinding,
  { text, secrets, file }: { text: string; secrets: readonly string[]; file: string },
  paint: Paint,
): string {
  const { severity, rule, message, hint, line, column, start, end } = finding;
  const colour = severity === "error" ? paint.bad : paint.warn;
  const source = hushed(text.split(/\r?\n/)[line - 1] ?? "", secrets);
  // A caret below a line that is cut would point at nothing.
  const cut = Math.max(0, column - MOST_COLUMNS / 2);
  const shown = source.slice(cut, cut + MOST_COLUMNS).replaceAll("\t", " ");
  const rest = shown.length - (column - 1 - cut);
  // What continues below this line is only marked.
  const width = end - start > rest ? 1 : Math.max(1, end - start);
  const margin = String(line).length;
  const lines = [
    `${colour(severity)} ${file}:${line}:${column}: ${paint.clean(message)} ${paint.dim(`[${rule}]`)}`,
  ];
  if (shown.trim() !== "")
    lines.push(
      paint.dim(`  ${line} | `) + paint.clean(shown),
      `${" ".repeat(margin + 2)} ${paint.dim("|")} ${" ".repeat(Math.max(0, column - 1 - cut))}${colour("^".repeat(width))}`,
    );
  if (hint !== undefined) lines.push(`  hint: ${paint.clean(hint)}`);
  return `${lines.join("\n")}\n`;
}
