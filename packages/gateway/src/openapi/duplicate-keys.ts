import { escapePointer } from "./pointer.ts";

/** A duplicate key of an object. */
export interface DuplicateKey {
  pointer: string;
  /** Line of the later one, from 1. */
  line: number;
}

interface Level {
  /** Keys of an object; undefined for a list. */
  keys: Set<string> | undefined;
  /** The current key or index. */
  at: string | number;
}

/** Quotes of texts, and the marks between them. */
const TOKEN = /["{}[\],]/g;
const COLON = /\s*:/y;

/**
 * Finds the duplicate keys of a JSON text, of which `JSON.parse` keeps the last. The YAML reader itself refuses them in
 * other texts.
 */
export function duplicateKeys(text: string): DuplicateKey[] {
  if (!/^\s*[{[]/.test(text)) return [];
  const found: DuplicateKey[] = [];
  const levels: Level[] = [];
  let line = 1;
  let counted = 0;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const level = levels.at(-1);
    const [token] = match;
    if (token === "{") levels.push({ keys: new Set(), at: "" });
    else if (token === "[") levels.push({ keys: undefined, at: 0 });
    else if (token === "}" || token === "]") levels.pop();
    else if (token === ",") {
      if (level !== undefined && typeof level.at === "number") level.at += 1;
    } else {
      const end = endOfText(text, match.index);
      TOKEN.lastIndex = end + 1;
      COLON.lastIndex = end + 1;
      if (level?.keys === undefined || !COLON.test(text)) continue;
      const written = text.slice(match.index + 1, end);
      const key = written.includes("\\") ? unescapeKey(written) : written;
      level.at = key;
      if (level.keys.has(key)) {
        for (
          let at = text.indexOf("\n", counted);
          at >= 0 && at < match.index;
          at = text.indexOf("\n", counted)
        ) {
          line += 1;
          counted = at + 1;
        }
        found.push({ pointer: pointerOf(levels), line });
      }
      level.keys.add(key);
    }
  }
  return found;
}

const pointerOf = (levels: readonly Level[]): string =>
  `#${levels.map(({ at }) => `/${escapePointer(String(at))}`).join("")}`;

/** The index of the quote that ends a text; a regular expression would need a stack as long as the text. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

function unescapeKey(written: string): string {
  try {
    return String(JSON.parse(`"${written}"`));
  } catch {
    return written;
  }
}
