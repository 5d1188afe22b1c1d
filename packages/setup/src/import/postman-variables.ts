import { isJsonObject, type Json } from "@ape/core/lib/json";
import { entriesOf, objectOf, pairsOf, plainText } from "./recorded-value.ts";

/** Values may contain variables whose values contain others. */
const MAX_DEPTH = 10;
/** Longer texts are no address or body that people write. */
const MAX_TEXT = 100_000;
const REFERENCE = /\{\{([^{}]+)\}\}/g;

/** The variables of a Postman collection and its environment. */
export class PostmanVariables {
  readonly #values = new Map<string, string>();
  /** Values with their variables filled in. */
  readonly #whole = new Map<string, string>();
  /** Names that were used and have no value. */
  readonly unknown = new Set<string>();

  /** Adds `[{"key": "a", "value": "b"}]`; later values replace earlier ones. Skips disabled ones. */
  add(list: Json | undefined): void {
    for (const entry of entriesOf(list)) {
      const { id, key, value, enabled, disabled } = objectOf(entry);
      const name = plainText(key) ?? plainText(id);
      const text = plainText(value);
      if (name !== undefined && text !== undefined && enabled !== false && disabled !== true)
        this.#values.set(name, text);
    }
  }

  /** Fills `{{name}}`; `:id` in a path and names without a value become parameters. */
  fill(text: string): string {
    return this.#resolved(text.slice(0, MAX_TEXT), 0).replaceAll(/\/:(\w+)/g, "/{$1}");
  }

  /** The names in a text without a value. */
  unknownIn(text: string): string[] {
    return Array.from(text.matchAll(REFERENCE), ([, name = ""]) => name.trim()).filter(
      (name) => (this.#values.get(name) ?? "") === "",
    );
  }

  #resolved(text: string, depth: number): string {
    return text
      .replaceAll(REFERENCE, (_whole, written: string) => {
        const name = written.trim();
        const found = this.#whole.get(name) ?? this.#valueOf(name, depth);
        if (found !== undefined) return found;
        this.unknown.add(name);
        return `{${name}}`;
      })
      .slice(0, MAX_TEXT);
  }

  #valueOf(name: string, depth: number): string | undefined {
    const value = this.#values.get(name);
    if (value === undefined || value === "" || depth >= MAX_DEPTH) return undefined;
    const whole = this.#resolved(value, depth + 1);
    this.#whole.set(name, whole);
    return whole;
  }

  /**
   * A request's address as text: as written, else joined from its parts (Postman Collection 2.1, "url").
   * @returns an empty text if there is none
   */
  address(url: Json | undefined): string {
    if (!isJsonObject(url)) return plainText(url) ?? "";
    const raw = plainText(url.raw);
    if (raw !== undefined && raw.trim() !== "") return raw;
    const joined = (parts: Json | undefined, by: string): string =>
      Array.isArray(parts)
        ? parts.map((part) => plainText(isJsonObject(part) ? part.value : part) ?? "").join(by)
        : (plainText(parts) ?? "");
    const host = joined(url.host, ".");
    if (host === "") return "";
    const protocol = plainText(url.protocol);
    const port = plainText(url.port);
    const path = joined(url.path, "/").replace(/^\//, "");
    const query = Object.entries(pairsOf(url.query, "key"))
      .map(([key, value]) => `${key}=${value}`)
      .join("&");
    return `${protocol === undefined || host.startsWith("{{") ? "" : `${protocol.replace(/:?\/*$/, "")}://`}${host}${
      port === undefined || port === "" ? "" : `:${port}`
    }${path === "" ? "" : `/${path}`}${query === "" ? "" : `?${query}`}`;
  }
}
