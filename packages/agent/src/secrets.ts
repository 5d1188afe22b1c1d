import type { Json, JsonObject } from "@ape/core/json";
import { maskerOf, SecretMasker } from "@ape/core/mask";
import type { DataRow } from "./data-row.ts";

/** Gained secrets that are remembered, replaced and refused ones included: an answer may still speak of those. */
const MAX_GAINED = 12;

/** The secrets of one session by value: hides them as placeholders in all that a model or an event shows. */
export class Secrets {
  readonly #masker: SecretMasker;
  /** Values of gained secrets, oldest first. */
  #gained: Set<string> | undefined;

  /**
   * @param configured values of the configuration that neither models nor events may show
   * @param row the data row, and the names of its secret columns
   */
  constructor(configured: readonly string[], row: DataRow | undefined) {
    const names = row?.secret ?? [];
    this.#masker = new SecretMasker({
      names,
      base: configured.length === 0 ? undefined : maskerOf(configured),
    });
    for (const name of names) this.#masker.add(row?.values[name] ?? "", name);
  }

  /** Adds a secret that the session gained. @param name of its placeholder; without one it becomes `***` */
  add(value: string, name?: string): void {
    const gained = this.#gained?.has(value) === true;
    if (!gained && this.#masker.knows(value)) return;
    this.#gained ??= new Set();
    this.#gained.delete(value);
    this.#gained.add(value);
    if (!gained) this.#masker.add(value, name);
    if (this.#gained.size <= MAX_GAINED) return;
    for (const oldest of this.#gained) {
      this.#gained.delete(oldest);
      this.#masker.delete(oldest);
      break;
    }
  }

  /** A text with every secret as its placeholder, those without a name as `***`. */
  hide(text: string): string {
    return this.#masker.mask(text);
  }

  /** A JSON text with every secret as its placeholder; it stays JSON. `json` is the same as a value. */
  hideText(text: string, json: Json): string {
    return this.#masker.occursIn(text) ? JSON.stringify(this.#hideIn(json)) : text;
  }

  /** A JSON value with every secret as its placeholder, names of fields included; itself where it has none. */
  hideJson<T extends Json>(value: T): T {
    return this.#masker.isEmpty ? value : (this.#hideIn(value) as T);
  }

  #hideIn(value: Json): Json {
    if (typeof value === "string") return this.#masker.mask(value);
    if (typeof value === "number") return this.#masker.maskNumber(String(value)) ?? value;
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) {
      let list: Json[] | undefined;
      for (let i = 0; i < value.length; i += 1) {
        const item = value[i] ?? null;
        const hidden = this.#hideIn(item);
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
      const name = this.#masker.maskName(key);
      const hidden = this.#hideIn(item);
      if (hidden !== item || name !== key) changed = true;
      object[name] = hidden;
    }
    return changed ? object : value;
  }

  /** A text for an event, at most `limit` characters, with every secret hidden. */
  mask(text: string, limit: number): string {
    // A secret that the limit would cut in two must be seen whole.
    return this.hide(text.slice(0, limit + 4_096)).slice(0, limit);
  }
}
