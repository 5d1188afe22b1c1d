import type { Json } from "@ape/core/lib/json";
import { isIdName } from "@ape/core/protocol/id-name";
import {
  type Field,
  isNameText,
  isNumeric,
  isReference,
  isSecret,
  isText,
  isWhereabouts,
} from "../operations/field.ts";
import { fieldOfVerb } from "../operations/field-of-verb.ts";
import { isNumberWord } from "../operations/item-identifier.ts";
import type { Operation } from "../operations/operation-catalog.ts";
import { ownNouns, subjectOf } from "../operations/operation-subject.ts";
import { movesTo } from "../operations/state-change.ts";
import { isAgentNoun } from "../words/agent-noun.ts";
import { lastWord, plain, stem, tokens } from "../words/words.ts";
import type { Clause } from "./clause.ts";
import type { ConstrainedStep } from "./constrained-step.ts";
import type { StatedName } from "./goal-text.ts";
import { saysMove } from "./phrases/move.ts";
import { numberedThings } from "./phrases/numbered-thing.ts";
import { thingNamed } from "./phrases/thing-name.ts";
import { thingsBeside } from "./things/definite-things.ts";
import { codeValue, isOtherThanLanguage, nameOrCode } from "./values/code-value.ts";

/** What a name behind a preposition usually is. */
const ROLES: Readonly<Record<string, RegExp>> = {
  to: /\b(?:to|recipient|receiver|destination|assignee|addressee|target|towards|arrival)\b/,
  into: /\b(?:to|destination|target|into)\b/,
  from: /\b(?:from|origin|source|sender|departure)\b/,
  for: /\b(?:for|guest|customer|client|patient|passenger|attendee|visitor|member|beneficiary|recipient|booker|student|holder)\b/,
  with: /\b(?:with|partner|participant|attendee|guest|contact)\b/,
  by: /\b(?:by|author|artist|writer|composer|maker|creator|brand|director)\b/,
  in: /\b(?:in|city|town|location|place|country|region|room|area)\b/,
  at: /\b(?:at|venue|place|location|address|site)\b/,
  of: /\b(?:of|subject|object|target|topic|motif|theme)\b/,
  about: /\b(?:about|subject|topic|theme)\b/,
  "": /\b(?:guest|customer|client|patient|passenger|attendee|visitor|member|participant|candidate|student|pupil)\b/,
};
/** Prepositions of directions, behind which a place stands. */
const DIRECTIONS = /^(?:to|into|from|in|at)$/;
const PLACE =
  /\b(?:city|town|place|location|country|region|venue|port|harbor|harbour|station|airport|stop|address)\b/;
/** Fields that hold several words of prose. */
export const PROSE =
  /(?:title|heading|headline|caption|comment|message|text|notes?|description|subject|topic|reasons?|purpose|summary|abstract|body|remarks?|briefing|instructions?|content|question|answer|feedback|review|observations?|findings?)$/i;

/**
 * Gives the names of a clause to the text fields of its step: by what stands before each (`to Basel`, `for Lea`), else to the
 * only field that can hold it: what is made is `of Vega`, the conductor is set `to Clara`.
 */
