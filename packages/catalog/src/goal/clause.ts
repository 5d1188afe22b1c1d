import { NUMBERS, STOP, VERB_MEANINGS, VERBS } from "../words/lexicon.ts";
import { type ObjectPhrase, objectPhrase } from "../words/object-phrase.ts";
import type { WantedState } from "../words/state-words.ts";
import { verbEntry } from "../words/thesaurus.ts";
import { addTokens, meaningOf, phrased, stem, type WeightedTokens } from "../words/words.ts";
import { type Amount, type Bound, type Constraints, type Ordering, parseConstraints } from "./constraints.ts";
import { currencyIn, withMoneySigns } from "./currency.ts";
import { type MarkedGoal, marked, namesStatedIn, type StatedName } from "./goal-text.ts";
import { withoutCause } from "./phrases/cause.ts";
import { repeatedObjects } from "./phrases/repeated-object.ts";
import { type StatedSize, sizesIn, withoutSizes } from "./phrases/sizes.ts";
import { isCaused, plainForm } from "./plain-form.ts";
import { isFullName } from "./things/full-name.ts";
import type { ToldField } from "./things/told-field.ts";
import { datesIn, monthNumber, type StatedTime, timesIn, withoutTimes } from "./times/points-in-time.ts";
import { withoutCodes } from "./values/written-code.ts";
import { SENDS_AWAY, wantedState } from "./wanted-state.ts";

/** One thing that a goal asks for. */
export interface Clause {
  /** Without quoted texts. */
  text: string;
  /** As written, quoted texts included. */
  said: string;
  /** As written, with placeholders for its texts. */
  written: string;
  /** It makes what comes along with the thing that the clause before makes: later clauses are about that one. */
  along?: true;
  /** Fields and their values by which it tells its thing; its text is without them. */
  told?: readonly ToldField[];
  /** Weights of its words in a match: the verb's is highest. */
  weights: WeightedTokens;
  /** The meaning of its verb, such as `~find`; undefined if the lexicon has none. */
  verb: string | undefined;
  /** Stem of its verb, and the synsets of the thesaurus that it belongs to. */
  lead: string | undefined;
  leadSynsets: ReadonlySet<string>;
  /** What its verb acts on. */
  object: ObjectPhrase;
  /** The state that a thing is in after it: `completed` of `complete it`, or of `mark it as completed`. */
  wanted: WantedState | undefined;
  /** Another person does it: `have it weighed`. No read is that. */
  caused: boolean;
  /** It acts on something that need not exist before: `file a ticket`. */
  indefinite: boolean;
  /** It has its own verb that changes something, although the lexicon has no meaning for it: `comment on it`. */
  acts: boolean;
  /** False for an introduction or a prohibition: it has constraints, but asks for no action. */
  active: boolean;
  bounds: readonly Bound[];
  extreme: Ordering | undefined;
  amounts: readonly Amount[];
  /** Measures of one thing in a row: `800 by 1200 mm`. */
  sizes: readonly StatedSize[];
  /** Its texts: quoted ones, and names behind `called` and the like. */
  quoted: readonly string[];
  /** The words before each quoted text, up to the text before: `into the file` of `write "a" into the file "b"`. */
  labels: readonly string[];
  /** Names without quotation marks, such as `Maria` of `assign it to Maria`. */
  names: readonly StatedName[];
  dates: readonly StatedTime[];
  times: readonly StatedTime[];
  /** The code of the currency of its amounts. */
  currency: string | undefined;
  /** Asks for something that is available now. */
  available: boolean;
  /** Wants to see several things: `check your orders`. */
  plural: boolean;
  /** Asks for something other than before. */
  another: boolean;
}

const BREAK =
  /[;\n!]+|\?+(?=\s|$)|:(?!\d)|,(?!\d{3}\b)|\.(?=\s|$)|[\s,]*\b(?:and )?(?:then|after that|afterwards|after which|finally|lastly|eventually)\b,?/;
