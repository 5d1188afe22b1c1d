import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { SourceConfig as Source } from "@ape/core/config/inference";
import { decodeText } from "@ape/core/lib/charset";
import { ApeError } from "@ape/core/lib/errors";

/** A key as it was configured. */
export interface KeyEntry {
  key: string;
  /** Keys of one organisation share its limits. */
  organisation: string;
}

/** A key in use. Its value is in its headers alone. */
export interface Key {
  /** Counted from 1, in the order of the configuration: what messages call it. */
  readonly place: number;
  readonly organisation: string;
  readonly headers: readonly string[];
}

/** What keys of which no organisation is named belong to: they count as one, because limits are an organisation's. */
const UNNAMED = "default";

/**
 * Every key of a source: `apiKey`, `apiKeys` and the lines of `keyFile` (a key, and after a blank its organisation; `#` begins a comment).
 * @throws ApeError FILE_MISSING
 */
export async function loadKeys(source: Source, baseDir: string): Promise<KeyEntry[]> {
  const { apiKey, apiKeys, keyFile, organisation = UNNAMED } = source;
  const entries: KeyEntry[] = apiKey === undefined ? [] : [{ key: apiKey, organisation }];
  for (const one of apiKeys)
    entries.push(
      typeof one === "string"
        ? { key: one, organisation }
        : { key: one.key, organisation: one.organisation ?? organisation },
    );
  if (keyFile !== undefined)
    for (const line of (await read(resolve(baseDir, keyFile), keyFile)).split(/\r?\n/)) {
      const [key = "", of = organisation] = line
        .replace(/(?:^|\s)#.*$/, "")
        .trim()
        .split(/\s+/, 2);
      if (key !== "") entries.push({ key, organisation: of });
    }
  const seen = new Set<string>();
  return entries.filter(({ key }) => !seen.has(key) && seen.add(key));
}

async function read(path: string, name: string): Promise<string> {
  try {
    return decodeText(await readFile(path)).text;
  } catch (cause) {
    throw new ApeError("FILE_MISSING", `inference.keyFile: ${name} cannot be read`, {
      hint: "Write one key a line into it, readable for you alone (chmod 600).",
      cause,
    });
  }
}

/** What to say of keys that add no quota; undefined where each has an organisation of its own. */
export function sharedQuota(keys: readonly KeyEntry[]): string | undefined {
  const organisations = new Set(keys.map(({ organisation }) => organisation)).size;
  if (organisations === keys.length) return undefined;
  return `${keys.length} keys of ${organisations === 1 ? "one organisation" : `${organisations} organisations`}: providers limit an organisation, so keys of the same one add no quota`;
}

/** The keys of one provider: dealt in turn within an organisation, and taken out when the provider refuses them. */
export class KeyRing {
  readonly #total: number;
  readonly #alive = new Map<string, Key[]>();
  readonly #out: (message: string) => void;
  #lastRefusal = "";

  /** @param out told once of each key that is taken out */
  constructor(
    entries: readonly KeyEntry[],
    out: (message: string) => void,
    headersOf: (key: string) => readonly string[] = (key) => ["authorization", `Bearer ${key}`],
  ) {
    this.#out = out;
    this.#total = entries.length;
    for (const [index, { key, organisation }] of entries.entries())
      this.#add({ place: index + 1, organisation, headers: headersOf(key) });
    if (entries.length === 0) this.#add({ place: 0, organisation: UNNAMED, headers: [] });
  }

  get organisations(): string[] {
    return [...this.#alive.keys()];
  }

  /** The next key of an organisation; undefined where all of them were refused. */
  next(organisation: string): Key | undefined {
    const keys = this.#alive.get(organisation);
    const [first] = keys ?? [];
    if (first === undefined || keys === undefined || keys.length === 1) return first;
    keys.push(keys.shift() as Key);
    return first;
  }

  /** Whether any key is left. */
  get alive(): boolean {
    for (const keys of this.#alive.values()) if (keys.length > 0) return true;
    return false;
  }

  /** Why none is left, for whoever asks in vain. */
  get lastRefusal(): string {
    return this.#lastRefusal;
  }

  /** Takes a key out that the provider refused with 401 (unknown) or 402 (not paid). */
  refuse(key: Key, status: number, provider: string): void {
    const keys = this.#alive.get(key.organisation) ?? [];
    const at = keys.indexOf(key);
    // Without a key there is nothing to take out: the server's own message says what it wants.
    if (at === -1 || key.place === 0) return;
    keys.splice(at, 1);
    const why = status === 402 ? "payment is required" : "it is not valid";
    this.#lastRefusal = `${provider} refused ${this.#total === 1 ? "the key" : `key ${key.place} of ${this.#total}`} with ${status}: ${why}`;
    this.#out(`${this.#lastRefusal}; it is not used any more${this.alive ? "" : ", and no other is left"}`);
  }

  #add(key: Key): void {
    const keys = this.#alive.get(key.organisation);
    if (keys === undefined) this.#alive.set(key.organisation, [key]);
    else keys.push(key);
  }
}
