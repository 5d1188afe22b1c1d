import type { Json } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";

/** What a text demands of a field. */
export interface StatedBound {
  /** A type, which the value alone decides; a number can be a bound of a sum, of which the value is a part. */
  isType: boolean;
  /** Whether a value keeps to it; undefined for values that it is not about. */
  holds: (value: Json) => boolean | undefined;
}

const SUBJECT =
  "(?:(?:the|this|a|your) )?(?:(?:field|value|parameter|property|attribute|input|number) )?(?:@ )?(?:(?:field|value|parameter) )?";
const MUST = "(?:must|should|has to|needs to|shall)(?: only)? (?:be|have|contain)";
const SIZE = "(?: (characters?|chars?|letters?|items?|elements?)(?: long| in length)?)?";
const AT_LEAST =
  "(?:at least|a minimum of|no less than|not less than|greater than or equal to|more than or equal to|>=)";
const AT_MOST = "(?:at most|a maximum of|no more than|not more than|less than or equal to|<=|up to)";
const form = (rest: string): RegExp => new RegExp(`^${SUBJECT}${MUST} ${rest}$`);

const BOUNDS: readonly [RegExp, (value: number, ...bounds: number[]) => boolean][] = [
  [form(`${AT_LEAST} (-?\\d+)${SIZE}`), (value, low = 0) => value >= low],
  [form(`${AT_MOST} (-?\\d+)${SIZE}`), (value, high = 0) => value <= high],
  [form(`(?:greater|more|higher|larger) than (-?\\d+)${SIZE}`), (value, low = 0) => value > low],
  [form(`(?:less|fewer|lower|smaller) than (-?\\d+)${SIZE}`), (value, high = 0) => value < high],
  [form(`between (-?\\d+) and (-?\\d+)${SIZE}`), (value, low = 0, high = 0) => value > low && value < high],
];
const TYPES: readonly [RegExp, (value: Json) => boolean][] = [
  [
    form("(?:a |an )?(?:valid )?(?:integer|int|whole number)(?: number| value)?"),
    (value) => isNumber(value) && Number.isInteger(Number(value)),
  ],
  [form("(?:a |an )?(?:valid )?(?:number|numeric|decimal)(?: value)?"), isNumber],
  [form("(?:a |an )?(?:valid )?(?:string|text)(?: value)?"), (value) => typeof value === "string"],
  [form("(?:a |an )?(?:valid )?bool(?:ean)?(?: value)?"), (value) => typeof value === "boolean"],
  [form("(?:a |an )?(?:valid )?(?:array|list)"), Array.isArray],
  [form("(?:a )?positive(?: number| integer| value)?"), (value) => isNumber(value) && Number(value) > 0],
];

/**
 * The bound or type that a text demands of a field, where it says nothing else.
 * @param form text in lower case without punctuation, with `@` for the field
 * @param text the text with its punctuation
 */
export function statedBound(form: string, text: string): StatedBound | undefined {
  // Fractions, and signs before a number, are not what is left without punctuation.
  if (/\d[.,]\d|-\d/.test(text)) return undefined;
  for (const [pattern, holds] of BOUNDS) {
    const found = pattern.exec(form);
    if (found === null) continue;
    const numbers = found
      .slice(1)
      .filter((part) => /^\d+$/.test(part ?? ""))
      .map(Number);
    const isSize = found.slice(1).some((part) => part !== undefined && /^[a-z]/.test(part));
    const holdsFor = (value: Json): boolean | undefined => {
      const measured = isSize ? sizeOf(value) : isNumber(value) ? Number(value) : undefined;
      return measured === undefined ? undefined : holds(measured, ...numbers);
    };
    return { isType: false, holds: holdsFor };
  }
  for (const [pattern, holds] of TYPES) if (pattern.test(form)) return { isType: true, holds };
  return undefined;
}

/** The length of a list or of a text without blanks around it and without signs that count twice in some languages. */
function sizeOf(value: Json): number | undefined {
  if (Array.isArray(value)) return value.length;
  return typeof value === "string" && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)
    ? value.length
    : undefined;
}
