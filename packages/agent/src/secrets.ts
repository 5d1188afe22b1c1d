import type { Json, JsonObject } from "@ape/core/json";
import { isNumber, writeJson } from "@ape/core/lossless-number";
import { maskSecrets } from "@ape/core/mask";

/** Shorter values would blank out ordinary text (as in `@ape/core/mask`), and so would the very word of a column. */
const MIN_LENGTH = 4;
/** Gained secrets that are remembered, replaced and refused ones included: an answer may still speak of those. */
const MAX_GAINED = 12;

const NONE: ReadonlyMap<string, string> = new Map();

/** The secrets of one session by value: hides them as placeholders in all that a model or an event shows. */
export class Secrets {
  readonly #configured: readonly string[];
  /** Value to name; columns of the data row. */
  readonly #columns: ReadonlyMap<string, string>;
  /** Value to name; gained ones, oldest first. */
  #gained: Map<string, string> | undefined;

  /**
   * @param configured values of the configuration that no event may show
   * @param row the data row, and the names of its secret columns
   */
  constructor(
    configured: readonly string[],
    row: { values: Readonly<Record<string, string>>; secret: readonly string[] } | undefined,
  ) {
    this.#configured = configured;
    let columns: Map<string, string> | undefined;
    for (const name of row?.secret ?? []) {
      const value = row?.values[name];
      if (value === undefined || value.length < MIN_LENGTH) continue;
      if (!row?.secret.some((column) => column.includes(value))) {
        columns ??= new Map();
        columns.set(value, name);
      }
    }
    this.#columns = columns ?? NONE;
  }

  /** Learns of a secret that the session gained. */
  add(name: string, value: string): void {
    if (value.length < MIN_LENGTH || this.#columns.has(value)) return;
    this.#gained ??= new Map();
    this.#gained.delete(value);
    this.#gained.set(value, name);
    if (this.#gained.size <= MAX_GAINED) return;
    for (const oldest of this.#gained.keys()) {
      this.#gained.delete(oldest);
      break;
    }
  }

  /** A text with every secret as its placeholder. */
  hide(text: string): string {
    let hidden = text;
    for (const [value, name] of this.#columns)
      if (hidden.includes(value)) hidden = hidden.replaceAll(value, () => `{{${name}}}`);
    if (this.#gained !== undefined)
      for (const [value, name] of this.#gained)
        if (hidden.includes(value)) hidden = hidden.replaceAll(value, () => `{{${name}}}`);
    return hidden;
  }

  /** A JSON text with every secret as its placeholder; it stays JSON. `json` is the same as a value. */
  hideText(text: string, json: Json): string {
    return this.#occursIn(text) ? writeJson(this.#hideIn(json)) : text;
  }

  #occursIn(text: string): boolean {
    for (const value of this.#columns.keys()) if (text.includes(asJson(value))) return true;
    if (this.#gained !== undefined)
      for (const value of this.#gained.keys()) if (text.includes(asJson(value))) return true;
    return false;
  }

  /** A JSON value with every secret as its placeholder, names of fields included; itself where it has none. */
  hideJson<T extends Json>(value: T): T {
    return this.#columns.size === 0 && this.#gained === undefined ? value : (this.#hideIn(value) as T);
  }

  #hideIn(value: Json): Json {
    if (typeof value === "string") return this.hide(value);
    if (isNumber(value)) {
      const text = String(value);
      const hidden = this.hide(text);
      return hidden === text ? value : hidden;
    }
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
      const name = this.hide(key);
      const hidden = this.#hideIn(item);
      if (hidden !== item || name !== key) changed = true;
      object[name] = hidden;
    }
    return changed ? object : value;
  }

  /**
   * A text for an event, at most `limit` characters: secrets as placeholders, those without a name as `***`.
   * @param others secrets that have no name, such as the values of cookies
   */
  mask(text: string, limit: number, others: Iterable<string> = []): string {
    const own = [...this.#columns.keys(), ...(this.#gained?.keys() ?? [])];
    // A secret that the limit would cut in two must be seen whole, and JSON writes some characters in another way.
    const enough = text.slice(0, limit + 4_096);
    const escaped = own.map(asJson);
    return maskSecrets(maskSecrets(this.hide(enough), escaped), [...this.#configured, ...others]).slice(
      0,
      limit,
    );
  }
}

/** A text as it stands within a JSON text. */
const asJson = (value: string): string => JSON.stringify(value).slice(1, -1);
