/** Characters that stand for the range of a class. */
const MAX_OPTIONS = 16;
const PARTS =
  /\\u\{[0-9a-f]{1,6}\}|\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|\\u[0-9a-f]{4}|\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S]/giu;
const IN_CLASS =
  /\\u\{[0-9a-f]{1,6}\}|\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|\\u[0-9a-f]{4}|\\[\s\S]|[\s\S]/giu;

const isAstral = (code: number): boolean => code > 0xffff;

/** A pattern with flag `u` for a generator that knows 16-bit units only: what is beyond them becomes a choice of texts. */
export function withoutSurrogates(pattern: string): string {
  if (!/[\u{10000}-\u{10ffff}]|\\u[\da-f{]/iu.test(pattern)) return pattern;
  return pattern.replaceAll(PARTS, (part) => {
    if (part.startsWith("[")) return classOf(part);
    const code = codeOf(part);
    if (code === undefined) return part;
    return isAstral(code) ? `(?:${String.fromCodePoint(code)})` : isEscape(part) ? unit(code) : part;
  });
}

/** The code point that a part of a pattern stands for; undefined for a class such as `\d`. */
function codeOf(part: string): number | undefined {
  if (!isEscape(part)) return part.startsWith("\\") ? undefined : part.codePointAt(0);
  const units = part.match(/[0-9a-f]+(?=\}|\\|$)/gi) ?? [];
  const [high = 0, low] = units.map((digits) => Number.parseInt(digits, 16));
  return low === undefined ? high : 0x10000 + (high - 0xd800) * 0x400 + (low - 0xdc00);
}

const isEscape = (part: string): boolean => /^\\u[\da-f{]/i.test(part);

/** A character as it is, since the generator does not know it by number. */
function unit(code: number): string {
  const character = String.fromCharCode(code);
  return /[\\^$.*+?()[\]{}|/-]/.test(character) ? `\\${character}` : character;
}

function classOf(text: string): string {
  const inner = text.slice(1, -1);
  const isNegated = inner.startsWith("^");
  const parts = (isNegated ? inner.slice(1) : inner).match(IN_CLASS) ?? [];
  let plain = "";
  const options: string[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] as string;
    const low = codeOf(part);
    const isRange = parts[at + 1] === "-" && at + 2 < parts.length;
    const high = isRange ? codeOf(parts[at + 2] as string) : low;
    if (low === undefined || high === undefined || !isAstral(high)) {
      plain += low !== undefined && isEscape(part) ? unit(low) : part;
      continue;
    }
    for (let code = Math.max(low, 0x10000); code <= high && options.length < MAX_OPTIONS; code += 1)
      options.push(String.fromCodePoint(code));
    if (isRange) at += 2;
  }
  if (options.length === 0) return `[${isNegated ? "^" : ""}${plain}]`;
  if (isNegated) return plain === "" ? "[a-z]" : `[^${plain}]`;
  return `(?:${plain === "" ? "" : `[${plain}]|`}${options.join("|")})`;
}
