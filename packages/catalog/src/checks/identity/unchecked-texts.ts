import { hasNoun } from "../../goal/accounted-nouns.ts";
import type { Clause } from "../../goal/clause.ts";
import { definiteThings, tellsApart } from "../../goal/things/definite-things.ts";
import { isFullName } from "../../goal/things/full-name.ts";
import { toldThings } from "../../goal/things/told-things.ts";
import { plain, weightedTokens } from "../../words/words.ts";
import type { GoalPart } from "../goal-parts.ts";
import { isRemark } from "./telling-fields.ts";
import { statesTold, thingsReached } from "./thing-descriptions.ts";

/**
 * What a part says of the things that it is about, and the values that it gives where nothing describes what takes them, that no check
 * demands: whether it was about these things, and with these values, shows nowhere.
 * @param demanded what all checks demand, as plain words with spaces around
 * @param isAccepted nothing but the target's own good answer shows the part
 */
export function uncheckedTexts(part: GoalPart, demanded: string, isAccepted: boolean): string[] {
  const { operation, clause, madeBy } = part;
  const isDescribed = operation?.inputs.some((field) => field.in !== "path") === true;
  const values = isAccepted && !isDescribed ? uncheckedValues(clause, demanded) : [];
  return operation === undefined || madeBy !== undefined
    ? values
    : [...values, ...uncheckedThings(part, demanded)];
}

function uncheckedValues({ quoted, names, dates, amounts }: Clause, demanded: string): string[] {
  const said = [...quoted, ...names.map(({ text }) => text), ...dates.map(({ text }) => text)];
  const numbers = amounts
    .map(({ value }) => String(value))
    .filter((number) => !said.some((text) => text.split(/[^\d.]+/).includes(number)));
  return [...said, ...numbers].filter((text) => !text.startsWith("{{") && !isDemanded(demanded, text));
}

/** The things that a part names, or tells by nouns that its operation has not, and that no check demands. */
function uncheckedThings(part: GoalPart, demanded: string): string[] {
  const { operation, about, values, times } = part;
  const given = ` ${[...values.values()]
    .flat()
    .map((value) => plain(String(value)))
    .join(" | ")} `;
  // A name that was taken for a reason is not checked as a person: `remove Ivo Lanz from the trip`.
  const isLost = (text: string): boolean =>
    isFullName(text) &&
    [...values].every(([field, value]) => isRemark(field) || !isDemanded(` ${plain(String(value))} `, text));
  const isSaid = (text: string): boolean =>
    isDemanded(demanded, text) || (isDemanded(given, text) && !isLost(text));
  const isWord = (word: string): boolean =>
    (operation !== undefined && hasNoun(word, operation)) ||
    demanded.includes(` ${word}`) ||
    given.includes(` ${word}`);
  return about.flatMap((clause, index) => {
    const isOwn = index === 0;
    const told = toldThings(clause);
    const isTold = (text: string): boolean =>
      told.some((one) => one.text.split(/[^\p{L}\p{N}]+/u).includes(text));
    // A text or a number that identifies the thing and that no input takes: `the entry with the note "early"`.
    const marks = [
      ...clause.quoted.filter((text) => !clause.indefinite && !text.startsWith("{{")),
      ...(isOwn ? clause.amounts : []).flatMap(({ value, money }) =>
        money || value === times || isTold(String(value)) ? [] : String(value),
      ),
    ];
    const reached = thingsReached(clause);
    return [
      ...marks.filter((text) => !isSaid(text)),
      ...told.flatMap(({ text, said }) => (isSaid(text) ? [] : said)),
      // Words of a name are said with it: `the dog Grim`.
      ...definiteThings(clause).flatMap((thing) =>
        told.some(({ text }) => thing.text.includes(text)) ||
        reached.some((text) => thing.text === text || (thing.isObject && thing.text.endsWith(` ${text}`))) ||
        // All words of what was looked for describe it: `find the seismometer, set its state`.
        (isOwn ? tellsApart(clause, thing) : thing.words).every(isWord)
          ? []
          : thing.text,
      ),
      ...reached.filter(
        (text) => !told.some((one) => one.said.includes(text)) && !nounsIn(text).every(isWord),
      ),
      ...(isOwn ? [] : statesTold(clause).filter((text) => !isSaid(text))),
    ];
  });
}

const nounsIn = (text: string): string[] => [...weightedTokens(text).keys()];

const isDemanded = (demanded: string, text: string): boolean => demanded.includes(` ${plain(text)} `);
