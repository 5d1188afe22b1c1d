/** An article, and what it stands before up to the end of a phrase. */
const ARTICLE = /\b(?:an?|another)\s/i;
const NEXT = /\s*,?\s*\band\s+(?=(?:an?|another)\s+\p{Ll})|\s*,\s*(?=(?:an?|another)\s+\p{Ll})/giu;
/** Words before which the noun of a phrase stands. */
const BEHIND =
  /\s(?:of|with|for|in|on|at|to|from|by|as|called|named|titled|entitled|labell?ed|quoted\d+|\p{N}\S*|\p{Lu}\S*)(?=\s|$)|[,.]/u;

/** The noun of a phrase that begins with an article: `planting` of `a planting of kale in 5 rows`. */
function nounOf(phrase: string): string {
  const [head = ""] = ` ${phrase.replace(ARTICLE, " ")} `.split(BEHIND);
  return head.trim().split(/\s+/).at(-1)?.toLowerCase() ?? "";
}

/**
 * The texts of a clause that asks for several things of one kind, each with what is said of it alone: `record a planting of garlic
 * in 2 rows` and `record a planting of kale in 5 rows` of `record a planting of garlic in 2 rows and a planting of kale in 5 rows`.
 * One text where there are no such things.
 */
export function repeatedObjects(text: string): string[] {
  const start = text.search(ARTICLE);
  if (start < 0) return [text];
  const lead = text.slice(0, start);
  // What stands behind a preposition is no object: `for a week and a day`.
  if (!/^\s*(?:[\p{L}-]+\s+){1,3}$/u.test(lead) || PREPOSITION.test(lead)) return [text];
  const phrases = text.slice(start).split(NEXT);
  const nouns = phrases.map(nounOf);
  const [first] = nouns;
  if (phrases.length < 2 || first === "" || nouns.some((noun) => noun !== first)) return [text];
  return phrases.map((phrase) => `${lead}${phrase}`);
}

const PREPOSITION = /\b(?:of|with|for|in|on|at|to|from|by|as)\s+$/i;
