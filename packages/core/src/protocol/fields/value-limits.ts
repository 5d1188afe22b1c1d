/** Longest text that is made for a field, whatever its document requires; in characters. */
export const MAX_TEXT = 10_000;
/** Most items of a list that is made for a field. */
export const MAX_ITEMS = 100;
