/** What the plain words of a field (its name, split, and its description) say about its value. */

const MONEY =
  /\b(?:\w*prices?|\w*costs?|fees?|fares?|charge|tariff|rate|rent|deposit|tolls?|usd|eur|gbp|dollars?|euros?|pounds?|cents?|money)\b/;
const MINOR_UNITS = /\b(?:cents?|pence|pennies)\b/;
const ABSENT =
  /\b(?:sold out|unavailable|not available|out of stock|taken|already|discontinued|blocked|disabled)\b|\bis (?:booked|reserved|closed|lent|rented|borrowed)\b/;
const PRESENT =
  /\b(?:(?:in)?stock|available|availability|can be|can now|shelf|free|open|bookable|left|vacant|remaining|reservable|orderable)\b/;

/** Whether plain words mention an amount of money. */
export const namesMoney = (words: string): boolean => MONEY.test(words);

/** Number of a field's own units per unit of money: 100 for cents. */
export const minorUnits = (words: string): number => (MINOR_UNITS.test(words) ? 100 : 1);

/** Whether plain words mean that true is available. */
export const namesAvailability = (words: string): boolean => PRESENT.test(words);

/** Whether plain words mean that true is unavailable. */
export const namesAbsence = (words: string): boolean =>
  ABSENT.test(words) && !/\bwhether\b.*\bcan be\b/.test(words);
