import { isReference } from "../../operations/field.ts";
import type { Operation } from "../../operations/operation-catalog.ts";
import { subjectOf } from "../../operations/operation-subject.ts";
import { plain, stem, stemsOf } from "../../words/words.ts";

const LEAD =
  "((?:(?:[Tt]hen|[Aa]lso|[Pp]lease|[Ff]inally|[Nn]ow|[Aa]nd)\\s+)*\\p{L}+\\s+(?:(?:off|out|up|back|down|away)\\s+)?)";
const WORD =
  "(?!(?:to|from|in|into|on|onto|at|with|for|of|by|and|or|as|under|over|that|which|called|named)\\b)\\p{Ll}[\\p{Ll}'-]*";
const THING = `(?:the|my|our|an?|another)\\s+${WORD}(?:\\s+${WORD}){0,2}`;
const PREPOSITION = "(?:to|from|into|onto|in|on|at|under)";
/** `remove the hammer and the saw from the van`. */
const ONE_PLACE = new RegExp(
  `^\\W*${LEAD}(${THING}(?:(?:,\\s*|,?\\s+and\\s+)${THING})+)(\\s+${PREPOSITION}\\s.*)?[.\\s]*$`,
  "u",
);
/** `move the saw to the north depot and the hammer to the old depot`. */
const TWO_PLACES = new RegExp(
  `^\\W*${LEAD}(\\S.*?\\s+(${PREPOSITION})\\s+\\S.*?)\\s+and\\s+((?:the|my|our|an?|\\p{Lu})\\S*\\s.*?\\s+\\3\\s+\\S.*?)[.\\s]*$`,
  "u",
);
const AND = new RegExp(`,\\s*(?:and\\s+)?(?=${THING})|\\s+and\\s+(?=${THING})`, "u");
/** `add the tags "shy" and "old" to Bello`. */
const TEXTS =
  /^(.*?\b)(\p{Ll}+)s(\s+)(quoted\d+(?:(?:,\s*|,?\s+and\s+)quoted\d+)+)(?!\s*(?:,|and\s+)\s*\p{Ll}+\s+quoted)(.*)$/u;

/**
 * The texts of a clause that does one thing to several things in small letters, or with several texts: `remove the hammer` and
 * `remove the saw` of `remove the hammer and the saw`. One text where there are no such things.
 */
export function severalThings(written: string): string[] {
  const places = TWO_PLACES.exec(written);
  if (places !== null) {
    const [, lead = "", first = "", , second = ""] = places;
    return [`${lead}${first}`, `${lead}${second}`];
  }
  const [, lead = "", things = "", rest = ""] = ONE_PLACE.exec(written) ?? [];
  if (things !== "") return things.split(AND).map((thing) => `${lead}${thing}${rest}`);
  const [, before = "", noun = "", space = "", texts = "", behind = ""] = TEXTS.exec(written) ?? [];
  const all = texts.match(/quoted\d+/g) ?? [];
  return all.length < 2 ? [written] : all.map((text) => `${before}${noun}${space}${text}${behind}`);
}

/** Whether an operation takes one thing, or one text, at a time, and has no field of its own for what a clause names. */
export function takesOne(operation: Operation, written: string): boolean {
  const { writes, login, inputs, method } = operation;
  if (!writes || login || method === "PATCH" || method === "PUT") return false;
  if (subjectOf(operation).verbClass === "update") return false;
  const body = inputs.filter((field) => field.in === "body");
  if (body.some(({ type }) => type.endsWith("[]") || type === "array")) return false;
  const [, things = ""] = /^\W*\p{L}+\s+(.*)$/u.exec(written) ?? [];
  const nouns = things.split(AND).map((thing) => stem(plain(thing).split(" ").at(-1) ?? ""));
  const isField = body.some(
    (field) => !isReference(field) && stemsOf(field.leaf).some((word) => nouns.includes(word)),
  );
  const ids = inputs.filter((field) => field.in === "path" || (field.required && isReference(field)));
  const texts = body.filter(({ required, type }) => required && type.startsWith("string"));
  return !isField && (/quoted\d/.test(written) ? texts.length === 1 : ids.length > 0 && ids.length < 3);
}
