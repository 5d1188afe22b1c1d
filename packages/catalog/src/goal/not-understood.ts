import type { Json } from "@ape/core/lib/json";
import { inputChangedBy } from "../checks/change-by-amount.ts";
import { type Field, isNameText, isReference, isWhereabouts } from "../operations/field.ts";
import type { Operation, OperationCatalog } from "../operations/operation-catalog.ts";
import { nameOfCode } from "../words/code-names.ts";
import { NUMBERS, STOP } from "../words/lexicon.ts";
import { phrased, plain, stem, stemsOf, tokens } from "../words/words.ts";
import { holdsMany } from "./choice-constraints.ts";
import { type Clause, FILLERS } from "./clause.ts";
import { TAKES_PART } from "./goal-text.ts";
import { causeIn, withoutCause } from "./phrases/cause.ts";
import { headNounOf, newThings } from "./phrases/inner-phrase.ts";
import { kindNamed } from "./phrases/kind-of-thing.ts";
import { isKindOfThing } from "./phrases/numbered-thing.ts";
import { yearsIn } from "./phrases/said-properties.ts";
import { assignedSizes } from "./phrases/sizes.ts";
import { LIES } from "./stated-names.ts";
import { isDayOfThing, isTimeOfThing, pointsOfChoice } from "./times/days-of-choice.ts";
import { relativeDaysIn, withoutTimes } from "./times/points-in-time.ts";
import { nameAt } from "./unquoted-name.ts";
import { unofferedOption } from "./values/unoffered-option.ts";
import { codesIn } from "./values/written-code.ts";

/** A clause, the operation that serves it, and what the goal gives to its inputs. */
export interface ServedClause {
  clause: Clause;
  operation: Operation;
  values: ReadonlyMap<Field, Json>;
  /** Whether the clause also says which of several things is meant: then its words may be about that. */
  chooses: boolean;
  /** How often the operation is called for it. */
  times?: number;
}

/**
 * What a clause says that nothing accounts for: days that depend on today, names, texts, amounts, dates and times that no input
 * took, and words behind what its verb acts on that no operation has. For what only reads, days alone.
 * @param known names of data columns
 */
