/** Longer numbers are not kept: no system issues them as ids or amounts. */
const MAX_LENGTH = 400;
/** Stands before the digits in texts of JSON that never leave this module. Random, so that no input can forge it. */
const MARK = `number-${globalThis.crypto.randomUUID()}:`;
const MARKED = new RegExp(`"${MARK}([^"]*)"`, "g");

const known = new Map<string, WeakRef<LosslessNumber>>();
const forget = new FinalizationRegistry<string>((text) => {
  if (known.get(text)?.deref() === undefined) known.delete(text);
});
/** Whether this process has met such a number at all: until then nothing needs a second look. */
let met = false;
let writing = false;
let wrote = false;

/**
 * A number of a JSON text whose digits a double would change: `9007199254740993123`, `12345678901234567890.5`, `1.10`.
 * Equal texts are one object, so that `===`, sets and maps compare them as they compare numbers. `Number(value)` is the
 * nearest double, `String(value)` the digits. Source: RFC 8259, section 6, on the range and precision of numbers.
 */
export class LosslessNumber {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** The number with these digits. */
  static of(text: string): LosslessNumber {
    const found = known.get(text)?.deref();
    if (found !== undefined) return found;
    const made = new LosslessNumber(text);
    known.set(text, new WeakRef(made));
    forget.register(made, text);
    met = true;
    return made;
  }

  toString(): string {
    return this.#text;
  }

  valueOf(): number {
    return Number(this.#text);
  }

  /** Its digits within `writeJson`; elsewhere the nearest double, as JSON.parse would have read it. */
  toJSON(): string | number {
    if (!writing) return Number(this.#text);
    wrote = true;
    return MARK + this.#text;
  }
}

/** Whether a value is a number, its digits kept or not. */
export function isNumber(value: unknown): value is number | LosslessNumber {
  return typeof value === "number" || value instanceof LosslessNumber;
}

const WHOLE_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Reads a text as a number without losing digits; NaN if it is none. */
export function numberFrom(text: string): number | LosslessNumber {
  const number = Number(text);
  if (String(number) === text || text.length > MAX_LENGTH || !WHOLE_NUMBER.test(text)) return number;
  return LosslessNumber.of(text);
}

const DECIMAL = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** The value of a number's text, however it is written: its digits without outer zeros, and the place of its point. */
function valueText(text: string): string {
  const [, whole = "", fraction = "", exponent = "0"] = DECIMAL.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  const kept = digits.replace(/0+$/, "");
  const place = Number(exponent) - fraction.length + (digits.length - kept.length);
  return kept === "" ? "0" : `${text.startsWith("-") ? "-" : ""}${kept}e${place}`;
}

/**
 * Whether a double changes the value of a number with this text, beyond 2^53 where whole numbers are no longer told apart.
 * False for texts that are no numbers.
 */
export function isRounded(text: string): boolean {
  if (text.length <= SAFE_DIGITS || text.length > MAX_LENGTH || !DECIMAL.test(text)) return false;
  const number = Number(text);
  if (Math.abs(number) <= Number.MAX_SAFE_INTEGER) return false;
  return Number.isFinite(number) && valueText(String(number)) !== valueText(text);
}

/** JSON text of a value; a {@link LosslessNumber} is written as a number with its own digits. */
export function writeJson(value: unknown): string {
  if (!met) return JSON.stringify(value);
  wrote = false;
  writing = true;
  let text: string;
  try {
    text = JSON.stringify(value);
  } finally {
    writing = false;
  }
  return wrote ? text.replaceAll(MARKED, "$1") : text;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** So many digits are always kept by a double (IEEE 754, binary64). */
const SAFE_DIGITS = 15;
const ZERO = 0x30;
const NINE = 0x39;
const DOT = 0x2e;

/**
 * Whether a valid JSON text may hold a number that JSON.parse and JSON.stringify would not write back the same: sixteen
 * digits, an exponent, a fraction that ends in zero, or one below a millionth. A quick, generous look.
 */
function mayLoseDigits(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    let code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = stringEnd(text, at);
      continue;
    }
    if (code < ZERO || code > NINE) continue;
    const start = at;
    let fraction = false;
    let zero = false;
    for (;;) {
      at += 1;
      code = text.charCodeAt(at);
      if (code >= ZERO && code <= NINE) zero = code === ZERO;
      else if (code === DOT) fraction = true;
      else break;
    }
    if (code === 0x65 || code === 0x45 || at - start > SAFE_DIGITS || (fraction && zero)) return true;
    if (fraction && text.startsWith("0.000000", start)) return true;
    at -= 1;
  }
  return false;
}

/** The index of the quote that ends a string of a valid JSON text. */
function stringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
}

