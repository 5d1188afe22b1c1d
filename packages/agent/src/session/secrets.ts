import type { Json } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { maskerOf, maskSecrets, SecretMasker } from "@ape/core/lib/mask";
import type { DataRow } from "./data-row.ts";

/**
 * Number of gained secrets that are remembered, replaced and refused ones included: an answer may still contain them.
 */
const MAX_GAINED = 48;
const MAX_ABBREVIATED = 8;
/** Longest secret, in its longest encoding, that a bounded text may cut in two. */
const MAX_SECRET = 70_000;
/** Shorter gained secrets, and words, are hidden as whole values only: they would blank out ordinary text. */
const MIN_GAINED = 6;
const WORD = /^[A-Za-z]{1,12}$/;

/**
 * Shorter secrets of the configuration are hidden as whole values only in what models see: they are no placeholders, so an
 * id that holds one could not be sent back.
 */
const MIN_CONFIGURED = 8;

/** The secrets of one session by value: hides them as placeholders in all that a model or an event shows. */
export class Secrets {
  readonly #masker: SecretMasker;
  readonly #configured: readonly string[];
  /** Values of gained secrets, oldest first. */
  #gained: Set<string> | undefined;
  /** Long values that are no secrets, by the names of their placeholders. */
  #abbreviated: Map<string, string> | undefined;

  /**
   * @param configured values of the configuration that neither models nor events may show
   * @param row the data row, and the names of its secret columns
   */
  constructor(configured: readonly string[], row: DataRow | undefined) {
    this.#configured = configured;
    const names = row?.secret ?? [];
    this.#masker = new SecretMasker({
      names,
      base: configured.length === 0 ? undefined : maskerOf(configured, MIN_CONFIGURED),
    });
    for (const name of names) this.#masker.add(row?.values[name] ?? "", name);
  }

  /**
   * Adds a secret that the session gained.
   * @param name of its placeholder; without one it is shown as `***`
   */
  add(value: string, name?: string): void {
    this.#forgetAbbreviated(value);
    const gained = this.#gained?.has(value) === true;
    if (!gained && this.#masker.knows(value)) return;
    this.#gained ??= new Set();
    this.#gained.delete(value);
    this.#gained.add(value);
    if (!gained) this.#masker.add(value, name, value.length < MIN_GAINED || WORD.test(value));
    if (this.#gained.size <= MAX_GAINED) return;
    for (const oldest of this.#gained) {
      this.#gained.delete(oldest);
      this.#masker.delete(oldest);
      break;
    }
  }

  /**
   * Shows a long value that is no secret as its placeholder too: the latest of each name, separately from the secrets.
   */
  abbreviate(value: string, name: string): void {
    if (this.#masker.knows(value)) return;
    this.#abbreviated ??= new Map();
    this.#forgetAbbreviated(this.#abbreviated.get(name));
    this.#abbreviated.set(name, value);
    this.#masker.add(value, name);
    if (this.#abbreviated.size <= MAX_ABBREVIATED) return;
    for (const oldest of this.#abbreviated.values()) {
      this.#forgetAbbreviated(oldest);
      break;
    }
  }

  #forgetAbbreviated(value: string | undefined): void {
    if (value === undefined || this.#abbreviated === undefined) return;
    for (const [name, known] of this.#abbreviated)
      if (known === value) {
        this.#abbreviated.delete(name);
        this.#masker.delete(value);
      }
  }

  /** A text with every secret as its placeholder, those without a name as `***`. */
  hide(text: string): string {
    return this.#masker.mask(text);
  }

  /** A JSON text with every secret as its placeholder; it stays JSON. `json` is the same as a value. */
  hideText(text: string, json: Json): string {
    return this.#masker.occursIn(text) ? writeJson(this.#masker.maskJson(json)) : text;
  }

  /** A JSON value with every secret as its placeholder, names of fields included; itself where it has none. */
  hideJson<T extends Json>(value: T): T {
    return this.#masker.isEmpty ? value : (this.#masker.maskJson(value) as T);
  }

  /** A text for an event, at most `limit` characters, with every secret hidden. */
  mask(text: string, limit: number): string {
    // A secret that the limit would cut in two must be read as a whole.
    return maskSecrets(this.hide(text.slice(0, limit + MAX_SECRET)), this.#configured).slice(0, limit);
  }
}
