import type { Clause } from "@ape/catalog/goal/clause";
import { parseConstraints } from "@ape/catalog/goal/constraints";
import { phoneNumbersIn } from "@ape/catalog/goal/phrases/phone-number";
import { capitals } from "@ape/catalog/goal/things/capitals";
import { daysOfYearIn, monthsIn } from "@ape/catalog/goal/times/day-of-year";
import { relativeDaysIn } from "@ape/catalog/goal/times/points-in-time";
import { nameOfCode } from "@ape/catalog/words/code-names";
import { STOP } from "@ape/catalog/words/lexicon";
import { plain, stem } from "@ape/catalog/words/words";
import { sentenceSaid } from "./filling/stated-choices.ts";
import { OWN_VERBS, otherName, ownNameIn } from "./named-thing.ts";
import type { SeenPage } from "./page-reader.ts";
import { hasPrice } from "./price.ts";
import { saidOnTheWay } from "./unshown-things.ts";
import { sentWords, type WebCall } from "./web-call.ts";
import { doesClause, isLooking } from "./web-progress.ts";
import { severalIn } from "./whose/several-things.ts";

/** A value, and the name of what it is a code of: `German` of the language `de`. */
const spokenValue = (name: string, value: string): string[] => [value, nameOfCode(value, name) ?? ""];

/** What comes along with a thing: `packing service` of `a move with packing service`. */
const ALONG =
  /\bwith\s+((?:(?!(?:for|to|from|at|on|in|by|and|or|of|that|which|as|it|them)\b)\p{Ll}[\p{L}'-]*\s*){1,3})/gu;

/**
 * What clauses that change something say and no form, label or page accounts for: texts, names, numbers, days, limits of
 * prices, and what comes along. Left out are clauses that only look.
 */
export function unsentValues(clauses: readonly Clause[], calls: readonly WebCall[]): string[] {
  const said = calls.flatMap(({ fields, label }) => [
    ...Object.entries(fields).flatMap(([name, value]) =>
      value === false ? [] : [name, ...[value].flat().flatMap((one) => spokenValue(name, String(one)))],
    ),
    label,
  ]);
  const sent = ` ${said.map(plain).join(" | ")} `;
  const has = (text: string): boolean => sent.includes(` ${plain(text)} `);
  const stems = new Set(sent.split(" ").map(stem));
  const own = sentWords(calls);
  const days = daysShown(calls);
  const isDayShown = (value: string): boolean => days.includes(value.slice(-5));
  const isMonthShown = (text: string): boolean =>
    monthsIn(`in ${text}`).some(({ value }) => days.some((day) => day.startsWith(value)));
  const way = plain(saidOnTheWay(calls) ?? "");
  const isOnWay = (text: string): boolean => ` ${way} `.includes(` ${plain(text)} `);
  const unsent = clauses
    .filter((clause) => !isLooking(clause))
    .flatMap((clause) => {
      const isKnown = (text: string): boolean =>
        has(text) ||
        isChosenBy((words) => ` ${plain(words)} `.includes(` ${plain(text)} `), clause, calls, own);
      const { quoted, names, amounts, bounds, dates, times } = clause;
      const sentence = sentenceSaid(clause);
      const told = OWN_VERBS.has(clause.verb) ? ownNameIn(clause)?.text : otherName(clauses, clause)?.text;
      const isSaid = (value: number): boolean =>
        sentence !== undefined &&
        has(sentence) &&
        parseConstraints(sentence).amounts.some((one) => one.value === value);
      return [
        ...quoted.filter((text) => !/^\{\{/.test(text) && !isKnown(text)),
        // Nothing else than what is called so was acted on.
        ...names.flatMap(({ text, preposition }) =>
          isKnown(text) || text === told || isMonthShown(text) || (PLACES.test(preposition) && isOnWay(text))
            ? []
            : `${preposition} ${text}`.trim(),
        ),
        ...amounts.flatMap(({ value, money }) =>
          money ||
          String(value) === told ||
          names.some(({ text }) => text.endsWith(` ${value}`)) ||
          isKnown(String(value)) ||
          isSaid(value) ||
          (value > 99 && sent.includes(String(value))) ||
          isRepeated(calls, value)
            ? []
            : String(value),
        ),
        ...bounds.flatMap(({ side, value, money }) =>
          !money || has(String(value)) || isChosenBy(hasPrice, clause, calls, own)
            ? []
            : `${side === "max" ? "at most" : "at least"} ${value}`,
        ),
        ...[...dates, ...times].flatMap(({ value, text }) =>
          sent.includes(plain(value)) || isDayShown(value) ? [] : text,
        ),
        // One of them was acted on.
        ...(OWN_VERBS.has(clause.verb) || clause.acts ? [severalIn(clause, calls) ?? []].flat() : []),
        ...Array.from(clause.text.matchAll(EMAIL), ([address]) => address).filter((address) => !has(address)),
        ...phoneNumbersIn(clause.text).filter((number) => !has(number)),
        ...capitals(clause).filter((word) => {
          const name = word.replace(/['’]s$/u, "");
          return !isKnown(name) && told?.includes(name) !== true && !isOnWay(name);
        }),
        ...relativeDaysIn(clause.text).filter((text) => !has(text)),
        ...alongside(clause).flatMap((text) =>
          wordsOfThing(text).some((word) => stems.has(stem(word)) || isKnown(word)) ? [] : `with ${text}`,
        ),
      ];
    });
  return [...new Set(unsent)];
}

const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
/** Prepositions before what a thing is in. */
const PLACES = /^(?:in|at|of|on)$/;

/** The things without a name or quotation marks that a clause has behind `with`. */
const alongside = ({ said }: Clause): string[] =>
  Array.from(said.matchAll(ALONG)).flatMap(([all, text = ""]) =>
    /^["“']/.test(said.slice(said.indexOf(all) + all.length)) || wordsOfThing(text).length === 0
      ? []
      : text.trim(),
  );

const wordsOfThing = (text: string): string[] =>
  plain(text)
    .split(" ")
    .filter((word) => word !== "" && !STOP.has(word));

/** Pages with more days than this list things of different days. */
const DAYS_OF_ONE = 3;

/** The days that pages of one thing have shown, by which it was chosen. */
const daysShown = (calls: readonly WebCall[]): string[] =>
  calls.flatMap(({ page }) => {
    const days = new Set(page === undefined ? [] : daysOfYearIn(page.text).map(({ value }) => value));
    return days.size <= DAYS_OF_ONE ? [...days] : [];
  });

/** Whether so many forms with the same button were taken: two things were added one by one. */
function isRepeated(calls: readonly WebCall[], times: number): boolean {
  const labels = calls.flatMap(({ kind, ok, label }) => (kind === "form" && ok ? [label] : []));
  return labels.some((label) => labels.filter((other) => other === label).length === times);
}

/**
 * Whether a button without fields did what a clause wants, on a page with such words: they may be of the thing that the button
 * acts on. A page that is no longer visible may have had them; nothing was chosen with the button of a form after another one.
 */
const isChosenBy = (
  has: (words: string) => boolean,
  clause: Clause,
  calls: readonly WebCall[],
  own: ReadonlySet<string>,
): boolean =>
  calls.some((call, at) => {
    const before = calls[at - 1];
    if (call.kind !== "form" || !call.ok || before?.kind === "form" || Object.keys(call.fields).length > 0)
      return false;
    return doesClause(call, clause, own) && (before?.page === undefined || has(wordsOf(before.page)));
  });

const wordsOf = ({ title, text, links, forms }: SeenPage): string =>
  [title, text, ...[...links, ...forms].map(({ near }) => near)].join(" | ");
