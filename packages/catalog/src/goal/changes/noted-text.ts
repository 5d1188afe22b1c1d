import { VERB_CLASSES } from "../../words/lexicon.ts";
import { isInSynset, verbEntry } from "../../words/thesaurus.ts";
import { meaningOf, plain, stem } from "../../words/words.ts";

/** What `put`, `attach` and `leave` mean, by which a text gets to a thing. */
const PLACING: ReadonlySet<string> = new Set(
  ["put", "attach", "append", "write", "leave", "stick", "pin"].flatMap(
    (verb) => verbEntry(stem(verb))?.synsets ?? [],
  ),
);
const FIRST = "\\W*(?:(?:then|also|please|finally|now|and)\\s+)*";
const NO_NAME = "(?!(?:called|named|titled|entitled|labell?ed|saying|says|reading|reads|with)\\b)";
const NOUN = `(?:(?:an?|the|another|this|my|our)\\s+)?(?:new\\s+)?(\\p{L}[\\p{L}-]*(?:\\s+${NO_NAME}\\p{Ll}[\\p{Ll}-]*)?)`;
const PLACE = "\\s+(?:on|onto|to|in|into|for|at|against|under)\\s+(\\S.*?)";
/** `put a note "late" on his assignment`. */
const TEXT_FIRST = new RegExp(
  `^${FIRST}(\\p{L}+)\\s+(?:down\\s+)?${NOUN}\\s+(quoted\\d+)${PLACE}[\\s.,]*$`,
  "iu",
);
/** `put a note on his assignment saying "late"`. */
const TEXT_LAST = new RegExp(
  `^${FIRST}(\\p{L}+)\\s+(?:down\\s+)?${NOUN}${PLACE}(?:\\s+(?:saying|reading|that (?:says|reads)|with the text))?\\s*[,:]?\\s+(quoted\\d+)[\\s.,]*$`,
  "iu",
);
/** `note "late" on his assignment`. */
const AS_VERB = new RegExp(`^${FIRST}(note|comment|remark)\\s+(quoted\\d+)\\s+on\\s+(\\S.*?)[\\s.,]*$`, "iu");
/** Words for what people write about a thing. */
const REMARKS = ["note", "comment", "remark", "memo", "annotation"];

/** A text that a clause puts on a thing, by the noun for it: the note of an assignment. */
export interface NotedText {
  /** What it may be called, the clause's own word first. */
  nouns: readonly string[];
  /** The placeholder of the text. */
  text: string;
  /** The words for the thing. */
  thing: string;
}

/** The text that a clause puts on a thing: `attach the remark "ask first" to order 7`. */
export function notedText(written: string): NotedText | undefined {
  const [, verb = "", noun = "", text = "", thing = ""] = TEXT_FIRST.exec(written) ?? [];
  if (text !== "" && places(verb)) return notedAs(noun, text, thing);
  const last = TEXT_LAST.exec(written);
  if (last !== null && places(last[1] ?? "")) return notedAs(last[2] ?? "", last[4] ?? "", last[3] ?? "");
  const own = AS_VERB.exec(written);
  return own === null ? undefined : notedAs(own[1] ?? "", own[2] ?? "", own[3] ?? "");
}

const notedAs = (noun: string, text: string, thing: string): NotedText => ({
  nouns: namesOf(plain(noun)),
  text,
  thing,
});

/** The words by which a text may be called in a document. */
export const namesOf = (noun: string): readonly string[] =>
  REMARKS.includes(noun) ? [noun, ...REMARKS.filter((other) => other !== noun)] : [noun];

/** Whether a verb puts something somewhere: it makes it, sets it, or is another word for that. */
function places(verb: string): boolean {
  const word = verb.toLowerCase();
  const verbClass = VERB_CLASSES.get(meaningOf(word) ?? "");
  return verbClass === "create" || word === "set" || isInSynset(stem(word), PLACING);
}