/**
 * Reads JSON text as JSON.parse does, but keeps the digits of numbers: one whose text would not be written back the same
 * is a {@link LosslessNumber}.
 * @throws SyntaxError as JSON.parse does
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!mayLoseDigits(text)) return value;
  const marked = markNumbers(text);
  return marked === undefined ? value : withLosslessNumbers(JSON.parse(marked));
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** A valid JSON text with numbers that need their digits written as marked strings; undefined if there is none. */
function markNumbers(text: string): string | undefined {
  let marked = "";
  let copied = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      for (at += 1; text.charCodeAt(at) !== QUOTE; at += 1) if (text.charCodeAt(at) === BACKSLASH) at += 1;
    } else if ((code >= 0x30 && code <= 0x39) || code === 0x2d) {
      NUMBER.lastIndex = at;
      const number = NUMBER.exec(text)?.[0] ?? "-";
      if (number.length <= MAX_LENGTH && String(Number(number)) !== number && number !== "-0") {
        marked += `${text.slice(copied, at)}"${MARK}${number}"`;
        copied = at + number.length;
      }
      at += number.length - 1;
    }
  }
  return copied === 0 ? undefined : marked + text.slice(copied);
}

/** Replaces the marks by numbers. Without recursion: an answer may be nested deeper than the stack. */
function withLosslessNumbers(value: unknown): unknown {
  const root = { value };
  const open: object[] = [root];
  for (let container = open.pop(); container !== undefined; container = open.pop()) {
    const own = container as Record<string, unknown>;
    for (const key of Object.keys(own)) {
      const inner = own[key];
      if (typeof inner === "object" && inner !== null) open.push(inner);
      else if (typeof inner === "string" && inner.startsWith(MARK)) {
        const number = LosslessNumber.of(inner.slice(MARK.length));
        if (key === "__proto__") Object.defineProperty(own, key, { value: number });
        else own[key] = number;
      }
    }
  }
  return root.value;
}

/**
 * Converts all numbers of a JSON value to doubles, for code that supports no others, such as a schema's validator;
 * returns the same value if it has no others.
 */
export function withDoubles<T>(value: T): T {
  return met ? (replaced(value, Number) as T) : value;
}

/** Converts numbers that no double can hold to texts of their digits; returns the same value if it has none. */
export function withDigits<T>(value: T): T {
  return met ? (replaced(value, String) as T) : value;
}

/**
 * Converts a JSON value for a library that serializes JSON itself: numbers that need their digits become marked texts,
 * which {@link withoutMarks} converts back in the library's output.
 */
export function withMarks<T>(value: T): T {
  return met ? (replaced(value, (number) => MARK + String(number)) as T) : value;
}

/** JSON text with the numbers that {@link withMarks} made texts of. */
export function withoutMarks(text: string): string {
  return met && text.includes(MARK) ? text.replaceAll(MARKED, "$1") : text;
}

/** Levels that are looked through; validators and the like, which are recursive themselves, see no deeper. */
const MAX_DEPTH = 1_000;

function replaced(value: unknown, replace: (number: LosslessNumber) => unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return value;
  if (value instanceof LosslessNumber) return replace(value);
  if (Array.isArray(value)) {
    const list = value.map((item) => replaced(item, replace, depth + 1));
    return list.some((item, index) => item !== value[index]) ? list : value;
  }
  const entries = Object.entries(value);
  const others = entries.map(([key, inner]): [string, unknown] => [key, replaced(inner, replace, depth + 1)]);
  return others.some(([, inner], index) => inner !== entries[index]?.[1])
    ? Object.fromEntries(others)
    : value;
}