export function assignNames(
  step: ConstrainedStep,
  clause: Clause,
  open: readonly Field[],
  constraints: Map<Field, Json>,
): void {
  const made = nameOfNew(step, clause);
  const called = made === undefined ? undefined : fieldOfNew(made, open, constraints);
  if (made !== undefined && called !== undefined) constraints.set(called, made);
  const names = called === undefined ? clause.names : clause.names.filter(({ text }) => text !== made);
  const left: StatedName[] = [];
  const free = (name: StatedName): readonly Field[] =>
    open.filter(
      (field) =>
        !constraints.has(field) &&
        isFree(field) &&
        takesWords(field, name.text) &&
        !isOtherThanLanguage(name, field),
    );
  const ofVerb = fieldOfVerb(clause, step.operation);
  for (const topic of subjectsOfNew(clause)) {
    const field = free(topic).find((one) => hasRole(one, topic, plain(one.leaf)));
    if (field !== undefined) constraints.set(field, topic.text);
  }
  // The new value first: of `the object of the Saturn request to Titan` it is Titan.
  const rest = names.filter((name) => {
    if (isOfChanged(name, clause) || isOfChosen(name, step, clause)) return false;
    const coded = free(name).find((one) => codeValue(name, one, clause.text) !== undefined);
    const field = coded ?? free(name).find((one) => isChanged(one, name, clause) || isHeadOf(one, name));
    const value = coded === undefined ? name.text : codeValue(name, coded, clause.text);
    if (field !== undefined && value !== undefined) constraints.set(field, value);
    return field === undefined;
  });
  for (const name of rest) {
    const field =
      free(name).find((one) => isCalledRole(one, name)) ??
      free(name).find((one) => one === ofVerb && /^(?:to|as|with)$/.test(name.preposition)) ??
      free(name).find((one) => one !== ofVerb && hasRole(one, name, plain(one.leaf)));
    if (field === undefined) left.push(name);
    else constraints.set(field, nameOrCode(name.text, clause.text));
  }
  for (const name of left) {
    if (assignPerson(name, clause, step.operation.inputs, free(name), constraints)) continue;
    const field =
      byDescription(name, free(name)) ??
      onlyPlace(name, left, free(name)) ??
      (isBroughtInto(name, clause, step) ? undefined : onlyPerson(name, free(name))) ??
      // Where a thing is moved to is a place, and no other text of it.
      (saysMove(clause) && DIRECTIONS.test(name.preposition)
        ? undefined
        : onlyText(step, clause, name, free(name))) ??
      (choosesByName(step) || isOfThing(name, clause, step) ? undefined : purpose(name, free(name)));
    if (field !== undefined) constraints.set(field, name.text);
  }
}

/** What something new is about, in small letters: `night buses` of `create an episode about night buses`. */
const subjectsOfNew = (clause: Clause): StatedName[] =>
  clause.indefinite
    ? thingsBeside(clause).flatMap(({ text, isTopic }) => (isTopic ? { text, preposition: "about" } : []))
    : [];

/**
 * Gives what a thing is of, `a planting of garlic`, to the only text that a call needs that makes such a thing, where the clause
 * gives it nothing else.
 */
export function assignContent(
  { operation }: ConstrainedStep,
  clause: Clause,
  open: readonly Field[],
  constraints: Map<Field, Json>,
): void {
  const [, place] = KEPT.exec(clause.text) ?? [];
  const whereabouts = open.find(
    (field) => field.in === "body" && isWhereabouts(field) && !constraints.has(field),
  );
  if (place !== undefined && whereabouts !== undefined && operation.writes)
    constraints.set(whereabouts, place);
  const only = contentOf(operation, open, constraints);
  if (only === undefined) return;
  const [, noun = "", content = ""] = CONTENT.exec(clause.text) ?? [];
  const use =
    nameBeforeNoun(clause, ownNouns(subjectOf(operation))) === undefined ? undefined : useOfNew(clause);
  if (content !== "" && ownNouns(subjectOf(operation)).includes(stem(plain(noun))))
    constraints.set(only, content);
  else if (use !== undefined) constraints.set(only, use);
}
/** What a new thing is for, where its noun says what it is: `cloakroom` of `add Tom Reed as a volunteer for the cloakroom`. */
export const useOfNew = ({ text }: Clause): string | undefined => FOR_WHAT.exec(text)?.[1];

/** Words behind which a clause says where a thing is, as a part of a pattern. */
export const LIES = "(?:kept|stored|placed|located|standing|lying|hanging|put)";
/** `Kept on shelf 4`. */
const KEPT = new RegExp(
  `\\b${LIES}\\s+(?:on|in|at|under|behind)\\s+(?:the\\s+)?([\\p{L}\\p{N}-]+(?:\\s+(?!(?:and|for|with|by|to|from|on|in|at)\\b)[\\p{L}\\p{N}-]+){0,2})`,
  "u",
);
/** `Add Tom Reed as a volunteer for the cloakroom`. */
const FOR_WHAT =
  /\bas\s+(?:an?|the)\s+(?:new\s+)?\p{Ll}+\s+(?:for|in|at|on)\s+(?:the\s+)?(\p{Ll}[\p{Ll}-]*(?:\s+(?!(?:and|for|with|by|to|from|on|in|at)\b)\p{Ll}[\p{Ll}-]*){0,2})(?=\s+(?:on|at|from|by|with|and)\b|[.,;]|\s*$)/u;