export function notUnderstood(
  served: ServedClause,
  catalog: OperationCatalog,
  known: readonly string[] = [],
): string[] {
  const { clause, operation, values, chooses, times = 1 } = served;
  if (operation.login) return [];
  // `In German` is given as `de`.
  const codes = [...values].map(([field, value]) => nameOfCode(String(value), field.words) ?? "");
  const given = [...[...values.values()].flat().map((value) => String(value).toLowerCase()), ...codes];
  const isGiven = (text: string): boolean => given.some((value) => value.includes(text.toLowerCase()));
  // `ZH 4711` has no number of its own.
  const isInText = (number: string): boolean =>
    given.some((value) => value.includes(" ") && value.split(" ").includes(number));
  const days = relativeDaysIn(clause.text).filter((day) => !isGiven(dayOf(day)));
  if (!operation.writes) return days;
  const points = [...clause.dates, ...clause.times].flatMap(({ value, text }) =>
    isGiven(value) ? [] : text,
  );
  const made = newOnes(clause, operation);
  const cause = causeIn(clause.text);
  // `Late` of `because it is late` is given as well.
  const isPart = (value: string): boolean =>
    value.length > 2 && cause?.toLowerCase().endsWith(value) === true;
  const lostCause =
    cause === undefined || isGiven(cause) || given.some(isPart) ? [] : [`because of ${cause}`];
  const along = companions(clause, operation, catalog, known).filter((text) => !isGiven(text));
  if (chooses)
    return [
      ...persons(clause, isGiven),
      ...severalOf(clause, times),
      ...namesTooMany(clause, operation, catalog, isGiven),
      ...(inputChangedBy(clause, operation) === undefined
        ? measures(clause, operation, values, times, catalog).filter((number) => !isInText(number))
        : []),
      ...kinds(served, isGiven),
      ...namedOnes(clause, operation, isGiven),
      ...assignedSizes(clause.sizes, operation.inputs).left,
      ...made,
      ...along.map((text) => `with ${text}`),
      ...mannerOf(clause, operation, catalog, known, isGiven),
      ...textsLeft(clause, isGiven),
      ...marksOf(clause, operation, isGiven),
      ...lostCause,
      ...points.filter((text) => !isShownBy(text, clause, operation, catalog)),
      ...days,
    ];
  const texts = clause.quoted.flatMap((text) =>
    isGiven(text) || made.some((said) => said.includes(text)) || /^\{\{/.test(text)
      ? []
      : JSON.stringify(text),
  );
  const names = clause.names.flatMap(({ text, preposition }) =>
    // A name may be in two fields: `firstName` and `lastName`.
    text.split(" ").every(isGiven) || isKnown(text, operation, catalog, known)
      ? []
      : `${preposition} ${text}`.trim(),
  );
  const fields = new Set([...values.keys()].flatMap(({ leaf }) => stemsOf(leaf)));
  // `That weighs 7 kg` is in the field `weight`.
  const isTaken = (word: string): boolean =>
    fields.has(stem(word)) || [...fields].some((field) => word.length > 4 && field.startsWith(stem(word)));
  const isRelative = inputChangedBy(clause, operation) !== undefined;
  const numbers = [
    ...(isRelative ? [] : amounts(clause, values, times).filter((number) => !isInText(number))),
    ...assignedSizes(clause.sizes, operation.inputs).left,
  ];
  const years = yearsIn(clause).flatMap(({ year, said }) =>
    isGiven(String(year)) || numbers.includes(String(year)) ? [] : said,
  );
  const said = [...days, ...points, ...texts, ...names].join(" ").toLowerCase();
  const isUnit = (word: string): boolean =>
    isRelative && clause.amounts.some(({ about }) => about.has(stem(word)));
  const isPlaced = [...values.keys()].some(isWhereabouts);
  const words = wordsBehind(clause).filter(
    (word) =>
      !(isPlaced && SAYS_WHERE.test(word)) &&
      !isUnit(word) &&
      !isGiven(word) &&
      !isTaken(word) &&
      !said.includes(word) &&
      !isKnown(word, operation, catalog, known),
  );
  const untaken = codesIn(clause.text).filter(
    (code) => !isGiven(code) && ![...names, ...texts].some((text) => text.includes(code)),
  );
  const kind = kinds(served, isGiven);
  const lost = along.filter((text) => !said.includes(text.toLowerCase())).map((text) => `with ${text}`);
  const besides = [...texts, ...names, ...untaken, ...numbers, ...years, ...points, ...days, ...lostCause];
  return [
    ...new Set([...kind, ...namedOnes(clause, operation, isGiven), ...besides, ...words, ...lost, ...made]),
  ];
}

const SAYS_WHERE = new RegExp(`^${LIES}$`);

/** Whether a day or a time tells what is chosen from others: the list of such things shows one. */
function isShownBy(text: string, clause: Clause, operation: Operation, catalog: OperationCatalog): boolean {
  const { days, times } = pointsOfChoice(clause, []);
  const shown = operation.inputs
    .flatMap((field) => catalog.sources(operation, field))
    .flatMap(({ listed, operation: source }) => (listed ? (source.list?.fields ?? []) : []));
  const has = (points: readonly { text: string }[], isShown: (field: Field) => boolean): boolean =>
    points.some((point) => point.text === text) && shown.some(isShown);
  return has(days, isDayOfThing) || has(times, isTimeOfThing);
}

/** The kind of thing that a clause asks for, where no input took it. */
function kinds(
  { clause, operation, values }: ServedClause,
  isGiven: (text: string) => boolean,
): readonly string[] {
  const kind = kindNamed(clause, operation);
  if (kind !== undefined && !kind.isSynonym && !isGiven(kind.said)) return [kind.said];
  const option = unofferedOption(clause, operation, values);
  return option === undefined ? [] : [option];
}

/** A name behind a noun: `the foreman Ines Duarte`. */
const NOUN_AND_NAME = /\b(?:the|with|as) (\p{Ll}[\p{Ll}-]+) (?=(\p{Lu}.*$))/gu;

/** A person or a thing with a name, for an id that a call may have and that is left out of it. */
function namedOnes({ text }: Clause, { inputs }: Operation, isGiven: (text: string) => boolean): string[] {
  return Array.from(text.matchAll(NOUN_AND_NAME), ([, noun = "", behind = ""]) => ({
    noun,
    name: nameAt(behind, true) ?? "",
  })).flatMap(({ noun, name }) => {
    const ids = inputs.filter(
      (field) => field.in === "body" && isReference(field) && field.nameTokens.has(stem(plain(noun))),
    );
    const isLeftOut = ids.length > 0 && ids.every(({ required }) => !required);
    return name === "" || !isLeftOut || isGiven(name) ? [] : [`${noun} ${name}`];
  });
}

/** Something new for which a thing is made, where nothing has made it first: an id is that of an older one. */
function newOnes(clause: Clause, { inputs }: Operation): string[] {
  return newThings(clause.written).flatMap((phrase) => {
    const nouns = tokens(headNounOf(phrase.thing));
    const takes = inputs.some(
      (field) =>
        !isReference(field) && nouns.some((noun) => field.nameTokens.has(noun) || field.textTokens.has(noun)),
    );
    if (takes) return [];
    return phrase.written.replaceAll(/quoted(\d+)/g, (mark) => textBehind(mark, clause)).trim();
  });
}

/** The text of a clause that a placeholder stands for. */
function textBehind(mark: string, { written, quoted }: Clause): string {
  const marks = Array.from(written.matchAll(/\bquoted\d+\b/g), ([one]) => one);
  return quoted[marks.indexOf(mark)] ?? "";
}

/** What comes along with a thing: `two panes` of `a quote with two panes`. */
const ALONG = /\bwith\s+((?:(?!(?:for|to|from|at|on|in|by|and|or|of|that|which|as)\b)[\w'-]+\s*){1,4})/gi;
/** What is with a thing that is chosen, and what something is done with. */
const NO_COMPANION = /^(?:it|them|him|her|me|us|you|this|that|at|least|most|up|no|more|less|only|any|all)\b/i;

/** The things that come along and that another operation makes: this one has no word for them. */
function companions(
  { text }: Clause,
  operation: Operation,
  { operations }: OperationCatalog,
  known: readonly string[],
): string[] {
  const own = new Set([
    ...operation.weights.keys(),
    ...operation.inputs.flatMap(({ nameTokens, textTokens }) => [...nameTokens.keys(), ...textTokens.keys()]),
    ...known.flatMap((name) => tokens(name)),
  ]);
  return Array.from(text.matchAll(ALONG), ([, said = ""]) => said.trim()).filter((said) => {
    const noun = tokens(said).at(-1);
    if (noun === undefined || NO_COMPANION.test(said) || tokens(said).some((token) => own.has(token)))
      return false;
    return operations.some((other) => other !== operation && makes(other, noun));
  });
}

/** How something is to be done, of which nothing here has a word: `with force`. */
const MANNER = /\s((?:with|without)\s+(?:an?\s+|the\s+)?(\p{Ll}{3,}))[.\s]*$/u;

/** What a thing is marked as, of which no input took all: `as shy, old and calm`. */
const MARKED = /\sas\s+((?!(?:an?|the|soon|well|it|possible|before|usual)\b)\p{Ll}.*?)[.\s]*$/u;

const marksOf = (
  { text, quoted, names }: Clause,
  { inputs }: Operation,
  isGiven: (text: string) => boolean,
): string[] => {
  const isOfPerson = names.some(({ role, preposition }) => role !== undefined && preposition !== "");
  const said = quoted.length === 0 && !isOfPerson ? MARKED.exec(text)?.[1] : undefined;
  const isFree = inputs.some((field) => field.in === "body" && field.required && field.type === "string");
  return said === undefined || !isFree || isGiven(said) ? [] : [`as ${said}`];
};

function mannerOf(
  clause: Clause,
  operation: Operation,
  catalog: OperationCatalog,
  known: readonly string[],
  isGiven: (text: string) => boolean,
): string[] {
  const [, said = "", noun = ""] = MANNER.exec(clause.text) ?? [];
  if (noun === "" || NO_COMPANION.test(noun) || FILLERS.has(noun) || STOP.has(noun)) return [];
  const isField = [...operation.inputs, ...catalog.operations.flatMap(({ answers }) => answers)].some(
    ({ nameTokens, textTokens }) => nameTokens.has(stem(noun)) || textTokens.has(stem(noun)),
  );
  const isKind = isKindOfThing(stem(noun), catalog.operations);
  // What another operation takes is nothing to this one.
  const isOwn = operation.weights.has(stem(noun)) || known.some((name) => tokens(name).includes(stem(noun)));
  return isField || isKind || isOwn || isGiven(noun) ? [] : [said];
}

/** The texts of several for one field that are not sent, where another one of them is: `the tags "shy" and "old"`. */
function textsLeft({ quoted, labels }: Clause, isGiven: (text: string) => boolean): string[] {
  return quoted.flatMap((text, at) =>
    at > 0 &&
    /^\s*(?:,|and|,\s*and)\s*$/.test(labels[at] ?? "") &&
    isGiven(quoted[at - 1] ?? "") &&
    !isGiven(text)
      ? [JSON.stringify(text)]
      : [],
  );
}

/** Whether an operation makes things of a noun, and is no other form of one that does. */
const makes = ({ writes, method, path }: Operation, noun: string): boolean =>
  writes && method === "POST" && stemsOf(path.split("/").at(-1) ?? "").includes(noun);

/** Those in whose name something is done, where no input took them: no choice is about them. */
const persons = ({ names }: Clause, isGiven: (text: string) => boolean): string[] =>
  names.flatMap(({ text, named }) => (named !== true || isGiven(text) ? [] : `in the name of ${text}`));

/** Names of more things or persons than a call chooses from lists that show names: nothing here is the last of them. */
function namesTooMany(
  clause: Clause,
  operation: Operation,
  catalog: OperationCatalog,
  isGiven: (text: string) => boolean,
): string[] {
  const names = clause.names.filter(
    ({ text, preposition, named }) => TAKES_PART.test(preposition) && named !== true && !isGiven(text),
  );
  if (names.length < 2) return [];
  const chosen = operation.inputs.filter(
    (field) =>
      (field.in === "path" || isReference(field)) &&
      catalog
        .sources(operation, field)
        .some(({ listed, operation: source }) => listed && source.list?.fields.some(isNameText)),
  );
  return names.slice(Math.max(1, chosen.length)).map(({ text, preposition }) => `${preposition} ${text}`);
}

/** Amounts with a unit, `for 3 days`, that no input took and by which nothing here can be chosen. */
function measures(
  clause: Clause,
  operation: Operation,
  values: ReadonlyMap<Field, Json>,
  times: number,
  catalog: OperationCatalog,
): string[] {
  const { operations } = catalog;
  // What is chosen may have room for so many, where its list says so.
  const hasRoom = operation.inputs
    .flatMap((field) => catalog.sources(operation, field))
    .some((source) => [...source.operation.answers, ...source.operation.inputs].some(holdsMany));
  const known = (unit: string): boolean =>
    unit.startsWith("~") ||
    operations.some(
      ({ weights, answers }) => weights.has(unit) || answers.some(({ nameTokens }) => nameTokens.has(unit)),
    );
  const measured = clause.amounts.filter(
    ({ money, about, forMany }) =>
      !money && about.size > 0 && (forMany ? !hasRoom : ![...about.keys()].some(known)),
  );
  return amounts({ ...clause, amounts: measured }, values, times);
}

/** What a clause does to several things at once, where it is done to one: `lend both skulls`. */
const severalOf = ({ text }: Clause, times: number): string[] => {
  const said = times > 1 ? undefined : SEVERAL.exec(text)?.[1];
  return said === undefined ? [] : [said];
};
const SEVERAL =
  /^\W*(?:(?:then|also|please|finally|now|and)\s+)*\p{L}+(?:\s+(?:off|up|out|down|away|back))?\s+(both|all|every|each)\s+(?:(?:of|the|my|our|its|their)\s+)*\p{L}/iu;

/** The day itself: `Monday` of `from Monday`. */
const dayOf = (said: string): string => said.split(" ").at(-1) ?? said;

/** The amounts that no input took, in any of its units. */
function amounts(
  { amounts: stated, currency }: Clause,
  values: ReadonlyMap<Field, Json>,
  times: number,
): string[] {
  const taken = [...values.values()].flat().map(Number);
  return stated.flatMap(({ value, money }) => {
    if (taken.some((one) => one === value || one === value * 100) || (times > 1 && value === times))
      return [];
    return money && currency !== undefined ? `${value} ${currency}` : String(value);
  });
}

/** Whether an operation, or anything else here, has a word of a text. */
function isKnown(
  text: string,
  { inputs }: Operation,
  { operations }: OperationCatalog,
  known: readonly string[],
): boolean {
  const columns = new Set(known.flatMap((name) => tokens(name)));
  const options = inputs.flatMap(({ enum: choices }) => choices ?? []).map((option) => plain(String(option)));
  return tokens(text).some(
    (token) =>
      columns.has(token) ||
      options.some((option) => option.split(" ").map(stem).includes(token)) ||
      operations.some(({ weights }) => weights.has(token)),
  );
}

/** Words before a cause or a time, which are no thing. */
const CONNECTS = /^(?:because|since|until|till|during)$/;

/** The words of a clause behind what its verb acts on. */
function wordsBehind({ text, object, lead, wanted, currency, amounts: stated }: Clause): string[] {
  const counted = new Set(
    stated.flatMap(({ forMany, about }) => (forMany ? [...about.keys()].slice(0, 1) : [])),
  );
  const words = phrased(withoutTimes(withoutCause(text))).split(" ");
  const isObject = (word: string): boolean =>
    object.nouns.has(word.startsWith("~") ? word : stem(word)) || PRONOUN.test(word);
  const end = words.findIndex((word, at) => isObject(word) && !isObject(words[at + 1] ?? ""));
  if (end < 0) return [];
  return words
    .slice(end + 1)
    .filter(
      (word) =>
        /^\p{L}{3,}$/u.test(word) &&
        !/ly$/.test(word) &&
        !STOP.has(word) &&
        !FILLERS.has(word) &&
        !(word in NUMBERS) &&
        !PLAIN.test(word) &&
        !CONNECTS.test(word) &&
        stem(word) !== lead &&
        !counted.has(stem(word)) &&
        word !== wanted?.word &&
        word !== currency?.toLowerCase(),
    );
}

const PRONOUN = /^(?:it|them|him|her|this|that|one)$/;
/** Words that say how something is done or called, or how much it is, and no thing. */
const PLAIN =
  /^(?:called|named|titled|entitled|labell?ed|saying|says|reads?|using|via|down|away|back|over|with|without|within|under|below|above|least|most|more|less|than|fewer|maximum|minimum|same|own|usd|eur|gbp|dollars?|euros?|pounds?|cents?|bucks?|first|last|next|new|available|stock|cheapest|end|done|session|possible|until|till|through)$/;
