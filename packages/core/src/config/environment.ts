import { type Document, isScalar, type Scalar, visit } from "yaml";

/** The values that `${VAR}` may read, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A `${VAR}` without a value, and its place. */
export interface MissingVariable {
  variable: string;
  offset: number;
  /** Of `${VAR:?message}`. */
  message?: string;
}

/** A `${VAR}` of a text, as the POSIX shell has it (section 2.6.2, "Parameter Expansion"). */
export interface VariableReference {
  variable: string;
  /**
   * `-` has a default, `?` an error message, `+` a text for a variable with a value; with `:` an empty value counts as
   * none.
   */
  operator: "" | "-" | ":-" | "?" | ":?" | "+" | ":+";
  /** The text after the operator; may have references of its own. */
  word: string;
}

const NAME = /([A-Za-z_]\w*)(:?[-?+]|(?=\}))/y;

/** Whether a character has an odd number of backslashes before it. */
function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === "\\") slashes += 1;
  return slashes % 2 === 1;
}

/**
 * Takes a text apart into words and references. `$${` represents `${`, as `\${` does in the word of a reference; what
 * is no reference is left as it is.
 * @returns texts and references in their order
 */
function partsOf(text: string, inWord: boolean): (string | VariableReference)[] {
  const parts: (string | VariableReference)[] = [];
  let from = 0;
  for (let at = text.indexOf("${"); at >= 0; at = text.indexOf("${", Math.max(from, at + 1))) {
    if (inWord && isEscaped(text, at)) continue;
    if (text[at - 1] === "$" && at > from) {
      parts.push(`${text.slice(from, at - 1)}\${`);
      from = at + 2;
      continue;
    }
    NAME.lastIndex = at + 2;
    const match = NAME.exec(text);
    const begin = NAME.lastIndex;
    const end = match === null ? -1 : closingBrace(text, begin);
    if (match === null || end < 0) {
      parts.push(text.slice(from, at + 2));
      from = at + 2;
      continue;
    }
    if (at > from) parts.push(text.slice(from, at));
    parts.push({
      variable: match[1] as string,
      operator: match[2] as VariableReference["operator"],
      word: text.slice(begin, end),
    });
    from = end + 1;
  }
  parts.push(text.slice(from));
  return parts;
}

/**
 * The brace that ends a reference, after those within it; -1 if there is none. A brace in double quotes or behind a
 * backslash ends nothing, unless no other does.
 */
function closingBrace(text: string, from: number): number {
  const quoted = balancedBrace(text, from, true);
  return quoted >= 0 ? quoted : balancedBrace(text, from, false);
}

function balancedBrace(text: string, from: number, quotes: boolean): number {
  /** For each open reference whether a double quote is open in it. */
  const open = [false];
  for (let at = from; at < text.length; at += 1) {
    const depth = open.length - 1;
    if (quotes && text[at] === "\\") at += 1;
    else if (quotes && text[at] === '"') open[depth] = open[depth] !== true;
    else if (text[at] === "}" && open[depth] !== true) {
      if (depth === 0) return at;
      open.pop();
    } else if (text.startsWith("${", at)) {
      open.push(false);
      at += 1;
    }
  }
  return -1;
}

/** The end of the reference whose `$` is at a place; undefined if none is there. */
export function referenceEnd(text: string, at: number): number | undefined {
  NAME.lastIndex = at + 2;
  if (!text.startsWith("${", at) || NAME.exec(text) === null) return undefined;
  const end = closingBrace(text, NAME.lastIndex);
  return end < 0 ? undefined : end + 1;
}

