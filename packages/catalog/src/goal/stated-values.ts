import { escapeRegExp } from "@ape/core/lib/escape-regexp";
import type { Json } from "@ape/core/lib/json";
import { isPlainIdName } from "@ape/core/protocol/id-name";
import {
  type Field,
  isDate,
  isMoney,
  isNameText,
  isNumeric,
  isPhone,
  isPlace,
  isReference,
  isText,
} from "../operations/field.ts";
import { fieldOfVerb } from "../operations/field-of-verb.ts";
import { isNumberWord } from "../operations/item-identifier.ts";
import type { Operation } from "../operations/operation-catalog.ts";
import { isAgentNoun } from "../words/agent-noun.ts";
import { fieldNamesIn } from "../words/field-names.ts";
import { STOP, VERB_MEANINGS } from "../words/lexicon.ts";
import { lastWord, meaningOf, plain, stem, stemsOf, weightedTokens } from "../words/words.ts";
import type { Clause } from "./clause.ts";
import type { ConstrainedStep } from "./constrained-step.ts";
import { BEFORE_CAUSE } from "./phrases/cause.ts";
import { saysMove } from "./phrases/move.ts";
import { namedThing } from "./phrases/named-thing.ts";
import { phoneNumbersIn } from "./phrases/phone-number.ts";
import { REASON } from "./phrases/prose-text.ts";
import { yearField, yearsIn } from "./phrases/said-properties.ts";
import { assignedSizes } from "./phrases/sizes.ts";
import { thingNamed } from "./phrases/thing-name.ts";
import { assignContent, assignMeasured, assignNames, PROSE, PURPOSE, WHOLE_NAME } from "./stated-names.ts";
import { datesIn, relativeDaysIn } from "./times/points-in-time.ts";
import { proseAt } from "./values/prose-at.ts";
import { isQuotedFor } from "./values/quoted-field.ts";
import { codeAt, codesIn } from "./values/written-code.ts";

