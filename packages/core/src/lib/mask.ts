import { decodeLayer, type MappedText } from "./encoded-text.ts";
import type { Json, JsonObject } from "./json.ts";
import { isNumber } from "./lossless-number.ts";
import { MAX_LAYERS, MIN_WITHIN, secretForms } from "./masking/secret-forms.ts";

/** What is shown in place of a secret. */
export const MASK = "***";
/** Values shorter than this are masked as whole values only: within words they would blank out ordinary text. */
const MIN_IN_TEXT = 4;
/**
 * Up to this many forms each is searched separately; beyond, a table of their beginnings is read once per character.
 */
const FEW = 40;
/** Longest name of a placeholder. */
const MAX_NAME = 80;
/** A shorter number is no secret if it is a number rather than a text: masking would blank out every quantity. */
const MIN_DIGITS = 3;
const DIGITS = /^\d+$/;
const AFTER_VALUE = /[&;,#\s"'<>)\]}]/;

/** Where encodings begin that may hide a secret; see {@link decodeLayer}. */
const ENCODED = /%[0-9a-fu][0-9a-f]|&(?:#|[a-z]{2,6};)|\\[0-3ux/]/i;
/** The same, for secrets of which escapes in JSON or HTML may change a character. */
const ESCAPED = /%[0-9a-fu][0-9a-f]|&(?:#|[a-z]{2,6};)|\\/i;
const ESCAPABLE = /["'\\\p{Cc}]/u;

interface Entry {
  /** Masked only as a whole value. */
  whole: boolean;
  forms: readonly string[];
  label: string;
}

/** A form of a secret, and what replaces it. */
interface Form {
  text: string;
  label: string;
  /** Digits only: not masked within a longer number. */
  digits: boolean;
  /** Masked only as a whole value. */
  whole: boolean;
}

export interface MaskerOptions {
  /** Secrets that are masked too, such as those of the configuration beside a session's own. */
  base?: SecretMasker | undefined;
  /** Names of placeholders, and of fields that are no secrets although a secret may be part of them. */
  names?: readonly string[];
  /** Secrets of fewer characters are masked as whole values only; 4 if omitted. */
  minInText?: number;
}

/**
 * Replaces secrets in texts, in every form of {@link secretForms} and behind every encoding of {@link decodeLayer}, in one pass: what has been put in place of a secret is
 * never masked again. A secret of fewer than four characters is masked where it is a whole value (a JSON value, the value
 * of a query, form field or header) and not within words; digits are not masked within a longer number.
 */
export class SecretMasker {
  readonly #base: SecretMasker | undefined;
  readonly #names: Set<string>;
  readonly #minInText: number;
  readonly #entries = new Map<string, Entry>();
  #forms: readonly Form[] | undefined;
  /** A secret has been added that escapes change. */
  #escapable = false;
  /** Bit n is set if a form begins with four characters of the hash n; built for many forms. */
  #beginnings: Uint8Array | undefined;

  constructor({ base, names = [], minInText = MIN_IN_TEXT }: MaskerOptions = {}) {
    this.#base = base;
    this.#names = new Set(names);
    this.#minInText = minInText;
  }

  /** Number of secrets, without those of its base. */
  get size(): number {
    return this.#entries.size;
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0 && (this.#base === undefined || this.#base.isEmpty);
  }

  /**
   * Adds a secret.
   * @param name of its placeholder; without one it is shown as `***`
   * @param whole mask it only as a whole value, whatever its length
   */
  add(value: string, name?: string, whole = false): void {
    if (value === "" || this.#entries.has(value)) return;
    if (name !== undefined) this.#names.add(name);
    this.#entries.set(value, {
      whole: whole || value.length < this.#minInText,
      forms: secretForms(value),
      label: name === undefined ? MASK : `{{${name}}}`,
    });
    this.#escapable ||= ESCAPABLE.test(value);
    this.#forms = undefined;
  }

  /** Whether a value was added as a secret. */
  knows(value: string): boolean {
    return this.#entries.has(value);
  }

  delete(value: string): void {
    if (this.#entries.delete(value)) this.#forms = undefined;
  }

  /** A text with every secret replaced; the same text if it has none. */
  mask(text: string): string {
    const plain = this.#mayHoldAsIs(text) ? this.#replace(text) : text;
    return this.#mayBeEncoded(plain) ? this.#replaceEncoded(plain) : plain;
  }

  /** Whether a secret occurs in a text. */
  occursIn(text: string): boolean {
    return this.mask(text) !== text;
  }

  /** What replaces a number, or undefined. Numbers of one or two digits are no secrets. */
  maskNumber(text: string): string | undefined {
    if (text.length < MIN_DIGITS) return undefined;
    const masked = this.mask(text);
    return masked === text ? undefined : masked;
  }

  /** The name of a field with every secret in it replaced; short secrets are values, not names. */
  maskName(name: string): string {
    return name.length < this.#minInText || this.#names.has(name) ? name : this.mask(name);
  }

  /** A JSON value with every secret replaced, names of fields included; the same value if it has none. */
  maskJson(value: Json): Json {
    if (typeof value === "string") return this.mask(value);
    if (isNumber(value)) return this.maskNumber(String(value)) ?? value;
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) {
      const bytes = this.#maskBytes(value);
      if (bytes !== undefined) return bytes;
      let list: Json[] | undefined;
      for (let i = 0; i < value.length; i += 1) {
        const item = value[i] ?? null;
        const hidden = this.maskJson(item);
        if (hidden === item) continue;
        list ??= [...value];
        list[i] = hidden;
      }
      return list ?? value;
    }
    let changed = false;
    const object: JsonObject = {};
    for (const key in value) {
      const item = value[key] ?? null;
      const name = this.maskName(key);
      const hidden = this.maskJson(item);
      if (hidden !== item || name !== key) changed = true;
      object[name] = hidden;
    }
    return changed ? object : value;
  }

  /** A list of bytes that holds a secret, as the text of what is left of it. */
  #maskBytes(list: readonly Json[]): string | undefined {
    if (list.length < MIN_WITHIN || !list.every((one) => typeof one === "number")) return undefined;
    const text = list.join(",");
    const masked = this.mask(text);
    return masked === text ? undefined : masked;
  }

  #compiled(): readonly Form[] {
    if (this.#forms !== undefined) return this.#forms;
    const forms: Form[] = [];
    for (const [value, { forms: texts, label, whole }] of this.#entries)
      for (const text of texts)
        forms.push({
          text,
          label,
          digits: DIGITS.test(text),
          whole: whole || this.#names.has(value),
        });
    // The longest first: a secret may be the beginning of another one.
    forms.sort((one, other) => other.text.length - one.text.length);
    this.#forms = forms;
    this.#beginnings = forms.length > FEW ? beginningsOf(forms) : undefined;
    return forms;
  }

  /** Whether a secret may occur in a text: false is certain. */
  mayHold(text: string): boolean {
    if (this.#mayHoldAsIs(text)) return true;
    if (!this.#mayBeEncoded(text)) return false;
    let decoded = decodeLayer(text);
    for (let layer = 0; decoded !== undefined && layer < MAX_LAYERS; layer += 1) {
      if (this.#mayHoldAsIs(decoded.text)) return true;
      decoded = decodeLayer(decoded.text);
    }
    return false;
  }

  /** Whether an encoding occurs in a text that may hide a secret. */
  #mayBeEncoded(text: string): boolean {
    if (this.isEmpty || !(text.includes("\\") || text.includes("%") || text.includes("&"))) return false;
    return (this.#hasEscapable() ? ESCAPED : ENCODED).test(text);
  }

  #hasEscapable(): boolean {
    if (this.#escapable || this.#base === undefined) return this.#escapable;
    return this.#base.#hasEscapable();
  }

  #mayHoldAsIs(text: string): boolean {
    if (this.#entries.size > 0) {
      const forms = this.#compiled();
      if (this.#beginnings !== undefined) {
        if (hasBeginning(text, this.#beginnings)) return true;
        for (const form of forms) if (form.text.length < 4 && text.includes(form.text)) return true;
      } else for (const form of forms) if (text.includes(form.text)) return true;
    }
    if (this.#base === undefined) return false;
    return this.#base.#mayHoldAsIs(text);
  }

  #all(): readonly Form[] {
    const own = this.#compiled();
    return this.#base === undefined ? own : [...own, ...this.#base.#all()];
  }

  /** Replaces what is in a text encoded, up to four times over; what is not encoded stays as it is. */
  #replaceEncoded(text: string): string {
    const ranges: { start: number; end: number; label: string }[] = [];
    const layers: MappedText[] = [];
    let decoded = decodeLayer(text);
    while (decoded !== undefined && layers.length < MAX_LAYERS) {
      layers.push(decoded);
      if (this.#mayHoldAsIs(decoded.text)) this.#findEncoded(layers, ranges);
      decoded = decodeLayer(decoded.text);
    }
    if (ranges.length === 0) return text;
    ranges.sort((one, other) => one.start - other.start || other.end - one.end);
    let out = "";
    let from = 0;
    for (const { start, end, label } of ranges) {
      if (end <= from) continue;
      // Of two that overlap, the rest of the second belongs to a secret too.
      if (start >= from) out += text.slice(from, start) + label;
      from = end;
    }
    return out + text.slice(from);
  }

  /** Finds secrets in the innermost of several layers, and their positions in the original text. */
  #findEncoded(layers: readonly MappedText[], ranges: { start: number; end: number; label: string }[]): void {
    const { text } = layers.at(-1) as MappedText;
    for (const form of this.#all())
      for (let at = text.indexOf(form.text); at >= 0; at = text.indexOf(form.text, at + form.text.length)) {
        let range = { start: at, end: at + form.text.length };
        if (!isMasked(text, at, range.end, form) || this.#nameAround(text, at, range.end) !== undefined)
          continue;
        let encoded = form.whole;
        for (let layer = layers.length - 1; layer >= 0; layer -= 1) {
          const { rangeOf, wasEncoded } = layers[layer] as MappedText;
          encoded ||= wasEncoded(range.start, range.end);
          range = rangeOf(range.start, range.end);
        }
        if (encoded) ranges.push({ ...range, label: form.label });
      }
  }

  #replace(text: string): string {
    const found: { form: Form; at: number }[] = [];
    for (const form of this.#all()) {
      const at = text.indexOf(form.text);
      if (at >= 0) found.push({ form, at });
    }
    let out = "";
    let from = 0;
    while (found.length > 0) {
      let next = found[0] as { form: Form; at: number };
      for (const one of found)
        if (one.at < next.at || (one.at === next.at && one.form.text.length > next.form.text.length))
          next = one;
      const { form, at } = next;
      if (at === Number.POSITIVE_INFINITY) break;
      const end = at + form.text.length;
      let kept: number | undefined = at + 1;
      if (isMasked(text, at, end, form)) {
        kept = this.#nameAround(text, at, end);
        // The secret is the name itself, and is here in the place of a value.
        if (form.whole && kept === end) kept = undefined;
      }
      out += kept === undefined ? text.slice(from, at) + form.label : text.slice(from, kept);
      from = kept ?? end;
      for (const one of found)
        if (one.at < from) {
          const index = text.indexOf(one.form.text, from);
          one.at = index < 0 ? Number.POSITIVE_INFINITY : index;
        }
    }
    return out + text.slice(from);
  }

  /** Where a placeholder, or a name that a secret is part of, ends; undefined if the range is part of none. */
  #nameAround(text: string, at: number, end: number): number | undefined {
    const open = text.lastIndexOf("{{", at);
    if (open >= 0 && at - open <= MAX_NAME) {
      const close = text.indexOf("}}", open);
      if (close >= end && this.#names.has(text.slice(open + 2, close).trim())) return close + 2;
    }
    for (const name of this.#names) {
      if (name.length < end - at) continue;
      for (let start = Math.max(0, end - name.length); start <= at; start += 1)
        if (text.startsWith(name, start)) return start + name.length;
    }
    return undefined;
  }
}

/** Whether a match of a secret's form is a secret at that place. */
function isMasked(text: string, at: number, end: number, { whole, digits }: Form): boolean {
  if (digits && (isDigit(text, at - 1) || isDigit(text, end))) return false;
  return !whole || isWholeValue(text, at, end, digits);
}

const isDigit = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
};

/** Whether a range is a whole value: of JSON, of a query or form, or of a header. */
function isWholeValue(text: string, at: number, end: number, digits: boolean): boolean {
  const before = text[at - 1];
  const after = text[end];
  if (before === undefined && after === undefined) return true;
  if (before === '"')
    return (after === '"' && text[end + 1] !== ":") || (after === "\\" && text[end + 1] === '"');
  const ends = after === undefined || AFTER_VALUE.test(after);
  if (before === "=") return ends;
  const afterColon = before === ":" || (before === " " && text[at - 2] === ":");
  if (digits && end - at < MIN_DIGITS) return false;
  if (afterColon) return ends;
  return digits && (before === "[" || before === ",") && (after === "," || after === "]");
}

const TABLE_BITS = 16;

/** A hash of the last four characters: those before are shifted out. */
const rolled = (hash: number, code: number): number => ((hash << 4) ^ code) & ((1 << TABLE_BITS) - 1);

function beginningsOf(forms: readonly Form[]): Uint8Array {
  const table = new Uint8Array(1 << (TABLE_BITS - 3));
  for (const { text } of forms) {
    if (text.length < 4) continue;
    let hash = 0;
    for (let i = 0; i < 4; i += 1) hash = rolled(hash, text.charCodeAt(i));
    table[hash >> 3] = (table[hash >> 3] ?? 0) | (1 << (hash & 7));
  }
  return table;
}

function hasBeginning(text: string, table: Uint8Array): boolean {
  let hash = 0;
  for (let i = 0; i < text.length; i += 1) {
    hash = rolled(hash, text.charCodeAt(i));
    if (i >= 3 && ((table[hash >> 3] ?? 0) & (1 << (hash & 7))) !== 0) return true;
  }
  return false;
}

/** The maskers of each list of secrets by their `minInText`, so that they are compiled once. */
const maskers = new WeakMap<readonly string[], Map<number, SecretMasker>>();

/** The masker of a list of secrets that does not change. */
export function maskerOf(secrets: readonly string[], minInText = MIN_IN_TEXT): SecretMasker {
  let known = maskers.get(secrets);
  if (known === undefined) {
    known = new Map();
    maskers.set(secrets, known);
  }
  let masker = known.get(minInText);
  if (masker === undefined) {
    masker = new SecretMasker({ minInText });
    for (const secret of secrets) masker.add(secret);
    known.set(minInText, masker);
  }
  return masker;
}

/** A text with every secret of a list as `***`. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  return maskerOf(secrets).mask(text);
}
