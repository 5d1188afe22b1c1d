const PRICE = /[$€£]\s?(\d[\d.,]*)|(\d[\d.,]*)\s?(?:USD|EUR|GBP|dollars?|euros?)\b/i;

/** Whether a text of a page shows a price. */
export const hasPrice = (text: string): boolean => PRICE.test(text);

/** The price in a row of a list without a currency: its only number with two decimals, `16.90` of `Felt 16.90 12`. */
export function priceInRow(text: string): number | undefined {
  const known = priceIn(text);
  if (known !== undefined) return known;
  const [only, ...others] = text.match(/(?<![\d.,])\d+[.,]\d{2}(?![\d.,])/g) ?? [];
  return only === undefined || others.length > 0 ? undefined : Number(only.replace(",", "."));
}

/** The first price that a text of a page shows, in its own currency; undefined without one. */
export function priceIn(text: string): number | undefined {
  const match = PRICE.exec(text);
  const number = Number((match?.[1] ?? match?.[2] ?? "").replaceAll(",", ""));
  return match === null || Number.isNaN(number) ? undefined : number;
}
