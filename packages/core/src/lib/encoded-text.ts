/** A decoded text, with the positions of its characters in the encoded one. */
export interface MappedText {
  text: string;
  /** The range of the encoded text that a range of the decoded one was written as. */
  rangeOf(start: number, end: number): { start: number; end: number };
  /** Whether any character of a range was encoded. */
  wasEncoded(start: number, end: number): boolean;
}

/** Named character references of HTML that escapers write. Source: HTML, section 13.5. */
const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  sol: "/",
  bsol: "\\",
  equals: "=",
  plus: "+",
};
/** The same of Latin-1 from U+00C0, as `htmlentities` of PHP writes them. */
const LATIN_1: ReadonlyMap<string, string> = new Map(
  (
    "Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml " +
    "ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig " +
    "agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml " +
    "eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml"
  )
    .split(" ")
    .map((name, index) => [name, String.fromCharCode(0xc0 + index)]),
);
/** Signs of Latin-1 that have a name without digits. */
const SIGNS: Readonly<Record<string, string>> = {
  iexcl: "¡",
  cent: "¢",
  pound: "£",
  curren: "¤",
  yen: "¥",
  sect: "§",
  copy: "©",
  laquo: "«",
  raquo: "»",
  reg: "®",
  deg: "°",
  plusmn: "±",
  micro: "µ",
  para: "¶",
  middot: "·",
  iquest: "¿",
  euro: "€",
};
const CONTROL: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const ESCAPE =
  /%[0-9a-f]{2}|%u[0-9a-f]{4}|&#(?:\d{1,7}|x[0-9a-f]{1,6});?|&[a-z]{2,6};|\\u(?:[0-9a-f]{4}|\{[0-9a-f]{1,6}\})|\\x[0-9a-f]{2}|\\[0-3][0-7]{2}|\\["'\\/bfnrt]/gi;
const MAX_CODE = 0x10ffff;

/**
 * Decodes one layer of percent-encoding (RFC 3986, section 2.1; bytes that are not UTF-8 are read as Latin-1), of
 * HTML's character references and of the escapes of JSON, JavaScript and C, in time proportional to the text.
 * @returns undefined if nothing is encoded
 */
export function decodeLayer(text: string): MappedText | undefined {
  // For each escape: its position and length in the decoded text, its position and length in the encoded one.
  const marks: number[] = [];
  let out = "";
  let from = 0;
  ESCAPE.lastIndex = 0;
  for (let match = ESCAPE.exec(text); match !== null; match = ESCAPE.exec(text)) {
    const [written] = match;
    const at = match.index;
    const read = written[0] === "%" && written.length === 3 ? readPercent(text, at) : readEscape(written);
    if (read === undefined) continue;
    const length = read.taken ?? written.length;
    out += text.slice(from, at);
    marks.push(out.length, read.text.length, at, length);
    out += read.text;
    from = at + length;
    ESCAPE.lastIndex = from;
  }
  if (marks.length === 0) return undefined;
  out += text.slice(from);
  return {
    text: out,
    rangeOf: (start, end) => ({ start: startOf(marks, start), end: endOf(marks, end - 1) }),
    wasEncoded: (start, end) => {
      const mark = markBefore(marks, end - 1);
      return mark >= 0 && (marks[mark] as number) + (marks[mark + 1] as number) > start;
    },
  };
}

interface Read {
  text: string;
  /** Characters of the encoded text, where more than the escape itself. */
  taken?: number;
}

function readPercent(text: string, at: number): Read {
  const byte = Number.parseInt(text.slice(at + 1, at + 3), 16);
  if (byte < 0x80) return { text: String.fromCharCode(byte) };
  const bytes = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
  const sequence = text.slice(at, at + bytes * 3);
  try {
    return { text: decodeURIComponent(sequence), taken: sequence.length };
  } catch {
    return { text: String.fromCharCode(byte) };
  }
}

function readEscape(written: string): Read | undefined {
  const kind = written[0];
  if (kind === "%") return { text: String.fromCharCode(Number.parseInt(written.slice(2), 16)) };
  if (kind === "&") {
    if (written[1] !== "#") {
      const name = written.slice(1, -1);
      const named = LATIN_1.get(name) ?? SIGNS[name] ?? NAMED[name.toLowerCase()];
      return named === undefined ? undefined : { text: named };
    }
    const hex = written[2] === "x" || written[2] === "X";
    return charOf(Number.parseInt(written.slice(hex ? 3 : 2), hex ? 16 : 10));
  }
  const letter = written[1] as string;
  if (written.length === 2) return { text: CONTROL[letter.toLowerCase()] ?? letter };
  if (letter <= "3") return charOf(Number.parseInt(written.slice(1), 8));
  return charOf(Number.parseInt(written.slice(2).replace(/[{}]/g, ""), 16));
}

const charOf = (code: number): Read | undefined =>
  code > MAX_CODE ? undefined : { text: String.fromCodePoint(code) };

/** Index in `marks` of the last escape that begins at or before a place of the decoded text; negative if there is none. */
function markBefore(marks: readonly number[], place: number): number {
  let low = 0;
  let high = marks.length / 4;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle * 4] as number) <= place) low = middle + 1;
    else high = middle;
  }
  return (low - 1) * 4;
}

function startOf(marks: readonly number[], place: number): number {
  const mark = markBefore(marks, place);
  if (mark < 0) return place;
  const [at, length, was, wasLength] = marks.slice(mark, mark + 4) as [number, number, number, number];
  return place < at + length ? was : was + wasLength + (place - at - length);
}

/** Where the character at a place of the decoded text ended. */
function endOf(marks: readonly number[], place: number): number {
  const mark = markBefore(marks, place);
  if (mark < 0) return place + 1;
  const [at, length, was, wasLength] = marks.slice(mark, mark + 4) as [number, number, number, number];
  return place < at + length ? was + wasLength : was + wasLength + (place - at - length) + 1;
}
