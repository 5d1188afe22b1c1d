const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\$|\b(?:us )?dollars?\b|\bbucks?\b/i, "USD"],
  [/€|\beuros?\b/i, "EUR"],
  [/£|\bpounds?\b/i, "GBP"],
  [/¥|\byen\b/i, "JPY"],
];
const WITH_CODE = /\b([A-Z]{3})\s?\d[\d.,]*|\b\d[\d.,]*\s?([A-Z]{3})\b/gi;

/** The code of the currency (ISO 4217) of an amount in a text: `CHF` of `42.50 CHF`, `EUR` of `12 euros`. */
export function currencyIn(text: string): string | undefined {
  for (const [, before, behind] of text.matchAll(WITH_CODE)) {
    const code = before ?? behind ?? "";
    // `3 all` is no amount of money.
    if (CODES.has(code.toUpperCase()) && (code === code.toUpperCase() || /^(?:eur|usd|gbp|chf)$/.test(code)))
      return code.toUpperCase();
  }
  return /\d/.test(text) ? WORDS.find(([pattern]) => pattern.test(text))?.[1] : undefined;
}

/** A text in which the codes of currencies are a sign of money that is easily read. */
export const withMoneySigns = (text: string): string =>
  text.replaceAll(WITH_CODE, (whole, before?: string, behind?: string) => {
    const code = before ?? behind ?? "";
    return CODES.has(code) ? whole.replace(code, "$") : whole;
  });
