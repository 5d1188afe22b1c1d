import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { SourceConfig as Source } from "@ape/core/config/inference";
import { decodeText } from "@ape/core/lib/charset";
import { ApeError } from "@ape/core/lib/errors";
import { maskSecrets } from "@ape/core/lib/mask";

/** A key as configured. */
export interface KeyEntry {
  key: string;
  /** Keys of one organisation share its limits. */
  organisation: string;
}

/** A key in use. Only its headers contain its value. */
export interface Key {
  /** Counted from 1, in the order of the configuration; its name in messages. */
  readonly place: number;
  readonly organisation: string;
  readonly headers: readonly string[];
}

/** Number of refusals that are reported; a provider may word each differently. */
const MOST_TOLD = 100;
/** The organisation of keys that name none: they count as one, because limits apply per organisation. */
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

/** The notice for keys that add no quota; undefined if each has its own organisation. */
export function sharedQuota(keys: readonly KeyEntry[]): string | undefined {
  const organisations = new Set(keys.map(({ organisation }) => organisation)).size;
  if (organisations === keys.length) return undefined;
  return `${keys.length} keys of ${organisations === 1 ? "one organisation" : `${organisations} organisations`}: providers limit an organisation, so keys of the same one add no quota`;
}

/** Pause before a refused key is tried again; doubled with each further refusal. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;
/** A refusal of one request only; a smaller one may pass. Source: OpenRouter, "Errors", 402. */
const OF_THE_REQUEST = /fewer max_tokens|can only afford|reduce (?:the )?max_tokens/i;

/** How the keys of a provider are sent and named, for all of its models. */
interface KeySource {
  readonly keys: readonly Key[];
  readonly secrets: readonly string[];
  readonly out: (message: string) => void;
  /** Refusals that were reported. */
  readonly told: Set<string>;
}

/**
 * The keys of one provider for one model, used in turn within an organisation. A key that the provider refuses is
 * paused and then tried again: it may lack a right for this model only, or be paid for in the meantime.
 */
export class KeyRing {
  readonly #source: KeySource;
  readonly #byOrganisation = new Map<string, Key[]>();
  readonly #spared = new Map<Key, { until: number; pauseMs: number }>();
  #lastRefusal = "";

  /** @param out called once per refused key and reason */
  static of(
    entries: readonly KeyEntry[],
    out: (message: string) => void,
    headersOf: (key: string) => readonly string[] = (key) => ["authorization", `Bearer ${key}`],
  ): KeyRing {
    const keys: Key[] = entries.map(({ key, organisation }, index) => ({
      place: index + 1,
      organisation,
      headers: headersOf(key),
    }));
    if (entries.length === 0) keys.push({ place: 0, organisation: UNNAMED, headers: [] });
    return new KeyRing({ keys, secrets: entries.map(({ key }) => key), out, told: new Set() });
  }

  private constructor(source: KeySource) {
    this.#source = source;
    for (const key of source.keys) {
      const keys = this.#byOrganisation.get(key.organisation);
      if (keys === undefined) this.#byOrganisation.set(key.organisation, [key]);
      else keys.push(key);
    }
  }

  /** The same keys for another model. */
  forModel(): KeyRing {
    return new KeyRing(this.#source);
  }

  get organisations(): string[] {
    return [...this.#byOrganisation.keys()];
  }

  /** The next key of an organisation; undefined if all of them are paused. */
  next(organisation: string, now: number): Key | undefined {
    const keys = this.#byOrganisation.get(organisation) ?? [];
    if (keys.length === 1 && this.#spared.size === 0) return keys[0];
    const at = keys.findIndex((key) => this.#isUsable(key, now));
    if (at === -1) return undefined;
    const [key] = keys.splice(at, 1) as [Key];
    keys.push(key);
    return key;
  }

  /** Whether a key of an organisation may be used. */
  has(organisation: string, now: number): boolean {
    if (this.#spared.size === 0) return true;
    return (this.#byOrganisation.get(organisation) ?? []).some((key) => this.#isUsable(key, now));
  }

  /** Whether any key may be used. */
  usable(now: number): boolean {
    return this.#spared.size === 0 || this.#source.keys.some((key) => this.#isUsable(key, now));
  }

  /** Whether another key may be used. */
  hasOther(key: Key, now: number): boolean {
    return this.#source.keys.some((one) => one !== key && this.#isUsable(one, now));
  }

  /** Why no key may be used, for error messages. */
  get lastRefusal(): string {
    return this.#lastRefusal;
  }

  /** Marks a key that the provider accepted. */
  accept(key: Key): void {
    this.#spared.delete(key);
  }

  /**
   * Marks a key that the provider refused, see `keyRefusal`.
   * @param status of the refusal: 401 (unknown, or without this right), 402 or 429 (not paid), 400 or 403 (as its words say)
   * @param words of the provider
   * @returns whether another key may be tried for the same request
   */
  refuse(key: Key, status: number, provider: string, words: string, now: number): boolean {
    // Without a key there is nothing to pause: the server's own message says what it requires.
    if (key.place === 0) return false;
    const others = this.hasOther(key, now);
    const ofRequest = status === 402 && OF_THE_REQUEST.test(words);
    if (ofRequest && !others) return false;
    const before = this.#spared.get(key);
    if (before === undefined || before.until <= now) {
      const pauseMs = before === undefined ? FIRST_PAUSE_MS : Math.min(before.pauseMs * 2, LONGEST_PAUSE_MS);
      this.#spared.set(key, { until: now + pauseMs, pauseMs });
    }
    this.#notify(key, status, provider, words);
    return others;
  }

  #notify(key: Key, status: number, provider: string, words: string): void {
    const { keys, secrets, out, told } = this.#source;
    const which = keys.length === 1 ? "the key" : `key ${key.place} of ${keys.length}`;
    const said = maskSecrets(words, secrets);
    this.#lastRefusal = `${provider} refused ${which} with ${status}: ${said}`;
    if (told.has(this.#lastRefusal) || told.size >= MOST_TOLD) return;
    told.add(this.#lastRefusal);
    out(`${this.#lastRefusal}; it is tried again after a pause`);
  }

  #isUsable(key: Key, now: number): boolean {
    const spared = this.#spared.get(key);
    return spared === undefined || spared.until <= now;
  }
}
