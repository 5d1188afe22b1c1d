import type { Clause } from "@ape/catalog/goal/clause";
import { isMove } from "@ape/catalog/goal/phrases/move";
import { type NumberedThing, numberedThings } from "@ape/catalog/goal/phrases/numbered-thing";
import { nameOf, nameOfNumber, type ThingName, thingNamed } from "@ape/catalog/goal/phrases/thing-name";
import { daysOfYearIn } from "@ape/catalog/goal/times/day-of-year";
import { isSearch } from "@ape/catalog/operations/field";
import { areKin } from "@ape/catalog/words/thesaurus";
import { plain, stem } from "@ape/catalog/words/words";
import { thingAsserted } from "./assertions/asserted-thing.ts";
import { meaningsOf, nouns, setsState, TEXTS } from "./label-match.ts";
import type { SeenField, SeenForm, SeenLink, SeenPage } from "./page-reader.ts";
import { bare, QUERY } from "./web-call.ts";
import { placeOf } from "./whose/stated-place.ts";

/** Verbs that act on an existing thing. */
export const OWN_VERBS: ReadonlySet<string | undefined> = new Set(["~show", "~update", "~remove"]);
/** Verbs that make something: what they name is a text of it. */
const MAKES: ReadonlySet<string | undefined> = new Set(["~create", "~register", "~login", "~logout"]);
const INTO = /\b(?:[Tt]o|[Ii]nto|[Ii]n|[Oo]n|[Oo]nto)\s+(?:(?:[Tt]he|[Mm]y|[Oo]ur|[Yy]our|[Aa])\b|\p{Lu})/u;

/** The name of the thing that a clause acts on or looks at; undefined if it names none, or makes what it names. */
export function ownNameIn(clause: Clause): ThingName | undefined {
  if (!clause.active) return undefined;
  // `Release the parcel 12`: what has a number is there.
  if (MAKES.has(clause.verb)) return clause.verb === "~create" ? numberIn(clause) : undefined;
  // `Add the note "torn"` makes one, `add the book "Dune" to the basket` takes one that there is.
  if (clause.verb === "~add" && !INTO.test(clause.text)) return undefined;
  const name = thingNamed(clause) ?? nameBeside(clause) ?? codeBeside(clause) ?? numberIn(clause);
  // `Add a seat to the tasting Blue evening` is done on the page of that.
  if (name === undefined && clause.verb === "~add" && clause.indefinite && clause.quoted.length === 0)
    return placeOf(clause);
  // `Reply "Thanks"` says it, and so does `add the comment "Hello" to the visit`.
  const isText =
    name !== undefined &&
    clause.quoted.includes(name.text) &&
    (name.nouns.length === 0 ? clause.acts : clause.verb === "~add" && TEXTS.has(name.nouns.at(-1) ?? ""));
  return isText ? undefined : name;
}

/** The number by which a clause names its thing: `cancel order 2`, `the report of swarm 42`, and no `set the height 7`. */
function numberIn(clause: Clause): ThingName | undefined {
  const { verb, lead, object, indefinite } = clause;
  if (indefinite || object.refers || (verb === "~update" && lead === SET)) return undefined;
  const isChange = verb === "~update" || isMove(clause);
  const thing = numberedThings(clause).find(
    ({ noun, at }) => noun !== "" && !(isChange && isNewValue(at, clause)),
  );
  return thing && nameOfNumber(thing);
}
/** Whether a number is what something is changed or moved to: `move the oil lamp to shelf 2`. */
const isNewValue = (at: number, { text }: Clause): boolean =>
  / (?:to|onto|into) (?:the )?(?:\p{L}+ )?$/u.test(text.slice(0, at));
const SET = stem("set");

/** What tells one of the user's things from others: `cancel my outing with the Albatross`. */
function nameBeside(clause: Clause): ThingName | undefined {
  const { verb, object, text, names } = clause;
  if (
    !(OWN_VERBS.has(verb) || setsState(clause) || isMove(clause)) ||
    object.refers ||
    object.nouns.size === 0 ||
    !OWN.test(text)
  )
    return undefined;
  const name = names.find(({ preposition }) => BESIDE.test(preposition))?.text;
  return name === undefined ? undefined : nameOf(name);
}

