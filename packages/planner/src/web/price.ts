const PRICE = /[$€£]\s?(\d[\d.,]*)|(\d[\d.,]*)\s?(?:USD|EUR|GBP|dollars?|euros?)\b/i;

/** Whether a text of a page shows a price. */
export const hasPrice = (text: string): boolean => PRICE.test(text);

/** The first price that a text of a page shows, in its own currency; undefined without one. */
export function priceIn(text: string): number | undefined {
  const match = PRICE.exec(text);
  const number = Number((match?.[1] ?? match?.[2] ?? "").replaceAll(",", ""));
  return match === null || Number.isNaN(number) ? undefined : number;
}