/** What stands for itself in the word of a reference, without its quotes and backslashes. */
const QUOTING = /\\([$`"\\}])|"/g;

/**
 * The texts of a word as the shell reads them where the whole reference is in double quotes: pairs of double quotes go,
 * and a backslash before `$`, a backquote, `"`, `\` or `}` does.
 */
function unquoted(parts: readonly (string | VariableReference)[]): (string | VariableReference)[] {
  const quotes = parts.flatMap((part) =>
    typeof part === "string" ? [...part.matchAll(QUOTING)].filter(([whole]) => whole === '"') : [],
  );
  const arePairs = quotes.length % 2 === 0;
  return parts.map((part) =>
    typeof part === "string"
      ? part.replaceAll(QUOTING, (whole, escaped?: string) => escaped ?? (arePairs ? "" : whole))
      : part,
  );
}

/** A word without references as the shell reads it; references in it are left as written. */
export function wordText(word: string): string {
  return unquoted(partsOf(word, true))
    .map((part) => (typeof part === "string" ? part : `\${${part.variable}${part.operator}${part.word}}`))
    .join("");
}

/** Defaults in defaults beyond this are left as they are. */
const MAX_DEPTH = 16;

/** Every reference of a text, those within defaults too. */
export function referencesIn(text: string, depth = 0): VariableReference[] {
  if (!text.includes("${") || depth > MAX_DEPTH) return [];
  return partsOf(text, depth > 0).flatMap((part) =>
    typeof part === "string" ? [] : [part, ...referencesIn(part.word, depth + 1)],
  );
}

/**
 * Places that look like references and are left as text: `${}`, `${a b}`, `${A`, `${A:=x}`, defaults nested too deep.
 * Written as `$${` they are meant.
 * @returns the first three, each of at most 24 characters
 */
export function malformedReferences(text: string, depth = 0): string[] {
  if (!text.includes("${")) return [];
  if (depth > MAX_DEPTH) return [excerpt(text, text.indexOf("${"))];
  const found: string[] = [];
  for (let at = text.indexOf("${"); at >= 0 && found.length < 3; at = text.indexOf("${", at)) {
    NAME.lastIndex = at + 2;
    const isText = text[at - 1] === "$" || (depth > 0 && isEscaped(text, at));
    const match = isText ? null : NAME.exec(text);
    const begin = NAME.lastIndex;
    const end = match === null ? -1 : closingBrace(text, begin);
    if (end >= 0) found.push(...malformedReferences(text.slice(begin, end), depth + 1));
    else if (!isText) found.push(excerpt(text, at));
    at = end >= 0 ? end : at + 2;
  }
  return found.slice(0, 3);
}

const MAX_EXCERPT = 24;

/** A reference's text up to its brace. */
function excerpt(text: string, at: number): string {
  const end = text.indexOf("}", at);
  const whole = text.slice(at, end < 0 ? undefined : end + 1);
  return whole.length <= MAX_EXCERPT ? whole : `${whole.slice(0, MAX_EXCERPT - 3)}...`;
}

function expand(
  text: string,
  environment: Environment,
  missing: (variable: string, message?: string) => void,
  depth = 0,
): string {
  if ((depth === 0 && !text.includes("${")) || depth > MAX_DEPTH) return text;
  const inner = (word: string): string => expand(word, environment, missing, depth + 1);
  const parts = partsOf(text, depth > 0);
  return (depth > 0 ? unquoted(parts) : parts)
    .map((part) => {
      if (typeof part === "string") return part;
      const { variable, operator, word } = part;
      const value = Object.hasOwn(environment, variable) ? environment[variable] : undefined;
      const set = value !== undefined && !(operator.startsWith(":") && value === "");
      if (operator.endsWith("+")) return set ? inner(word) : "";
      if (set) return value;
      if (operator.endsWith("-")) return inner(word);
      missing(variable, word === "" ? undefined : wordText(word));
      return `\${${variable}}`;
    })
    .join("");
}

/** What was filled into a document. */
export interface FilledDocument {
  missing: MissingVariable[];
  /** The values that hold what was filled in, with the variables that they name. */
  filled: Map<Scalar, readonly string[]>;
}

/** Fills `${VAR}` in every string of a document, in place, by the shell's rules. */
export function fillEnvironment(document: Document, environment: Environment): FilledDocument {
  const missing: MissingVariable[] = [];
  const filled = new Map<Scalar, readonly string[]>();
  visit(document, {
    Scalar(key, node) {
      if (key === "key" || !isScalar(node) || typeof node.value !== "string") return;
      const text = node.value;
      if (!text.includes("${")) return;
      const offset = node.range?.[0] ?? 0;
      node.value = expand(text, environment, (variable, message) =>
        missing.push({ variable, offset, ...(message === undefined ? {} : { message }) }),
      );
      const names = referencesIn(text).map(({ variable }) => variable);
      if (names.length > 0) filled.set(node, [...new Set(names)]);
    },
  });
  return { missing, filled };
}

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

/** Reads a text as the number or boolean that YAML 1.2 reads in it (section 10.3.2); undefined for other texts. */
export function typedText(text: string): number | boolean | undefined {
  if (text === "true" || text === "false") return text === "true";
  return NUMBER.test(text) ? Number(text) : undefined;
}
