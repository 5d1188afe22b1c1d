import { verbEntry } from "../../words/thesaurus.ts";
import { plain, stem } from "../../words/words.ts";

const FACT =
  /^\W*(?:(?:then|also|please|finally|now|and)\s+)*(?:record|note|log|register|enter|write|document|state|report|save)(?:\s+down)?\s+that\s+(\S.*?)[\s.,]*$/iu;
const IS = /\s(?:is|was|are|were|has|had)\s/u;
const OF_THING = /^(?:the\s+)?(\p{Ll}[\p{Ll} -]*?)\s+of\s+(\S.*)$/u;
const OWNED = /^(\S.*?['’]s?)\s+(\p{Ll}[\p{Ll} -]*)$/u;

/** What a clause wants to be written down of a thing. */
export interface SaidFact {
  /** The whole sentence: `Bello weighs 7.8 kg`. */
  sentence: string;
  /** The thing that it is about: `Bello`. */
  thing: string;
  /** The property that it names: `weight` of `the weight of Bello is 7.8 kg`. */
  property?: string;
  /** Stem of the verb by which it names one: `weighs`. */
  verb?: string;
  value: string;
}

/** What a clause wants to be written down: `record that Bello weighs 7.8 kg`, `note that the boiler leaks`. */
export function saidFact(written: string): SaidFact | undefined {
  const sentence = FACT.exec(written)?.[1];
  if (sentence === undefined || /\bquoted\d/.test(sentence)) return undefined;
  const is = IS.exec(sentence);
  if (is !== null) {
    const subject = sentence.slice(0, is.index);
    const value = sentence.slice(is.index + is[0].length);
    const [, property, thing] = OF_THING.exec(subject) ?? [];
    if (property !== undefined && thing !== undefined) return { sentence, thing, property, value };
    const [, owner, owned] = OWNED.exec(subject) ?? [];
    if (owner !== undefined && owned !== undefined)
      return { sentence, thing: owner.replace(/['’]s?$/, ""), property: owned, value };
    return { sentence, thing: subject, value };
  }
  const words = sentence.split(/\s+/);
  const at = words.findIndex(
    (word, index) => index > 0 && /^\p{Ll}+s$/u.test(word) && verbEntry(stem(plain(word))) !== undefined,
  );
  return at < 0
    ? undefined
    : {
        sentence,
        thing: words.slice(0, at).join(" "),
        verb: stem(plain(words[at] ?? "")),
        value: words.slice(at + 1).join(" "),
      };
}
