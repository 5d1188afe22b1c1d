import { clausesOf } from "../src/goal/clause.ts";
import { parseConstraints } from "../src/goal/constraints.ts";
import { currencyIn, withMoneySigns } from "../src/goal/currency.ts";
import { namesStatedIn } from "../src/goal/goal-text.ts";
import {
  companionsOf,
  headNounOf,
  isName,
  mayHaveInner,
  newThings,
} from "../src/goal/phrases/inner-phrase.ts";
import { yearsIn } from "../src/goal/phrases/said-properties.ts";
import { sizesIn, withoutSizes } from "../src/goal/phrases/sizes.ts";
import { isCaused, plainForm } from "../src/goal/plain-form.ts";
import { statedBody } from "../src/goal/stated-body.ts";
import { datesIn, relativeDaysIn, timesIn, withoutTimes } from "../src/goal/times/points-in-time.ts";
import { nameAt } from "../src/goal/unquoted-name.ts";
import { stem } from "../src/words/words.ts";

const words = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    one instanceof Map
      ? [...(one as Map<string, number>)].map(([name, weight]) => `${name}:${weight}`).join(" ")
      : one,
  );

/** What each reader of texts finds in a phrase, with what it leaves of it; nothing of those that find nothing. */
export function phraseReadings(text: string): string[] {
  const { bounds, extreme, amounts } = parseConstraints(withMoneySigns(text));
  const [clause] = clausesOf(text, new Set(["file", "boat"].map(stem)));
  const found: Record<string, unknown> = {
    dates: datesIn(text),
    times: timesIn(text),
    days: relativeDaysIn(text),
    "without times": withoutTimes(text) === text ? [] : withoutTimes(text),
    bounds,
    extreme: extreme ?? [],
    amounts,
    sizes: sizesIn(text),
    "without sizes": withoutSizes(text) === text ? [] : withoutSizes(text),
    currency: currencyIn(text) ?? [],
    years: yearsIn({ text }),
    new: newThings(text).map((one) => ({ ...one, head: headNounOf(one.thing) })),
    companions: companionsOf(text).map((one) => ({
      ...one,
      head: headNounOf(one.thing),
      isName: isName(one.thing),
    })),
    inner: mayHaveInner(text) ? true : [],
    plain: plainForm(text) === text ? [] : plainForm(text),
    caused: isCaused(text) ? true : [],
    names: namesStatedIn(text, false),
    "names of an update": namesStatedIn(text, true),
    "name at the beginning": [nameAt(text), nameAt(text, true)].flatMap((name) => name ?? []),
    body: clause === undefined ? [] : Object.entries(statedBody(clause)),
  };
  return Object.entries(found).flatMap(([name, value]) =>
    Array.isArray(value) && value.length === 0 ? [] : `    ${name}: ${words(value)}`,
  );
}
