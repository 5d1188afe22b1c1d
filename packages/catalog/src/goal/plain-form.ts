import { VERB_CLASSES } from "../words/lexicon.ts";
import { isInSynset, nounKinship, verbEntry } from "../words/thesaurus.ts";
import { lastWord, meaningOf, stem } from "../words/words.ts";

const synsetsOf = (...verbs: readonly string[]): ReadonlySet<string> =>
  new Set(verbs.flatMap((verb) => verbEntry(stem(verb))?.synsets ?? []));

/** What `appoint` and `nominate` mean, by which a person gets a role. */
const APPOINTING = synsetsOf("appoint", "nominate", "elect", "designate");
/** What `raise` and `lower` mean, by which a value gets a new one. */
const SCALING = synsetsOf("raise", "increase", "lower", "decrease", "reduce");

const FIRST = "((?:(?:then|also|please|finally|now|next|afterwards|lastly|and)\\s+)*)";
const NAME =
  "(quoted\\d+|\\{\\{\\w+\\}\\}|\\p{Lu}[\\p{L}\\p{N}.'-]*(?:\\s+(?:(?:de|van|von|der|da|la|le|of)\\s+)*\\p{Lu}[\\p{L}\\p{N}.'-]*)*)";
const NO_PREPOSITION = "(?!(?:of|for|in|at|on|with|from|to|and|into|by)\\b)";
const DETERMINER = "(its|their|his|her|the|our|my)";
/** `make Clara Weiss its conductor`, `appoint her boss as the chair of it`. */
const ROLE = new RegExp(
  `^${FIRST}(\\p{L}+)\\s+${NAME}\\s+(?:(as|to be)\\s+)?(?:${DETERMINER}\\s+)?(${NO_PREPOSITION}\\p{Ll}[\\p{Ll}-]*(?:\\s+${NO_PREPOSITION}\\p{Ll}[\\p{Ll}-]*){0,2})(\\s+(?:of|for|in)\\s.*)?[.\\s]*$`,
  "u",
);
const OBJECT =
  "(it|them|(?:its|their|his|her|the|my|our|your)\\s+\\p{L}[\\p{L}-]*(?:\\s+\\p{L}[\\p{L}-]*){0,2}?)";
/** `raise its priority to high`, `turn it up to 7`. */
const NEW_VALUE = new RegExp(`^${FIRST}(\\p{L}+)\\s+${OBJECT}\\s+(?:(up|down)\\s+)?to\\s+(.+)$`, "iu");
/** `raise the number of seats of my ticket for Lea to 4`. */
const NEW_VALUE_OF = new RegExp(
  `^${FIRST}(\\p{L}+)\\s+((?:its|their|his|her|the|my|our|your)\\s+(?:(?!to\\b)\\S+\\s+){1,9}?)to\\s+(.+)$`,
  "iu",
);
/** `have it engraved`, `get it approved`. */
const CAUSED = new RegExp(`^${FIRST}(?:have|get)\\s+(it|them)\\s+(\\p{Ll}+e[dn])(\\s.*)?$`, "iu");

/** `have a vet look at it`, `get Maria to sign it`, `let the workshop repair it`. */
const DONE_BY = new RegExp(
  `^${FIRST}([Hh]ave|[Ll]et|[Gg]et)\\s+((an?|one|some|the|my|our|its|their|another)\\s+\\p{Ll}[\\p{Ll}-]*(?:\\s+\\p{Ll}[\\p{Ll}-]*)??|somebody|someone|${NAME})\\s+(to\\s+)?(\\p{Ll}+)\\s+((?:(?:at|after|over|on|into|through|up|out|off|down)\\s+)?(?:it|them|him|her|the|its|their|an?|my|our|this|that|these|those)\\b.*)$`,
  "u",
);

const ASKED = "(?:(?:check|see|tell\\s+me|find\\s+out|look\\s+up|determine|say)\\s+)?how\\s+many";
const THINGS = "(\\p{Ll}[\\p{Ll}-]*(?:\\s+\\p{Ll}[\\p{Ll}-]*){0,3}?)";
/** `how many seats does the boat Heron have`, `how many stunts does Ada perform`. */
const COUNT_OF = new RegExp(
  `^${FIRST}${ASKED}\\s+${THINGS}\\s+(?:does|do|did|has|have)\\s+(.+?)(?:\\s+\\p{Ll}+)?[?.\\s]*$`,
  "iu",
);
/** `count the seats of the boat Heron`, `how many seats are there`. */
const COUNT = new RegExp(
  `^${FIRST}(?:count\\s+(?:the\\s+)?(.+?)|${ASKED}\\s+${THINGS}\\s+are\\s+there(\\s.+?)?)[?.\\s]*$`,
  "iu",
);

/** `gift-wrap it`. */
const COMPOUND = new RegExp(`^${FIRST}\\p{L}+-(\\p{L}+)\\s+((?:it|them)\\b.*)$`, "iu");