/** Gives what an amount is of to the same text: `give Bello 20 mg of Aspirin`. */
export function assignMeasured(
  { operation }: ConstrainedStep,
  clause: Clause,
  open: readonly Field[],
  constraints: Map<Field, Json>,
): void {
  const said = MEASURED.exec(clause.text)?.[1];
  // `12 kg of payload` says which number it is.
  const isNumber = operation.inputs.some(
    (field) => isNumeric(field) && tokens(said ?? "").some((word) => field.nameTokens.has(word)),
  );
  const measured = isNumber ? undefined : said;
  const only = measured === undefined ? undefined : contentOf(operation, open, constraints);
  if (only !== undefined && measured !== undefined) constraints.set(only, measured);
  const calling = AS.exec(clause.text)?.[1];
  const { verbClass } = subjectOf(operation);
  const isRole = clause.names.some(({ role, preposition }) => role === calling && preposition !== "");
  const isOption = operation.inputs.some(({ enum: options }) =>
    options?.some((option) => plain(String(option)) === plain(calling ?? "")),
  );
  if (calling === undefined || isRole || isOption || verbClass !== "create" || clause.quoted.length > 0)
    return;
  const [text, ...others] = open.filter(
    (field) => field.in === "body" && field.required && isFree(field) && !constraints.has(field),
  );
  if (text !== undefined && others.length === 0) constraints.set(text, calling);
}

/** What a thing is marked as: `tag Minka as shy`. */
const AS = /\sas\s+((?!(?:an?|the|soon|well|it|possible|before|usual)\b)\p{Ll}[\p{Ll}-]*)[\s.]*$/u;

/** The only text that a call needs that makes a thing, and that has no value yet. */
function contentOf(
  operation: Operation,
  open: readonly Field[],
  constraints: ReadonlyMap<Field, Json>,
): Field | undefined {
  const subject = subjectOf(operation);
  if (subject.verbClass !== "create" || subject.isAction) return undefined;
  const needed = open.filter((field) => field.in === "body" && field.required && isFree(field));
  const [only, ...others] = needed.filter((field) => !constraints.has(field));
  return only === undefined || others.length > 0 || PROSE.test(only.leaf) || isNameText(only)
    ? undefined
    : only;
}
/** What an amount is of: `20 mg of Aspirin`. */
const MEASURED =
  /(?<![\p{L}\p{N}])\d[\d.,]*\s*(?:m?g|kg|m?l|grams?|kilos?|lit(?:re|er)s?|drops?|tablets?|pills?)\s+of\s+((?!(?:an?|the|it|its|this|that)\b)\p{L}[\p{L}-]*(?:\s+(?!(?:to|in|into|on|at|for|with|from|by|and|of)\b)\p{L}[\p{L}-]*){0,2})/u;
/** `a planting of garlic`: what is counted or has an article of its own is a thing. */
const CONTENT =
  /\b(?:an?|another|one|the)\s+(?:\p{Ll}+\s+)??(\p{Ll}+)\s+of\s+((?!(?:an?|the|it|its|this|that|them|these|those|my|our|your|one|some|any|each|at|kind|type)\b)\p{Ll}+(?:\s+(?!(?:in|on|at|with|for|to|from|by|as|of|and|or|over|under)\b)\p{Ll}+){0,2})(?=\s|[.,;]|$)/u;

/** What a clause calls the thing that it makes, right behind the noun of that: `add the role Ophelia`. */
function nameOfNew({ operation }: ConstrainedStep, clause: Clause): string | undefined {
  const subject = subjectOf(operation);
  if (subject.verbClass !== "create" || subject.isAction) return undefined;
  const told = nameBeforeNoun(clause, ownNouns(subject));
  if (told !== undefined) return told;
  const name = thingNamed(clause);
  const noun = name?.nouns.at(-1);
  if (name === undefined || noun === undefined || name.of || clause.quoted.includes(name.text))
    return undefined;
  return ownNouns(subject).includes(noun) ? name.text : undefined;
}

/** `Add Tom Reed as a volunteer`, `register a silver crown as a new prop`. */
const NAME_AS =
  /^\W*\p{L}+\s+(?:(?:an?|the)\s+)?((?!(?:it|them|him|her|me|us|this|that)\b)[\p{L}\p{N}'’.-]+(?:\s+(?!(?:as|to|for|in|on|at|with|from|by|and|of)\b)[\p{L}\p{N}'’.-]+){0,3})\s+as\s+(?:an?|the|our|my|one)\s+(?:new\s+)?(\p{Ll}+)/u;