/** The thing with a code for which something is done: `write a note for my booking C-1001`. */
function codeBeside({ written, object }: Clause): ThingName | undefined {
  const code = object.refers ? undefined : CODED.exec(written)?.[1];
  return code === undefined ? undefined : nameOf(code);
}
const CODED =
  /\b(?:for|to|on|of|about|with|in|at|from)\s+(?:my|our|the|this)\s+(?:\p{Ll}+\s+){1,2}(?:no\.?\s+|number\s+|#)?((?=[\w/-]*\d)(?=[\w/-]*[A-Z])[\w/-]+)/u;

/** The day that tells one of the user's things from others; a new day stands behind `to`. */
export function dayBeside({ verb, object, text }: Clause): string | undefined {
  if (!OWN_VERBS.has(verb) || object.refers || !OWN.test(text)) return undefined;
  return daysOfYearIn(text).find(({ label }) => /\b(?:on|of|for|from)(?: the)?\W*$/i.test(label))?.value;
}
/** The day for which a clause makes something: `reserve two seats on 12 December`. */
export function dayChosen({ verb, object, text, active }: Clause): string | undefined {
  if (!active || OWN_VERBS.has(verb) || object.refers) return undefined;
  const [only, ...others] = daysOfYearIn(text).filter(({ label }) =>
    /\b(?:on|of|for|at)(?: the)?\W*$/i.test(label),
  );
  return others.length > 0 ? undefined : only?.value;
}
const OWN = /^\W*\S+(?:\s+(?:off|up|out|down|away|back))?\s+(?:my|our|the)\b/i;
const BESIDE = /^(?:with|for|at|about|of)$/;

/** The name of what a clause is about: its own, or that of the clause which `it` refers to. */
export function nameWanted(clauses: readonly Clause[], clause: Clause): ThingName | undefined {
  if (thingAsserted(clause) !== undefined) return nameAsserted(clauses, clause);
  const own = ownNameIn(clause);
  if (own !== undefined || !clause.object.refers) return own;
  for (const before of clauses.slice(0, Math.max(0, clauses.indexOf(clause))).toReversed()) {
    // What was not understood names its thing all the same.
    const name = ownNameIn(before) ?? (before.active ? undefined : numberIn(before));
    if (name !== undefined) return name;
    // `It` is what was made.
    if (before.indefinite || MAKES.has(before.verb)) return undefined;
  }
  return undefined;
}

/**
 * The name of the thing to which a clause brings what it names first: `the nest at the Mill` of `assign Ada Birk to it`, where nothing
 * is called by that.
 */
export function otherName(clauses: readonly Clause[], clause: Clause): ThingName | undefined {
  const own = ownNameIn(clause);
  if (own === undefined || !(clause.acts || clause.verb === "~add") || !TO.test(clause.text))
    return undefined;
  // `The booking KX42 of Omar Haddad` is brought to no Omar.
  const quoted = quotedBehindTo(clause);
  if (quoted !== undefined && quoted !== own.text) return nameOf(quoted);
  const behind = clause.text.slice(clause.text.search(TO));
  const beside = clause.names.find(
    ({ text, preposition }) => preposition !== "" && text !== own.text && behind.includes(text),
  );
  if (beside !== undefined) return nameOf(beside.text);
  if (!TO_IT.test(clause.text)) return undefined;
  const before = clauses.slice(0, Math.max(0, clauses.indexOf(clause))).toReversed();
  for (const one of before) {
    const name = ownNameIn(one) ?? one.names.map(({ text }) => nameOf(text))[0];
    if (name !== undefined) return name;
  }
  return undefined;
}
/** `Assign Ada Birk to the nest "Mill tower"`. */
function quotedBehindTo({ written, quoted }: Clause): string | undefined {
  const mark = TO_QUOTED.exec(written)?.[1];
  const marks = Array.from(written.matchAll(/\bquoted\d+\b/g), ([one]) => one);
  return mark === undefined ? undefined : quoted[marks.indexOf(mark)];
}
const TO_QUOTED = /\b(?:to|onto)\s+(?:the|my|our)\s+(?:\p{Ll}+\s+){1,2}(quoted\d+)\b/u;
const TO = /\b(?:to|onto) (?:the|my|our|it|them|this)\b/i;
const TO_IT = /\b(?:to|onto) (?:it|them|this)\b/i;

/** Whether a text has a name by whole words; words behind it that say what such things are may be left out. */
export function saysName(text: string, { text: name, whole, numbered }: ThingName, about = ""): boolean {
  if (numbered !== undefined) return saysNumber(text, numbered);
  const own = ` ${plain(text)} `;
  const core = plain(name);
  if (core === "" || !own.includes(` ${core} `)) return false;
  const rest = plain(whole).slice(core.length).trim();
  if (rest === "" || own.includes(` ${core} ${rest} `)) return true;
  const kinds = [...nouns(`${text} ${about}`)];
  return rest.split(" ").every((word) => kinds.some((kind) => areKin(stem(word), kind)));
}

/** Whether a text has a number behind the noun of its thing, behind what says that it is one, or at its beginning. */
function saysNumber(text: string, { noun, number }: NumberedThing): boolean {
  const words = plain(text).split(" ");
  return words.some((word, at) => {
    if (word !== number) return false;
    const before = words[at - 1];
    return before === undefined || IS_NUMBER.test(before) || areKin(stem(before), noun);
  });
}
const IS_NUMBER = /^(?:no|nr|number|id|code|ref|reference)$/;

/** What a link says of its thing: its text, what is beside it, and the number in its path. */
export const saidOfLink = ({ text, near, path }: SeenLink): string => `${text} ${near} ${saidOfPath(path)}`;

/** What a path says of a thing: `swarms 42` of `/swarms/42/edit`. */
const saidOfPath = (path: string): string =>
  /([^/?#]+\/\d+)(?=[/?#]|$)/.exec(path)?.[1]?.replace("/", " ") ?? "";

/** Whether the title or the path of a page is that of what has a name. */
export const isTitled = ({ title, path }: SeenPage, name: ThingName): boolean =>
  saysName(title, name) || (name.numbered !== undefined && saysName(saidOfPath(path), name));

/** Whether a page only lists what has a name, beside others: what the page itself offers is not about it. */
export const lists = (page: SeenPage, called: ThingName): boolean =>
  !isTitled(page, called) &&
  page.links.some(
    (link) => bare(link.path) !== bare(page.path) && saysName(saidOfLink(link), called, page.title),
  );

/** Whether a page shows what has a name, or offers it as a choice. */
export function showsName(page: SeenPage, name: ThingName): boolean {
  const { title, text, links, forms } = page;
  return (
    isTitled(page, name) ||
    saysName(`${title}\n${text}`, name) ||
    links.some((link) => saysName(saidOfLink(link), name, title)) ||
    forms.some(
      ({ near, fields }) =>
        saysName(near, name, title) ||
        fields.some(({ enum: options = [] }) => options.some((option) => saysName(String(option), name))),
    )
  );
}

/** The field of a form that finds things by their names: a search, or the only text of a form that changes nothing. */
export function searchFieldOf({ writes, fields, label }: SeenForm, clause: Clause): SeenField | undefined {
  if (writes) return undefined;
  const texts = fields.filter(
    ({ enum: options, type, checkbox }) => options === undefined && type === "string" && !checkbox,
  );
  const [only, ...others] = texts;
  if (only === undefined || others.length > 0)
    return texts.find(isSearch) ?? (ownNameIn(clause) === undefined ? undefined : texts.find(takesCode));
  return isSearch(only) ||
    takesNameOf(only, clause) ||
    (QUERY.test(only.name) && meaningsOf(label).has("~find"))
    ? only
    : undefined;
}

/** Whether a text takes what things of a clause are called or numbered by. */
export const takesNameOf = ({ nameTokens, textTokens }: SeenField, clause: Clause): boolean => {
  const words = [...nameTokens.keys(), ...textTokens.keys()];
  return words.some((word) => NAMES.has(word) || clause.object.nouns.has(word));
};
/** Whether a text takes a code or a number: beside one for a name it is that of the thing. */
const takesCode = ({ nameTokens, textTokens }: SeenField): boolean =>
  [...nameTokens.keys(), ...textTokens.keys()].some((word) => CODES.has(word));
const CODES: ReadonlySet<string> = new Set("no number code reference ref id key".split(" ").map(stem));
const NAMES: ReadonlySet<string> = new Set([...CODES, ...["name", "title"].map(stem)]);

/** The name of the thing of which a clause asserts something: its own, or that of the clauses before. */
export function nameAsserted(clauses: readonly Clause[], clause: Clause): ThingName | undefined {
  const asserted = thingAsserted(clause);
  if (asserted === undefined) return undefined;
  if (asserted.name !== undefined) return asserted.name;
  for (const before of clauses.slice(0, Math.max(0, clauses.indexOf(clause))).toReversed()) {
    const name = thingAsserted(before)?.name ?? ownNameIn(before);
    if (name !== undefined) return name;
    if (before.indefinite || before.verb === "~create") return undefined;
  }
  return undefined;
}