/**
 * A clause in the words that say the same most plainly: `set its conductor to Clara Weiss` for `make Clara Weiss its
 * conductor`, `set its priority to high` for `raise its priority to high`, `engraved it` for `have it engraved`, `examine it by a
 * vet` for `have a vet look at it`, `list the seats of the boat` for `how many seats does the boat have`. Others as they are.
 */
export function plainForm(written: string): string {
  const text = written.replaceAll(MEASURE, "$1 $2");
  return (
    countForm(text) ??
    simpleForm(text) ??
    roleForm(text) ??
    valueForm(text) ??
    causedForm(text) ??
    doneByForm(text) ??
    text
  );
}
/** `a 3-day trip` takes 3 days. */
const MEASURE =
  /(?<![\p{L}\p{N}_.,/-])(\d+)-(minute|hour|day|night|week|month|year|person|seat|metre|meter|kilo|gram|litre|liter)s?(?=\s)/giu;

/** Whether another person does what a clause asks for: `have it weighed`, `have a vet look at it`. */
export const isCaused = (text: string): boolean =>
  causedForm(text) !== undefined || doneByForm(text) !== undefined;

function countForm(text: string): string | undefined {
  const [, first = "", things = "", owner = ""] = COUNT_OF.exec(text) ?? [];
  if (owner !== "") return `${first}list the ${things} of ${owner}`;
  const [, before = "", counted, all = "", where = ""] = COUNT.exec(text) ?? [];
  const said = counted ?? `${all}${where}`;
  return said === "" ? undefined : `${before}list the ${said}`;
}

function simpleForm(text: string): string | undefined {
  const [, first = "", verb = "", rest = ""] = COMPOUND.exec(text) ?? [];
  return verb === "" || verbEntry(stem(verb.toLowerCase())) === undefined
    ? undefined
    : `${first}${verb} ${rest}`;
}

function roleForm(text: string): string | undefined {
  const [, first = "", verb = "", name = "", marker, determiner, role = "", rest = ""] =
    ROLE.exec(text) ?? [];
  if (role === "" || /^\p{Lu}/u.test(verb.slice(1)) || !givesRole(verb.toLowerCase(), marker, determiner))
    return undefined;
  return `${first}set ${determiner ?? "the"} ${role}${rest} to ${name}`;
}

/** Whether a verb gives a role; one that has other meanings as well needs words that say so. */
function givesRole(verb: string, marker: string | undefined, determiner: string | undefined): boolean {
  if (isInSynset(stem(verb), APPOINTING))
    return verb === "make" ? marker !== undefined || determiner !== undefined : true;
  const kind = VERB_CLASSES.get(meaningOf(verb) ?? "");
  return marker !== undefined && determiner !== undefined && (kind === "read" || kind === "update");
}

function valueForm(text: string): string | undefined {
  const [, first = "", verb = "", object = "", direction, value = ""] = NEW_VALUE.exec(text) ?? [];
  const scales = (said: string): boolean => isInSynset(stem(said.toLowerCase()), SCALING);
  if (value !== "" && (direction !== undefined || scales(verb))) return `${first}set ${object} to ${value}`;
  const [, before = "", scaling = "", thing = "", goal = ""] = NEW_VALUE_OF.exec(text) ?? [];
  return goal === "" || !scales(scaling) ? undefined : `${before}set ${thing}to ${goal}`;
}

function causedForm(text: string): string | undefined {
  const [, first = "", object = "", participle = "", rest = ""] = CAUSED.exec(text) ?? [];
  if (participle === "" || verbEntry(stem(participle)) === undefined) return undefined;
  return `${first}${participle} ${object}${rest}`;
}

function doneByForm(text: string): string | undefined {
  const [, first = "", causing = "", actor = "", article, , to, verb = "", rest = ""] =
    DONE_BY.exec(text) ?? [];
  if (verb === "" || (causing.toLowerCase() === "get") !== (to !== undefined)) return undefined;
  const entry = verbEntry(stem(verb));
  if (entry === undefined || !entry.mostly) return undefined;
  // `Have a quick look at it` is done by nobody else.
  const isIndefinite = article !== undefined && /^(?:an?|one|some)$/.test(article);
  if (isIndefinite && !isPerson(lastWord(actor))) return undefined;
  const looked = LOOKS.test(verb) ? rest.replace(/^(?:at|after|over|into|through)\s+/, "") : rest;
  return `${first}${LOOKS.test(verb) ? "examine" : verb} ${looked} by ${actor}`;
}

/** What another person who looks at a thing does. */
const LOOKS = /^(?:look|see)$/;

/** Whether a noun is what a person is called who does something for a living, or is known by name here. */
const isPerson = (noun: string): boolean =>
  meaningOf(noun) === "~person" ||
  /(?:er|or|ist|ian|eer|ant|man|woman)$/.test(noun) ||
  PEOPLE.some((other) => nounKinship(stem(noun), other) > 0);
const PEOPLE: readonly string[] = ["worker", "profession", "official", "friend"].map((noun) => stem(noun));
