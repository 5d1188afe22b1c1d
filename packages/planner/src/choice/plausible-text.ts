import { type Field, isLoginName, isNameText } from "@ape/catalog/operations/field";
import { randomFrom, randomHex, seedOf } from "@ape/core/lib/random";
import { isIdName } from "@ape/core/protocol/id-name";
import { base, en, Faker } from "@faker-js/faker";

/** English texts; one generator serves all, seeded anew for each value. */
const faker = new Faker({ locale: [en, base] });

interface Rule {
  /** Words of the field's name and description. */
  words: RegExp;
  make: () => string;
}

/** Parts of a person, an address or a company, the narrower first. */
const PARTS: readonly Rule[] = [
  { words: /\b(?:first|given|fore) ?name\b/, make: () => faker.person.firstName() },
  { words: /\b(?:last|family|sur) ?name\b|\bsurname\b/, make: () => faker.person.lastName() },
  {
    words:
      /\b(?:full name|your name|contact name|customer name|author|name of (?:a |the )?(?:person|user|customer|guest))\b/,
    make: () => faker.person.fullName(),
  },
  { words: /\b(?:company|organi[sz]ation|employer|firm)\b/, make: () => faker.company.name() },
  { words: /\b(?:job|occupation|profession)\b/, make: () => faker.person.jobTitle() },
  { words: /\b(?:phone|telephone|mobile|fax)\b/, make: () => `555${faker.string.numeric(7)}` },
  { words: /\b(?:zip|post(?:al)? ?code)\b/, make: () => faker.string.numeric(5) },
  { words: /\b(?:street|address(?: line)?)\b/, make: () => faker.location.streetAddress() },
  { words: /\b(?:city|town)\b/, make: () => faker.location.city() },
  { words: /\bcountry\b/, make: () => faker.location.country() },
  { words: /\bcolou?r\b/, make: () => faker.color.human() },
];

/** Sentences of free text; words are drawn into them. */
const SENTENCES: readonly (() => string)[] = [
  () => `The ${faker.word.adjective()} ${faker.word.noun()} would be best on ${faker.date.weekday()}.`,
  () => `Please bring the ${faker.word.adjective()} ${faker.word.noun()}, if you can.`,
  () => `We liked the ${faker.word.noun()}, but not the ${faker.word.adjective()} ${faker.word.noun()}.`,
  () => `${faker.person.firstName()} asked for it; ${faker.date.weekday()} morning is fine.`,
  () => `Looks ${faker.word.adjective()}. I would ${faker.word.verb()} it again.`,
  () => `Could you ${faker.word.verb()} the ${faker.word.noun()} before ${faker.date.weekday()}?`,
];

/**
 * A text for a field that neither the goal nor the document suggests a value for: by the field's words, different for each
 * seed. Names of things end in letters of the seed, so that two sessions do not choose the same.
 */
export function plausibleText(field: Field, seed: number): string {
  faker.seed(seedOf(seed, field.name) % 0x7fffffff);
  const own = ownLetters(field, seed);
  if (field.format === "email") return `${faker.person.firstName().toLowerCase()}.${own}@mail.example`;
  if (isLoginName(field)) return `${faker.person.firstName().toLowerCase()}${own}`;
  const part = PARTS.find(({ words }) => words.test(field.words));
  if (part !== undefined) return part.make();
  if (isIdName(field.leaf)) return own;
  if (isNameText(field)) return `${capital(faker.word.adjective())} ${faker.word.noun()} ${own}`;
  return faker.helpers.arrayElement(SENTENCES)();
}

/** Letters that belong to one field and one seed. */
export const ownLetters = (field: Field, seed: number): string =>
  randomHex(randomFrom(seedOf(seed, field.name)), 3);

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