/** Words before a verb that ask for nothing. */
export const FILLERS: ReadonlySet<string> = new Set(
  (
    "first second third next now later last once after before again please you i we want wants would like to need must should " +
    "have has try go and but also be sure make it when that are is finally simply just let us by then"
  ).split(" "),
);
const SURE = new Set(["sure", "certain", "it"]);
const INDEFINITE = /^\S+\s+(?:[a-z]+ )?(?:an?|another|(?:some )?new)\b/i;
const PASSIVE = /^(?:but )?(?:(?:do|please do) not|don't|dont|never|without|avoid|no|nothing|not)\b/i;
const VERB_STEMS = new Set(VERBS.map(stem));
const AVAILABLE = /\b(?:in stock|available|not sold out|on the shelf|still to be had)\b/i;
const PLURAL = /\b(?:all|every|list)\b|\b(?:the|your|my|our|their) (?:\w+ )??\w+[^s\W]s\b/i;
const NAMING = /^(?:choose|pick|select)(?:s|ing)?$/;

/** Verbs that the lexicon has without a meaning, and that change nothing. */
const LOOKS = new Set("go visit open wait download track use do finish end take".split(" ").map(stem));

/** The same, unless they act on a thing: `finish`, but `finish the trip`. */
const ENDS = new Set("finish end".split(" ").map(stem));
const actsOn = (lead: string, { nouns }: ObjectPhrase): boolean =>
  !LOOKS.has(stem(lead)) || (ENDS.has(stem(lead)) && nouns.size > 0);

/** Whether a word opens a clause: a verb of the lexicon, or one that `known` (stems of an API's own verbs) has. */
function isVerb(word: string, known: ReadonlySet<string>): boolean {
  const base = stem(word);
  return VERB_MEANINGS.has(word) || VERB_STEMS.has(base) || known.has(base);
}

/** Words that follow a verb and no noun: `remark on it`, `file a ticket`. */
const FOLLOWS = new Set(
  "a an the it its them this that these those my your our their his her some all another each every both new me us him".split(
    " ",
  ),
);
const DETERMINERS = new Set("a an the its my your our their his her".split(" "));
const BETWEEN = new Set("on at for to off over down up out away back with in".split(" "));

/** Whether what follows `make` is made, or made so: `make a list`, `make it public`, but not `make sure` nor `make it cheap to send`. */
const isMaking = ([next = "", ...rest]: readonly string[]): boolean =>
  !SURE.has(next) || (next === "it" && (rest.filter((word) => word !== "not").length === 1 || isCount(rest)));

/** Whether words are a number and what it counts. */
const isCount = ([number = "", , ...more]: readonly string[]): boolean =>
  more.length === 0 && (/^\d+$/.test(number) || number in NUMBERS);

/** Whether a word is a verb although neither the lexicon nor the API has it, by what follows: `remark on it`, `celebrate with cake`. */
function isUnknownVerb(word: string, [next = "", behind = ""]: readonly string[]): boolean {
  const entry = verbEntry(stem(word));
  if (entry === undefined) return OBJECTS.has(next) && !ADVERBS.test(word);
  if (FOLLOWS.has(BETWEEN.has(next) ? behind : next)) return true;
  return entry.mostly && WITH.has(next) && behind !== "" && !PARTICIPLE.test(word);
}

/** Pronouns that only verbs have before them. */
const OBJECTS = new Set("it them him me us".split(" "));
const ADVERBS = /ly$|^(?:within|without|about|above|below|under|over|around|through|between|among|besides?)$/;
const WITH = new Set("with for about to into at".split(" "));
const PARTICIPLE = /(?:ed|ing|en)$/;

/** A word in small letters, or at the beginning, that a name follows: `quote Ada Wyss`. */
const BEFORE_NAME =
  /^\s*(?:(?:then|also|please|finally|now|next|and)\s+)*(\p{Ll}[\p{Ll}-]+)(?:\s+(?:off|up|out|down|away|back))?\s+\p{Lu}\p{Ll}+/u;

/** A word before a noun and its number: `postpone order 3`. */
const BEFORE_NUMBER =
  /^\s*(?:(?:then|also|please|finally|now|next|and)\s+)*(\p{L}[\p{Ll}-]+)(?:\s+(?:off|up|out|down|away|back))?\s+\p{Ll}+\s+(?:no\.?\s+|number\s+|#)?\d/iu;

/** A word before a noun and its code: `paint plot B1`. */
const BEFORE_CODE =
  /^\s*(?:(?:[Tt]hen|[Aa]lso|[Pp]lease|[Ff]inally|[Nn]ow|[Nn]ext|[Aa]nd)\s+)*(\p{L}[\p{Ll}-]+)\s+\p{Ll}+\s+(?=[\p{Lu}/-]*\d)\p{Lu}[\p{Lu}\p{N}/-]*(?![\p{L}\p{N}])/u;

/** What puts a text on a thing by the noun for that: `note "closed" on it`. */
const NOTES = /^\W*(?:(?:then|also|please|finally|now|and)\s+)*(note|comment|remark)\s+quoted\d+\s+on\s/i;

/** A question asks for what it is about to be found: `which boats are free?`. */
const QUESTION =
  /^\W*(?:and |but )?(?:which|what|who|whose|where|when|how (?:many|much|long|old|far|big)|(?:is|are) there)\s/i;

/**
 * The leading verb of a fragment: that it finds something, of a question; else the first word that is neither filler nor stop word,
 * if it is a verb.
 * @param begins whether it is the beginning of what is asked for: its first word is a verb where it can be one
 */
function leadingVerb(text: string, known: ReadonlySet<string>, begins = false): string | undefined {
  if (QUESTION.test(text)) return "find";
  const noting = NOTES.exec(text)?.[1];
  if (noting !== undefined) return noting.toLowerCase();
  const words = phrased(text).split(" ");
  const ofName = BEFORE_NAME.exec(text)?.[1] ?? BEFORE_NUMBER.exec(text)?.[1]?.toLowerCase();
  const ofCode = BEFORE_CODE.exec(text)?.[1]?.toLowerCase();
  for (const [at, word] of words.entries()) {
    if (
      isVerb(word, known) &&
      (!FILLERS.has(word) ||
        (word === "make" && isMaking(words.slice(at + 1))) ||
        (at === 0 && word === "like" && FOLLOWS.has(words[1] ?? "")))
    )
      return word;
    // What follows is a noun: `the reservation`.
    if (DETERMINERS.has(word)) return undefined;
    if (FILLERS.has(word) || STOP.has(word)) continue;
    const behind = words.slice(at + 1);
    const entry = verbEntry(stem(word));
    const isVerbHere =
      (ofName === word && entry?.mostly === true) ||
      (entry !== undefined && (ofCode === word || (begins && isOrder(behind, known)))) ||
      isUnknownVerb(word, behind);
    return isVerbHere ? word : undefined;
  }
  return undefined;
}

/** Whether what follows a word at the beginning is what it acts on, and no verb of a person: `Upgrade booking 7`, and no `Guest buys a lamp`. */
const isOrder = ([first = "", second = ""]: readonly string[], known: ReadonlySet<string>): boolean =>
  isObjectOf(/^(?:off|up|out|down|away|back)$/.test(first) ? second : first, known);
const isObjectOf = (next: string, known: ReadonlySet<string>): boolean =>
  /^\p{L}/u.test(next) && !STOP.has(next) && !(/(?<!s|ing)s$/.test(next) && isVerb(next, known));

/** A particle of a phrasal verb: right after the verb, or after what it acts on, `call the booking off`. */
function particleOf(said: string, lead: string): string | undefined {
  const words = said.split(" ").filter((word) => word !== "again");
  const at = words.indexOf(lead);
  return [words[at + 1], words.at(-1)].find(
    (word) => word !== undefined && BETWEEN.has(word) && verbEntry(stem(lead), word) !== undefined,
  );
}

/**
 * Whether a text says something of a person or a thing instead of asking for it: `I come at 14:00`, `it hums`. What the lexicon or
 * the API has as a verb is asked for: `I search a lamp`.
 */
function isStatement(text: string, known: ReadonlySet<string>): boolean {
  if (GIVES_CAUSE.test(text) || TELLS.test(text)) return true;
  const plain = plainForm(text);
  const lead = SUBJECT.test(plain) ? leadingVerb(plain, known) : undefined;
  return lead !== undefined && !isVerb(lead, known);
}
const SUBJECT = /^(?:and |but )?(?:i|we|he|she|they|it)\s/i;
/** A cause is no wish: `because it is close to the tap`. */
const GIVES_CAUSE = /^\W*(?:because|since|due to|owing to|on account of)\s/i;
/** What was or has been is no wish, either: `I have been waiting since May`, `it was torn`. */
const TELLS = /^\W*(?:and |but )?(?:i|we|he|she|they|it) (?:(?:have|has|had) been|was|were|had)\s/i;

/** Whether a text is a sign-in: what follows it is asked for, whatever its verb is. */
const signsIn = (text: string, known: ReadonlySet<string>): boolean =>
  leadingVerb(plainForm(text), known) === "~login";

/** Cuts before every `and`, `before`, `after` that is followed by a verb. */
function cut(fragment: string, known: ReadonlySet<string>): string[] {
  const parts: string[] = [];
  let start = 0;
  const begins = signsIn(fragment, known);
  for (const match of fragment.matchAll(/[\s,]+(?:and|before|while|but)\s+/gi)) {
    const rest = fragment.slice(match.index + match[0].length);
    const lead = leadingVerb(plainForm(rest), known, begins);
    if (
      lead === undefined ||
      isStatement(rest, known) ||
      (isStatement(fragment, known) && !isVerb(lead, known))
    )
      continue;
    parts.push(fragment.slice(start, match.index));
    start = match.index + match[0].length;
  }
  parts.push(fragment.slice(start));
  return parts;
}

/** Weight of the words of the clause before, where a pronoun refers to them. */
const CARRIED = 0.25;

/**
 * Splits a goal into its clauses, in the order of execution. `known`: stems of the verbs that the APIs' summaries start
 * with.
 */
export function clausesOf(goal: string, known: ReadonlySet<string>): Clause[] {
  const { text: safe, quotes } = marked(goal);
  const colon = safe.search(/:\s/);
  const [head, rest] = [safe.slice(0, Math.max(0, colon)), safe.slice(colon + 1)];
  const parts = colon > 0 && !/[.;]/.test(head) ? textsOf(rest, known) : [];
  // `Buy a lamp: log in, find one, pay`: the actions follow the colon.
  const headed = parts.length > 1;
  const clauses: Clause[] = headed ? [{ ...clauseOf(head, known, quotes), active: false }] : [];
  for (const text of headed ? parts : textsOf(safe, known))
    clauses.push(clauseOf(text, known, quotes, clauses.at(-1)));
  return clauses;
}

/** The texts of a goal's clauses; what has no verb of its own belongs to the one before. */
function textsOf(goal: string, known: ReadonlySet<string>): string[] {
  const texts: string[] = [];
  // The text before was a label and its value, or more of what belongs to the clause.
  let isListing = false;
  for (const fragment of withLabels(goal).split(BREAK)) {
    // `Before you pay` at the beginning of a sentence cuts nothing: it tells the order.
    for (const part of cut(fragment.replace(/^\s*(?:(?:and|but)\s+)?(?=before\b)/i, ""), known)) {
      const text = part.replaceAll(/\s+/g, " ").trim();
      if (text === "") continue;
      const leads =
        PASSIVE.test(text) ||
        (!isSaidOfThing(text) &&
          leadingVerb(plainForm(text), known, signsIn(texts.at(-1) ?? "", known)) !== undefined &&
          !isStatement(text, known));
      const isFurther: boolean = isListing && isLabelled(text, known);
      if ((leads && !isFurther) || texts.length === 0) texts.push(text);
      else texts.push(...joinedTexts(texts.pop() ?? "", text));
      isListing = !leads || isFurther;
    }
  }
  texts.splice(0, texts.length, ...texts.flatMap(repeatedObjects));
  for (let i = 0; i + 1 < texts.length; i += 1)
    if (/^before /i.test(texts[i] ?? ""))
      [texts[i], texts[i + 1]] = [texts[i + 1] as string, texts[i] as string];
  return texts;
}

/** Whether a text may be a label and a name, as in a list of these: `sweep Henrik Saal` behind `date 11 December`. */
function isLabelled(text: string, known: ReadonlySet<string>): boolean {
  const word = LABEL_AND_NAME.exec(text)?.[1];
  return word !== undefined && !isVerb(word, known);
}
const LABEL_AND_NAME = /^(\p{Ll}[\p{L}-]+) \p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)*$/u;

/** Whether a text says with a participle what has been done with a thing: `filed on 3 February`. */
function isSaidOfThing(text: string): boolean {
  const word = DONE.exec(text)?.[1] ?? "";
  return word !== "" && stem(word) !== word;
}
const DONE = /^(\p{Ll}+ed)\s+(?:on|at|by|in|for|from|to|with|until|under|as)\s/u;

/** A goal in which a text behind a colon is no clause of its own: `, reason: ice in the sound`. */
const withLabels = (goal: string): string => goal.replaceAll(TEXT_LABEL, "$1 is ");
const TEXT_LABEL =
  /(,\s*(?:and )?(?:the )?(?:\p{L}+ )?(?:reason|cause|notes?|comment|remark|message|feedback)):\s+(?=\p{L})(?!quoted\d)/giu;

/** The text of a clause with what belongs to it: a further thing of the same kind is one of its own. */
function joinedTexts(text: string, more: string): string[] {
  const apart = repeatedObjects(`${text}, ${more}`);
  // `Weigh Rex: 31.5 kg`: the number is none of the name's.
  const [name] = (/^\d/.test(more) && /\p{Lu}[\p{L}'-]*$/u.exec(text)) || [];
  const isNameBefore = name !== undefined && monthNumber(name) === 0 && !LABEL_BEFORE.test(text);
  // `Cancel orders 2, 5 and 7`: each is a number of its own.
  const hasLabel = LABEL_AND_VALUE.test(more);
  // `For Bistro Lumen, pickup on 3 May`: the word behind the comma is none of the name's.
  const isWordBehind = /\p{Lu}[\p{L}'-]*$/u.test(text) && WORD_AND_PREPOSITION.test(more);
  const isNumbers = /\s\d+$/.test(text) && /^\d+(?:\s|$)/.test(more);
  // `Volunteer for the news desk, Ola Berg`: a person who is named besides.
  const isPerson = isFullName(more);
  const isApart = isPerson || isNameBefore || hasLabel || isWordBehind || isNumbers || SAYS_MORE.test(more);
  const sign = isApart || TEXT_BEFORE.test(text) ? "," : "";
  return apart.length > 1 ? apart : [`${text}${sign} ${more}`];
}

/** A label with a value behind a comma: `the Silver Tern, IMO 9811234`, `the Nordlys, berth K3`. */
const LABEL_AND_VALUE =
  /^(?:\p{Lu}[\p{L}.]*\s+[\p{L}-]*\d[\p{L}\d./-]*|\p{Lu}{2,}$|\p{Ll}{3,}\s+(?:\p{Lu}|\p{N}))/u;
/** What is no part of the words before it: a sentence of its own, or an address with its label. */
const SAYS_MORE =
  /^(?:(?:an?|i|we|he|she|they|it|my|our|his|her|their|because|since|no|without|(?:\p{L}+\s+)?name)\s|(?:[\p{L}-]+\s+)?\S+@\S)/iu;
/** What is said of something else than a name before it: `pickup on 3 May`, `arrival by train`. */
const WORD_AND_PREPOSITION = /^\p{Ll}{3,}\s+(?:on|at|by|in|is|for|of|until|from)\b/u;
const LABEL_BEFORE = /,\s*\p{Lu}{2,}$/u;
/** A text behind the name of a field for it, which a comma ends: `reason fog, berth K1`. */
const TEXT_BEFORE = /\b(?:reason|cause|notes?|comment|remark|message|feedback)\b\W+(?!to\b)\p{L}/iu;

/** The clause of a text of which nothing has to be cut; `previous` is the one that a pronoun refers to. */
export function clauseOf(
  written: string,
  known: ReadonlySet<string>,
  quotes: MarkedGoal["quotes"],
  previous?: Clause,
): Clause {
  const text = withField(plainForm(written), previous);
  const begins = previous === undefined || previous.verb === "~login";
  const lead = leadingVerb(text, known, begins);
  const weights: WeightedTokens = new Map();
  const bare = text.replaceAll(/\bquoted\d+\b/g, " ");
  const said = phrased(bare);
  // `Make it public` makes nothing.
  const makesSo = lead !== undefined && isMakingSo(lead, said);
  const particle = lead === undefined ? undefined : particleOf(said, lead);
  const entry = lead === undefined ? undefined : verbEntry(stem(lead), particle);
  const own = lead === undefined ? undefined : meaningOfLead(lead, said.slice(said.indexOf(lead)), text);
  const named = (particle === undefined ? undefined : entry?.meaning) ?? own ?? entry?.meaning;
  const verb = named !== undefined && VERB_MEANINGS.has(named) ? named : undefined;
  addTokens(weights, bare.replaceAll(/[$€£]?\d[\d.,]*/g, " "), 1);
  if (lead !== undefined && !lead.startsWith("~")) weights.set(stem(lead), verb === undefined ? 2 : 0.6);
  if (verb !== undefined) weights.set(verb, 2);
  if (lead !== undefined && NAMING.test(lead)) weights.set("~find", 1);
  if (previous !== undefined && /\b(?:it|them|one|that|this|those|these)\b/i.test(bare))
    for (const [token, weight] of previous.weights)
      if (!VERB_MEANINGS.has(token) && token !== previous.lead && !weights.has(token))
        weights.set(token, Math.min(CARRIED, weight));
  const asked = withoutCause(bare);
  const names = namesStatedIn(asked, verb === "~update" || SETS.test(said));
  const object: ObjectPhrase = makesSo
    ? { nouns: new Map(), plain: new Set(), refers: true }
    : objectPhrase(withoutNameAfterVerb(subjectOfAssertion(asked.replace(FURTHER, "")), names), lead);
  return {
    text: bare,
    written,
    said: written.replaceAll(
      /\bquoted(\d+)\b/g,
      (_, number: string) => quotes[Number(number)]?.written ?? "",
    ),
    weights,
    verb,
    lead: lead === undefined ? undefined : stem(lead),
    leadSynsets: new Set(makesSo ? [] : entry?.synsets),
    object,
    wanted: wantedState(said, lead, new Set(entry?.synsets)),
    caused: isCaused(written),
    indefinite: lead !== undefined && INDEFINITE.test(said.slice(said.indexOf(lead))),
    acts: verb === undefined && lead !== undefined && !lead.startsWith("~") && actsOn(lead, object),
    active: !PASSIVE.test(text) && lead !== undefined,
    ...constraintsIn(asked),
    sizes: sizesIn(withoutTimes(asked)),
    quoted: Array.from(text.matchAll(/\bquoted(\d+)\b/g), (match) => quotes[Number(match[1])]?.text ?? ""),
    labels: text.split(/\bquoted\d+\b/).slice(0, -1),
    names,
    dates: datesIn(asked),
    times: timesIn(asked),
    currency: currencyIn(bare),
    available: AVAILABLE.test(bare),
    plural: verb === "~show" && PLURAL.test(bare),
    another: /\b(?:another|second|different|other)\b/i.test(bare),
  };
}

const constraintsIn = (text: string): Constraints =>
  parseConstraints(withMoneySigns(withoutSizes(withoutCodes(withoutTimes(text)))));

/** A clause that says how a thing has to be, up to that: `check the trip to the camera` of `check that the trip to the camera is completed`. */
const subjectOfAssertion = (text: string): string => text.replace(ASSERTION, "$1 $2");
const ASSERTION =
  /\b(check|verify|confirm|ensure|assert) (?:that|whether|if) ((?:(?:it|he|she|they|the|my|our|its|his|her)\b).*?) (?:is|are|was|were|has|have|had|does|did|can|will)\b.*$/is;

/** What a clause says besides: `, it has a wooden handle`. */
const FURTHER = /,\s(?!\d).*$/s;

/** A clause of which another text says how many, how much and when: the numbers of things are left out of it. */
export const withAmountsOf = (clause: Clause, text: string): Clause => ({
  ...clause,
  ...constraintsIn(text),
  dates: datesIn(text),
  times: timesIn(text),
});

/** A clause that sets `it` to a new value, where the clause before was about a field of the thing: `lower it to 3`. */
function withField(text: string, previous: Clause | undefined): string {
  const counted = withUnit(text, previous);
  if (counted !== text || previous?.verb !== "~update" || previous.object.nouns.size === 0) return counted;
  const field = FIELD_SET.exec(previous.text)?.[1];
  return field === undefined ? text : text.replace(SETS_IT, `$1${field} to `);
}
const FIELD_SET = /\b((?:its|their|his|her|the|my|our|your) \w+(?: \w+){0,2}?) to\b/i;
const SETS_IT = /^((?:\w+ )?set )it to /;

/** A clause that gives `it` another number, where the clause before counts one thing alone: `reserve 3 seats, then make it 4`. */
function withUnit(text: string, previous: Clause | undefined): string {
  if (previous === undefined || !SETS_NUMBER.test(text)) return text;
  const units = Array.from(previous.text.matchAll(COUNTED), ([, unit = ""]) => unit);
  const [unit, ...more] = units.filter((word) => !STOP.has(word) && !ENDS_COUNT.test(word));
  return unit === undefined || more.length > 0 ? text : `${text.trim()} ${unit}`;
}
const NUMBER = `(?:\\d+|${Object.keys(NUMBERS).join("|")})`;
const SETS_NUMBER = new RegExp(
  `^\\W*(?:(?:then|now|please|later|also) )*\\p{L}+ (?:it|them|that|this)(?: to| into)? ${NUMBER}\\W*$`,
  "iu",
);
const COUNTED = new RegExp(`(?<![\\p{L}\\p{N}.:-])${NUMBER} (\\p{Ll}{3,})`, "giu");
/** Behind a number that counts nothing. */
const ENDS_COUNT = /^(?:and|for|from|with|into|until|then|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;

/** A clause without a name of several words that its verb acts on, which is no thing by its words: `enrol Mia Lang`. */
function withoutNameAfterVerb(text: string, names: readonly StatedName[]): string {
  const direct = names.find(({ preposition }) => preposition === "")?.text;
  return direct?.includes(" ") === true ? text.replace(direct, " ") : text;
}

/** Verbs that give something a new name or value, which the lexicon may have no meaning for. */
const SETS = /\b(?:re(?:name|title|label)|change|set|update|edit|mark|call)\w*\b/;

/** The lexicon's meaning of a leading verb in its clause; `said` begins with the verb. */
function meaningOfLead(lead: string, said: string, text: string): string | undefined {
  if (lead === "order") return "~buy";
  // What is there already is printed or published: that makes no other one.
  if (/^print/.test(lead) || (PUBLISHING.test(lead) && DEFINITE.test(said))) return `~${lead}`;
  if (isMakingSo(lead, said) || SENDS_AWAY.test(said) || CORRECTING.test(lead)) return "~update";
  // `Leave the comment` writes one: it is no sign-out.
  if (LEAVING.test(said)) return "~create";
  // `Open a new topic` and `start a topic called "Hello"` make one.
  if (OPENING.test(lead) && (NEW.test(said) || (INDEFINITE.test(said) && /\bquoted\d+\b/.test(text))))
    return "~create";
  // `Tell me its price` shows it.
  if (TELLING_ME.test(said)) return "~show";
  // `Report a damage` files one, `report the total` says it.
  if (REPORTING.test(lead) && INDEFINITE.test(said)) return "~create";
  return meaningOf(lead);
}
const PUBLISHING = /^(?:publish|issu|releas|launch)/;
const DEFINITE = /^\S+ (?:the|my|our|its|this|that) (?!quoted)\S+ \S/;
/** Verbs of changes that are other words as well: `the correct one`. */
const CORRECTING = /^(?:correct|tweak|bump|rectif(?:y|ies))(?:s|ing)?$/;
const LEAVING =
  /^leav(?:e|es|ing) (?:an?|some|another|the|this|that|these|those|my|our|its|their) (?!session|page|site|website|shop|store|account|app|application|system|group|team|room|channel|meeting)/;
const isMakingSo = (lead: string, said: string): boolean =>
  /^mak(?:e|es|ing)$/.test(lead) && MADE_SO.test(said.slice(said.indexOf(lead)));
const MADE_SO = new RegExp(
  `^\\S+ (?:it|them|this|that) (?:(?:not )?[a-z]+|${NUMBER}(?: [a-z]+)?|\\d[\\d.:-]*)$`,
);
const TELLING_ME = /^(?:tell|inform) (?:me|us)\b/;
const REPORTING = /^report(?:s|ing)?$/;
const OPENING = /^(?:open|start|begin)(?:s|n?ing)?$/;
const NEW = /^\S+ (?:(?:an?|another|some) )?(?:brand )?new\b/;

/** What a clause says, on one line. */
export const clauseText = ({ said }: Clause): string => said.replaceAll(/\s+/g, " ").trim();

/** Joins two clauses: the later one constrains the choice of the earlier. */
export function joined(first: Clause, second: Clause): Clause {
  return {
    ...first,
    text: `${first.text} ${second.text}`,
    said: `${first.said}, ${second.said}`,
    bounds: [...first.bounds, ...second.bounds],
    extreme: first.extreme ?? second.extreme,
    amounts: [...first.amounts, ...second.amounts],
    sizes: [...first.sizes, ...second.sizes],
    quoted: [...first.quoted, ...second.quoted],
    labels: [...first.labels, ...second.labels],
    names: [...first.names, ...second.names],
    dates: [...first.dates, ...second.dates],
    times: [...first.times, ...second.times],
    currency: first.currency ?? second.currency,
    available: first.available || second.available,
    another: first.another || second.another,
  };
}

/** Whether a clause only chooses from what was found before: `pick the cheapest`. */
export function onlyChooses(clause: Clause): boolean {
  if (clause.verb !== "~find") return false;
  const words = phrased(clause.text).split(" ");
  return NAMING.test(words.find((word) => !FILLERS.has(word) && !STOP.has(word)) ?? "");
}

/** Whether a clause wants more of a thing than to see it: nothing but an operation that is called so does it, `download it`. */
export const fetches = ({ lead }: Clause): boolean => FETCHES.has(lead ?? "");
const FETCHES = new Set("download track".split(" ").map(stem));

/** Whether a clause has a call of its own: `wait` and `be done with it` have none, whatever the APIs offer. */
export function asksForAction({ active, verb, lead, acts, object }: Clause): boolean {
  const isOfThing = object.nouns.size > 0 || (object.refers && FETCHES.has(lead ?? ""));
  return active && (verb !== undefined || acts || (isOfThing && !ASKS_NOTHING.has(lead ?? "")));
}

const ASKS_NOTHING = new Set("go wait use do".split(" ").map(stem));
