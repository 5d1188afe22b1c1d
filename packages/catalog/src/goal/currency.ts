const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\$|\b(?:us )?dollars?\b|\bbucks?\b/i, "USD"],
  [/€|\beuros?\b/i, "EUR"],
  [/£|\bpounds?\b/i, "GBP"],
  [/¥|\byen\b/i, "JPY"],
];
const CODE = "[A-Z]{3}|eur|usd|gbp|chf";
const NUMBER = new RegExp(`(?:\\b(${CODE}) ?)?\\b\\d[\\d.,]*(?: ?(${CODE})\\b)?`, "g");

const isCode = (code: string | undefined): code is string =>
  code !== undefined && CODES.has(code.toUpperCase());

/** The code of the currency (ISO 4217) of an amount in a text: `CHF` of `42.50 CHF`, `EUR` of `12 euros`. */
export function currencyIn(text: string): string | undefined {
  for (const [, before, behind] of text.matchAll(NUMBER)) {
    const code = [before, behind].find(isCode);
    if (code !== undefined) return code.toUpperCase();
  }
  return /\d/.test(text) ? WORDS.find(([pattern]) => pattern.test(text))?.[1] : undefined;
}

/** A text in which the codes of currencies are a sign of money that is easily read. */
export const withMoneySigns = (text: string): string =>
  text.replaceAll(NUMBER, (whole, before?: string, behind?: string) => {
    const code = [before, behind].find(isCode);
    return code === undefined ? whole : whole.replace(code, "$");
  });
