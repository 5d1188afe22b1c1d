import data from "./thesaurus.json" with { type: "json" };

/**
 * Relations of English words: `thesaurus.json`, which `scripts/thesaurus.ts` makes from WordNet. Its parts are lines:
 * `nouns`: the synsets of a stem (`-` before those of collocations that end with it); `hypernyms`: those of each synset
 * (`!` before those with many hyponyms); `verbs`: the meaning of a stem in the lexicon (`call_off` for phrasal verbs; `+`
 * before it: mostly a verb) and its synsets. Synsets are numbers of base 36. `states`: the stems of an adjective or a verb
 * that one of another stem is like, and (`!` before them) its opposites; `derived`: the verbs of a noun of another stem.
 */
interface Table {
  nouns: SortedLines;
  verbs: SortedLines;
  states: SortedLines;
  derived: SortedLines;
  /** Where the line of each synset begins in `hypernyms`. */
  starts: Uint32Array;
}

/** What a verb means. */
export interface VerbEntry {
  /** Meaning of the lexicon, such as `~remove`; undefined if it has none. */
  meaning: string | undefined;
  /** Whether the word is used as a verb at least as often as as a noun. */
  mostly: boolean;
  synsets: readonly string[];
}

/** Lines `key rest`, sorted by key and kept as one string: no object per line. */
class SortedLines {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** What stands after a key. */
  of(key: string): string | undefined {
    const text = this.#text;
    let low = 0;
    let high = text.length;
    while (low < high) {
      const start = text.lastIndexOf("\n", ((low + high) >> 1) - 1) + 1;
      const end = text.indexOf("\n", start);
      const line = text.slice(start, end < 0 ? text.length : end);
      const space = line.indexOf(" ");
      const found = line.slice(0, space);
      if (found === key) return line.slice(space + 1);
      if (found < key) low = end < 0 ? text.length : end + 1;
      else high = start;
    }
    return undefined;
  }
}

let shared: Table | undefined;

/** The table, indexed once per process on first use: 0.9 MB of text and 0.2 MB of positions, a few milliseconds. */
function table(): Table {
  if (shared !== undefined) return shared;
  const { nouns, hypernyms, verbs, states, derived } = data;
  const starts: number[] = [0];
  for (let at = hypernyms.indexOf("\n"); at >= 0; at = hypernyms.indexOf("\n", at + 1)) starts.push(at + 1);
  shared = {
    nouns: new SortedLines(nouns),
    verbs: new SortedLines(verbs),
    states: new SortedLines(states),
    derived: new SortedLines(derived),
    starts: Uint32Array.from(starts),
  };
  return shared;
}

function hypernymsOf(synset: number): { general: boolean; up: readonly number[] } {
  const { starts } = table();
  const { hypernyms } = data;
  const line = hypernyms.slice(starts[synset], (starts[synset + 1] ?? hypernyms.length + 1) - 1);
  const general = line.startsWith("!");
  const up = line
    .slice(general ? 1 : 0)
    .split(",")
    .flatMap((text) => (text === "" ? [] : Number.parseInt(text, 36)));
  return { general, up };
}

/** A synset that a word means, or that includes what it means. */
interface Sense {
  weight: number;
  /** Levels above the word's own synset. */
  levels: number;
  general: boolean;
}

const RANKS = [1, 0.9, 0.75, 0.6];
const LAST_RANK = 0.5;
const COLLOCATION = 0.6;
const LEVEL = 0.75;
const MOST_LEVELS = 3;
/** Related words count less than equal ones. */
const RELATED = 0.8;
const SENSES_KEPT = 4_000;
const sensesKept = new Map<string, ReadonlyMap<number, Sense>>();

function sensesOf(stem: string): ReadonlyMap<number, Sense> {
  let senses = sensesKept.get(stem);
  if (senses !== undefined) return senses;
  const found = new Map<number, Sense>();
  const add = (synset: number, weight: number, levels: number): void => {
    if ((found.get(synset)?.weight ?? 0) >= weight) return;
    const { general, up } = hypernymsOf(synset);
    found.set(synset, { weight, levels, general });
    if (levels < MOST_LEVELS) for (const other of up) add(other, weight * LEVEL, levels + 1);
  };
  const entry = table().nouns.of(stem);
  for (const [rank, text] of (entry === undefined ? [] : entry.split(" ")).entries())
    if (text.startsWith("-")) add(Number.parseInt(text.slice(1), 36), COLLOCATION, 0);
    else add(Number.parseInt(text, 36), RANKS[rank] ?? LAST_RANK, 0);
  senses = found;
  if (sensesKept.size >= SENSES_KEPT) sensesKept.clear();
  sensesKept.set(stem, senses);
  return senses;
}

