import { datesIn, relativeDaysIn } from "./times/points-in-time.ts";
import { nameAt } from "./unquoted-name.ts";

/** A name that a goal gives without quotation marks, and the preposition before it; empty for what the verb acts on. */
export interface StatedName {
  text: string;
  preposition: string;
  /** It stands behind `in the name of`: a field may be called so. */
  named?: true;
  /** What it says behind the name that a person is: `co-driver` of `with Ida Brandt as co-driver`. */
  role?: string;
}

/** Quoted text is replaced by a placeholder, so that its punctuation does not split; so are names behind these words. */
const QUOTED = /"([^"]+)"|“([^”]+)”|(?<=\s)'([^']+)'(?=[\s,.;]|$)/g;
const CALLED = /\b(?:called|named|titled|entitled|labell?ed) (?!quoted\d)/gi;

/** A goal in which placeholders stand for its texts. */
export interface MarkedGoal {
  text: string;
  quotes: { text: string; written: string }[];
}

export function marked(goal: string): MarkedGoal {
  const quotes: MarkedGoal["quotes"] = [];
  const mark = (text: string, written: string): string => {
    quotes.push({ text, written });
    return `quoted${quotes.length - 1}`;
  };
  let text = goal.replaceAll(QUOTED, (_, ...groups: unknown[]) => {
    const found = groups.slice(0, 3).find((group) => typeof group === "string") as string;
    return mark(found, `"${found}"`);
  });
  for (const match of [...text.matchAll(CALLED)].toReversed()) {
    const at = match.index + match[0].length;
    const name = nameAt(text.slice(at));
    if (name !== undefined) text = `${text.slice(0, at)}${mark(name, name)}${text.slice(at + name.length)}`;
  }
  return { text, quotes };
}

/** Prepositions before who takes part in something, or whom it is for. */
export const TAKES_PART = /^(?:with|by|for)$/;

const PREPOSITION =
  /\b(to|for|with|as|by|from|in|at|into|on|onto|near|of|about) (?:(?:the|our|my) (?=\p{Lu})|(?<=\b(?:for|with) )(?:my|our) \p{Ll}+ (?=\p{Lu}\p{Ll}+ \p{Lu}))?(?=\p{Lu})/gu;
/** What stands right behind a verb: `enrol Mia Lang`. */
const DIRECT = /^\s*(?:(?:then|also|please|finally|now|and)\s+)*[\p{L}-]+\s+(\p{Lu}\p{Ll}+.*)$/u;
/** What a person is, behind the name. */
const ROLE = /^,? as (?:an? |the |my |our |its |their |his |her )?([\p{Ll}-]{3,})(?=$|[\s.,;])/u;
const IN_NAME = /\b(?:in|under) the name(?: of)?$|\bon behalf of$/i;

/**
 * Names behind prepositions.
 * @param isUpdate what stands behind `to` or `as` is a new value then, and may go on in small letters: `rename it to Spring cleaning`
 */
export function namesStatedIn(clause: string, isUpdate: boolean): StatedName[] {
  const direct = withoutAmount(nameAt(DIRECT.exec(clause)?.[1] ?? "", true), clause);
  const text = relativeDaysIn(clause).reduce((rest, day) => rest.replace(day, ","), clause);
  const found: StatedName[] = direct === undefined ? [] : [{ text: direct, preposition: "" }];
  const roleOf = (name: string): Pick<StatedName, "role"> => {
    const role = ROLE.exec(clause.slice(clause.indexOf(name) + name.length))?.[1];
    return role === undefined ? {} : { role };
  };
  for (const match of text.matchAll(PREPOSITION)) {
    const preposition = match[1] ?? "";
    const name = withoutAmount(
      nameAt(
        text.slice(match.index + match[0].length),
        !isUpdate || (preposition !== "to" && preposition !== "as"),
      ),
      text,
    );
    if (name === undefined || /^[A-Z]{3} ?\d/.test(name) || datesIn(name).length > 0) continue;
    const isNamed = IN_NAME.test(text.slice(0, match.index + preposition.length));
    found.push(isNamed ? { text: name, preposition: "for", named: true } : { text: name, preposition });
  }
  return found.map((name) => ({ ...name, ...roleOf(name.text) }));
}

/** A name without the amount behind it: `Bello` of `give Bello 20 mg of aspirin`. */
export function withoutAmount(name: string | undefined, text: string): string | undefined {
  const [, own] = /^(.*[\p{Ll}\d]) \d[\d.,]*$/u.exec(name ?? "") ?? [];
  if (name === undefined || own === undefined) return name;
  return /^\s+\p{Ll}/u.test(text.slice(text.indexOf(name) + name.length)) &&
    UNIT.test(text.slice(text.indexOf(name) + name.length))
    ? own
    : name;
}
const UNIT =
  /^\s+(?:m?g|kg|m?l|mm|cm|k?m|grams?|kilos?|lit(?:re|er)s?|drops?|pieces?|tablets?|pills?|days?|hours?|minutes?|weeks?|months?|nights?|people|persons?)\b/u;
