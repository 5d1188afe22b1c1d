/** Characters of a refusal that are read. */
const LONGEST = 65_536;

/** What to change where a refusal is about a number of the configuration, or about what no field can change. */
const CURES: readonly (readonly [words: RegExp, cure: string])[] = [
  [
    /max_(?:completion_)?tokens.{0,200}(?:too (?:large|high|big)|at most|less than|maximum|exceed|<=)/is,
    "set `inference.maxCompletionTokens` to what the model supports",
  ],
];

/** What to do about a refusal that no change of fields can avoid, in a few words; undefined where nothing is known. */
export function cureOf(refusal: string): string | undefined {
  const text = refusal.slice(0, LONGEST);
  // Prompts that are too long name the field too, and have a cure of their own.
  if (/context (?:length|window)/i.test(text)) return undefined;
  return CURES.find(([words]) => words.test(text))?.[1];
}

/** Names of fields that turn a model's reasoning on. */
const REASONING_FIELD = /think|reason|chat_template_kwargs/i;
const REASONING_WORDS = /think|reason/i;

/**
 * What to do about a refusal of a field that the configuration adds to every request.
 * @param named the refused fields, by their names
 * @param added the fields of `inference.request.add`
 */
export function addedFieldCure(
  refusal: string,
  named: readonly string[],
  added: readonly string[],
): string | undefined {
  const refused = added.filter(
    (name) => named.includes(name) || (REASONING_FIELD.test(name) && REASONING_WORDS.test(refusal)),
  );
  if (refused.length > 0) return `remove ${quoted(refused)} from \`inference.request.add\``;
  return named.length > 0 || added.length === 0
    ? undefined
    : `\`inference.request.add\` sends ${quoted(added)}: try without`;
}

const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");
