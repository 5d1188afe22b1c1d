import { join } from "node:path";
import { expect, test } from "vitest";
import { isAgentNoun } from "./agent-noun.ts";
import { nameOfCode } from "./code-names.ts";
import { AFFINITY, NUMBERS, SPECIFIC_MEANINGS, VERB_CLASSES, VERB_MEANINGS } from "./lexicon.ts";
import { isWantedState, verbOfState } from "./state-words.ts";
import {
  derivedVerbs,
  isCompoundOf,
  isKindOf,
  isKnownNoun,
  nounKinship,
  relatedStates,
  verbEntry,
  verbOfNoun,
} from "./thesaurus.ts";
import { minorUnits, namesAbsence, namesAvailability, namesMoney } from "./value-words.ts";
import { isMostlyVerb } from "./verb-words.ts";
import { meaningOf, plain, stem, tokens } from "./words.ts";

const words = (text: string): string[] => text.split(" ");
const NOUNS = words(
  "dog spaniel cat fish clownfish kiln oven booking reservation order purchase car vehicle teacher person document note memo song tune color number price fee city place boy ox",
);
const STATES = words(
  "open closed done finished completed active enabled inactive disabled public published unpublished archived restored cancelled confirmed approved paid sold lost locked unlocked empty full draft",
);
const WANTED = words(
  "open close done finish complete activate deactivate enable disable public publish unpublish archive restore cancel confirm approve pay sell lose lock unlock reopen reactivate mute tick draft",
);
const VERBS = words(
  "buy purchase pay book rent hire order cancel delete drop make create post set rename rate call look put take frobnicate record run paint quote login",
);
const VALUES: readonly string[] = [
  "price",
  "unit price",
  "prices paid",
  "total cost",
  "fee",
  "fares",
  "rate",
  "rent",
  "deposits",
  "toll",
  "amount in usd",
  "euros",
  "pound",
  "cents",
  "price in pence",
  "pennies",
  "money",
  "charge",
  "recharges",
  "sold out",
  "unavailable",
  "not available",
  "out of stock",
  "taken",
  "already booked",
  "discontinued",
  "blocked",
  "disabled",
  "is booked",
  "is lent",
  "is rented",
  "whether it is booked",
  "whether it is taken or can be booked",
  "whether it can be booked",
  "in stock",
  "instock",
  "available",
  "availability",
  "can be ordered",
  "can now be ordered",
  "on the shelf",
  "free",
  "freedom",
  "open",
  "bookable",
  "places left",
  "vacant",
  "remaining",
  "reservable",
  "orderable",
];
const CODES: readonly (readonly [code: string, words: string])[] = [
  ["de", "language"],
  ["de_CH", "lang"],
  ["pt-BR", "languages"],
  ["gsw", "locale"],
  ["DE", "country"],
  ["ch", "countries"],
  ["fr", "nationality"],
  ["xx", "nation"],
  ["USD", "currency"],
  ["chf", "currencies"],
  ["ZZZ", "currency"],
  ["de", "kind"],
  ["german", "language"],
  ["d", "language"],
  ["de-", "language"],
  ["de-CHE", "language"],
];

