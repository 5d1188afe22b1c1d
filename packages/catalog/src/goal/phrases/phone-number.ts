/** Fewer digits are no telephone number. */
const FEWEST_DIGITS = 6;
/** A number for dialling: it begins with 0 or a country's code, and has groups of digits (ITU-T E.123, without its rarer forms). */
const PHONE = /(?<![\p{L}\p{N}_.,:/+-])(?:\+[1-9]|0)\d*(?:[ /-]?\(?\d+\)?)*(?![\p{L}\p{N}_:]|[.,]\d)/gu;

/** The telephone numbers of a text, as they are written: `0151 220011`. A day such as `07/08/2027` is none. */
export function phoneNumbersIn(text: string): string[] {
  return Array.from(text.matchAll(PHONE), ([number]) => number).filter(isPhone);
}

/** A text without its telephone numbers, whose digits count nothing. */
export const withoutPhoneNumbers = (text: string): string =>
  text.replaceAll(PHONE, (number) => (isPhone(number) ? " " : number));

const isPhone = (number: string): boolean =>
  number.replaceAll(/\D/g, "").length >= FEWEST_DIGITS && !/^\d{1,2}[/-]\d{1,2}[/-]\d{2,4}$/.test(number);