const PLACE_TEXT = /^(?:\.{0,2}\/|[A-Za-z]:[\\/]|~\/)|^[\w.-]+\/[\w./-]+$|^[\w-]+\.\w{1,5}$/;
const URL_FIELD = /\b(?:url|uri|link|website|href)\b/;
const EMAIL_FIELD = /\be ?-?mail\b/;
/** An e-mail address within a text, as users write it (HTML, "valid e-mail address", without its rarer characters). */
const MAIL_IN = /(?<![\w@.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/;
const INTO = /\b(?:to|into|onto|as)\W*(?:the |a |an )?(?:\w+ ){0,2}$/i;
const FROM = /\bfrom\W*(?:the |a |an )?(?:\w+ ){0,2}$/i;
const CALLED = /\b(?:called|named|titled|entitled|name|title|labell?ed)\W*$/i;
/** A label names a field: the same word as its name. */
const BY_NAME = 3;
const BY_DESCRIPTION = 1.2;
/** The text looks like what the field holds. */
const BY_FORM = 3;
/** The least score at which a text goes into a field. */
const LEAST = -1;

/** The least score of a text that may say which of several things is meant: `borrow "Dune"`. */
const FOR_CHOSEN = 1;

/** Whether nothing stands before a text but the verb, articles and what things are called one of which is chosen. */
const isBare = ({ label }: StatedText, { lead }: Clause, things: ReadonlySet<string>): boolean =>
  plain(label)
    .split(" ")
    .every(
      (word) =>
        STOP.has(word) ||
        word === "" ||
        stem(word) === lead ||
        things.has(stem(word)) ||
        VERB_MEANINGS.has(meaningOf(word) ?? ""),
    );

/** Texts that a call can send: also those of lists and of objects in lists. */
const takesText = (field: Field): boolean => isText(field) || field.type === "string[]";

/** A text that the goal gives, and the words before it. */
interface StatedText {
  text: string;
  label: string;
}

/**
 * Gives the quoted texts of a clause to the text fields of its step: by the words before each (`into the file "a.txt"`), by
 * what the text looks like, then in order, required fields first. Values without quotation marks go to fields that the
 * clause names right before them: `the label red`.
 */
export function assignTexts(step: ConstrainedStep, clause: Clause, constraints: Map<Field, Json>): void {
  const given = new Set(
    [...step.bindings.values()].flatMap((one) => (one.kind === "fact" ? [one.name] : [])),
  );
  const taken = new Set([...constraints.values()]);
  const thing = namedThing(step, clause)?.text;
  const texts: StatedText[] = clause.quoted
    .map((text, index) => ({ text, label: clause.labels[index] ?? "" }))
    .filter(
      ({ text }) =>
        text !== thing && !taken.has(text) && !given.has(/^\{\{([^}]+)\}\}$/.exec(text)?.[1] ?? ""),
    );
  const open = step.operation.inputs.filter(
    (field) =>
      takesText(field) &&
      field.enum === undefined &&
      !step.bindings.has(field) &&
      !constraints.has(field) &&
      field.in !== "header",
  );
  const ofVerb = fieldOfVerb(clause, step.operation);
  const chosen = [...step.bindings].flatMap(([field, { kind }]) =>
    field.in === "body" && (kind === "choice" || kind === "id") ? [field] : [],
  );
  const things = new Set(chosen.flatMap(({ nameTokens }) => [...nameTokens.keys()]));
  const pairs = texts.flatMap((stated, place) =>
    open
      .filter((field) => hasForm(stated.text, field) && !isNameOfOther(stated, field, clause))
      .map((field, at) => ({
        stated,
        field,
        score: fitness(stated, field, clause, field === ofVerb) - Math.abs(place - at) / 100,
      })),
  );
  pairs.sort((one, two) => two.score - one.score);
  const spent = new Set<StatedText>();
  for (const { stated, field, score } of pairs) {
    if (
      score < (chosen.length > 0 && isBare(stated, clause, things) ? FOR_CHOSEN : LEAST) ||
      spent.has(stated) ||
      constraints.has(field)
    )
      continue;
    spent.add(stated);
    constraints.set(field, field.type === "string[]" ? [stated.text] : stated.text);
  }
  // A name right behind that of a field is for no other: `change its shelf to C7`.
  const names = clause.names.filter(({ text }) => {
    if (taken.has(text) || text === thing) return false;
    const field = open.find((one) => !constraints.has(one) && besideOf(one, clause, step.operation) === text);
    if (field !== undefined) constraints.set(field, text);
    // `Change the purpose to Check the cable`: the value has words in lower case, too.
    const prose = open.find(
      (one) =>
        !constraints.has(one) &&
        PROSE.test(one.leaf) &&
        valueSet(one, clause)?.startsWith(`${text} `) === true,
    );
    if (field === undefined && prose !== undefined) constraints.set(prose, valueSet(prose, clause) ?? text);
    return field === undefined && prose === undefined;
  });
  assignMeasured(step, clause, open, constraints);
  assignNames(step, { ...clause, names }, open, constraints);
  for (const field of open) {
    if (constraints.has(field)) continue;
    const plainValue =
      onlyPhone(field, open, clause.text) ??
      besideOf(field, clause, step.operation) ??
      valueSet(field, clause);
    if (plainValue !== undefined && !isForOtherDay(plainValue, field, step))
      constraints.set(field, plainValue);
  }
  assignContent(step, clause, open, constraints);
}

/** Whether a value is a day that another input of the step is for: the day of a shift is no shift. */
const isForOtherDay = (value: string, field: Field, { operation }: ConstrainedStep): boolean =>
  datesIn(value).length > 0 &&
  operation.inputs.some((one) => one !== field && one.in === field.in && isDate(one));

/** Whether a text has the form that a field asks for: a day is no e-mail address. */
const hasForm = (text: string, { format = "" }: Field): boolean =>
  text.includes("{{") || FORMS[format]?.test(text) !== false;
const DAY = /^\d{1,4}[-./]\d|^\d{1,2}\.? \p{L}{3}|^\p{L}{3,9} \d/u;
const FORMS: Readonly<Record<string, RegExp>> = {
  date: DAY,
  "date-time": DAY,
  time: /^\d{1,2}[:.]\d\d/,
  email: /@/,
  uri: /^[a-z][a-z\d+.-]*:/i,
};

/** What is called so behind a preposition: `for the customer called`. */
const OTHER_CALLED =
  /\b(?:for|to|with|by|from|at|in|of|under) (?:[\p{L}-]+ ){0,3}?([\p{L}-]+),? (?:called|named|titled|entitled)\W*$/iu;

/** The stem of the noun that a text names, where that is something else than what the verb acts on: `for a customer called`. */
export function nounNamedBy(label: string, { object }: Pick<Clause, "object">): string | undefined {
  const said = OTHER_CALLED.exec(label)?.[1];
  const noun = said === undefined || /^\p{Lu}/u.test(said) ? undefined : stem(plain(said));
  return noun === undefined || (object.nouns.get(noun) ?? 0) >= 1 ? undefined : noun;
}

/** Whether a text is the name of something that a field does not mention: a note is not the name of a customer. */
function isNameOfOther(
  { label }: StatedText,
  { nameTokens, textTokens, description }: Field,
  clause: Clause,
): boolean {
  const noun = nounNamedBy(label, clause);
  // `For a donor called`: who it is for has a name.
  const isPerson = noun !== undefined && (isAgentNoun(noun) || PERSONS.test(noun));
  if (isPerson && WHOLE_NAME.test(plain(description))) return false;
  return noun !== undefined && !nameTokens.has(noun) && !textTokens.has(noun);
}

/** Stems of what persons are called, besides the nouns of agents. */
const PERSONS = /^(?:person|guest|client|patient|pupil|child|woman|man)$/;

/** Whether a clause gives a quoted text, or a code, right behind the name of a field: `with the method "card"`. */
export function isStatedByName(field: Field, clause: Clause): boolean {
  if (isPlainIdName(field.leaf)) return false;
  if (field.in === "body" && codesIn(clause.text).includes(besideOf(field, clause) ?? "")) return true;
  return isQuotedFor(field, clause);
}

/**
 * How well a text fits a field.
 * @param own whether the verb names the field: `rename it "Last"`
 */
function fitness({ text, label }: StatedText, field: Field, clause: Clause, own: boolean): number {
  let score = field.required ? 0.5 : 0;
  for (const token of clause.weights.keys())
    if (field.textTokens.has(token) || field.nameTokens.has(token)) score += 0.3;
  // The words right before a text say most.
  const near = weightedTokens(label.trim().split(/\s+/).slice(-3).join(" "));
  for (const token of near.keys()) {
    if (VERB_MEANINGS.has(token)) continue;
    if ((field.nameTokens.get(token) ?? 0) >= 1) score += BY_NAME;
    else if (field.textTokens.has(token) || field.nameTokens.has(token)) score += BY_DESCRIPTION;
  }
  if (CALLED.test(label) && isNameText(field)) score += BY_NAME;
  if (BEFORE_CAUSE.test(label) && REASON.test(plain(field.leaf))) score += BY_NAME;
  if (own) score += BY_NAME;
  if (/\bfor\s*$/.test(label) && PURPOSE.test(plain(field.leaf))) score += BY_NAME;
  const form = formScore(text, field);
  // What a field is set to is of its form, whatever it looks like.
  if (isSetTo(label, field, clause)) score += BY_NAME + BY_FORM;
  else score += isNamedBefore(label, field) ? Math.max(0, form) : form;
  if (INTO.test(label) && /\b(?:destination|target|to|new|into)\b/.test(field.words)) score += 2;
  if (FROM.test(label) && /\b(?:source|from|old|origin)\b/.test(field.words)) score += 2;
  return score;
}

/** Whether a text is the new value of a field that the clause names as what it sets: `set the location of the case to`. */
function isSetTo(label: string, { leaf }: Field, { verb, object }: Clause): boolean {
  if (verb !== "~update" || !/\bto\s*$/.test(label)) return false;
  const further = FURTHER_FIELD.exec(label)?.[1];
  const said = further === undefined ? undefined : stemsOf(further);
  return stemsOf(leaf).some((word) => said?.includes(word) ?? object.nouns.has(word));
}
/** What is set besides: `change its email to a@b.example and its institute to "ETH"`. */
const FURTHER_FIELD = /\band (?:his|her|its|their|the|my|our) (\p{Ll}[\p{Ll} -]*?) to\s*$/u;

/** Whether a text stands right behind the name of a field, as its new value, too: `set its location to`. */
const isNamedBefore = (label: string, { leaf }: Field): boolean =>
  ` ${plain(label.replace(/\b(?:of|to|as|is)\W*$/i, ""))}`.trimEnd().endsWith(` ${plain(leaf)}`);

function formScore(text: string, field: Field): number {
  if (/^https?:\/\//.test(text)) return URL_FIELD.test(field.words) || field.format === "uri" ? BY_FORM : -1;
  if (/^\S+@\S+\.\w+$/.test(text))
    return EMAIL_FIELD.test(field.words) || field.format === "email" ? BY_FORM : -1;
  const place = PLACE_TEXT.test(text.replaceAll(/\{\{[^}]*\}\}/g, "x"));
  if (isPlace(field)) return place ? BY_FORM : -BY_FORM;
  return place ? -1 : 0;
}

/**
 * What stands behind a field's name: a connecting word or sign, if any, and a value: one word, and names that go on in capitals
 * or numbers that no noun follows (`ZH 4711`).
 */
const VALUE =
  /^(?:(\s*[=:]\s*|\s+(?:is|of|to|as|named|called)\s+)|\s+)([\p{L}\p{N}_.@-]+(?:\s+(?:\p{Lu}[\p{L}\p{N}_-]*|\p{N}[\p{L}\p{N}_-]*(?![\p{L}\p{N}_-])(?!\s+(?!(?:for|to|in|on|at|with|from|by|and|of)\b)\p{Ll})))*)/u;
/** Words that no value is. */
const NO_VALUE =
  /^(?:and|or|then|that|which|with|in|on|at|for|from|by|to|into|of|is|are|the|an?|its?|them|under|over|between|below|above|less|more|than|again|first|last|new|next|out|off|up|down|away|back)$/i;

/** The telephone number that a text gives, for the only field that takes one. */
function onlyPhone(field: Field, fields: readonly Field[], text: string): string | undefined {
  const [phone, ...others] = isPhone(field) ? phoneNumbersIn(text) : [];
  return others.length > 0 || fields.filter(isPhone).length > 1 ? undefined : phone;
}

/**
 * The value that stands right behind a field's name, without quotation marks: `label red`, `label = red`, `card Alpha`.
 * @param thing what the clause calls what it acts on: that is no value
 */
function valueBeside(
  field: Field,
  text: string,
  thing?: string,
  { inputs, weights }: Pick<Operation, "inputs" | "weights"> = { inputs: [], weights: new Map() },
): string | undefined {
  if (field.format === "email") return MAIL_IN.exec(text)?.[0];
  if (!isText(field) || field.format !== undefined) return undefined;
  const name = field.leaf.replaceAll(/([a-z])([A-Z])/g, "$1 $2").replaceAll(/[_-]+/g, " ");
  const short = name.replace(/ (?:name|title)$/i, "");
  // `For the case V 31/26` gives the number of the case.
  const noun = isNumberWord(lastWord(name)) && !isId(field.leaf) ? name.replace(/ \S+$/, "") : undefined;
  const spoken = fieldNamesIn(field, text);
  for (const said of new Set([name, short, ...(noun === undefined ? [] : [noun]), ...spoken])) {
    if (said.length < 3 || STOP.has(said.toLowerCase())) continue;
    const words = escapeRegExp(said).replaceAll(" ", "\\s+");
    const name = new RegExp(
      `(?<![\\p{L}\\p{N}_])${words}(?: (?:number|address))?(?![\\p{L}\\p{N}_-])`,
      "iu",
    ).exec(text);
    if (name === null) continue;
    const rest = text.slice(name.index + name[0].length);
    const [, connected, word = ""] = VALUE.exec(rest) ?? [];
    const code = codeAt(rest.slice(rest.indexOf(word)));
    const value = code ?? word;
    if (said === noun && (code === undefined || code === thing)) continue;
    const [first = ""] = value.split(/\s+/);
    if (value === "" || NO_VALUE.test(first)) continue;
    // `The phone number of Anna to 12` is Anna's.
    if (connected?.trim() === "of" && /\s(?:to|with)\s/.test(text.slice(name.index))) continue;
    const isName = /^[\p{Lu}\p{N}]/u.test(value);
    // Without a connecting word only what is written like a name, or what a required field would lack.
    const isProse = PROSE.test(field.leaf);
    const isTold = isProse && TOLD.test(text.slice(0, name.index));
    if (connected === undefined && !isName && !field.required && !isTold) continue;
    if (!isName && !isTold) return first;
    const behind = text.slice(name.index + name[0].length).trim();
    const isOther = (one: string): boolean =>
      weights.has(one) || inputs.some((other) => other !== field && other.nameTokens.has(one));
    return isProse ? proseAt(behind.slice(behind.indexOf(value)), isOther) : value;
  }
  return undefined;
}

/** Before the name of a field that a value follows: `with the note`, `and the text`. */
const TOLD = /(?:\b(?:with|and)|,)\s+(?:(?:the|an?)\s+)?$/i;

/** Whether a name says that only programs write the values. */
const isId = (leaf: string): boolean => /(?:id|guid|key|slug|handle)$/i.test(leaf);

/** The value of a field behind its name in a clause. */
function besideOf(field: Field, clause: Clause, operation?: Operation): string | undefined {
  // `The remarks "a bit restless", 6 frames`: its value is in quotation marks.
  if (clause.labels.some((label) => isNamedBefore(label, field))) return undefined;
  const changes = clause.verb === "~update" || saysMove(clause);
  return valueBeside(field, clause.text, changes ? thingNamed(clause)?.text : undefined, operation);
}

/** The new value without quotation marks of a field that a clause sets: `store C` of `change the location of the case to store C`. */
function valueSet(field: Field, { verb, text }: Clause): string | undefined {
  if (verb !== "~update" || !isText(field) || field.format !== undefined || isReference(field))
    return undefined;
  const own = field.leaf.replaceAll(/([a-z])([A-Z])/g, "$1 $2").replaceAll(/[_-]+/g, " ");
  const sets = [own, ...fieldNamesIn(field, text)].map(
    (said) =>
      new RegExp(
        `(?<![\\p{L}\\p{N}_])${escapeRegExp(said).replaceAll(" ", "\\s+")}(?:\\s+(?:number|address))?(?:\\s+of\\s+(?:(?!to\\b)\\S+\\s+){1,6}?|\\s+)to\\s+(?:(?:the|an?)\\s+)?(\\S.*)$`,
        "iu",
      ).exec(text)?.[1],
  );
  const set = sets.find((one) => one !== undefined);
  const words = (set ?? "").split(/\s+/).filter((word) => word !== "");
  const end = words.findIndex((word, at) => at > 0 && ENDS_VALUE.test(word));
  const value = (end < 0 ? words : words.slice(0, end)).join(" ").replace(/[.,;:!?]+$/, "");
  // A day that depends on today is none as it is said.
  const isDay = relativeDaysIn(` ${value}`).length > 0 || datesIn(value).length > 0;
  return value === "" || NO_VALUE.test(value) || isDay ? undefined : value;
}
const ENDS_VALUE = /^(?:and|with|for|because|until|before|after|by|then)$/i;

/**
 * Gives the numbers of a clause to the number fields of its step: those that stand behind a field's name (`a = 17`), then, if
 * there are as many numbers left as required fields, in order: `the sum of 17 and 25`.
 */
export function assignNumbers(step: ConstrainedStep, clause: Clause, constraints: Map<Field, Json>): void {
  const numbers = step.operation.inputs.filter(
    (field) =>
      isNumeric(field) && field.enum === undefined && field.in !== "header" && !step.bindings.has(field),
  );
  const named = new Set<number>();
  const { values: sizes } = assignedSizes(
    clause.sizes,
    step.operation.writes ? step.operation.inputs : numbers,
  );
  for (const [field, value] of sizes) constraints.set(field, value);
  for (const field of numbers) {
    if (sizes.has(field)) continue;
    const found = numberBeside(field, clause);
    if (found === undefined) continue;
    constraints.set(field, found);
    named.add(found);
  }
  const year = yearField(step.operation);
  const [stated] = yearsIn(clause);
  if (year !== undefined && stated !== undefined && !constraints.has(year) && !step.bindings.has(year)) {
    constraints.set(year, isNumeric(year) ? stated.year : String(stated.year));
    named.add(stated.year);
  }
  assignOnlyNumber(step, clause, numbers, constraints);
  if (step.operation.list !== undefined && !step.operation.writes) return;
  const open = numbers.filter((field) => field.required && !constraints.has(field));
  const loose = clause.amounts.filter(
    ({ value, money }) => !money && !named.has(value) && ![...constraints.values()].includes(value),
  );
  if (open.length < 2 || open.length !== loose.length) return;
  for (const [index, field] of open.entries()) constraints.set(field, loose[index]?.value ?? 0);
}

/** A field's name without the unit behind it: `mass` of `massGrams`. */
const withoutUnit = (name: string): string => name.replace(UNIT, "");
const UNIT =
  /(?<=\p{L}) (?:grams?|g|kg|kilos?|cm|mm|m|km|met(?:re|er)s?|minutes?|mins?|hours?|seconds?|secs?|ms|days?|weeks?|months?|years?|cents?|percent|pct|lit(?:re|er)s?|l|ml|celsius|c|f|degrees?|k?w|watts?|[kmg]?wh|volts?|[kmg]?hz|h?pa|bars?|psi|db|ppm|rpm|km ?h|kph|mph|knots?|ft|feet|inch(?:es)?|lbs?|oz|ounces?|pounds?|tons?|tonnes?|ha|hectares?|sqm|[kmg]b|px)$/u;

/** Whether a number is that of what follows, as the field has its own before it: `3 days, 12 kg`, `12 kg of weight, 2 days`. */
const isOfNext = (before: string, behind: string): boolean =>
  /\d\s+(?:\p{Ll}+\s+of\s+(?:the\s+)?)?$/u.test(before) &&
  /^\s+(?!(?:and|or|for|to|in|on|at|with|from|by|of)\b)\p{Ll}/u.test(behind);

const MEASURE = "(?:rate|frequency|interval|level|value)";

/** The number that stands right behind a field's name: `table 7` for `table` and `tableNumber`, `a = 17`. */
export function numberBeside(field: Field, { text, verb }: Clause): number | undefined {
  const { leaf } = field;
  const short = plain(leaf).replace(/ (?:number|no|nr|num)$/, "");
  // `Change the height of the mast at the Old Mill to 7`.
  const ofThing =
    verb === "~update" ? "(?:\\s+(?:of|for|at|in|on)(?:\\s+(?!to\\s+[\\d-])\\S+){1,9}\\s+to)?" : "";
  const bare = withoutUnit(short);
  for (const said of new Set([leaf, short, bare, ...fieldNamesIn(field, text)])) {
    // What has a unit is also called by what it measures: the sampling rate for `samplingHz`.
    const measured = said === bare && bare !== short ? `(?:\\s+${MEASURE})?` : "";
    const found = new RegExp(
      `(?<![\\p{L}\\p{N}_-])${escapeRegExp(said).replaceAll(" ", "[\\s_-]+")}${measured}${ofThing}\\s*(=|:|\\bis\\b|\\bof\\b|\\bto\\b)?\\s*(-?\\d+(?:\\.\\d+)?)\\b`,
      "iu",
    ).exec(text);
    if (found?.[2] === undefined) continue;
    const [all, joined, number] = found;
    if (joined !== undefined || !isOfNext(text.slice(0, found.index), text.slice(found.index + all.length)))
      return Number(number);
  }
  return undefined;
}

/** Fields that say how good something is, and the units that goals give for it. */
const RATING = /\b(?:rating|score|stars?|grade|points?|marks?)\b/;
const isOfRating = (token: string): boolean => token === stem("stars") || token === stem("points");

/** Gives a number without a unit to the only number of a call: `a table for 4`, `lower it to 3`. */
function assignOnlyNumber(
  { operation }: ConstrainedStep,
  clause: Clause,
  numbers: readonly Field[],
  constraints: Map<Field, Json>,
): void {
  if (!operation.writes) return;
  const given = [...constraints.values()];
  const [amount, ...more] = clause.amounts.filter(({ value, money }) => !money && !given.includes(value));
  if (amount === undefined || more.length > 0) return;
  if (amount.replaces.size > 0 && !clause.object.refers) return;
  const all = numbers.filter((field) => field.in === "body" && !isReference(field) && !isMoney(field));
  const open = all.filter((field) => !constraints.has(field));
  const [only, ...others] = open.some(({ required }) => required)
    ? open.filter(({ required }) => required)
    : open;
  if (only === undefined || others.length > 0) return;
  if (amount.about.size > 0 && !(RATING.test(plain(only.leaf)) && [...amount.about.keys()].some(isOfRating)))
    return;
  const isOfName = clause.names.some(({ text }) => text.includes(String(amount.value)));
  // `Set its track to 12` says which field gets it.
  const isOfOther = operation.inputs.some(
    (field) =>
      field !== only &&
      field.in === "body" &&
      [...amount.replaces.keys()].some((word) => (field.nameTokens.get(word) ?? 0) >= 1),
  );
  if (!isOfName && !isOfOther) constraints.set(only, amount.value);
}