test("words, their meanings and relations, as they were reviewed", async () => {
  const round = (value: number): number => Math.round(value * 1_000) / 1_000;
  const texts = [
    "# verbs and methods",
    ...[...VERB_MEANINGS].map(
      (verb) =>
        `${verb} ${VERB_CLASSES.get(verb) ?? "-"}${SPECIFIC_MEANINGS.has(verb) ? " specific" : ""} ${JSON.stringify(AFFINITY[verb] ?? {})}`,
    ),
    `numbers ${JSON.stringify(NUMBERS)}`,
    "# nouns",
    ...NOUNS.map((one) => {
      const near = NOUNS.flatMap((two) => {
        const kin = nounKinship(stem(one), stem(two));
        const traits = [
          ...(kin > 0 && one !== two ? [round(kin)] : []),
          ...(isKindOf(stem(one), stem(two)) ? ["kind of"] : []),
          ...(isCompoundOf(one, two) ? ["made with"] : []),
        ];
        return traits.length === 0 ? [] : `${two} ${traits.join(" ")}`;
      });
      const traits = `${isKnownNoun(stem(one)) ? "known" : "unknown"}${isAgentNoun(one) ? " agent" : ""}`;
      return `${one}: ${traits}, verb ${verbOfNoun(stem(one))} (${derivedVerbs(stem(one)).join(" ")}), meaning ${meaningOf(one) ?? "-"}; near ${near.join(", ")}`;
    }),
    "# verbs",
    ...VERBS.map((verb) => {
      const { meaning, mostly, synsets } = verbEntry(stem(verb)) ?? { synsets: [] };
      const off = verbEntry(stem(verb), "off")?.meaning;
      return `${verb}: ${meaning ?? "-"}${mostly === true ? " mostly a verb" : ""}${isMostlyVerb(verb) ? "!" : ""}, ${synsets.length > 0 ? "known" : "unknown"}, off ${off ?? "-"}, tokens ${tokens(`${verb} it`).join(" ")}`;
    }),
    "# states that are wanted",
    ...WANTED.map((word) => {
      const synsets = new Set(verbEntry(stem(word))?.synsets);
      const told = (wanted: boolean, of: ReadonlySet<string>): string =>
        STATES.filter((state) => isWantedState(state, { word, synsets: of, negated: false }) === wanted).join(
          " ",
        );
      return `${word}: ${told(true, synsets)} / not ${told(false, synsets)} / as a word ${told(true, new Set())} / not ${told(false, new Set())}`;
    }),
    ...STATES.map((state) => {
      const { alike, opposite } = relatedStates(stem(state));
      return `${state}: verb ${verbOfState(state)}, like ${alike.join(" ")}, opposite ${opposite.join(" ")}`;
    }),
    "# values",
    ...VALUES.map(
      (text) =>
        `${text}: ${[
          ...(namesMoney(text) ? ["money"] : []),
          ...(minorUnits(text) === 1 ? [] : [String(minorUnits(text))]),
          ...(namesAvailability(text) ? ["availability"] : []),
          ...(namesAbsence(text) ? ["absence"] : []),
        ].join(", ")}`,
    ),
    "# codes",
    ...CODES.map(([code, said]) => `${code} as ${said}: ${nameOfCode(code, said) ?? "-"}`),
  ];
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/words.txt"),
  );
});

test("a state that is wanted or not, of a field of several words, of no word", () => {
  const wanted = { word: "done", synsets: new Set<string>(), negated: false };
  expect(isWantedState("isDone", wanted)).toBe(true);
  expect(isWantedState("done", { ...wanted, negated: true })).toBe(false);
  expect(isWantedState("done-by", wanted)).toBeUndefined();
  expect(isWantedState("", wanted)).toBeUndefined();
  expect(isWantedState("done", { ...wanted, word: "" })).toBeUndefined();
});

test.each([
  ["bookARoom", "book a room"],
  ["OAuth2Token", "oauth2 token"],
  ["line_items.json", "line items json"],
  ["the customers' carts", "the customers carts"],
  ["Ada’s", "ada"],
  ["  A--B  ", "a b"],
  ["v2Beta", "v2 beta"],
  ["URLs", "urls"],
  ["getAURL", "get aurl"],
])("%s is plainly %s", (text, words) => {
  expect(plain(text)).toBe(words);
});

test.each([
  ["buses", "bus"],
  ["statuses", "status"],
  ["bonus", "bonuses"],
  ["menus", "menu"],
  ["emus", "emu"],
  ["colours", "colors"],
  ["labouring", "laboring"],
  ["favourites", "favorites"],
  ["honourable", "honorable"],
  ["organised", "organized"],
  ["finalising", "finalizing"],
])("%s and %s are one word", (one, two) => {
  expect(stem(one)).toBe(stem(two));
});

test.each([
  ["four", "for"],
  ["rise", "rize"],
  ["tours", "tor"],
])("%s and %s are two words", (one, two) => {
  expect(stem(one)).not.toBe(stem(two));
});
