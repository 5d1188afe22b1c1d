/** Letters and digits, no blank, and no address or date. */
const RANDOM = /^(?=.*\d)(?=.*[A-Za-z])[\w.~+/=-]{16,}$/;
const PLAIN_WORDS = /^(?:[A-Za-z]+\d{0,4}|\d{1,4})(?:[-_./](?:[A-Za-z]+\d{0,4}|\d{1,4}))*$/;

/** Whether a value looks like a key or a token: drawn at random, and not made of words. */
export const isDrawnAtRandom = (value: string): boolean => RANDOM.test(value) && !PLAIN_WORDS.test(value);
