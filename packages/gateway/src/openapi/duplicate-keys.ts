import { escapePointer } from "./pointer.ts";

/** A key that its object has before, too. */
export interface DuplicateKey {
  pointer: string;
  /** Line of the later one, from 1. */
  line: number;
}

interface Level {
  /** Keys of an object; undefined for a list. */
  keys: Set<string> | undefined;
  /** The key or index at which the reader is. */
  at: string | number;
}

const TOKEN = /"((?:[^"\\]|\\.)*)"(\s*:)?|[{}[\],]/gs;

/**
 * Finds the keys that an object of a JSON text has twice, of which `JSON.parse` keeps the last. Other texts have none:
 * the reader of YAML refuses them itself.
 */
export function duplicateKeys(text: string): DuplicateKey[] {
  if (!/^\s*[{[]/.test(text)) return [];
  const found: DuplicateKey[] = [];
  const levels: Level[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    const [token, written, colon] = match;
    if (token === "{") levels.push({ keys: new Set(), at: "" });
    else if (token === "[") levels.push({ keys: undefined, at: 0 });
    else if (token === "}" || token === "]") levels.pop();
    else if (token === ",") {
      if (level !== undefined && typeof level.at === "number") level.at += 1;
    } else if (written !== undefined && colon !== undefined && level?.keys !== undefined) {
      const key = written.includes("\\") ? unescapeKey(written) : written;
      level.at = key;
      if (level.keys.has(key)) found.push({ pointer: pointerOf(levels), line: lineOf(text, match.index) });
      level.keys.add(key);
    }
  }
  return found;
}

const pointerOf = (levels: readonly Level[]): string =>
  `#${levels.map(({ at }) => `/${escapePointer(String(at))}`).join("")}`;

const lineOf = (text: string, index: number): number => text.slice(0, index).split("\n").length;

function unescapeKey(written: string): string {
  try {
    return String(JSON.parse(`"${written}"`));
  } catch {
    return written;
  }
}
