/** What a name begins with: a text in quotation marks, a capital, a code or a number. */
const NAME = "(?:quoted\\d+|\\p{Lu}|(?:#|[\\p{L}-]*)\\p{N})";
const OBJECT = `(?:(?:the|my|our|your)\\s+)?(?:\\p{Ll}[\\p{Ll}-]+\\s+){0,2}?${NAME}`;
const AND = new RegExp(`(?:\\s*,?\\s+and\\s+|(?<=\\s\\d+),\\s*(?=\\d))(?=${OBJECT})`, "u");
/** A verb, with the words that belong to it. */
const LEAD = new RegExp(
  `^((?:(?:[Tt]hen|[Aa]lso|[Pp]lease|[Ff]inally|[Nn]ow|[Aa]nd)\\s+)*[\\p{L}-]+\\s+(?:(?:of|off|out|up|for|rid)\\s+)*)${OBJECT}`,
  "u",
);

/**
 * The texts of a clause that does one thing to several things of different names: `scrap the Kilim` and `scrap the Altar cloth` of
 * `scrap the Kilim and the Altar cloth`. One text where there are no such names.
 */
export function severalNames(text: string): string[] {
  const lead = LEAD.exec(text)?.[1];
  if (lead === undefined) return [text];
  const [first = "", ...others] = text.split(AND);
  if (others.length === 0) return [text];
  // `Cancel orders 2 and 3`: the noun is that of each.
  const noun = /(?:\p{Ll}[\p{Ll}-]*\s+)*(?=#?\d+\b)/u.exec(first.slice(lead.length))?.[0] ?? "";
  return [first, ...others.map((other) => `${lead}${/^#?\d/.test(other) ? noun : ""}${other}`)];
}
