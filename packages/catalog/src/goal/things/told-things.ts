import { plain, stem } from "../../words/words.ts";
import type { Clause } from "../clause.ts";
import { numberedThings } from "../phrases/numbered-thing.ts";
import { thingNamed } from "../phrases/thing-name.ts";
import { capitalNames } from "./capitals.ts";

/** What a clause calls a thing by, so that no other one is meant. */
export interface ToldThing {
  /** The name, the code or the number. */
  text: string;
  /** Stem of the noun before it: `hearing` of `the hearing K 118/26`; undefined without one. */
  noun: string | undefined;
  /** What stands before a name; empty where nothing does. */
  preposition: string;
  /** It is a number behind its noun, which may be the thing's id. */
  isNumber: boolean;
  /** As the goal says it, where it is a number: `order 17`. */
  said: string;
}

/** A code that has capitals and digits, and the noun before it: `hearing K 118/26`, `booking C-1001`. */
const CODED =
  /(?:(?<!\p{L})(?<noun>\p{Ll}[\p{L}-]+)\s+)?(?<![\p{L}\p{N}])(?<code>\p{Lu}{1,4} \d[\d/-]*\d|(?=[\p{L}\p{N}/_-]*\p{N})(?=[\p{N}/_-]*\p{Lu})[\p{L}\p{N}/_-]+)(?![\p{L}\p{N}/])/gu;
const OWNER = /['’]s?$/u;

/** The names, codes and numbers by which a clause tells the things that it is about, in its order. */
export function toldThings(clause: Clause): ToldThing[] {
  const { names, text, quoted } = clause;
  const own = thingNamed(clause);
  const found: ToldThing[] = [];
  const add = (said: string, noun: string | undefined, preposition = ""): void => {
    const name = said.replace(OWNER, "");
    if (name === "" || found.some((one) => one.text.includes(name) || name.includes(one.text))) return;
    found.push({ text: name, noun, preposition, isNumber: false, said: name });
  };
  for (const { groups } of text.matchAll(CODED))
    add(groups?.code ?? "", groups?.noun === undefined ? undefined : stem(plain(groups.noun)));
  // What is made or said may be quoted: only beside its noun does a quoted text name a thing.
  if (own !== undefined && own.numbered === undefined && (own.nouns.length > 0 || !quoted.includes(own.text)))
    add(own.text, own.nouns.at(-1), own.of ? "of" : "");
  for (const { text: name, role, preposition } of names)
    add(name, role === undefined ? undefined : stem(plain(role)), preposition);
  for (const { value } of clause.told ?? [])
    found.push({ text: value, noun: undefined, preposition: "with", isNumber: false, said: value });
  for (const name of capitalNames(clause)) add(name, undefined);
  for (const { number, noun, said } of numberedThings(clause))
    if (!found.some((one) => one.text.includes(number)))
      found.push({
        text: number,
        noun: noun === "" ? undefined : noun,
        preposition: "",
        isNumber: true,
        said,
      });
  return found;
}
