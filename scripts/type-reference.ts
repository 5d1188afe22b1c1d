import { readFileSync } from "node:fs";

/** A property of an interface. */
interface Property {
  name: string;
  type: string;
  isOptional: boolean;
  meaning: string;
  /** Of an object that is written in place. */
  properties: Property[];
}

/** An interface of a source file. */
export interface ReadInterface {
  meaning: string;
  properties: Property[];
}

const DEEPEST = 5;

/** The interfaces of formatted source files, by name: what they inherit is left out. */
export function readInterfaces(...files: readonly string[]): Map<string, ReadInterface> {
  const found = new Map<string, ReadInterface>();
  for (const file of files) {
    const lines = readFileSync(new URL(`../${file}`, import.meta.url), "utf8").split("\n");
    for (const [index, line] of lines.entries()) {
      const name = /^(?:export )?interface (\w+)/.exec(line)?.[1];
      if (name === undefined || !line.endsWith("{")) continue;
      const { properties } = readProperties(lines, index + 1);
      found.set(name, { meaning: commentBefore(lines, index), properties });
    }
  }
  return found;
}

function readProperties(lines: readonly string[], from: number): { properties: Property[]; end: number } {
  const properties: Property[] = [];
  let at = from;
  for (; at < lines.length; at += 1) {
    const line = (lines[at] ?? "").trim();
    if (/^\}/.test(line)) break;
    const property = /^(\w+)(\?)?: (.*)$/.exec(line);
    if (property === null) continue;
    const [, name = "", optional, rest = ""] = property;
    const meaning = commentBefore(lines, at);
    const isOptional = optional !== undefined;
    if (rest.endsWith("{")) {
      const inner = readProperties(lines, at + 1);
      const type = `${rest}${(lines[inner.end] ?? "").trim()}`.replace(/;$/, "");
      at = inner.end;
      properties.push({ name, type, isOptional, meaning, properties: inner.properties });
    } else properties.push({ name, type: rest.replace(/;$/, ""), isOptional, meaning, properties: [] });
  }
  return { properties, end: at };
}

/** The text of the comment that ends on the line before. */
function commentBefore(lines: readonly string[], index: number): string {
  if (lines[index - 1]?.trim().endsWith("*/") !== true) return "";
  let first = index - 1;
  while (first > 0 && lines[first]?.trim().startsWith("/**") !== true) first -= 1;
  return lines
    .slice(first, index)
    .map((line) =>
      line
        .trim()
        .replace(/^\/\*\*\s?|\s?\*\/$|^\*\s?/g, "")
        .replace(/\*\/$/, "")
        .trim(),
    )
    .filter((line) => line !== "")
    .join(" ");
}

const cell = (text: string): string => text.replaceAll("|", "\\|");

/**
 * The rows of a table of an interface's properties, those of other interfaces and of objects written in place below
 * them: `sessions.byGoal.NAME.started`, `failures[].reason`.
 */
export function propertyRows(name: string, interfaces: ReadonlyMap<string, ReadInterface>): string[] {
  const rows: string[] = [];
  const add = (properties: readonly Property[], before: string, depth: number): void => {
    for (const property of properties) {
      const { type, meaning, isOptional } = property;
      const path = `${before}${property.name}`;
      const { suffix, inner } = innerOf(property, interfaces);
      const shown = inner === undefined ? `\`${type}\`` : typeOf(type);
      rows.push(
        `| \`${path}\` | ${cell(shown)} | ${isOptional ? "sometimes" : "always"} | ${cell(meaning)} |`,
      );
      if (inner !== undefined && depth < DEEPEST) add(inner, `${path}${suffix}.`, depth + 1);
    }
  };
  add(interfaces.get(name)?.properties ?? [], "", 0);
  return rows;
}

const typeOf = (type: string): string =>
  /\[\]$/.test(type) ? "list" : type.startsWith("Record<") ? "map" : "object";

function innerOf(
  { type, properties }: Property,
  interfaces: ReadonlyMap<string, ReadInterface>,
): { suffix: string; inner: readonly Property[] | undefined } {
  const suffix = `${type.startsWith("Record<") ? ".NAME" : ""}${type.endsWith("[]") ? "[]" : ""}`;
  if (properties.length > 0) return { suffix, inner: properties };
  const named = /(?:Record<\w+, )?(?:readonly )?(\w+)(?:\[\])?>?$/.exec(type)?.[1] ?? "";
  return { suffix, inner: interfaces.get(named)?.properties };
}