/** `Register a new prop: a silver crown`. */
const NAME_BEHIND =
  /\s(?:(?:an?|the|another|one|my|our)\s+(?:\p{Ll}+\s+){0,2}?(\p{Ll}+):|(?:an?|another|one)\s+new\s+(\p{Ll}+),)\s+(?:(?:an?|the)\s+)?([\p{L}\p{N}'’.-]+(?:\s+(?!(?:to|for|in|on|at|with|from|by|and|of|kept|stored|placed|located|standing|lying|made|priced|costing|weighing|which|that|who)\b)[\p{L}\p{N}'’.-]+){0,3})/u;

/**
 * What a new thing is called where the noun of it only says what it is: `add Tom Reed as a volunteer`.
 * @param nouns of what is made, as stems
 */
export function nameBeforeNoun({ text, quoted }: Clause, nouns: readonly string[]): string | undefined {
  if (quoted.length > 0) return undefined;
  const [, name = "", kind = ""] = NAME_AS.exec(text) ?? [];
  if (nouns.includes(stem(kind))) return name;
  const [, listed, added, behind] = NAME_BEHIND.exec(text) ?? [];
  return nouns.includes(stem(listed ?? added ?? "")) ? behind?.replace(/\.$/, "") : undefined;
}

/** Whether a name says which thing gets a new value: `set the note of the lift in Linden Court to "..."`. */
function isOfChanged({ text: name, preposition }: StatedName, { verb, text }: Clause): boolean {
  if (verb !== "~update" || /^(?:to|into|as)?$/.test(preposition)) return false;
  const behind = text.slice(text.indexOf(name) + name.length);
  return /\b(?:to|into)(?:\s|$)/.test(behind);
}

/** Whether a name is what an input is changed to that chooses a thing: `set the pilot of the ride to Jan Roos`. */
const isOfChosen = (
  { preposition }: StatedName,
  { bindings }: ConstrainedStep,
  { verb, object }: Clause,
): boolean =>
  verb === "~update" &&
  /^(?:to|as)$/.test(preposition) &&
  [...bindings].some(
    ([field, { kind }]) =>
      field.in === "body" &&
      kind === "choice" &&
      [...object.nouns].some(([noun, weight]) => weight === 1 && (field.nameTokens.get(noun) ?? 0) >= 1),
  );

/** The input for what the thing is called that a call makes: for its name, else, where that is a code, for its number. */
function fieldOfNew(
  name: string,
  open: readonly Field[],
  constraints: ReadonlyMap<Field, Json>,
): Field | undefined {
  const free = open.filter((field) => !constraints.has(field));
  const named = free.find((field) => isFree(field) && isNameText(field));
  if (named !== undefined || !/\p{N}/u.test(name)) return named;
  const [only, ...others] = free.filter(
    (field) => isText(field) && !/(?:id|guid)$/i.test(field.leaf) && isNumberWord(lastWord(field.leaf)),
  );
  return others.length > 0 ? undefined : only;
}

/** Whether a field is called by the noun of a name: `court` of `at the Bremen District Court`. */
export const isHeadOf = ({ leaf }: Field, { text }: StatedName): boolean =>
  text.includes(" ") &&
  stem(lastWord(text)) === stem(lastWord(plain(leaf).replace(/ name$/, ""))) &&
  !PROSE.test(leaf);

/**
 * Gives the name of the person that something is for to the fields that ask for a whole name, or for its two parts.
 * @returns whether there are such fields
 */
