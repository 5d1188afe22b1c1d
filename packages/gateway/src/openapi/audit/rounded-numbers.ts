import { isRounded, LosslessNumber, parseJson } from "@ape/core/lib/lossless-number";
import { isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import { escapePointer } from "../pointer.ts";
import type { UnusablePart } from "../unusable-part.ts";

/** A text without so many digits in a row has no number that is rounded; most texts need no second reading. */
const LONG = /\d{16}|\d[eE]\+?\d|\d\.\d{15}/;
/** The bounds of 64 bits: documents write them for "any number", and no value is made of them. */
const OF_64_BITS: ReadonlySet<string> = new Set([
  "9223372036854775807",
  "-9223372036854775808",
  "18446744073709551615",
]);
const BOUND = /\/(?:exclusiveM|m)(?:in|ax)imum$/;

/**
 * The numbers of a document beyond 2^53 that a double cannot hold: they are read and sent rounded, because schemas are
 * compared and checked as doubles.
 */
export function roundedNumbers(text: string): UnusablePart[] {
  if (!LONG.test(text)) return [];
  const found: UnusablePart[] = [];
  const add = (place: string, written: string, line?: number): void => {
    if (!isRounded(written) || place.includes("/x-") || (BOUND.test(place) && OF_64_BITS.has(written)))
      return;
    const where = line === undefined ? "" : ` (line ${line})`;
    found.push({ place, message: `the number ${written}${where} is rounded to ${Number(written)}` });
  };
  if (/^\s*[{[]/.test(text)) {
    try {
      addJson(parseJson(text), add);
      return found;
    } catch {
      // A YAML document can begin with a brace too.
    }
  }
  addYaml(text, add);
  return found;
}

type Add = (place: string, written: string, line?: number) => void;

function addJson(root: unknown, add: Add): void {
  const open: [unknown, string][] = [[root, "#"]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, place] = next;
    if (value instanceof LosslessNumber) add(place, String(value));
    else if (typeof value === "object" && value !== null)
      for (const [key, inner] of Object.entries(value).toReversed())
        open.push([inner, `${place}/${escapePointer(key)}`]);
  }
}

function addYaml(text: string, add: Add): void {
  const lines = new LineCounter();
  const document = parseDocument(text, { merge: true, lineCounter: lines, logLevel: "silent" });
  visit(document, {
    Scalar(key, node, path) {
      if (key === "key" || typeof node.value !== "number" || node.source === undefined) return;
      if (!isRounded(node.source)) return;
      add(placeOf([...path, node]), node.source, lines.linePos(node.range?.[0] ?? 0).line);
    },
  });
}

/** The pointer to the last of nested nodes. */
function placeOf(path: readonly unknown[]): string {
  let place = "#";
  for (const [index, node] of path.entries()) {
    const inner = path[index + 1];
    if (isPair(node)) place += `/${escapePointer(String(isScalar(node.key) ? node.key.value : node.key))}`;
    else if (isSeq(node) && inner !== undefined) place += `/${node.items.indexOf(inner)}`;
  }
  return place;
}