/**
 * How near the meanings of two nouns are, given by their stems: 1 for the same stem, up to 0.8 for synonyms, less for each
 * level of hypernyms between them, 0 if nothing is known.
 */
export function nounKinship(one: string, two: string): number {
  if (one === two) return 1;
  const pair = one < two ? `${one} ${two}` : `${two} ${one}`;
  let kin = kinKept.get(pair);
  if (kin === undefined) {
    kin = kinshipOf(one, two);
    if (kinKept.size >= PAIRS_KEPT) kinKept.clear();
    kinKept.set(pair, kin);
  }
  return kin;
}

const PAIRS_KEPT = 20_000;
const kinKept = new Map<string, number>();

function kinshipOf(one: string, two: string): number {
  const [few, many] = [sensesOf(one), sensesOf(two)].sort((a, b) => a.size - b.size) as [
    ReadonlyMap<number, Sense>,
    ReadonlyMap<number, Sense>,
  ];
  let most = 0;
  for (const [synset, sense] of few) {
    const other = many.get(synset);
    if (other === undefined || sense.levels + other.levels > MOST_LEVELS) continue;
    // Two kinds of something general are not alike.
    if (sense.general && sense.levels > 0 && other.levels > 0) continue;
    most = Math.max(most, sense.weight * other.weight);
  }
  return RELATED * most;
}

/** Whether the table has a noun, given by its stem. */
export const isKnownNoun = (noun: string): boolean => table().nouns.of(noun) !== undefined;

/** Whether a noun, given by its stem, names a kind of what another one names, and is no other word for it: a spaniel is a dog. */
function isNarrower(kind: string, thing: string): boolean {
  const wide = sensesOf(thing);
  let isKind = false;
  for (const [synset, { levels }] of sensesOf(kind)) {
    if (wide.get(synset)?.levels !== 0) continue;
    if (levels === 0) return false;
    isKind = true;
  }
  return isKind;
}

/** Whether a noun is written together with the name of a thing: a clownfish is a fish. */
export const isCompoundOf = (kind: string, thing: string): boolean =>
  thing.length > 2 && kind.length > thing.length + 2 && kind.endsWith(thing);

/** Whether a noun names a kind of a thing, by what is known of it or by how it is written. */
export const isKindOf = (kind: string, thing: string): boolean =>
  isNarrower(kind, thing) || isCompoundOf(kind, thing);

/** Minimum kinship of nouns that name the same thing. */
export const KIN = 0.35;

/** Whether two nouns are one, or name nearly the same. */
export const areKin = (one: string, two: string): boolean => one === two || nounKinship(one, two) >= KIN;

/** Whether a verb, given by its stem, is in one of the synsets. */
export const isInSynset = (stem: string, synsets: { has(synset: string): boolean }): boolean =>
  verbEntry(stem)?.synsets.some((synset) => synsets.has(synset)) === true;

/** Stems of the verbs that a noun, given by its stem, is made of, where these have other stems: `submit` of `submission`. */
export const derivedVerbs = (noun: string): readonly string[] => table().derived.of(noun)?.split(" ") ?? [];

/**
 * The stem of the verb that a noun, given by its stem, is made of: `rent` of `rental`, `submit` of `submission`; the noun
 * itself if that is a verb.
 */
export const verbOfNoun = (noun: string): string =>
  verbEntry(noun) === undefined ? (derivedVerbs(noun)[0] ?? noun.replace(/(?:al|ment|ance)$/, "")) : noun;

/** Stems that say of a state, given by its stem, what it is like (`finish` of `done`), and its opposites. */
export function relatedStates(state: string): { alike: readonly string[]; opposite: readonly string[] } {
  const words = table().states.of(state)?.split(" ") ?? [];
  return {
    alike: words.filter((word) => !word.startsWith("!")),
    opposite: words.flatMap((word) => (word.startsWith("!") ? word.slice(1) : [])),
  };
}

/** What the table says of a verb, given its stem, with a particle (`call`, `off`) or without. */
export function verbEntry(stem: string, particle?: string): VerbEntry | undefined {
  const entry = table().verbs.of(particle === undefined ? stem : `${stem}_${particle}`);
  if (entry === undefined) return undefined;
  const [kind = "", ...synsets] = entry.split(" ");
  const mostly = kind.startsWith("+");
  const meaning = mostly ? kind.slice(1) : kind;
  return { mostly, meaning: meaning === "" ? undefined : `~${meaning}`, synsets };
}