function assignPerson(
  { text, preposition }: StatedName,
  { verb, text: said }: Clause,
  inputs: readonly Field[],
  fields: readonly Field[],
  constraints: Map<Field, Json>,
): boolean {
  // A person has no article: `for the Mikado`, `for The Mikado`.
  if (preposition !== "for" || ARTICLE.test(text) || said.includes(`for the ${text}`)) return false;
  if (!PERSON.test(text) && !(IN_A_NAME.has(verb) && SURNAME.test(text))) return false;
  const called = (pattern: RegExp): Field | undefined =>
    fields.find(({ leaf, description }) => pattern.test(plain(leaf)) || pattern.test(plain(description)));
  const [first, last] = [called(FIRST_NAME), called(LAST_NAME)];
  const parts = text.split(" ");
  if (first !== undefined && last !== undefined && parts.length > 1) {
    constraints.set(first, parts.slice(0, -1).join(" "));
    constraints.set(last, parts.at(-1) ?? "");
    return true;
  }
  // What has an address to write to is a person.
  const isOfPerson = IN_A_NAME.has(verb) || inputs.some(isEmail);
  const whole = called(WHOLE_NAME) ?? (isOfPerson ? called(BARE_NAME) : undefined);
  if (whole !== undefined) constraints.set(whole, text);
  return whole !== undefined;
}
const PERSON = /^\p{Lu}[\p{L}'’.-]+(?: \p{L}[\p{L}'’.-]*){0,2} \p{Lu}[\p{L}'’-]+$/u;
const SURNAME = /^\p{Lu}\p{Ll}+$/u;
const ARTICLE = /^(?:the|an?) /i;
const FIRST_NAME = /^(?:first|given) ?name$/;
const LAST_NAME = /^(?:last|family|sur) ?name$/;
export const WHOLE_NAME = /^(?:your )?(?:full|complete|whole) name$|\b(?:first and last|name and surname)\b/;
const BARE_NAME = /^(?:your )?name$/;
const isEmail = ({ format, leaf }: Field): boolean => format === "email" || /^e ?mail\b/.test(plain(leaf));
/** What is done in the name of a person. */
const IN_A_NAME: ReadonlySet<string | undefined> = new Set(["~reserve", "~register"]);

/** Whether a field can hold a name: no id, secret nor a text of a certain form. */
const isFree = (field: Field): boolean =>
  isText(field) && field.format === undefined && !isIdName(field.leaf) && !isSecret(field);

/** Whether a field can hold a text without digits: no field for a number by which a person is reached or something is found. */
const takesWords = ({ leaf }: Field, text: string): boolean =>
  /[\p{N}@{]/u.test(text) || !REACHED.test(plain(leaf));
const REACHED =
  /\b(?:phone|telephone|tel|mobile|cell|fax|(?:e ?)?mail|number|nr|url|zip|post ?code|postal code|iban)\b/;

/** Whether a field is what a clause changes `to` a name: the label of `change the label of the pallet to Omega`. */
const isChanged = (
  { nameTokens, textTokens, description }: Field,
  { preposition }: StatedName,
  { verb, lead, object }: Clause,
): boolean =>
  verb === "~update" &&
  (/^(?:to|as)$/.test(preposition) || (/^(?:with|by)$/.test(preposition) && REPLACES.has(lead ?? ""))) &&
  [...object.nouns].some(
    ([noun, weight]) =>
      weight === 1 &&
      ((nameTokens.get(noun) ?? 0) >= 1 || (isLabel(description) && (textTokens.get(noun) ?? 0) >= 1)),
  );

/** Whether a description is no sentence, but what a form has beside a field. */
const isLabel = (description: string): boolean => description.split(/\s+/).length <= MOST_LABEL_WORDS;
const MOST_LABEL_WORDS = 3;

/** Verbs behind which `with` and `by` name the new value. */
const REPLACES: ReadonlySet<string> = new Set(
  "replace substitute exchange swap overwrite".split(" ").map(stem),
);

/** Whether a field is called by what a person is: `coDriver` and `coDriverName` of `with Ida Brandt as co-driver`. */
function isCalledRole({ leaf }: Field, { role }: StatedName): boolean {
  return role !== undefined && plain(leaf).replace(/ name$/, "") === plain(role);
}

function hasRole({ leaf }: Field, { preposition, named }: StatedName, words: string): boolean {
  if (named === true && /\bname$/.test(plain(leaf))) return true;
  return hasRoleOf(preposition, words);
}

/** Whether words that name a field say what usually stands behind a preposition: a recipient behind `to`. */
export const hasRoleOf = (preposition: string, words: string): boolean =>
  ROLES[preposition]?.test(words) === true;

/** Whether a call takes the id of something that may have the name. */
const choosesByName = ({ operation, bindings }: ConstrainedStep): boolean =>
  operation.inputs.some(
    (field) => field.in === "body" && field.required && (bindings.has(field) || isReference(field)),
  );

/** Whether a name says which of the things is meant that there are: `strike the entry for the Frost Derby`, `cancel my ticket for Hamlet`. */
function isOfThing({ text: name }: StatedName, clause: Clause, { operation }: ConstrainedStep): boolean {
  const { isAction, verbClass } = subjectOf(operation);
  const isOfOne = isAction || verbClass === "update" || verbClass === "delete";
  if (!isOfOne || !(clause.text.includes(` for the ${name}`) || clause.text.includes(` for ${name}`)))
    return false;
  return thingNamed(clause) === undefined && numberedThings(clause).length === 0 && clause.told === undefined;
}

/** What something is for, where it is for nobody that another field is about. */
const purpose = ({ preposition, named }: StatedName, fields: readonly Field[]): Field | undefined =>
  preposition === "for" && named !== true ? fields.find(({ leaf }) => PURPOSE.test(plain(leaf))) : undefined;
/** Fields for what something is for. */
export const PURPOSE = /\b(?:purpose|reason|occasion)\b/;

/** A field whose description says such a role, `the guest's name`; the preposition itself says nothing there. */
const byDescription = (name: StatedName, fields: readonly Field[]): Field | undefined =>
  fields.find(
    ({ leaf, description }) =>
      !PROSE.test(leaf) &&
      plain(description)
        .split(" ")
        .some((word) => !(word in ROLES) && ROLES[name.preposition]?.test(word) === true),
  );

/** The only field for a place, where only one name is that of a place. */
function onlyPlace(
  { preposition }: StatedName,
  names: readonly StatedName[],
  fields: readonly Field[],
): Field | undefined {
  if (!DIRECTIONS.test(preposition)) return undefined;
  if (names.filter((name) => DIRECTIONS.test(name.preposition)).length > 1) return undefined;
  const [only, ...others] = fields.filter(({ leaf }) => PLACE.test(plain(leaf)));
  return others.length > 0 ? undefined : only;
}

/** Whether a name behind the verb is that of the thing that an update brings into a state: `retire Old Faithful` names no keeper. */
const isBroughtInto = (
  { preposition, role }: StatedName,
  clause: Clause,
  { operation }: ConstrainedStep,
): boolean =>
  preposition === "" &&
  (role === undefined || role === clause.wanted?.word) &&
  (operation.method === "PATCH" || operation.method === "PUT") &&
  operation.path.endsWith("}") &&
  movesTo(clause, operation);

/** The only text of a call whose name says who a person is: `teacher` for `with Mr Klein`. */
function onlyPerson({ preposition, text }: StatedName, fields: readonly Field[]): Field | undefined {
  if (!WITH_PERSON.test(preposition) || /\p{N}/u.test(text)) return undefined;
  const [only, ...others] = fields.filter(
    ({ leaf }) => isAgentNoun(leaf.replace(OF_NAME, "")) && !PROSE.test(leaf) && !PLACE.test(plain(leaf)),
  );
  return others.length > 0 ? undefined : only;
}
const WITH_PERSON = /^(?:with|for|by|to|)$/;
/** A field for the name of a person may say so: `teacherName`. */
const OF_NAME = /[_-]?name$/i;

/** The only text of a call that makes something `of` a name, or that sets what a clause names. */
function onlyText(
  { operation }: ConstrainedStep,
  { verb, object, lead }: Clause,
  { preposition, text }: StatedName,
  fields: readonly Field[],
): Field | undefined {
  const subject = subjectOf(operation);
  const isOwn = [...object.nouns].some(([noun, weight]) => weight === 1 && subject.nouns.has(noun));
  const isVerb = lead !== undefined && subject.verbs.has(lead);
  if (!isOwn && !(isVerb && (preposition === "" || preposition === "to"))) return undefined;
  const isSet = preposition === "to" && (verb === "~update" || (isVerb && object.refers));
  const isMade =
    (preposition === "of" || preposition === "about" || preposition === "") &&
    subject.verbClass !== "update" &&
    !operation.inputs.some((field) => field.in === "body" && field.required && isReference(field));
  if (!isSet && !isMade) return undefined;
  const needed = fields.filter(
    ({ required, leaf }) => required && (verb === "~update" || isMade || !PROSE.test(leaf)),
  );
  const [only, ...others] = needed.length > 0 ? needed : fields.filter(({ leaf }) => !PROSE.test(leaf));
  return only === undefined || others.length > 0 || text.length > (only.maxLength ?? text.length)
    ? undefined
    : only;
}
