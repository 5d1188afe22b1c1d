import type { Json, JsonObject } from "./json.ts";
import { isNumber } from "./lossless-number.ts";
import { secretForms } from "./secret-forms.ts";

const MASK = "***";
/** Values shorter than this are masked as whole values only: within words they would blank out ordinary text. */
const MIN_IN_TEXT = 4;
/** Up to so many forms each is searched for by itself; beyond, a table of their beginnings is looked at once per character. */
const FEW = 24;
/** Longest name of a placeholder. */
const MAX_NAME = 80;
/** A shorter number is no secret where it is a number and not a text: it would blank out every quantity. */
const MIN_DIGITS = 3;
const DIGITS = /^\d+$/;
const AFTER_VALUE = /[&;,#\s"'<>)\]}]/;

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
 * Replaces secrets in texts, in every form of {@link secretForms}, in one pass: what has been put in place of a secret is
 * never masked again. A secret of fewer than four characters is masked where it is a whole value (a JSON value, the value
 * of a query, form field or header) and not within words; digits are not masked within a longer number.
 */
export class SecretMasker {
  readonly #base: SecretMasker | undefined;
  readonly #names: Set<string>;
  readonly #minInText: number;
  readonly #entries = new Map<string, Entry>();
  #forms: readonly Form[] | undefined;
  /** Bit n is set where a form begins with four characters of the hash n; made when there are many forms. */
  #beginnings: Uint8Array | undefined;

  constructor({ base, names = [], minInText = MIN_IN_TEXT }: MaskerOptions = {}) {
    this.#base = base;
    this.#names = new Set(names);
    this.#minInText = minInText;
  }

  /** How many secrets it knows, without those of its base. */
  get size(): number {
    return this.#entries.size;
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0 && (this.#base === undefined || this.#base.isEmpty);
  }

  /**
   * Adds a secret.
   * @param name of its placeholder; without one it becomes `***`
   * @param whole mask it as a whole value only, whatever its length
   */
  add(value: string, name?: string, whole = false): void {
    if (value === "" || this.#entries.has(value)) return;
    if (name !== undefined) this.#names.add(name);
    this.#entries.set(value, {
      whole: whole || value.length < this.#minInText,
      forms: secretForms(value),
      label: name === undefined ? MASK : `{{${name}}}`,
    });
    this.#forms = undefined;
  }

  /** Whether a value was added as a secret. */
  knows(value: string): boolean {
    return this.#entries.has(value);
  }

  delete(value: string): void {
    if (this.#entries.delete(value)) this.#forms = undefined;
  }

  /** A text with every secret replaced; the text itself where it has none. */
  mask(text: string): string {
    return this.mayHold(text) ? this.#replace(text) : text;
  }

  /** Whether a secret occurs in a text. */
  occursIn(text: string): boolean {
    return this.mayHold(text) && this.#replace(text) !== text;
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

  /** A JSON value with every secret replaced, names of fields included; itself where it has none. */
  maskJson(value: Json): Json {
    if (typeof value === "string") return this.mask(value);
    if (isNumber(value)) return this.maskNumber(String(value)) ?? value;
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) {
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
    if (this.#entries.size > 0) {
      const forms = this.#compiled();
      if (this.#beginnings !== undefined) {
        if (hasBeginning(text, this.#beginnings)) return true;
        for (const form of forms) if (form.text.length < 4 && text.includes(form.text)) return true;
      } else for (const form of forms) if (text.includes(form.text)) return true;
    }
    return this.#base?.mayHold(text) === true;
  }

  #all(): readonly Form[] {
    const own = this.#compiled();
    return this.#base === undefined ? own : [...own, ...this.#base.#all()];
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

/** Whether the form of a secret, where it was found, is a secret there. */
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
